import type { HeaderField } from "../hpack/header-field.ts";
import { CompressionError, type HpackDecoder } from "../hpack/hpack-decoder.ts";
import type { Http2Limits } from "./limits.ts";
import { ConnectionError, ErrorCode, Flag } from "./protocol.ts";

/** Octets of the priority fields that a HEADERS frame may carry (RFC 9113 §6.2). */
const PRIORITY_BYTES = 5;

/** Joins HEADERS and CONTINUATION frames to blocks and decodes them (RFC 9113 §4.3). */
export class HeaderBlockReader {
  readonly #decoder: HpackDecoder;
  readonly #limits: Http2Limits;
  #parts: Buffer[] = [];
  #partsBytes = 0;
  #streamId = 0;
  #endStream = false;

  constructor(decoder: HpackDecoder, limits: Http2Limits) {
    this.#decoder = decoder;
    this.#limits = limits;
  }

  /** A block has begun; until its last frame nothing else may come on the connection. */
  get isOpen(): boolean {
    return this.#streamId !== 0;
  }

  /** Whether the block's HEADERS frame ended the stream. */
  get endStream(): boolean {
    return this.#endStream;
  }

  /** Octets of the last list, without what was cut off. */
  get listBytes(): number {
    return this.#decoder.listBytes;
  }

  /** Whether the last list was cut off at the limit. */
  get overflowed(): boolean {
    return this.#decoder.overflowed;
  }

  /** A HEADERS frame. Returns the list when the block is complete. */
  begin(
    flags: number,
    streamId: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): HeaderField[] | undefined {
    let from = start;
    let to = end;
    if ((flags & Flag.padded) !== 0) {
      to -= paddingOf(bytes, start, end);
      from += 1;
    }
    if ((flags & Flag.priority) !== 0) from += PRIORITY_BYTES;
    if (from > to) throw new ConnectionError(ErrorCode.protocolError, "HEADERS too short");
    this.#endStream = (flags & Flag.endStream) !== 0;
    if ((flags & Flag.endHeaders) !== 0) return this.#decode(bytes, from, to);
    this.#streamId = streamId;
    this.#append(bytes, from, to);
    return undefined;
  }

  /** A CONTINUATION frame. Returns the list when the block is complete. */
  resume(
    flags: number,
    streamId: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): HeaderField[] | undefined {
    if (streamId !== this.#streamId || !this.isOpen) {
      throw new ConnectionError(ErrorCode.protocolError, "CONTINUATION without a header block");
    }
    this.#append(bytes, start, end);
    if ((flags & Flag.endHeaders) === 0) return undefined;
    const block = Buffer.concat(this.#parts, this.#partsBytes);
    this.#parts = [];
    this.#partsBytes = 0;
    this.#streamId = 0;
    return this.#decode(block, 0, block.length);
  }

  /** Checked before anything is kept: a block without an end must not become memory. */
  #append(bytes: Buffer, start: number, end: number): void {
    this.#partsBytes += end - start;
    if (this.#partsBytes > this.#limits.maxHeaderBlockBytes) {
      throw new ConnectionError(ErrorCode.enhanceYourCalm, "header block too large");
    }
    if (this.#parts.length > this.#limits.maxContinuationFrames) {
      throw new ConnectionError(ErrorCode.enhanceYourCalm, "too many CONTINUATION frames");
    }
    this.#parts.push(Buffer.from(bytes.subarray(start, end)));
  }

  #decode(bytes: Buffer, start: number, end: number): HeaderField[] {
    try {
      return this.#decoder.decode(bytes, start, end);
    } catch (error) {
      if (!(error instanceof CompressionError)) throw error;
      throw new ConnectionError(ErrorCode.compressionError, error.message);
    }
  }
}

/** Octets of padding at the end of a padded payload. */
export function paddingOf(bytes: Buffer, start: number, end: number): number {
  const padding = start < end ? (bytes[start] as number) : 0;
  if (start + 1 + padding > end) {
    throw new ConnectionError(ErrorCode.protocolError, "padding longer than the frame");
  }
  return padding;
}
