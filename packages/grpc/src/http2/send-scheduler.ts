import type { FrameWriter } from "./frame-writer.ts";
import {
  ConnectionError,
  DEFAULT_WINDOW_BYTES,
  ErrorCode,
  FRAME_HEADER_BYTES,
  MAX_FRAME_PAYLOAD_BYTES,
  MAX_WINDOW_BYTES,
} from "./protocol.ts";
import { NO_QUEUE, SendQueue } from "./send-queue.ts";
import type { Http2Stream } from "./stream.ts";

/**
 * Bytes of frames to produce before the socket has taken them. Enough to keep it busy for a turn,
 * little enough that a stalled socket costs no more than this beyond what streams have queued.
 */
const WRITE_AHEAD_BYTES = 256 * 1024;

/**
 * Owns what may be sent on one connection: its window, every stream's window, and whose turn it is.
 * Streams with bytes to send and room in their window stand in a ring; each gets one frame per round.
 */
export class SendScheduler {
  readonly #frames: FrameWriter;
  readonly #frameSent: () => void;
  #windowBytes = DEFAULT_WINDOW_BYTES;
  #queuedBytes = 0;
  #firstReady: Http2Stream | undefined;
  #lastReady: Http2Stream | undefined;
  #drained: Http2Stream[] = [];

  constructor(frames: FrameWriter, frameSent: () => void) {
    this.#frames = frames;
    this.#frameSent = frameSent;
  }

  get windowBytes(): number {
    return this.#windowBytes;
  }

  /** Unsent bytes over all streams. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Whether `pump` could produce a frame. */
  get hasWork(): boolean {
    return this.#firstReady !== undefined && this.#windowBytes > 0;
  }

  /** Whether `bytes` more of `stream` may go out at once as one frame, ahead of nothing. */
  canSendNow(stream: Http2Stream, bytes: number): boolean {
    return (
      bytes <= MAX_FRAME_PAYLOAD_BYTES &&
      bytes <= this.#windowBytes &&
      bytes <= stream.sendWindowBytes &&
      stream.sendQueue.lengthBytes === 0 &&
      this.#frames.pendingBytes < WRITE_AHEAD_BYTES
    );
  }

  /** Accounts for a DATA frame that the caller writes itself, after `canSendNow`. */
  sentNow(stream: Http2Stream, bytes: number): void {
    this.#windowBytes -= bytes;
    stream.sendWindowBytes -= bytes;
    this.#frameSent();
  }

  /** Queues bytes of `stream`; they leave with `pump`. */
  enqueue(stream: Http2Stream, bytes: Uint8Array): void {
    if (stream.sendQueue === NO_QUEUE) stream.sendQueue = new SendQueue();
    stream.sendQueue.push(bytes);
    this.#queuedBytes += bytes.length;
    if (stream.sendWindowBytes > 0) this.#addReady(stream);
  }

  /** The stream is over: forgets what it had queued. */
  remove(stream: Http2Stream): void {
    this.#queuedBytes -= stream.sendQueue.lengthBytes;
    stream.sendQueue = NO_QUEUE;
    this.#removeReady(stream);
  }

  /** @throws ConnectionError when the window would grow beyond what HTTP/2 allows. */
  growConnectionWindow(incrementBytes: number): void {
    if (this.#windowBytes + incrementBytes > MAX_WINDOW_BYTES) {
      throw new ConnectionError(ErrorCode.flowControlError, "connection window overflow");
    }
    this.#windowBytes += incrementBytes;
  }

  /** Changes a stream's window, by WINDOW_UPDATE or SETTINGS; false when it would overflow. */
  growStreamWindow(stream: Http2Stream, incrementBytes: number): boolean {
    const windowBytes = stream.sendWindowBytes + incrementBytes;
    if (windowBytes > MAX_WINDOW_BYTES) return false;
    stream.sendWindowBytes = windowBytes;
    if (windowBytes > 0 && stream.sendQueue.lengthBytes > 0) this.#addReady(stream);
    return true;
  }

  /**
   * Produces frames in turns until the windows, the write-ahead or the queues are used up. Streams
   * that ran dry hear of it afterwards, and may queue more.
   */
  pump(): void {
    while (this.hasWork && this.#frames.pendingBytes < WRITE_AHEAD_BYTES) {
      const stream = this.#firstReady as Http2Stream;
      this.#removeReady(stream);
      this.#sendFrame(stream);
      if (stream.sendQueue.lengthBytes === 0) {
        this.#drained.push(stream);
      } else if (stream.sendWindowBytes > 0) {
        this.#addReady(stream);
      }
    }
    if (this.#drained.length === 0) return;
    const drained = this.#drained;
    this.#drained = [];
    for (const stream of drained) if (!stream.isClosed) stream.onSendQueueEmpty();
  }

  #sendFrame(stream: Http2Stream): void {
    const length = Math.min(
      MAX_FRAME_PAYLOAD_BYTES,
      stream.sendQueue.lengthBytes,
      stream.sendWindowBytes,
      this.#windowBytes,
    );
    const chunk = this.#frames.reserve(FRAME_HEADER_BYTES + length);
    const at = this.#frames.dataHeader(stream.id, length);
    stream.sendQueue.moveTo(chunk, at, length);
    this.#queuedBytes -= length;
    this.sentNow(stream, length);
  }

  #addReady(stream: Http2Stream): void {
    if (stream.isReady) return;
    stream.isReady = true;
    stream.readyBefore = this.#lastReady;
    if (this.#lastReady === undefined) this.#firstReady = stream;
    else this.#lastReady.readyAfter = stream;
    this.#lastReady = stream;
  }

  #removeReady(stream: Http2Stream): void {
    if (!stream.isReady) return;
    stream.isReady = false;
    if (stream.readyBefore === undefined) this.#firstReady = stream.readyAfter;
    else stream.readyBefore.readyAfter = stream.readyAfter;
    if (stream.readyAfter === undefined) this.#lastReady = stream.readyBefore;
    else stream.readyAfter.readyBefore = stream.readyBefore;
    stream.readyBefore = undefined;
    stream.readyAfter = undefined;
  }
}
