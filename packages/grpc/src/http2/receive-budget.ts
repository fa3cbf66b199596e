import type { FrameWriter } from "./frame-writer.ts";
import type { Http2Limits } from "./limits.ts";
import { ConnectionError, DEFAULT_WINDOW_BYTES, ErrorCode } from "./protocol.ts";

/** What a client may send on one connection, and what of it is kept. */
export class ReceiveBudget {
  readonly #frames: FrameWriter;
  readonly #fullWindowBytes: number;
  readonly #maxHeldBytes: number;
  #windowBytes: number;
  #heldBytes = 0;

  constructor(frames: FrameWriter, limits: Http2Limits) {
    this.#frames = frames;
    this.#fullWindowBytes = Math.max(limits.connectionWindowBytes, DEFAULT_WINDOW_BYTES);
    this.#maxHeldBytes = limits.maxReceivedBytesHeld;
    this.#windowBytes = this.#fullWindowBytes;
  }

  /** Raises the connection's window from the protocol's default; sent once, after SETTINGS. */
  announce(): void {
    const incrementBytes = this.#fullWindowBytes - DEFAULT_WINDOW_BYTES;
    if (incrementBytes > 0) this.#frames.windowUpdate(0, incrementBytes);
  }

  /**
   * Accounts for a DATA frame, with its padding, and replenishes the window in batches of half of
   * it. Kept bytes do not hold back this window: one paused stream must not starve the others.
   * @throws ConnectionError when the client sent more than it may.
   */
  received(frameBytes: number): void {
    this.#windowBytes -= frameBytes;
    if (this.#windowBytes < 0) {
      throw new ConnectionError(ErrorCode.flowControlError, "connection window exceeded");
    }
    if (this.#windowBytes * 2 > this.#fullWindowBytes) return;
    this.#frames.windowUpdate(0, this.#fullWindowBytes - this.#windowBytes);
    this.#windowBytes = this.#fullWindowBytes;
  }

  /** Received bytes that are kept for later. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Accounts for bytes that are to be kept; false, and nothing accounted, when they are too many. */
  hold(bytes: number): boolean {
    if (this.#heldBytes + bytes > this.#maxHeldBytes) return false;
    this.#heldBytes += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#heldBytes -= bytes;
  }
}
