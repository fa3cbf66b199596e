import type { LogView } from "../../packages/core/src/log/log-view.ts";
import type { SnapshotInfo } from "../../packages/core/src/message.ts";
import type { Entry, Term } from "../../packages/core/src/types.ts";

/** A log in memory. Snapshots come from the state machine, whatever the log was compacted to. */
export class Store implements LogView {
  #before: { term: Term; index: number } = { term: 0, index: 0 };
  #entries: Entry[] = [];
  #newestSnapshotIndex = 0;
  readonly #snapshot: () => SnapshotInfo;

  constructor(snapshot: () => SnapshotInfo) {
    this.#snapshot = snapshot;
  }

  get firstIndex(): number {
    return this.#before.index + 1;
  }
  get lastIndex(): number {
    return this.#before.index + this.#entries.length;
  }
  get all(): readonly Entry[] {
    return this.#entries;
  }

  term(index: number): Term | "compacted" | "unavailable" {
    if (index < this.#before.index) return "compacted";
    if (index === this.#before.index) return this.#before.term;
    return this.#entries[index - this.firstIndex]?.term ?? "unavailable";
  }

  entries(
    low: number,
    high: number,
    bytesMax: number,
  ): readonly Entry[] | "compacted" | "unavailable" {
    if (low <= this.#before.index) return "compacted";
    if (high > this.lastIndex + 1) return "unavailable";
    const range = this.#entries.slice(low - this.firstIndex, high - this.firstIndex);
    let bytes = 0;
    const end = range.findIndex((entry, at) => {
      bytes += entry.payload.length;
      return at > 0 && bytes > bytesMax;
    });
    return end === -1 ? range : range.slice(0, end);
  }

  snapshot(): SnapshotInfo | "building" {
    const snapshot = this.#snapshot();
    return snapshot.index === 0 ? "building" : snapshot;
  }

  append(entries: readonly Entry[]): void {
    const kept = entries.filter(({ index }) => index >= this.firstIndex);
    const [first] = kept;
    if (first === undefined) return;
    if (first.index > this.lastIndex + 1)
      throw new Error(`missing log entry before ${first.index}`);
    this.#entries = [...this.#entries.slice(0, first.index - this.firstIndex), ...kept];
  }

  /** Returns the error's text when there is one. */
  applySnapshot(snapshot: SnapshotInfo): string | undefined {
    if (this.#newestSnapshotIndex !== 0 && this.#newestSnapshotIndex >= snapshot.index) {
      return "requested index is older than the existing snapshot";
    }
    this.#newestSnapshotIndex = snapshot.index;
    this.#before = { term: snapshot.term, index: snapshot.index };
    this.#entries = [];
    return undefined;
  }

  /** Drops everything up to and including `index`. Returns the error's text when there is one. */
  compact(index: number): string | undefined {
    if (index <= this.#before.index) return "requested index is unavailable due to compaction";
    const entry = this.#entries[index - this.firstIndex];
    if (entry === undefined) throw new Error(`compact ${index} is out of bound lastindex`);
    this.#entries = this.#entries.slice(index - this.#before.index);
    this.#before = { term: entry.term, index };
    return undefined;
  }
}
