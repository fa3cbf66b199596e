import { hashText, mix32 } from "./mix.ts";

const TWO_TO_32 = 0x1_0000_0000;
const WARM_UP_ROUNDS = 12;

/**
 * A small deterministic generator (sfc32): the same seed gives the same numbers on every machine. Not for secrets.
 *
 * `split` derives an independent generator from the seed and a name alone, whatever was drawn before. Every part of a
 * simulation owns one, so that a part that draws once more, or is left out while a failure is shrunk, does not change
 * the luck of the others.
 */
export class Random {
  readonly #high: number;
  readonly #low: number;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  private constructor(high: number, low: number) {
    this.#high = high >>> 0;
    this.#low = low >>> 0;
    this.#a = this.#low | 0;
    this.#b = this.#high | 0;
    this.#c = 0x9e3779b9 | 0;
    for (let round = 0; round < WARM_UP_ROUNDS; round += 1) this.uint32();
  }

  /** @throws RangeError when `seed` is not a safe integer of at least 0. */
  static fromSeed(seed: number): Random {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`a seed is a safe integer of at least 0, not ${seed}`);
    }
    return new Random(Math.floor(seed / TWO_TO_32), seed);
  }

  /** An independent generator for the part called `name`, the same whatever was drawn from this one. */
  split(name: string): Random {
    const salt = hashText(name);
    return new Random(mix32(this.#high ^ salt), mix32(Math.imul(this.#low ^ salt, 0x85ebca6b)));
  }

  /** Uniform in [0, 2^32). */
  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform in [0, 1), with 32 bits of resolution. */
  next(): number {
    return this.uint32() / TWO_TO_32;
  }

  /** Uniform integer in [0, below). */
  integer(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** Uniform integer in [low, high], both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** Uniform in [low, high). */
  range(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Times between events that happen `1 / mean` times per unit. */
  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }

  /** @throws RangeError for an empty list. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("nothing to pick from");
    return items[this.integer(items.length)] as T;
  }

  /** An index into `weights`, drawn in proportion to them. */
  weighted(weights: readonly number[]): number {
    let total = 0;
    for (const weight of weights) total += weight;
    let at = this.next() * total;
    for (let index = 0; index < weights.length; index += 1) {
      at -= weights[index] as number;
      if (at < 0) return index;
    }
    return weights.length - 1;
  }

  /** A new list with the same items in random order. */
  shuffled<T>(items: readonly T[]): T[] {
    const result = items.slice();
    for (let last = result.length - 1; last > 0; last -= 1) {
      const other = this.integer(last + 1);
      const item = result[last] as T;
      result[last] = result[other] as T;
      result[other] = item;
    }
    return result;
  }

  /** `count` different items, all of them when there are fewer, in random order. */
  sample<T>(items: readonly T[], count: number): T[] {
    return this.shuffled(items).slice(0, count);
  }
}
