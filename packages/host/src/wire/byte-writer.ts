import { utf8Length, writeUtf8 } from "./utf8.ts";

/**
 * A new slab: large enough that a turn's frames seldom need two, small enough that a slow peer's unsent bytes do not
 * pin much more memory than they are.
 */
const SLAB_BYTES = 64 * 1024;

/** A slab that one large message needed is let go instead of being written again. */
const KEPT_BYTES_MAX = 4 * SLAB_BYTES;

/** Less room than this is not worth writing into. */
const ROOM_BYTES_MIN = 512;

const NOTHING: Uint8Array = new Uint8Array(0);

/**
 * Writes numbers, text and bytes one after the other. `take` hands everything written since the last `take` over
 * without copying; the taken range is not written again, unless `reuse` allows it.
 */
export class ByteWriter {
  #bytes: Uint8Array;
  #start = 0;
  #at = 0;

  constructor(initialBytes: number = 0) {
    this.#bytes = new Uint8Array(initialBytes);
  }

  /** Bytes written since the last `take`. */
  get length(): number {
    return this.#at - this.#start;
  }

  /** What was written since the last `take`; the view is good until the next call. */
  view(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#at);
  }

  take(): Uint8Array {
    const taken = this.#bytes.subarray(this.#start, this.#at);
    this.#start = this.#at;
    return taken;
  }

  /**
   * Writes over what was taken: nobody reads it any more. A connection that gathers in one slab all the time costs no
   * memory per message, and the collector nothing.
   */
  reuse(): void {
    if (this.length > 0) return;
    if (this.#bytes.length > KEPT_BYTES_MAX) this.#bytes = NOTHING;
    this.#start = 0;
    this.#at = 0;
  }

  /** Forgets what was written after `length` bytes. */
  rewind(length: number): void {
    this.#at = this.#start + length;
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = value;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#at = putU32(this.#bytes, this.#at, value);
  }

  /** Overwrites four bytes at `offset` from the last `take`. */
  patchU32(offset: number, value: number): void {
    putU32(this.#bytes, this.#start + offset, value);
  }

  /** A safe integer from 0 in as many 7-bit groups as it needs, the low ones first. */
  varint(value: number): void {
    this.#reserve(8);
    const bytes = this.#bytes;
    let at = this.#at;
    let rest = value;
    while (rest > 0x7fffffff) {
      bytes[at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 0x7f) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.#at = at;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Length, then the bytes. */
  bytes(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  text(text: string): void {
    const length = utf8Length(text);
    this.varint(length);
    this.#reserve(length);
    this.#at = writeUtf8(text, this.#bytes, this.#at);
  }

  /** Makes room for `count` more bytes, moving what was not taken yet when the slab ends. */
  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const pending = this.#at - this.#start;
    const wanted = pending + count + ROOM_BYTES_MIN;
    const grown = new Uint8Array(Math.max(SLAB_BYTES, wanted > SLAB_BYTES ? wanted * 2 : wanted));
    grown.set(this.#bytes.subarray(this.#start, this.#at));
    this.#bytes = grown;
    this.#start = 0;
    this.#at = pending;
  }
}

function putU32(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
  return at + 4;
}
