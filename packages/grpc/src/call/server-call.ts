import type { HeaderField } from "../hpack/header-field.ts";
import type { Http2Connection } from "../http2/connection.ts";
import { ErrorCode } from "../http2/protocol.ts";
import { type AbortReason, Http2Stream } from "../http2/stream.ts";
import type { CallContext } from "./call-context.ts";
import type { CallEnvironment } from "./call-environment.ts";
import { compress, type Encoding } from "./compression.ts";
import type { DeadlineEntry } from "./deadline-wheel.ts";
import { decodeMetadataBytes, encodeMetadataValue } from "./metadata-encoding.ts";
import {
  type SendOutcome,
  sendMessage,
  writeHeaders,
  writeTrailers,
  writeTrailersOnly,
} from "./response.ts";
import { type CallFailure, failureOf, type PlainField, STATUS } from "./status.ts";

/** What the request's headers said about a call. */
export interface CallRequest {
  readonly connection: Http2Connection;
  readonly streamId: number;
  readonly path: string;
  readonly authority: string;
  readonly fields: readonly HeaderField[];
  /** What of the connection's budget the fields hold while the call is open. */
  readonly listBytes: number;
  readonly timeoutMs: number | undefined;
  /** How the client compresses its messages, when it does. */
  readonly encoding: Encoding | undefined;
  /** How it wants ours. */
  readonly answerEncoding: Encoding | undefined;
  /** -1 when the client did not say. */
  readonly contentLength: number;
}

const NO_FIELDS: readonly PlainField[] = [];

const SUCCESS: CallFailure = { code: STATUS.OK, message: "", trailers: NO_FIELDS };

/**
 * A gRPC call: a stream with metadata, a deadline, messages out and a status at the end.
 *
 * ```
 *   open ──complete()──► finishing (queued messages leave) ──► closed
 *     └── complete(), nothing queued ─────────────────────────► closed
 *     └── reset, connection lost, deadline, server closing ───► closed, cancelled
 * ```
 */
export abstract class ServerCall extends Http2Stream implements CallContext, DeadlineEntry {
  readonly path: string;
  readonly authority: string;
  readonly timeoutMs: number | undefined;
  readonly viaGateway: boolean = false;
  readonly deadlineAtMs: number;
  deadlineBefore: DeadlineEntry | undefined = undefined;
  deadlineAfter: DeadlineEntry | undefined = undefined;
  deadlineSlot = -1;

  protected readonly environment: CallEnvironment;
  protected readonly encoding: Encoding | undefined;
  readonly #fields: readonly HeaderField[];
  readonly #listBytes: number;
  readonly #answerEncoding: Encoding | undefined;
  readonly #contentLength: number;
  #receivedBytes = 0;
  #headers: PlainField[] | undefined;
  #trailers: PlainField[] | undefined;
  #hasSentHeaders = false;
  /** How the call is to end, once its queue is empty. */
  #ending: CallFailure | undefined;
  #isCancelled = false;
  #cancelListeners: (() => void)[] | undefined;

  constructor(request: CallRequest, environment: CallEnvironment) {
    super(request.connection, request.streamId);
    this.path = request.path;
    this.authority = request.authority;
    this.timeoutMs = request.timeoutMs;
    this.environment = environment;
    this.encoding = request.encoding;
    this.#fields = request.fields;
    this.#listBytes = request.listBytes;
    this.#answerEncoding = request.answerEncoding;
    this.#contentLength = request.contentLength;
    this.deadlineAtMs = this.openedAtMs + (request.timeoutMs ?? 0);
    if (request.timeoutMs !== undefined) environment.deadlines.add(this);
  }

  get peer(): string {
    return this.environment.peers.of(this.connection.socket).address;
  }

  get certificateName(): string | undefined {
    return this.environment.peers.of(this.connection.socket).certificateName;
  }

  get certificateAltNames(): readonly string[] {
    return this.environment.peers.of(this.connection.socket).certificateAltNames;
  }

  get cancelled(): boolean {
    return this.#isCancelled;
  }

  metadata(key: string): string | undefined {
    const fields = this.#fields;
    for (let place = 0; place < fields.length; place++) {
      const field = fields[place] as HeaderField;
      if (field.name === key) return field.value;
    }
    return undefined;
  }

  metadataValues(key: string): readonly string[] {
    return this.#fields.filter((field) => field.name === key).map((field) => field.value);
  }

  metadataBytes(key: string): Uint8Array | undefined {
    const value = this.metadata(key);
    return value === undefined ? undefined : decodeMetadataBytes(value);
  }

  addHeader(name: string, value: string | Uint8Array): void {
    this.#headers ??= [];
    this.#headers.push([name, encodeMetadataValue(name, value)]);
  }

  addTrailer(name: string, value: string | Uint8Array): void {
    this.#trailers ??= [];
    this.#trailers.push([name, encodeMetadataValue(name, value)]);
  }

  onCancel(listener: () => void): void {
    if (this.#isCancelled) {
      listener();
    } else if (!this.hasEnded) {
      this.#cancelListeners ??= [];
      this.#cancelListeners.push(listener);
    }
  }

  onAborted(_reason: AbortReason): void {
    this.environment.deadlines.remove(this);
    this.#cancel(STATUS.CANCELLED);
  }

  onDeadline(): void {
    this.#giveUp({
      code: STATUS.DEADLINE_EXCEEDED,
      message: "context deadline exceeded",
      trailers: NO_FIELDS,
    });
  }

  onServerClosing(): void {
    this.#giveUp({
      code: STATUS.UNAVAILABLE,
      message: "server is shutting down",
      trailers: NO_FIELDS,
    });
  }

  onSendQueueEmpty(): void {
    if (this.#ending !== undefined) this.#writeEnd(this.#ending);
    else this.onWritable();
  }

  /** The service has given its last word, or need not: nothing it says now is sent. */
  protected get hasEnded(): boolean {
    return this.#ending !== undefined || this.isClosed || this.#isCancelled;
  }

  /** Whether the answer is nothing but a message and an OK. */
  protected get isPlain(): boolean {
    return (
      this.#headers === undefined &&
      this.#trailers === undefined &&
      this.#answerEncoding === undefined &&
      !this.#hasSentHeaders
    );
  }

  /** Queued messages have left, and the call goes on. */
  protected abstract onWritable(): void;

  /** The call has ended, in whatever way: lets go of everything received. */
  protected abstract dropRequest(): void;

  /** Counts data against the announced length; false, and the stream is reset, when they differ. */
  protected accountFor(bytes: number, endStream: boolean): boolean {
    if (this.#contentLength < 0) return true;
    this.#receivedBytes += bytes;
    const isTooMuch = this.#receivedBytes > this.#contentLength;
    if (!isTooMuch && !(endStream && this.#receivedBytes < this.#contentLength)) return true;
    this.connection.resetForMistake(this.id, ErrorCode.protocolError);
    return false;
  }

  /** Sends a message, with headers before the first one. */
  protected sendAnswer(message: Uint8Array): SendOutcome {
    if (!this.#hasSentHeaders) this.#sendHeaders();
    const encoding = this.#answerEncoding;
    const packed = encoding === undefined ? undefined : compress(message, encoding);
    return sendMessage(this.connection, this, packed !== undefined, packed ?? message);
  }

  /** The whole answer is written already, by `writeAnswerAtOnce`. */
  protected wasAnsweredAtOnce(): void {
    this.#ending = SUCCESS;
    this.#close(SUCCESS);
  }

  /** Ends the call, after what is queued. */
  protected complete(failure: CallFailure | undefined): void {
    if (!this.hasEnded) this.#end(failure ?? SUCCESS);
  }

  /** Ends the call with what a service has thrown or failed with. */
  protected completeWith(thrown: unknown): void {
    if (this.hasEnded) return;
    const failure = failureOf(thrown);
    if (failure === undefined) this.environment.onDefect(this.path, thrown);
    this.complete(failure ?? INTERNAL_FAILURE);
  }

  /** Ends the call at once, without a status. */
  protected abandon(code: ErrorCode): void {
    if (this.isClosed) return;
    this.connection.resetStream(this.id, code);
    this.environment.deadlines.remove(this);
    this.#cancel(STATUS.RESOURCE_EXHAUSTED);
  }

  #end(ending: CallFailure): void {
    this.#ending = ending;
    this.#cancelListeners = undefined;
    if (this.sendQueue.lengthBytes === 0) this.#writeEnd(ending);
    else this.dropRequest();
  }

  #sendHeaders(): void {
    this.#hasSentHeaders = true;
    writeHeaders(this.connection, this.id, this.#answerEncoding, this.#headers ?? NO_FIELDS);
  }

  #writeEnd(ending: CallFailure): void {
    const trailers = this.#trailers ?? NO_FIELDS;
    if (this.#hasSentHeaders) {
      writeTrailers(this.connection, this.id, ending, trailers);
    } else {
      const fields = this.#headers === undefined ? trailers : [...this.#headers, ...trailers];
      writeTrailersOnly(this.connection, this.id, ending, fields);
    }
    this.#close(ending);
  }

  #close(ending: CallFailure): void {
    this.environment.deadlines.remove(this);
    this.connection.finished(this);
    this.connection.received.release(this.#listBytes);
    this.dropRequest();
    this.environment.onCallEnd?.(this.path, ending.code);
  }

  /** Ends the call from our side, with a status if the client can still make sense of one. */
  #giveUp(failure: CallFailure): void {
    if (this.isClosed) return;
    if (this.sendQueue.lengthBytes > 0) {
      this.connection.resetStream(this.id, ErrorCode.cancel);
      this.environment.deadlines.remove(this);
      this.#cancel(failure.code);
      return;
    }
    this.#notifyCancelled();
    // What a listener does may end the connection.
    if (!this.isClosed) this.#end(failure);
  }

  #cancel(code: number): void {
    this.connection.received.release(this.#listBytes);
    this.dropRequest();
    this.#notifyCancelled();
    this.environment.onCallEnd?.(this.path, code);
  }

  #notifyCancelled(): void {
    const listeners = this.#cancelListeners;
    this.#cancelListeners = undefined;
    if (this.#ending !== undefined) return;
    this.#isCancelled = true;
    for (const listener of listeners ?? []) {
      try {
        listener();
      } catch (error) {
        this.environment.onDefect(this.path, error);
      }
    }
  }
}

const INTERNAL_FAILURE: CallFailure = {
  code: STATUS.INTERNAL,
  message: "internal error",
  trailers: NO_FIELDS,
};
