import { compareFrom, wordIn } from "./prefix.ts";

/** Bytes of keys that are held at a time; a longer key is alone. */
const KEY_BYTES_MAX = 2 * 1024 * 1024;
/** Small stores are loaded often in tests and simulations: memory grows with what comes. */
const KEYS_AT_FIRST = 256;
const KEY_BYTES_AT_FIRST = 8 * 1024;
/** Words that follow each other in the numbers that are sorted: the key's, then which key it was. */
const BYTES_PER_WORD = 4;

/**
 * Puts some keys into order, equal ones as they came. Sorts numbers made of four bytes of each key, which the runtime does
 * natively, and looks further only where these are equal.
 */
export class KeySorter {
  readonly #keysMax: number;
  #bytes: Uint8Array = new Uint8Array(KEY_BYTES_AT_FIRST);
  #starts: Uint32Array = new Uint32Array(KEYS_AT_FIRST + 1);
  #order: Float64Array = new Float64Array(KEYS_AT_FIRST);
  #count = 0;

  constructor(keysMax: number) {
    this.#keysMax = keysMax;
  }

  get count(): number {
    return this.#count;
  }

  /** Where the keys' bytes are. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Copies a key; false if there is no room. Into an empty sorter every key goes. */
  add(from: Uint8Array, start: number, end: number): boolean {
    const count = this.#count;
    let at = this.#starts[count] as number;
    const needed = at + end - start;
    if (count === this.#keysMax || (count > 0 && needed > KEY_BYTES_MAX)) return false;
    if (count === this.#order.length || needed > this.#bytes.length) this.#grow(needed);
    const bytes = this.#bytes;
    for (let i = start; i < end; i++) bytes[at++] = from[i] as number;
    this.#starts[count + 1] = at;
    this.#order[count] = count;
    this.#count = count + 1;
    return true;
  }

  #grow(bytes: number): void {
    if (this.#count === this.#order.length) {
      const keys = 2 * this.#count;
      const [order, starts] = [new Float64Array(keys), new Uint32Array(keys + 1)];
      order.set(this.#order);
      starts.set(this.#starts);
      this.#order = order;
      this.#starts = starts;
    }
    if (bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(bytes, Math.min(2 * this.#bytes.length, KEY_BYTES_MAX)));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  clear(): void {
    this.#count = 0;
    if (this.#bytes.length > KEY_BYTES_MAX) this.#bytes = new Uint8Array(KEY_BYTES_AT_FIRST);
  }

  /** After this, `at` tells which key comes at which place. */
  sort(): void {
    this.#sort(0, this.#count, 0);
  }

  /** The number of the key at a place: how many were added before it. */
  at(place: number): number {
    return this.#order[place] as number;
  }

  startOf(key: number): number {
    return this.#starts[key] as number;
  }

  endOf(key: number): number {
    return this.#starts[key + 1] as number;
  }

  isEqual(a: number, b: number): boolean {
    const bytes = this.#bytes;
    const start = this.startOf(a);
    const other = this.startOf(b);
    const length = this.endOf(a) - start;
    if (this.endOf(b) - other !== length) return false;
    // Neighbours differ late.
    for (let i = length - 1; i >= 0; i--) {
      if (bytes[start + i] !== bytes[other + i]) return false;
    }
    return true;
  }

  #key(key: number): Uint8Array {
    return this.#bytes.subarray(this.startOf(key), this.endOf(key));
  }

  /** Sorts the keys at `from` to `to`, which have their first `known` bytes in common. */
  #sort(from: number, to: number, known: number): void {
    if (to - from < 2) return;
    const order = this.#order;
    const bytes = this.#bytes;
    const max = this.#keysMax;
    const prefix = this.#commonPrefix(from, to, known);
    for (let place = from; place < to; place++) {
      const key = order[place] as number;
      order[place] = wordIn(bytes, this.startOf(key) + prefix, this.endOf(key)) * max + key;
    }
    order.subarray(from, to).sort();
    let runStart = from;
    let runWord = -1;
    for (let place = from; place < to; place++) {
      const packed = order[place] as number;
      const word = Math.floor(packed / max);
      order[place] = packed - word * max;
      if (word === runWord) continue;
      this.#sortRun(runStart, place, prefix);
      runStart = place;
      runWord = word;
    }
    this.#sortRun(runStart, to, prefix);
  }

  /** Keys with the same word after `prefix`. A key that ends within it looks as if zeros followed. */
  #sortRun(from: number, to: number, prefix: number): void {
    if (to - from < 2) return;
    const order = this.#order;
    for (let place = from; place < to; place++) {
      const key = order[place] as number;
      if (this.endOf(key) - this.startOf(key) > prefix + BYTES_PER_WORD) continue;
      const run = order.subarray(from, to);
      run.sort((a, b) => compareFrom(this.#key(a), this.#key(b), prefix) || a - b);
      return;
    }
    this.#sort(from, to, prefix + BYTES_PER_WORD);
  }

  #commonPrefix(from: number, to: number, known: number): number {
    const bytes = this.#bytes;
    const first = this.#order[from] as number;
    const firstStart = this.startOf(first);
    let prefix = this.endOf(first) - firstStart;
    for (let place = from + 1; place < to && prefix > known; place++) {
      const key = this.#order[place] as number;
      const start = this.startOf(key);
      const length = this.endOf(key) - start;
      if (length < prefix) prefix = length;
      let same = known;
      while (same < prefix && bytes[firstStart + same] === bytes[start + same]) same++;
      prefix = same;
    }
    return prefix;
  }
}
