import { varintBytes, writeVarint } from "./varint.ts";

/** The number that stands for `name` in encoded form; `nameAt` turns it back. Throws for a name that is not listed. */
export function numberOf<T>(names: readonly T[], name: T): number {
  const number = names.indexOf(name);
  if (number < 0) throw new RangeError(`${String(name)} is not one of ${names.join(", ")}.`);
  return number;
}

/** Appends values to a buffer that grows as needed. Integers are variable-length unless the name says otherwise. */
export class ByteWriter {
  #bytes: Uint8Array;
  #at = 0;

  /** `room`: how many bytes to begin with, or the bytes themselves. */
  constructor(room: number | Uint8Array = 128) {
    this.#bytes = typeof room === "number" ? new Uint8Array(room) : room;
  }

  get length(): number {
    return this.#at;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = value;
  }

  /** Throws for anything but a safe integer from 0 on: what cannot be read back must not be written. */
  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`${value} is not an integer from 0 to 2^53 - 1.`);
    }
    this.#reserve(varintBytes(value));
    this.#at = writeVarint(this.#bytes, this.#at, value);
  }

  /** Any safe integer; small ones of either sign are short. */
  signed(value: number): void {
    this.byte(value < 0 ? 1 : 0);
    this.varint(value < 0 ? -value : value);
  }

  /** Eight bytes, signed. Throws for a larger number. */
  int64(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value)
      throw new RangeError(`${value} needs more than 64 bits.`);
    this.#reserve(8);
    const { buffer, byteOffset } = this.#bytes;
    new DataView(buffer, byteOffset + this.#at, 8).setBigInt64(0, value);
    this.#at += 8;
  }

  /** Eight bytes, unsigned. */
  uint64(value: bigint): void {
    this.int64(BigInt.asIntN(64, value));
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Length and bytes. */
  bytes(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** Length and UTF-16 code units, so that every string survives. Names and texts are short. */
  text(text: string): void {
    this.varint(text.length);
    for (let i = 0; i < text.length; i++) this.varint(text.charCodeAt(i));
  }

  flag(value: boolean): void {
    this.byte(value ? 1 : 0);
  }

  /** What was written, without the spare room. The writer must not be used afterwards. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  /** A copy of what was written; the writer begins anew. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#at);
    this.#at = 0;
    return taken;
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
  }
}
