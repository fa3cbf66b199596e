import type { Entry, LogView, SnapshotInfo } from "@quorate/core";

/** A log in memory that behaves like a disk: it shows what was stored, and nothing else. */
export class MemoryLog implements LogView {
  #first = 1;
  #beforeTerm = 0;
  #entries: Entry[] = [];
  /** What `snapshot()` answers. */
  newest: SnapshotInfo | "building" = "building";

  get firstIndex(): number {
    return this.#first;
  }
  get lastIndex(): number {
    return this.#first + this.#entries.length - 1;
  }
  term(index: number): number | "compacted" | "unavailable" {
    if (index === this.#first - 1) return this.#beforeTerm;
    if (index < this.#first) return "compacted";
    return this.#entries[index - this.#first]?.term ?? "unavailable";
  }
  entries(
    low: number,
    high: number,
    bytesMax: number,
  ): readonly Entry[] | "compacted" | "unavailable" {
    if (low < this.#first) return "compacted";
    if (high > this.lastIndex + 1) return "unavailable";
    const from = low - this.#first;
    const to = high - this.#first;
    let bytes = 0;
    for (let at = from; at < to; at++) {
      bytes += (this.#entries[at] as Entry).payload.length;
      if (bytes > bytesMax && at > from) return this.#entries.slice(from, at);
    }
    return this.#entries.slice(from, to);
  }
  snapshot(): SnapshotInfo | "building" {
    return this.newest;
  }

  append(entries: readonly Entry[]): void {
    const first = entries[0];
    if (first === undefined) return;
    if (first.index > this.lastIndex + 1) throw new Error(`gap before ${first.index}`);
    this.#entries.length = Math.max(0, first.index - this.#first);
    this.#entries.push(...entries);
  }
  install(snapshot: SnapshotInfo): void {
    this.#first = snapshot.index + 1;
    this.#beforeTerm = snapshot.term;
    this.#entries = [];
    this.newest = snapshot;
  }
  /** Drops entries up to and including `index`. */
  compact(index: number): void {
    const term = this.term(index);
    if (typeof term !== "number") throw new Error(`cannot compact ${index}: ${term}`);
    this.#entries = this.#entries.slice(index + 1 - this.#first);
    this.#first = index + 1;
    this.#beforeTerm = term;
  }
}
