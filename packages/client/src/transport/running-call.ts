import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from "node:http2";
import { type CallEnd, GRPC_STATUS } from "./call-end.ts";
import { framed, MessageFraming } from "./message-framing.ts";
import { outsideReading } from "./outside-reading.ts";

/** What a call tells whoever started it: messages in order, then one end. */
export interface CallHandlers {
  message(bytes: Uint8Array): void;
  end(end: CallEnd): void;
}

/** The highest stream that the member said it would process; asked when a stream has ended. */
export type LastProcessed = () => number;

/** One call on one HTTP/2 stream. It ends exactly once. */
export class RunningCall {
  readonly #stream: ClientHttp2Stream;
  readonly #handlers: CallHandlers;
  readonly #lastProcessed: LastProcessed;
  readonly #framing = new MessageFraming();
  #status: { readonly code: number; readonly details: string } | undefined;
  /** Why we ended it ourselves. */
  #own: "timeout" | "cancelled" | undefined;
  #cause: unknown;
  #ended = false;

  constructor(stream: ClientHttp2Stream, handlers: CallHandlers, lastProcessed: LastProcessed) {
    this.#stream = stream;
    this.#handlers = handlers;
    this.#lastProcessed = lastProcessed;
    stream.on("response", (headers) => this.#onHeaders(headers));
    stream.on("trailers", (headers) => this.#onTrailers(headers));
    stream.on("data", (chunk: Uint8Array) => this.#onData(chunk));
    stream.on("error", (error) => {
      this.#cause = error;
    });
    stream.on("end", () => {
      if (this.#status !== undefined) this.#end();
    });
    stream.on("close", () => this.#end());
  }

  /** Bytes that were written and have not left. */
  get unsentBytes(): number {
    return this.#stream.writableLength;
  }

  write(message: Uint8Array): void {
    if (!this.#ended && !this.#stream.writableEnded) this.#stream.write(framed(message));
  }

  /** Sends a last message, if any, and says that it was the last. */
  finish(message?: Uint8Array): void {
    if (this.#ended || this.#stream.writableEnded) return;
    if (message === undefined) this.#stream.end();
    else this.#stream.end(framed(message));
  }

  /** No more messages until `resume`: the member is not read from. */
  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  /** Ends it from this side. */
  cancel(why: "timeout" | "cancelled"): void {
    if (this.#ended) return;
    this.#own = why;
    this.#reset(constants.NGHTTP2_CANCEL);
    this.#end();
  }

  #onHeaders(headers: IncomingHttpHeaders & { ":status"?: number | undefined }): void {
    if (headers["grpc-status"] !== undefined) {
      this.#onTrailers(headers);
    } else if (headers[":status"] !== 200) {
      const details = `HTTP status ${headers[":status"]}: this is no member of a cluster`;
      this.#status = { code: GRPC_STATUS.UNKNOWN, details };
    }
  }

  #onTrailers(headers: IncomingHttpHeaders): void {
    const code = Number(headers["grpc-status"]);
    if (!Number.isInteger(code)) return;
    const details = headers["grpc-message"];
    this.#status = { code, details: typeof details === "string" ? unescaped(details) : "" };
  }

  #onData(chunk: Uint8Array): void {
    if (this.#ended) return;
    try {
      for (const message of this.#framing.push(chunk)) this.#handlers.message(message);
    } catch (error) {
      this.#cause = error;
      this.#reset(constants.NGHTTP2_PROTOCOL_ERROR);
      this.#end();
    }
  }

  #reset(code: number): void {
    outsideReading(() => {
      if (!this.#stream.destroyed) this.#stream.close(code);
    });
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#handlers.end(this.#howItEnded());
  }

  #howItEnded(): CallEnd {
    if (this.#own !== undefined) return { type: this.#own, reached: this.#mayReach() };
    if (this.#status !== undefined) return { type: "status", ...this.#status };
    return { type: "broken", reached: this.#reached(), cause: this.#cause };
  }

  /** What we end ourselves while it waits to be opened may still leave before it is reset. */
  #mayReach(): boolean {
    return (this.#stream.pending && !this.#stream.destroyed) || this.#reached();
  }

  #reached(): boolean {
    const { id, rstCode } = this.#stream;
    if (id === undefined || this.#stream.pending) return false;
    return rstCode !== constants.NGHTTP2_REFUSED_STREAM && id <= this.#lastProcessed();
  }
}

/** Status messages travel percent-encoded; what is not is shown as it came. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
