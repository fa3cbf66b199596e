import { decodeUtf8 } from "./utf8.ts";
import { WireError } from "./wire-error.ts";

/** Messages within messages: as deep as the reference implementations go by default. */
export const MAX_DEPTH = 100;

const TWO_TO_32 = 0x1_0000_0000;
const EMPTY = new Uint8Array(0);

/**
 * Reads protobuf values one after the other. A reader belongs to one call of `decode`; what it hands out as bytes are
 * views of the input, valid as long as the input is.
 */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #size: number;
  /** The message being read is the first level. */
  #depth = 1;
  /** Halves of the last 64-bit varint, unsigned. */
  #low = 0;
  #high = 0;
  /** Where the next value starts. */
  pos = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#size = bytes.length;
  }

  /** The key of the next field: its number and wire type. */
  tag(): number {
    const tag = this.uint32();
    if (tag < 8) throw new WireError("malformed", "field number 0");
    return tag;
  }

  /** A varint cut to its lower 32 bits. */
  uint32(): number {
    const bytes = this.#bytes;
    if (this.pos < this.#size) {
      const first = bytes[this.pos] as number;
      if (first < 0x80) {
        this.pos += 1;
        return first;
      }
    }
    this.#varint();
    return this.#low;
  }

  int32(): number {
    return this.uint32() | 0;
  }

  bool(): boolean {
    this.#varint();
    return this.#low !== 0 || this.#high !== 0;
  }

  /** A signed 64-bit integer; beyond the safe range it becomes the safe range's end. */
  int64(): number {
    this.#varint();
    if (this.#high < 0x8000_0000) return saturated(this.#low, this.#high);
    // Two's complement: negate both halves.
    const low = (~this.#low + 1) >>> 0;
    const high = (~this.#high + (low === 0 ? 1 : 0)) >>> 0;
    return -saturated(low, high);
  }

  /** An unsigned 64-bit integer; beyond the safe range it becomes the safe range's end. */
  uint64(): number {
    this.#varint();
    return saturated(this.#low, this.#high);
  }

  int64Exact(): bigint {
    return BigInt.asIntN(64, this.uint64Exact());
  }

  uint64Exact(): bigint {
    this.#varint();
    const high = this.#high;
    if (high === 0) return this.#low === 0 ? 0n : BigInt(this.#low);
    if (high < 0x20_0000) return BigInt(high * TWO_TO_32 + this.#low);
    return (BigInt(high) << 32n) | BigInt(this.#low);
  }

  /** A view of the next length-delimited value, or a shared empty array. */
  bytes(): Uint8Array {
    const end = this.#lengthEnd();
    const start = this.pos;
    this.pos = end;
    if (start === end) return EMPTY;
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + start, end - start);
  }

  string(): string {
    const end = this.#lengthEnd();
    const start = this.pos;
    this.pos = end;
    return decodeUtf8(this.#bytes, start, end);
  }

  /** Enters a message and returns where it ends. */
  enter(): number {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new WireError("tooDeep", `more than ${MAX_DEPTH} levels`);
    return this.#lengthEnd();
  }

  /** Leaves a message that must have been read up to `end`. */
  leave(end: number): void {
    this.#depth -= 1;
    if (this.pos !== end) throw new WireError("truncated", "a field ends after its message");
  }

  /** Steps over the value of a field that is not known. */
  skip(tag: number): void {
    switch (tag & 7) {
      case 0:
        this.#varint();
        return;
      case 1:
        this.#advance(8);
        return;
      case 2:
        this.pos = this.#lengthEnd();
        return;
      case 3:
        this.#skipGroup(tag >>> 3);
        return;
      case 5:
        this.#advance(4);
        return;
      default:
        throw new WireError("malformed", `wire type ${tag & 7} of field ${tag >>> 3}`);
    }
  }

  #skipGroup(field: number): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new WireError("tooDeep", `more than ${MAX_DEPTH} levels`);
    for (;;) {
      const tag = this.tag();
      if ((tag & 7) === 4) {
        if (tag >>> 3 !== field) throw new WireError("malformed", "a group ends another group");
        this.#depth -= 1;
        return;
      }
      this.skip(tag);
    }
  }

  #advance(count: number): void {
    if (this.pos + count > this.#size) throw truncated();
    this.pos += count;
  }

  #lengthEnd(): number {
    const length = this.uint32();
    const end = this.pos + length;
    if (end > this.#size) throw truncated();
    return end;
  }

  #varint(): void {
    const bytes = this.#bytes;
    const size = this.#size;
    let at = this.pos;
    let low = 0;
    let shift = 0;
    for (; shift < 28; shift += 7) {
      if (at >= size) throw truncated();
      const byte = bytes[at++] as number;
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.#set(low, 0, at);
        return;
      }
    }
    if (at >= size) throw truncated();
    const middle = bytes[at++] as number;
    low |= (middle & 0x7f) << 28;
    let high = (middle & 0x7f) >> 4;
    if (middle < 0x80) {
      this.#set(low, high, at);
      return;
    }
    for (shift = 3; shift <= 31; shift += 7) {
      if (at >= size) throw truncated();
      const byte = bytes[at++] as number;
      high |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.#set(low, high, at);
        return;
      }
    }
    throw new WireError("malformed", "a varint has more than ten bytes");
  }

  #set(low: number, high: number, pos: number): void {
    this.#low = low >>> 0;
    this.#high = high >>> 0;
    this.pos = pos;
  }
}

function saturated(low: number, high: number): number {
  return high < 0x20_0000 ? high * TWO_TO_32 + low : Number.MAX_SAFE_INTEGER;
}

function truncated(): WireError {
  return new WireError("truncated", "the message ends within a field");
}
