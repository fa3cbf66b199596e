import type { Revision } from "../key-value.ts";
import { ROW_OVERHEAD_BYTES } from "./row.ts";

/**
 * Rows that follow each other and are not in the store yet. Only grows; rows are never taken out while anyone may
 * read them.
 */
export class RowSegment {
  readonly #revisions: Revision[] = [];
  readonly #subs: number[] = [];
  readonly #records: Uint8Array[] = [];
  /** Places of rows that compaction made superfluous before they were written. */
  readonly #dropped: Set<number> = new Set();
  #bytes = 0;

  get length(): number {
    return this.#records.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get firstRevision(): Revision {
    return this.#revisions[0] ?? 0;
  }

  append(revision: Revision, sub: number, record: Uint8Array): void {
    this.#revisions.push(revision);
    this.#subs.push(sub);
    this.#records.push(record);
    this.#bytes += record.length + ROW_OVERHEAD_BYTES;
  }

  revisionAt(place: number): Revision {
    return this.#revisions[place] as Revision;
  }

  subAt(place: number): number {
    return this.#subs[place] as number;
  }

  recordAt(place: number): Uint8Array {
    return this.#records[place] as Uint8Array;
  }

  isDropped(place: number): boolean {
    return this.#dropped.has(place);
  }

  drop(place: number): void {
    this.#dropped.add(place);
  }

  /** The place of a row, or -1. */
  find(revision: Revision, sub: number): number {
    const place = this.lowerBound(revision, sub);
    return this.#revisions[place] === revision && this.#subs[place] === sub ? place : -1;
  }

  /** The first place at or after `(revision, sub)`. */
  lowerBound(revision: Revision, sub: number): number {
    const revisions = this.#revisions;
    // Revisions are consecutive, so unless transactions have several rows this is the place.
    const guess = revision - (revisions[0] ?? 0);
    if (revisions[guess] === revision && this.#subs[guess] === sub) return guess;
    let low = 0;
    let high = revisions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = revisions[middle] as Revision;
      if (at < revision || (at === revision && (this.#subs[middle] as number) < sub)) {
        low = middle + 1;
      } else high = middle;
    }
    return low;
  }
}
