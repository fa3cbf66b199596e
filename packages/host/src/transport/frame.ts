import type { Checksum } from "../environment/environment.ts";
import { readU32 } from "../wire/byte-reader.ts";
import type { ByteWriter } from "../wire/byte-writer.ts";
import { WireError } from "../wire/wire-error.ts";
import type { GroupId } from "./transport.ts";

/**
 * Every frame begins with 16 bytes, little endian:
 *
 *   0 4 length of the body      4 4 CRC-32 of everything from byte 8 on
 *   8 1 kind    9 3 zero       12 4 group, 0 for the host itself
 */
export const FRAME_HEADER_BYTES = 16;

/** Kinds on the wire; a number never changes its meaning. */
export const FrameKind = {
  hello: 1,
  welcome: 2,
  refusal: 3,
  message: 4,
  hostMessage: 5,
  heartbeats: 6,
  heartbeatOks: 7,
  ping: 8,
  pong: 9,
  snapshotOffer: 10,
  snapshotHave: 11,
  snapshotChunk: 12,
  snapshotCredit: 13,
  snapshotFinish: 14,
  snapshotDone: 15,
  snapshotFailed: 16,
  snapshotAbort: 17,
} as const;

/** Starts a frame and returns where, for `endFrame`. */
export function beginFrame(writer: ByteWriter, kind: number, group: GroupId): number {
  const start = writer.length;
  writer.u32(0);
  writer.u32(0);
  writer.u32(kind);
  writer.u32(group);
  return start;
}

/** Fills in length and checksum of the frame begun at `start`; returns its whole length. */
export function endFrame(writer: ByteWriter, start: number, checksum: Checksum): number {
  const length = writer.length - start;
  writer.patchU32(start, length - FRAME_HEADER_BYTES);
  writer.patchU32(start + 4, checksum.crc32(writer.view().subarray(start + 8)));
  return length;
}

/**
 * Takes a frame. `body` is a view: while `owned` is false it lives only during the call, otherwise the taker may keep
 * it. Throws `WireError` for a body that does not follow the format.
 */
export type FrameSink = (kind: number, group: GroupId, body: Uint8Array, owned: boolean) => void;

/** Cuts a stream of bytes into frames. After an error it takes nothing more. */
export class FrameReader {
  readonly #checksum: Checksum;
  readonly #header: Uint8Array = new Uint8Array(FRAME_HEADER_BYTES);
  #headerBytes = 0;
  #body: Uint8Array | undefined;
  #bodyBytes = 0;
  #bodyBytesMax: number;
  #failed = false;

  constructor(checksum: Checksum, bodyBytesMax: number) {
    this.#checksum = checksum;
    this.#bodyBytesMax = bodyBytesMax;
  }

  /** The limit that holds from the next frame on: small before a handshake, the lane's after it. */
  set bodyBytesMax(bytes: number) {
    this.#bodyBytesMax = bytes;
  }

  /** Hands complete frames to `sink`; returns what is wrong with the bytes, if anything. */
  push(chunk: Uint8Array, sink: FrameSink): WireError | undefined {
    if (this.#failed) return undefined;
    try {
      this.#consume(chunk, sink);
      return undefined;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#failed = true;
      this.#body = undefined;
      return error;
    }
  }

  #consume(chunk: Uint8Array, sink: FrameSink): void {
    let at = 0;
    while (at < chunk.length && !this.#failed) {
      if (this.#body !== undefined) {
        at = this.#continueBody(chunk, at, sink);
        continue;
      }
      if (this.#headerBytes === 0 && chunk.length - at >= FRAME_HEADER_BYTES) {
        const length = this.#bodyLength(chunk, at);
        const end = at + FRAME_HEADER_BYTES + length;
        if (end <= chunk.length) {
          const crc = this.#checksum.crc32(chunk.subarray(at + 8, end));
          this.#deliver(chunk, at, crc, chunk.subarray(at + FRAME_HEADER_BYTES, end), false, sink);
          at = end;
          continue;
        }
      }
      at = this.#continueHeader(chunk, at, sink);
    }
  }

  #continueHeader(chunk: Uint8Array, from: number, sink: FrameSink): number {
    const count = Math.min(FRAME_HEADER_BYTES - this.#headerBytes, chunk.length - from);
    this.#header.set(chunk.subarray(from, from + count), this.#headerBytes);
    this.#headerBytes += count;
    if (this.#headerBytes === FRAME_HEADER_BYTES) {
      this.#body = new Uint8Array(this.#bodyLength(this.#header, 0));
      this.#bodyBytes = 0;
      if (this.#body.length === 0) this.#finishBody(this.#body, sink);
    }
    return from + count;
  }

  #continueBody(chunk: Uint8Array, from: number, sink: FrameSink): number {
    const body = this.#body as Uint8Array;
    const count = Math.min(body.length - this.#bodyBytes, chunk.length - from);
    body.set(chunk.subarray(from, from + count), this.#bodyBytes);
    this.#bodyBytes += count;
    if (this.#bodyBytes === body.length) this.#finishBody(body, sink);
    return from + count;
  }

  #finishBody(body: Uint8Array, sink: FrameSink): void {
    this.#body = undefined;
    this.#headerBytes = 0;
    const crc = this.#checksum.crc32(this.#header.subarray(8));
    this.#deliver(this.#header, 0, this.#checksum.crc32(body, crc), body, true, sink);
  }

  /** The announced length, refused before anything is allocated for it. */
  #bodyLength(bytes: Uint8Array, at: number): number {
    const length = readU32(bytes, at);
    if (length > this.#bodyBytesMax) {
      throw new WireError(
        "tooLong",
        `a frame of ${length} bytes, ${this.#bodyBytesMax} are allowed`,
      );
    }
    return length;
  }

  #deliver(
    header: Uint8Array,
    at: number,
    crc: number,
    body: Uint8Array,
    owned: boolean,
    sink: FrameSink,
  ): void {
    if (crc !== readU32(header, at + 4)) {
      throw new WireError("badChecksum", "a frame's checksum does not match");
    }
    const kind = readU32(header, at + 8);
    sink(kind, readU32(header, at + 12), body, owned);
  }

  /** Takes nothing more: the connection is being closed from within a sink. */
  stop(): void {
    this.#failed = true;
  }
}
