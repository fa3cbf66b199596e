import type { Entry, LogIndex } from "@quorate/core";
import { hashBytes, mix32 } from "../random/mix.ts";

const LOW_BITS = 0x10_0000;

/**
 * The fingerprint of a log up to and including `entry`, from the fingerprint up to the entry before it. Two logs with
 * the same print at an index are the same up to there: what log matching promises takes one comparison to check.
 */
export function printAfter(previous: number, entry: Entry): number {
  const content = hashBytes(entry.payload) ^ (entry.kind.length << 24);
  const high = Math.floor(previous / LOW_BITS) >>> 0;
  const low = previous % LOW_BITS;
  const one = mix32(high ^ mix32(content ^ entry.term));
  const two = mix32(low ^ one ^ Math.imul(entry.index, 0x9e3779b1));
  return one * LOW_BITS + (two % LOW_BITS);
}

/** Prints of one log, index by index, from the place before its first entry. */
export class LogPrints {
  #base: LogIndex;
  /** The print at `#base` comes first. */
  readonly #prints: number[];
  readonly #terms: number[];

  constructor(base: LogIndex = 0, print: number = 0, term: number = 0) {
    this.#base = base;
    this.#prints = [print];
    this.#terms = [term];
  }

  get base(): LogIndex {
    return this.#base;
  }

  get last(): LogIndex {
    return this.#base + this.#prints.length - 1;
  }

  /** Undefined before the base and after the end. */
  at(index: LogIndex): number | undefined {
    return this.#prints[index - this.#base];
  }

  termAt(index: LogIndex): number | undefined {
    return this.#terms[index - this.#base];
  }

  /** Puts entries in their place; whatever stood there or after is gone. Returns false when they leave a gap. */
  put(entries: readonly Entry[]): boolean {
    const first = entries[0];
    if (first === undefined) return true;
    if (first.index > this.last + 1 || first.index <= this.#base) return false;
    this.#prints.length = first.index - this.#base;
    this.#terms.length = this.#prints.length;
    let print = this.#prints[this.#prints.length - 1] as number;
    for (const entry of entries) {
      print = printAfter(print, entry);
      this.#prints.push(print);
      this.#terms.push(entry.term);
    }
    return true;
  }

  /** Everything after `last` is gone. */
  cut(last: LogIndex): void {
    if (last >= this.last) return;
    this.#prints.length = Math.max(1, last - this.#base + 1);
    this.#terms.length = this.#prints.length;
  }

  /** The log begins anew after a snapshot that ends at `index`. */
  restart(index: LogIndex, print: number, term: number): void {
    this.#base = index;
    this.#prints.length = 0;
    this.#terms.length = 0;
    this.#prints.push(print);
    this.#terms.push(term);
  }

  /** Forgets what is before `index`; prints stay comparable. */
  compact(index: LogIndex): void {
    if (index <= this.#base) return;
    this.#prints.splice(0, index - this.#base);
    this.#terms.splice(0, index - this.#base);
    this.#base = index;
  }

  copy(): LogPrints {
    const copy = new LogPrints();
    copy.#base = this.#base;
    copy.#prints.length = 0;
    copy.#terms.length = 0;
    copy.#prints.push(...this.#prints);
    copy.#terms.push(...this.#terms);
    return copy;
  }
}
