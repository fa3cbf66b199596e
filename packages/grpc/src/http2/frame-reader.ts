import {
  ConnectionError,
  ErrorCode,
  FRAME_HEADER_BYTES,
  MAX_FRAME_PAYLOAD_BYTES,
} from "./protocol.ts";

/** Takes whole frames. The payload is `bytes[start, end)`; the bytes are never written again. */
export interface FrameSink {
  onFrame(
    type: number,
    flags: number,
    streamId: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): void;
}

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Cuts a byte stream into frames (RFC 9113 §4.1), however it was cut into chunks.
 *
 * A frame that lies whole in a chunk is passed on in place. One that does not is collected into a
 * buffer of exactly its size, at most 16 KiB + 9, and never more than one such buffer is held.
 */
export class FrameReader {
  /** The frame that has begun and is not complete: its header, and room for its payload once known. */
  #partial: Buffer = NOTHING;
  #partialLength = 0;
  readonly #header: Buffer = Buffer.alloc(FRAME_HEADER_BYTES);

  /** Whether a frame has begun and is not complete. */
  get isInsideFrame(): boolean {
    return this.#partialLength > 0;
  }

  /**
   * Passes every frame that `chunk` completes to `sink`. The chunk must not be written afterwards.
   * @throws ConnectionError when a frame is longer than allowed; the reader is then unusable.
   */
  push(chunk: Buffer, sink: FrameSink): void {
    let at = this.#partialLength > 0 ? this.#resume(chunk, sink) : 0;
    const end = chunk.length;
    while (end - at >= FRAME_HEADER_BYTES) {
      const payloadStart = at + FRAME_HEADER_BYTES;
      const payloadEnd = payloadStart + payloadLength(chunk, at);
      if (payloadEnd > end) break;
      emit(chunk, at, payloadEnd, sink);
      at = payloadEnd;
    }
    if (at < end) this.#keep(chunk, at);
  }

  /** Completes the partial frame; returns where in `chunk` the next one begins. */
  #resume(chunk: Buffer, sink: FrameSink): number {
    let at = 0;
    if (this.#partialLength < FRAME_HEADER_BYTES) {
      at = Math.min(FRAME_HEADER_BYTES - this.#partialLength, chunk.length);
      chunk.copy(this.#header, this.#partialLength, 0, at);
      this.#partialLength += at;
      if (this.#partialLength < FRAME_HEADER_BYTES) return at;
      this.#allocate(this.#header, 0);
    }
    const missing = this.#partial.length - this.#partialLength;
    const taken = Math.min(missing, chunk.length - at);
    chunk.copy(this.#partial, this.#partialLength, at, at + taken);
    this.#partialLength += taken;
    if (taken === missing) {
      const frame = this.#partial;
      this.#partial = NOTHING;
      this.#partialLength = 0;
      emit(frame, 0, frame.length, sink);
    }
    return at + taken;
  }

  #keep(chunk: Buffer, at: number): void {
    this.#partialLength = chunk.length - at;
    if (this.#partialLength < FRAME_HEADER_BYTES) {
      chunk.copy(this.#header, 0, at);
      return;
    }
    this.#allocate(chunk, at);
    chunk.copy(this.#partial, 0, at);
  }

  /** A fresh buffer for every such frame: services may hold on to views of its payload. */
  #allocate(bytes: Buffer, at: number): void {
    this.#partial = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payloadLength(bytes, at));
    bytes.copy(this.#partial, 0, at, at + FRAME_HEADER_BYTES);
  }
}

function payloadLength(bytes: Buffer, at: number): number {
  const length =
    ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
  if (length > MAX_FRAME_PAYLOAD_BYTES) {
    throw new ConnectionError(
      ErrorCode.frameSizeError,
      "frame larger than SETTINGS_MAX_FRAME_SIZE",
    );
  }
  return length;
}

function emit(bytes: Buffer, at: number, end: number, sink: FrameSink): void {
  const streamId =
    (((bytes[at + 5] as number) & 0x7f) << 24) |
    ((bytes[at + 6] as number) << 16) |
    ((bytes[at + 7] as number) << 8) |
    (bytes[at + 8] as number);
  const type = bytes[at + 3] as number;
  sink.onFrame(type, bytes[at + 4] as number, streamId, bytes, at + FRAME_HEADER_BYTES, end);
}
