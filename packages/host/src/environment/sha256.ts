import type { Sha256 } from "./environment.ts";

const BLOCK_BYTES = 64;
const ROUND_CONSTANTS: Uint32Array = fractionalRoots(64, Math.cbrt);
const INITIAL_STATE: Uint32Array = fractionalRoots(8, Math.sqrt);

/** SHA-256 in plain arithmetic, for environments without a native one. Source: FIPS 180-4. */
export class PortableSha256 implements Sha256 {
  readonly #state: Uint32Array = INITIAL_STATE.slice();
  readonly #schedule: Uint32Array = new Uint32Array(64);
  readonly #block: Uint8Array = new Uint8Array(BLOCK_BYTES);
  #blockLength = 0;
  #totalBytes = 0;

  update(bytes: Uint8Array): void {
    this.#totalBytes += bytes.length;
    let at = 0;
    if (this.#blockLength > 0) {
      at = Math.min(BLOCK_BYTES - this.#blockLength, bytes.length);
      this.#block.set(bytes.subarray(0, at), this.#blockLength);
      this.#blockLength += at;
      if (this.#blockLength < BLOCK_BYTES) return;
      this.#compress(this.#block, 0);
      this.#blockLength = 0;
    }
    for (; at + BLOCK_BYTES <= bytes.length; at += BLOCK_BYTES) this.#compress(bytes, at);
    this.#block.set(bytes.subarray(at));
    this.#blockLength = bytes.length - at;
  }

  digestHex(): string {
    const totalBytes = this.#totalBytes;
    const paddingBytes = this.#blockLength < 56 ? 56 - this.#blockLength : 120 - this.#blockLength;
    const tail = new Uint8Array(paddingBytes + 8);
    tail[0] = 0x80;
    const view = new DataView(tail.buffer);
    view.setUint32(paddingBytes, Math.floor(totalBytes / 0x20000000));
    view.setUint32(paddingBytes + 4, (totalBytes << 3) >>> 0);
    this.update(tail);
    let hex = "";
    for (const word of this.#state) hex += word.toString(16).padStart(8, "0");
    return hex;
  }

  #compress(bytes: Uint8Array, from: number): void {
    const w = this.#schedule;
    for (let i = 0; i < 16; i += 1) {
      const at = from + i * 4;
      w[i] =
        ((bytes[at] as number) << 24) |
        ((bytes[at + 1] as number) << 16) |
        ((bytes[at + 2] as number) << 8) |
        (bytes[at + 3] as number);
    }
    for (let i = 16; i < 64; i += 1) {
      const early = w[i - 15] as number;
      const late = w[i - 2] as number;
      const s0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
      const s1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
      w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0;
    }
    this.#rounds(w);
  }

  #rounds(w: Uint32Array): void {
    const state = this.#state;
    let a = state[0] as number;
    let b = state[1] as number;
    let c = state[2] as number;
    let d = state[3] as number;
    let e = state[4] as number;
    let f = state[5] as number;
    let g = state[6] as number;
    let h = state[7] as number;
    for (let i = 0; i < 64; i += 1) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const choice = (e & f) ^ (~e & g);
      const t1 = (h + s1 + choice + (ROUND_CONSTANTS[i] as number) + (w[i] as number)) | 0;
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const majority = (a & b) ^ (a & c) ^ (b & c);
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + s0 + majority) | 0;
    }
    const sums = [a, b, c, d, e, f, g, h];
    for (let i = 0; i < 8; i += 1) state[i] = (state[i] as number) + (sums[i] as number);
  }
}

function rotate(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}

/** First 32 bits of the fractional parts of the roots of the first primes: where the standard's constants come from. */
function fractionalRoots(count: number, root: (value: number) => number): Uint32Array {
  const words = new Uint32Array(count);
  let found = 0;
  for (let candidate = 2; found < count; candidate += 1) {
    if (!isPrime(candidate)) continue;
    const value = root(candidate);
    words[found] = Math.floor((value - Math.floor(value)) * 0x100000000);
    found += 1;
  }
  return words;
}

function isPrime(candidate: number): boolean {
  for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) {
    if (candidate % divisor === 0) return false;
  }
  return true;
}
