/** Odd constants with well-spread bits (from the golden ratio and xxHash's primes). */
const MULTIPLY_A = 0x9e3779b1;
const MULTIPLY_B = 0x85ebca77;

/**
 * A running hash over a sequence of bytes and numbers. Two fingerprints that were fed the same sequence are equal, on
 * every machine; others differ but for one in 2⁶⁴. Not meant to resist anyone who wants a collision.
 */
export class Fingerprint {
  #a: number;
  #b: number;

  constructor(a: number = 1, b: number = 2) {
    this.#a = a | 0;
    this.#b = b | 0;
  }

  get a(): number {
    return this.#a >>> 0;
  }

  get b(): number {
    return this.#b >>> 0;
  }

  addNumber(value: number): void {
    this.#mix(value | 0);
    this.#mix((value / 0x100000000) | 0);
  }

  addText(text: string): void {
    this.addNumber(text.length);
    for (let i = 0; i < text.length; i++) this.#mix(text.charCodeAt(i));
  }

  /** Adds `bytes[start, end)`. */
  addBytes(bytes: Uint8Array, start: number = 0, end: number = bytes.length): void {
    const length = end - start;
    const whole = start + (length & ~7);
    let a = Math.imul(this.#a ^ length, MULTIPLY_A);
    let b = this.#b + length;
    let at = start;
    for (; at < whole; at += 8) {
      const low =
        (bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24);
      const high =
        (bytes[at + 4] as number) |
        ((bytes[at + 5] as number) << 8) |
        ((bytes[at + 6] as number) << 16) |
        ((bytes[at + 7] as number) << 24);
      a = Math.imul(a ^ low, MULTIPLY_A);
      a ^= a >>> 15;
      b = Math.imul(b ^ high, MULTIPLY_B);
      b ^= b >>> 13;
    }
    for (; at < end; at++) a = Math.imul(a ^ (bytes[at] as number), MULTIPLY_A);
    this.#a = a;
    this.#b = b;
    this.#mix(length);
  }

  /** 16 lower-case hex digits. */
  toString(): string {
    return this.a.toString(16).padStart(8, "0") + this.b.toString(16).padStart(8, "0");
  }

  #mix(word: number): void {
    const a = Math.imul(this.#a ^ word, MULTIPLY_A);
    const b = Math.imul(this.#b ^ a ^ word, MULTIPLY_B);
    this.#a = a ^ (b >>> 16);
    this.#b = b ^ (a >>> 15);
  }
}
