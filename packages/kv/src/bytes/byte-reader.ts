import { readVarint, type VarintCursor } from "./varint.ts";

/** Bytes that are not what they should be: damaged, cut off, or written by something newer. */
export class MalformedBytesError extends Error {
  override readonly name: string = "MalformedBytesError";
}

/** Reads what `ByteWriter` wrote; throws `MalformedBytesError` instead of reading past the end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #cursor: VarintCursor;

  constructor(bytes: Uint8Array, at: number = 0) {
    this.#bytes = bytes;
    this.#cursor = { at };
  }

  get at(): number {
    return this.#cursor.at;
  }

  get remaining(): number {
    return this.#bytes.length - this.#cursor.at;
  }

  byte(): number {
    this.#need(1);
    return this.#bytes[this.#cursor.at++] as number;
  }

  varint(): number {
    this.#need(1);
    const value = readVarint(this.#bytes, this.#cursor);
    if (this.#cursor.at > this.#bytes.length || value > Number.MAX_SAFE_INTEGER) {
      throw new MalformedBytesError("An integer is cut off or out of range.");
    }
    return value;
  }

  signed(): number {
    const negative = this.flag();
    const value = this.varint();
    return negative && value !== 0 ? -value : value;
  }

  int64(): bigint {
    this.#need(8);
    const { buffer, byteOffset } = this.#bytes;
    const value = new DataView(buffer, byteOffset + this.#cursor.at, 8).getBigInt64(0);
    this.#cursor.at += 8;
    return value;
  }

  uint64(): bigint {
    return BigInt.asUintN(64, this.int64());
  }

  /** A view of the next `length` bytes. */
  raw(length: number): Uint8Array {
    this.#need(length);
    const start = this.#cursor.at;
    this.#cursor.at = start + length;
    return this.#bytes.subarray(start, start + length);
  }

  /** A view. */
  bytes(): Uint8Array {
    return this.raw(this.varint());
  }

  text(): string {
    const length = this.varint();
    this.#need(length);
    let text = "";
    for (let i = 0; i < length; i++) text += String.fromCharCode(this.varint());
    return text;
  }

  flag(): boolean {
    const value = this.byte();
    if (value > 1) throw new MalformedBytesError(`${value} is neither yes nor no.`);
    return value === 1;
  }

  /** How many of something follow, each at least `bytesMin` long: refused before anything is allocated for them. */
  count(bytesMin: number): number {
    const count = this.varint();
    if (count * bytesMin > this.remaining) {
      throw new MalformedBytesError("More items are announced than there are bytes.");
    }
    return count;
  }

  /** Nothing may follow. */
  end(): void {
    if (this.remaining !== 0) throw new MalformedBytesError("Bytes are left over.");
  }

  #need(bytes: number): void {
    if (bytes > this.remaining) throw new MalformedBytesError("The bytes end too early.");
  }
}

/** The member of `names` with this number, for enumerations in encoded form. */
export function nameAt<T>(names: readonly T[], number: number): T {
  const name = names[number];
  if (name === undefined) throw new MalformedBytesError(`${number} is not a known kind.`);
  return name;
}
