import type { Entry, LogIndex, LogView, MemberId, SnapshotInfo, Term } from "@quorate/core";

/** A member's log as its core reads it, kept in memory. */
export class MemberLog implements LogView {
  /** The place before the first entry. */
  #base: LogIndex;
  #baseTerm: Term;
  readonly #entries: Entry[];
  newestSnapshot: SnapshotInfo | undefined;
  /** Answers `loading` for old entries when this says so; the owner calls `entriesLoaded` for everyone in `waiting`. */
  coldRead: ((reader: MemberId) => boolean) | undefined;
  readonly waiting: Set<MemberId> = new Set();
  snapshotWanted = false;

  constructor(base: LogIndex = 0, baseTerm: Term = 0, entries: readonly Entry[] = []) {
    this.#base = base;
    this.#baseTerm = baseTerm;
    this.#entries = [...entries];
  }

  get firstIndex(): LogIndex {
    return this.#base + 1;
  }

  get lastIndex(): LogIndex {
    return this.#base + this.#entries.length;
  }

  get held(): readonly Entry[] {
    return this.#entries;
  }

  term(index: LogIndex): Term | "compacted" | "unavailable" {
    if (index === this.#base) return this.#baseTerm;
    if (index < this.#base) return "compacted";
    return this.#entries[index - this.#base - 1]?.term ?? "unavailable";
  }

  entries(
    low: LogIndex,
    high: LogIndex,
    bytesMax: number,
    reader: MemberId,
  ): readonly Entry[] | "compacted" | "unavailable" | "loading" {
    if (low <= this.#base) return "compacted";
    if (high > this.lastIndex + 1) return "unavailable";
    if (this.coldRead?.(reader) === true) {
      this.waiting.add(reader);
      return "loading";
    }
    const found: Entry[] = [];
    let bytes = 0;
    for (let index = low; index < high; index += 1) {
      const entry = this.#entries[index - this.#base - 1] as Entry;
      bytes += entry.payload.length;
      if (found.length > 0 && bytes > bytesMax) break;
      found.push(entry);
    }
    return found;
  }

  snapshot(): SnapshotInfo | "building" {
    if (this.newestSnapshot !== undefined) return this.newestSnapshot;
    this.snapshotWanted = true;
    return "building";
  }

  /** Replaces everything at or after the first of `entries`. */
  put(entries: readonly Entry[]): void {
    const first = entries[0];
    if (first === undefined) return;
    this.#entries.length = Math.max(0, first.index - this.#base - 1);
    for (const entry of entries) this.#entries.push(entry);
  }

  install(snapshot: SnapshotInfo): void {
    this.newestSnapshot = snapshot;
    this.#entries.length = 0;
    this.#base = snapshot.index;
    this.#baseTerm = snapshot.term;
  }

  /** Drops entries up to `index`, whose term stays known. */
  compact(index: LogIndex): void {
    const term = this.term(index);
    if (index <= this.#base || typeof term !== "number") return;
    this.#entries.splice(0, index - this.#base);
    this.#base = index;
    this.#baseTerm = term;
  }

  copy(): MemberLog {
    const copy = new MemberLog(this.#base, this.#baseTerm, this.#entries);
    copy.newestSnapshot = this.newestSnapshot;
    return copy;
  }
}
