import { mix32 } from "./mix.ts";

/**
 * A running 64-bit fingerprint of everything that happens in a run, in order. Two runs with the same digest did the
 * same; it is compared between processes and versions of the platform to prove that a seed decides everything.
 */
export class EventHash {
  #high = 0x243f6a88 | 0;
  #low = 0x85a308d3 | 0;
  #count = 0;
  readonly #scratch = new DataView(new ArrayBuffer(8));

  /** How many values were added. */
  get count(): number {
    return this.#count;
  }

  /** Any number, fractions included: the bits of its double. */
  number(value: number): this {
    if ((value | 0) === value) {
      this.#add(value);
      return this;
    }
    this.#scratch.setFloat64(0, value);
    this.#add(this.#scratch.getInt32(0));
    this.#add(this.#scratch.getInt32(4));
    return this;
  }

  text(value: string): this {
    this.#add(value.length);
    for (let at = 0; at < value.length; at += 1) {
      this.#low = Math.imul(this.#low ^ value.charCodeAt(at), 0x01000193);
      this.#high = (this.#high + this.#low) | 0;
    }
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#add(value.length);
    for (let at = 0; at < value.length; at += 1) {
      this.#low = Math.imul(this.#low ^ (value[at] as number), 0x01000193);
      this.#high = (this.#high + this.#low) | 0;
    }
    return this;
  }

  /** 16 lower-case hex digits. */
  digest(): string {
    const high = mix32(this.#high ^ this.#count);
    const low = mix32(this.#low ^ high);
    return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
  }

  #add(word: number): void {
    this.#count += 1;
    this.#low = Math.imul((this.#low ^ word) | 0, 0x9e3779b1);
    this.#low ^= this.#low >>> 15;
    this.#high = Math.imul((this.#high + this.#low) | 0, 0x85ebca77);
    this.#high ^= this.#high >>> 13;
  }
}
