import type { Entry, LogIndex, LogView, MemberId, SnapshotInfo, Term } from "@quorate/core";
import type { LogStore } from "../log/log-store.ts";

export interface LogAccessOwner {
  /** Entries asked for by `reader` are in memory now. */
  entriesLoaded(reader: MemberId): void;
  /** The core needs a snapshot and there is none. */
  snapshotWanted(): void;
  failed(error: unknown): void;
}

/** Entries that were fetched from the disk for one reader. */
interface Fetched {
  readonly low: LogIndex;
  readonly entries: readonly Entry[];
}

/** The log store as the core sees it: synchronous, with the disk behind `loading`. */
export class LogAccess implements LogView {
  readonly #store: LogStore;
  readonly #owner: LogAccessOwner;
  readonly #fetching: Set<MemberId> = new Set();
  readonly #fetched: Map<MemberId, Fetched> = new Map();
  #snapshot: SnapshotInfo | undefined;

  constructor(store: LogStore, snapshot: SnapshotInfo | undefined, owner: LogAccessOwner) {
    this.#store = store;
    this.#snapshot = snapshot;
    this.#owner = owner;
  }

  get firstIndex(): LogIndex {
    return this.#store.firstIndex;
  }

  get lastIndex(): LogIndex {
    return this.#store.lastIndex;
  }

  get newestSnapshot(): SnapshotInfo | undefined {
    return this.#snapshot;
  }

  set newestSnapshot(info: SnapshotInfo) {
    this.#snapshot = info;
  }

  term(index: LogIndex): Term | "compacted" | "unavailable" {
    return this.#store.term(index);
  }

  entries(
    low: LogIndex,
    high: LogIndex,
    bytesMax: number,
    reader: MemberId,
  ): readonly Entry[] | "compacted" | "unavailable" | "loading" {
    const cached = this.#store.cached(low, high, bytesMax);
    if (cached !== "loading") return cached;
    const fetched = this.#fetched.get(reader);
    this.#fetched.delete(reader);
    if (fetched?.low === low && this.#stillHolds(fetched)) {
      const wanted = high - low;
      return fetched.entries.length <= wanted ? fetched.entries : fetched.entries.slice(0, wanted);
    }
    this.#fetch(low, high, bytesMax, reader);
    return "loading";
  }

  snapshot(): SnapshotInfo | "building" {
    if (this.#snapshot !== undefined && this.#snapshot.index >= this.#store.firstIndex - 1) {
      return this.#snapshot;
    }
    this.#owner.snapshotWanted();
    return "building";
  }

  /** What was fetched may have been replaced by another leader's entries meanwhile. */
  #stillHolds(fetched: Fetched): boolean {
    const last = fetched.entries.at(-1);
    return last !== undefined && this.#store.term(last.index) === last.term;
  }

  #fetch(low: LogIndex, high: LogIndex, bytesMax: number, reader: MemberId): void {
    if (this.#fetching.has(reader)) return;
    this.#fetching.add(reader);
    this.#store
      .read(low, high, bytesMax)
      .then((entries) => {
        this.#fetching.delete(reader);
        this.#fetched.set(reader, { low, entries });
        this.#owner.entriesLoaded(reader);
      })
      .catch((error: unknown) => {
        this.#fetching.delete(reader);
        this.#owner.failed(error);
      });
  }
}
