import type { ReceiveBudget } from "../http2/receive-budget.ts";
import { ByteBacklog } from "./byte-backlog.ts";
import { RpcError, STATUS } from "./status.ts";

/** gRPC's message prefix: one octet of flags, four of length. */
export const PREFIX_BYTES = 5;

/** First allocation for a message that does not lie in one frame; it grows as bytes come, not as they are promised. */
const FIRST_BODY_BYTES = 16 * 1024;

export interface MessageSink {
  /** A whole message; the bytes are never written again. */
  takeMessage(isCompressed: boolean, bytes: Buffer): void;
  /** Whether the sink takes no more for now; the reader then keeps what follows. */
  readonly isPaused: boolean;
}

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Cuts the data of one call into messages, however it was cut into frames.
 *
 * A message that lies whole in the bytes given is passed on as a view. One that does not is joined
 * in a buffer that is at most 16 KiB or twice what has been received of it. All that is allocated
 * counts against the connection's budget until the message is passed on or the reader is disposed.
 */
export class MessageReader {
  readonly #budget: ReceiveBudget;
  readonly #maxMessageBytes: number;
  readonly #sink: MessageSink;
  readonly #prefix: Buffer = Buffer.alloc(PREFIX_BYTES);
  #prefixLength = 0;
  #body: Buffer = NOTHING;
  #bodyLength = 0;
  #heldBytes = 0;
  #isDisposed = false;
  #isResuming = false;
  /** Data that came while the sink was paused. */
  readonly #backlog: ByteBacklog;

  constructor(budget: ReceiveBudget, maxMessageBytes: number, sink: MessageSink) {
    this.#budget = budget;
    this.#maxMessageBytes = maxMessageBytes;
    this.#sink = sink;
    this.#backlog = new ByteBacklog(budget);
  }

  /** Whether a message has begun and is not complete. */
  get isInsideMessage(): boolean {
    return this.#prefixLength > 0;
  }

  /** Whether data waits because the sink was paused. */
  get hasBacklog(): boolean {
    return !this.#backlog.isEmpty || this.#isResuming;
  }

  /** @throws RpcError when the data is no sequence of messages, or one is too large. */
  push(bytes: Buffer, start: number, end: number): void {
    if (this.#isDisposed) return;
    const at = this.hasBacklog ? start : this.#advance(bytes, start, end);
    if (at < end && !this.#isDisposed && !this.#backlog.push(bytes, at, end)) throw tooMuchHeld();
  }

  /**
   * Goes on with what was kept while the sink was paused. A sink that resumes from within a message
   * is served by the call that is already going on.
   * @throws RpcError as `push` does.
   */
  resume(): void {
    if (this.#isResuming) return;
    this.#isResuming = true;
    try {
      this.#backlog.drain((bytes, start, end) => this.#advance(bytes, start, end));
    } finally {
      this.#isResuming = false;
    }
  }

  /** Gives back what is held, and ignores everything from now on. */
  dispose(): void {
    this.#isDisposed = true;
    this.#release(this.#heldBytes);
    this.#backlog.clear();
    this.#body = NOTHING;
  }

  /** Takes messages until the sink pauses; returns where the next byte is. */
  #advance(bytes: Buffer, start: number, end: number): number {
    let at = start;
    while (at < end && !this.#sink.isPaused && !this.#isDisposed) at = this.#step(bytes, at, end);
    return at;
  }

  /** Takes a part of a message, or all of it; returns where the next byte is. */
  #step(bytes: Buffer, at: number, end: number): number {
    let from = at;
    if (this.#prefixLength < PREFIX_BYTES) {
      if (this.#prefixLength === 0 && end - at >= PREFIX_BYTES) {
        const length = this.#checkedLength(bytes, at);
        const to = at + PREFIX_BYTES + length;
        if (to <= end) {
          this.#sink.takeMessage(bytes[at] === 1, bytes.subarray(at + PREFIX_BYTES, to));
          return to;
        }
      }
      const part = Math.min(PREFIX_BYTES - this.#prefixLength, end - at);
      bytes.copy(this.#prefix, this.#prefixLength, at, at + part);
      this.#prefixLength += part;
      from += part;
      if (this.#prefixLength < PREFIX_BYTES) return from;
    }
    return this.#collect(bytes, from, end, this.#checkedLength(this.#prefix, 0));
  }

  #collect(bytes: Buffer, at: number, end: number, length: number): number {
    const part = Math.min(length - this.#bodyLength, end - at);
    const needed = this.#bodyLength + part;
    if (needed > this.#body.length) this.#grow(needed, length);
    bytes.copy(this.#body, this.#bodyLength, at, at + part);
    this.#bodyLength = needed;
    if (needed === length) {
      const body = this.#body;
      this.#body = NOTHING;
      this.#bodyLength = 0;
      this.#prefixLength = 0;
      this.#release(body.length);
      this.#sink.takeMessage(this.#prefix[0] === 1, body);
    }
    return at + part;
  }

  #grow(needed: number, length: number): void {
    const target = Math.max(needed, this.#body.length * 2, FIRST_BODY_BYTES);
    const capacity = Math.min(target, length);
    this.#hold(capacity - this.#body.length);
    const grown = Buffer.allocUnsafeSlow(capacity);
    this.#body.copy(grown, 0, 0, this.#bodyLength);
    this.#body = grown;
  }

  #checkedLength(prefix: Buffer, at: number): number {
    const flags = prefix[at] as number;
    if (flags > 1) {
      throw new RpcError(STATUS.INTERNAL, `grpc: received unexpected payload format ${flags}`);
    }
    const length = prefix.readUInt32BE(at + 1);
    if (length > this.#maxMessageBytes) {
      throw new RpcError(
        STATUS.RESOURCE_EXHAUSTED,
        `grpc: received message larger than max (${length} vs. ${this.#maxMessageBytes})`,
      );
    }
    return length;
  }

  #hold(bytes: number): void {
    if (!this.#budget.hold(bytes)) throw tooMuchHeld();
    this.#heldBytes += bytes;
  }

  #release(bytes: number): void {
    this.#heldBytes -= bytes;
    this.#budget.release(bytes);
  }
}

function tooMuchHeld(): RpcError {
  return new RpcError(
    STATUS.RESOURCE_EXHAUSTED,
    "grpc: too many bytes of unfinished messages on this connection",
  );
}
