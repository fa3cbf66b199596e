import { ClientError } from "../errors.ts";
import type { CallEnd } from "./call-end.ts";
import type { RunningCall } from "./running-call.ts";

/** Answers that may wait to be taken; beyond that the member is not read from until some are. */
const WAITING_MAX = 64;
/** Requests that may wait for a member that does not read them; a stream with more ends with OVERLOADED. */
const UNSENT_BYTES_MAX = 4 * 1024 * 1024;

/** Turns messages into bytes and back. */
export interface StreamCodec<Request, Response> {
  encode(request: Request): Uint8Array;
  decode(bytes: Uint8Array): Response;
}

/**
 * One streaming call on one connection: requests go out with `write`, answers are taken with `next` or by iterating. It is
 * not opened again when it breaks; whoever opened it knows what to ask for next.
 */
export class CallStream<Request, Response> {
  readonly #codec: StreamCodec<Request, Response>;
  readonly #asError: (end: CallEnd) => ClientError | undefined;
  readonly #waiting: Response[] = [];
  #call: RunningCall | undefined;
  #failure: ClientError | undefined;
  #over = false;
  #wakers: (() => void)[] = [];

  /** @internal */
  constructor(
    codec: StreamCodec<Request, Response>,
    asError: (end: CallEnd) => ClientError | undefined,
  ) {
    this.#codec = codec;
    this.#asError = asError;
  }

  /** @internal The call that this stream is made of; given once. */
  begin(call: RunningCall): void {
    this.#call = call;
  }

  /** @internal */
  onMessage(bytes: Uint8Array): void {
    if (this.#over) return;
    this.#waiting.push(this.#codec.decode(bytes));
    if (this.#waiting.length >= WAITING_MAX) this.#call?.pause();
    this.#wake();
  }

  /** @internal */
  onEnd(end: CallEnd): void {
    // What we cancelled ourselves has not failed.
    if (!this.#over) this.#failure = this.#asError(end);
    this.#finish();
  }

  /** Sends a request. Nothing happens after the end of the stream. */
  write(request: Request): void {
    const call = this.#call;
    if (this.#over || call === undefined) return;
    if (call.unsentBytes > UNSENT_BYTES_MAX) {
      this.#failure = new ClientError("OVERLOADED", "The member does not read what is sent.", {
        outcome: "unknown",
      });
      this.cancel();
    } else call.write(this.#codec.encode(request));
  }

  /** Nothing more will be sent; answers still come. */
  end(): void {
    if (!this.#over) this.#call?.finish();
  }

  /** The next answer, undefined after the last one. Rejects with `ClientError` when the stream broke or was refused. */
  async next(): Promise<Response | undefined> {
    for (;;) {
      const response = this.#waiting.shift();
      if (response !== undefined) {
        if (this.#waiting.length === WAITING_MAX / 2) this.#call?.resume();
        return response;
      }
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#over) return undefined;
      await new Promise<void>((resolve) => this.#wakers.push(resolve));
    }
  }

  /** Every answer to come; leaving the loop ends the stream. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Response> {
    try {
      for (;;) {
        const response = await this.next();
        if (response === undefined) return;
        yield response;
      }
    } finally {
      this.cancel();
    }
  }

  /** Ends it at once; answers that have come can still be taken. */
  cancel(): void {
    this.#finish();
    this.#call?.cancel("cancelled");
  }

  #finish(): void {
    this.#over = true;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#wakers.splice(0)) wake();
  }
}
