import type { Entry, LogView, SnapshotInfo } from "@quorate/core";

/** A log in memory that behaves like a disk: it shows what was stored, and nothing else. */
export class MemoryLog implements LogView {
  #first = 1;
  #beforeTerm = 0;
  #entries: Entry[] = [];
  /** What `snapshot()` answers. */
  newest: SnapshotInfo | "building" = "building";
  /** Every so many questions the answer is that entries or a snapshot have to be fetched first; 0 for never. */
  slowEvery = 0;
  #questions = 0;
  /** Readers that were told to wait. */
  readonly waiting = new Set<number>();
  snapshotWaiting = false;

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
    reader = 0,
  ): readonly Entry[] | "compacted" | "unavailable" | "loading" {
    if (low < this.#first) return "compacted";
    if (reader !== 0 && this.#isSlow()) {
      this.waiting.add(reader);
      return "loading";
    }
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
    if (this.newest !== "building" && !this.#isSlow()) return this.newest;
    this.snapshotWaiting = true;
    return "building";
  }
  #isSlow(): boolean {
    if (this.slowEvery === 0) return false;
    this.#questions++;
    return this.#questions % this.slowEvery === 0;
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
