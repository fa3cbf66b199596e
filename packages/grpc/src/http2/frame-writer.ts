import { CHUNK_BYTES, type ChunkPool } from "./chunk-pool.ts";
import {
  type ErrorCode,
  Flag,
  FRAME_HEADER_BYTES,
  FrameType,
  MAX_FRAME_PAYLOAD_BYTES,
} from "./protocol.ts";

/** Where the frames go: a socket, or a test's stand-in. */
export interface ByteSink {
  /** Takes bytes that will not change; false asks the caller to wait for room. */
  write(bytes: Uint8Array): boolean;
  /** Bytes taken and not yet handed to the kernel. */
  readonly writableLength: number;
  cork(): void;
  uncork(): void;
}

/**
 * Output of at most this many bytes is copied out of its chunk when it is written. A socket that
 * does not drain would otherwise hold a chunk of 32 KiB for a PING of 17 bytes.
 */
const COPY_BELOW_BYTES = 4096;

/**
 * Frames of one connection on their way out. Everything of one event-loop turn gathers here and
 * leaves in one write (`flushTo`); chunks come from the server's pool and go back to it.
 */
export class FrameWriter {
  readonly #pool: ChunkPool;
  /** Chunks that are full, with how far each is filled. */
  #full: { readonly chunk: Buffer; readonly length: number }[] = [];
  #fullBytes = 0;
  #chunk: Buffer | undefined;
  #at = 0;

  constructor(pool: ChunkPool) {
    this.#pool = pool;
  }

  /** Bytes waiting for `flushTo`. */
  get pendingBytes(): number {
    return this.#fullBytes + this.#at;
  }

  /**
   * Makes room for `bytes` (at most `CHUNK_BYTES`) in one piece and returns the chunk; the caller
   * fills all of it from the offset given by `claim`.
   */
  reserve(bytes: number): Buffer {
    const chunk = this.#chunk;
    if (chunk !== undefined && this.#at + bytes <= CHUNK_BYTES) return chunk;
    if (chunk !== undefined) {
      this.#full.push({ chunk, length: this.#at });
      this.#fullBytes += this.#at;
    }
    this.#at = 0;
    this.#chunk = this.#pool.take();
    return this.#chunk;
  }

  /** Claims `bytes` of what was reserved and returns where they begin. */
  claim(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return at;
  }

  /** A header block, split over CONTINUATION frames when it does not fit one (RFC 9113 §6.2, §6.10). */
  headers(streamId: number, block: Buffer, length: number, endStream: boolean): void {
    let at = 0;
    let type: number = FrameType.headers;
    let flags: number = endStream ? Flag.endStream : 0;
    do {
      const part = Math.min(length - at, MAX_FRAME_PAYLOAD_BYTES);
      if (at + part === length) flags |= Flag.endHeaders;
      const chunk = this.reserve(FRAME_HEADER_BYTES + part);
      const out = this.#header(part, type, flags, streamId);
      block.copy(chunk, out, at, at + part);
      this.#at += part;
      at += part;
      type = FrameType.continuation;
      flags = 0;
    } while (at < length);
  }

  /** The header of a DATA frame; the caller fills the `length` bytes at the offset returned. */
  dataHeader(streamId: number, length: number): number {
    const at = this.#header(length, FrameType.data, 0, streamId);
    this.#at += length;
    return at;
  }

  rstStream(streamId: number, code: ErrorCode): void {
    this.#word(FrameType.rstStream, streamId, code);
  }

  windowUpdate(streamId: number, incrementBytes: number): void {
    this.#word(FrameType.windowUpdate, streamId, incrementBytes);
  }

  settings(settings: readonly (readonly [id: number, value: number])[]): void {
    const chunk = this.reserve(FRAME_HEADER_BYTES + settings.length * 6);
    let at = this.#header(settings.length * 6, FrameType.settings, 0, 0);
    for (const [id, value] of settings) {
      at = chunk.writeUInt16BE(id, at);
      at = chunk.writeUInt32BE(value, at);
    }
    this.#at = at;
  }

  settingsAck(): void {
    this.reserve(FRAME_HEADER_BYTES);
    this.#header(0, FrameType.settings, Flag.ack, 0);
  }

  /** A PING, or with `ack` the answer to one, with the eight bytes at `bytes[start]`. */
  ping(bytes: Uint8Array, start: number, ack: boolean): void {
    const chunk = this.reserve(FRAME_HEADER_BYTES + 8);
    const at = this.#header(8, FrameType.ping, ack ? Flag.ack : 0, 0);
    for (let i = 0; i < 8; i++) chunk[at + i] = bytes[start + i] as number;
    this.#at += 8;
  }

  goaway(lastStreamId: number, code: ErrorCode, debugText: string): void {
    const length = 8 + Buffer.byteLength(debugText);
    const chunk = this.reserve(FRAME_HEADER_BYTES + length);
    const at = this.#header(length, FrameType.goaway, 0, 0);
    chunk.writeUInt32BE(lastStreamId, at);
    chunk.writeUInt32BE(code, at + 4);
    chunk.write(debugText, at + 8);
    this.#at += length;
  }

  /**
   * Writes everything in one go. Returns false when the sink asks to wait; nothing is lost then.
   * A chunk goes back to the pool when the kernel has taken it, otherwise it is left to the sink.
   */
  flushTo(sink: ByteSink): boolean {
    const chunk = this.#chunk;
    if (chunk === undefined) return true;
    if (this.#full.length === 0) return this.#writeOne(chunk, sink);
    const full = this.#full;
    full.push({ chunk, length: this.#at });
    this.#forget();
    sink.cork();
    let accepts = true;
    for (const part of full) accepts = sink.write(part.chunk.subarray(0, part.length));
    sink.uncork();
    if (sink.writableLength === 0) for (const part of full) this.#pool.give(part.chunk);
    return accepts;
  }

  /** Drops what is pending, when the connection is gone. */
  discard(): void {
    for (const part of this.#full) this.#pool.give(part.chunk);
    if (this.#chunk !== undefined) this.#pool.give(this.#chunk);
    this.#forget();
  }

  #writeOne(chunk: Buffer, sink: ByteSink): boolean {
    const length = this.#at;
    this.#forget();
    if (length <= COPY_BELOW_BYTES) {
      const exact = Buffer.from(chunk.subarray(0, length));
      this.#pool.give(chunk);
      return sink.write(exact);
    }
    const accepts = sink.write(chunk.subarray(0, length));
    if (sink.writableLength === 0) this.#pool.give(chunk);
    return accepts;
  }

  #forget(): void {
    this.#full = this.#full.length === 0 ? this.#full : [];
    this.#fullBytes = 0;
    this.#chunk = undefined;
    this.#at = 0;
  }

  /** Writes a frame header into reserved room and returns where the payload begins. */
  #header(length: number, type: number, flags: number, streamId: number): number {
    const at = this.#at;
    this.#at = at + FRAME_HEADER_BYTES;
    return writeFrameHeader(this.#chunk as Buffer, at, length, type, flags, streamId);
  }

  #word(type: number, streamId: number, value: number): void {
    const chunk = this.reserve(FRAME_HEADER_BYTES + 4);
    const at = this.#header(4, type, 0, streamId);
    chunk.writeUInt32BE(value, at);
    this.#at += 4;
  }
}

/** Writes the nine octets of a frame header at `at`; returns the offset after them. */
export function writeFrameHeader(
  bytes: Uint8Array,
  at: number,
  length: number,
  type: number,
  flags: number,
  streamId: number,
): number {
  bytes[at] = length >> 16;
  bytes[at + 1] = length >> 8;
  bytes[at + 2] = length;
  bytes[at + 3] = type;
  bytes[at + 4] = flags;
  bytes[at + 5] = streamId >> 24;
  bytes[at + 6] = streamId >> 16;
  bytes[at + 7] = streamId >> 8;
  bytes[at + 8] = streamId;
  return at + FRAME_HEADER_BYTES;
}
