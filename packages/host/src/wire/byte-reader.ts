import { readUtf8 } from "./utf8.ts";
import { WireError } from "./wire-error.ts";

/** Reads what `ByteWriter` wrote. Every call checks its bounds and throws `WireError`; nothing else is ever thrown. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, from: number = 0, to: number = bytes.length) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = to;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  get position(): number {
    return this.#at;
  }

  u8(): number {
    if (this.#at >= this.#end) throw truncated();
    return this.#bytes[this.#at++] as number;
  }

  u32(): number {
    if (this.#at + 4 > this.#end) throw truncated();
    const value = readU32(this.#bytes, this.#at);
    this.#at += 4;
    return value;
  }

  /** A safe integer from 0. */
  varint(): number {
    const first = this.u8();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    let scale = 128;
    for (let count = 1; count < 8; count++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (byte === 0 || !Number.isSafeInteger(value)) throw badNumber();
        return value;
      }
      scale *= 128;
    }
    throw badNumber();
  }

  /** A count of things that take at least `bytesEach` bytes, so that no count allocates more than its own bytes. */
  count(bytesEach: number): number {
    const count = this.varint();
    if (count * bytesEach > this.remaining) throw truncated();
    return count;
  }

  boolean(): boolean {
    const value = this.u8();
    if (value > 1) throw new WireError("badValue", "neither true nor false");
    return value === 1;
  }

  /** A view of the next `length` bytes; it lives as long as the bytes read from. */
  raw(length: number): Uint8Array {
    if (length > this.remaining) throw truncated();
    const view = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return view;
  }

  bytes(): Uint8Array {
    return this.raw(this.varint());
  }

  text(bytesMax: number): string {
    const length = this.varint();
    if (length > bytesMax) throw new WireError("tooLong", "text is too long");
    if (length > this.remaining) throw truncated();
    const text = readUtf8(this.#bytes, this.#at, this.#at + length);
    this.#at += length;
    return text;
  }

  /** Nothing may follow. */
  end(): void {
    if (this.#at !== this.#end) throw new WireError("trailing", "bytes after the end");
  }
}

export function readU32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}

function truncated(): WireError {
  return new WireError("truncated", "ends too early");
}

function badNumber(): WireError {
  return new WireError("badNumber", "not a safe integer in its shortest form");
}
