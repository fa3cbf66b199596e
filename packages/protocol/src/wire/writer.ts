import { encodeUtf8, utf8Length } from "./utf8.ts";
import { WireError } from "./wire-error.ts";

/** Small messages share a slab: one allocation for a few hundred of them. */
const SLAB_BYTES = 64 * 1024;
const SMALLEST_BYTES = 64;
const TWO_TO_32 = 0x1_0000_0000;
const SMALL_MAX = 0xffff_ffffn;

/**
 * Writes a protobuf message from its end to its start, so that every length is known when it has to be written and no
 * message is measured first. A finished message is handed out as a view of the slab; its bytes are never touched again.
 */
export class Writer {
  #bytes: Uint8Array = new Uint8Array(SLAB_BYTES);
  /** One past the last byte of the message being written. */
  #end = SLAB_BYTES;
  /** Where the message starts so far; grows downwards. */
  #at = SLAB_BYTES;
  /** The two ids split last, the newer first: every header names a cluster and a member. */
  #split: SplitId = { value: 0n, low: 0, high: 0 };
  #splitBefore: SplitId = { value: 0n, low: 0, high: 0 };

  /** Starts a message; what an earlier one left unfinished is dropped. */
  begin(): void {
    if (this.#at < SMALLEST_BYTES || this.#bytes.length > SLAB_BYTES) {
      this.#bytes = new Uint8Array(SLAB_BYTES);
      this.#at = SLAB_BYTES;
    }
    this.#end = this.#at;
  }

  finish(): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#at, this.#end - this.#at);
  }

  /** Bytes written so far: pass it to `length` when the message that starts now is complete. */
  mark(): number {
    return this.#end - this.#at;
  }

  /** Closes a message begun at `mark`: its length and key go in front of it. */
  length(tag: number, mark: number): void {
    this.#varint32(this.#end - this.#at - mark);
    this.#varint32(tag);
  }

  bytes(tag: number, value: Uint8Array): void {
    const { length } = value;
    this.#room(length + 10);
    this.#at -= length;
    this.#bytes.set(value, this.#at);
    this.#varint32(length);
    this.#varint32(tag);
  }

  string(tag: number, value: string): void {
    const length = utf8Length(value);
    this.#room(length + 10);
    this.#at -= length;
    encodeUtf8(value, this.#bytes, this.#at);
    this.#varint32(length);
    this.#varint32(tag);
  }

  bool(tag: number, value: boolean): void {
    this.#varint32(value ? 1 : 0);
    this.#varint32(tag);
  }

  uint32(tag: number, value: number): void {
    this.#varint32(value >>> 0);
    this.#varint32(tag);
  }

  /** An int32 or the number of an enum's value. */
  int32(tag: number, value: number): void {
    if (value >= 0) this.#varint32(value);
    else this.#varint64(value >>> 0, 0xffff_ffff);
    this.#varint32(tag);
  }

  /** A 64-bit integer within the safe range. */
  int64(tag: number, value: number): void {
    this.int64Value(value);
    this.#varint32(tag);
  }

  int64Exact(tag: number, value: bigint): void {
    this.int64ExactValue(value);
    this.#varint32(tag);
  }

  int32Value(value: number): void {
    if (value >= 0) this.#varint32(value);
    else this.#varint64(value >>> 0, 0xffff_ffff);
  }

  int64Value(value: number): void {
    if (value >= 0 && value < TWO_TO_32) {
      if (value !== Math.floor(value)) throw unsafe(value);
      this.#varint32(value);
      return;
    }
    if (!Number.isSafeInteger(value)) throw unsafe(value);
    const high = Math.floor(value / TWO_TO_32);
    this.#varint64((value - high * TWO_TO_32) >>> 0, high >>> 0);
  }

  int64ExactValue(value: bigint): void {
    // Watchers' ids are small and many: they must not push the two that repeat out of memory.
    if (value >= 0n && value <= SMALL_MAX) {
      this.#varint32(Number(value));
      return;
    }
    const { low, high } = this.#splitOf(value);
    if (high === 0) this.#varint32(low);
    else this.#varint64(low, high);
  }

  /** Ids repeat: taking one apart costs more than everything else about it. */
  #splitOf(value: bigint): SplitId {
    const before = this.#splitBefore;
    if (value === this.#split.value) return this.#split;
    this.#splitBefore = this.#split;
    this.#split = value === before.value ? before : split(value);
    return this.#split;
  }

  #varint32(value: number): void {
    this.#room(5);
    const bytes = this.#bytes;
    if (value < 0x80) {
      this.#at -= 1;
      bytes[this.#at] = value;
      return;
    }
    let at = this.#at - (value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5);
    this.#at = at;
    let rest = value;
    while (rest >= 0x80) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[at] = rest;
  }

  #varint64(low: number, high: number): void {
    if (high === 0) {
      this.#varint32(low);
      return;
    }
    this.#room(10);
    const bytes = this.#bytes;
    let size = 5;
    for (let rest = high >>> 3; rest > 0; rest >>>= 7) size += 1;
    let at = this.#at - size;
    this.#at = at;
    for (let i = 0; i < 4; i += 1) bytes[at++] = ((low >>> (7 * i)) & 0x7f) | 0x80;
    let rest = high >>> 3;
    const middle = (low >>> 28) | ((high & 7) << 4);
    bytes[at++] = rest > 0 ? middle | 0x80 : middle;
    while (rest >= 0x80) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    if (rest > 0) bytes[at] = rest;
  }

  #room(count: number): void {
    if (this.#at >= count) return;
    const written = this.#end - this.#at;
    const size = Math.max(SLAB_BYTES, 2 * (written + count));
    const larger = new Uint8Array(size);
    larger.set(this.#bytes.subarray(this.#at, this.#end), size - written);
    this.#bytes = larger;
    this.#end = size;
    this.#at = size - written;
  }
}

interface SplitId {
  readonly value: bigint;
  readonly low: number;
  readonly high: number;
}

function split(value: bigint): SplitId {
  const low = Number(BigInt.asUintN(32, value));
  return { value, low, high: Number(BigInt.asUintN(32, value >> 32n)) };
}

function unsafe(value: number): WireError {
  return new WireError("unsafeInteger", `${value} is not a safe integer`);
}

/**
 * The writer that every `encode` uses. Encoding is synchronous and hands its bytes out for good, so that one slab can
 * serve all of them; a slab per call would cost more than the encoding.
 */
export const sharedWriter: Writer = new Writer();
