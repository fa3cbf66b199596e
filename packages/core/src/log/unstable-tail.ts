import { violated } from "../invariants/invariant.ts";
import { INVARIANTS } from "../invariants/names.ts";
import type { SnapshotInfo } from "../message.ts";
import type { Entry, LogIndex, LogPosition } from "../types.ts";

/** How new entries joined the tail. */
export type TailChange = "appended" | "replaced" | "truncated";

/** What an acknowledged write meant. */
export type StableOutcome = "stable" | "missing" | "snapshot" | "termMismatch";

const NO_ENTRIES: readonly Entry[] = Object.freeze([]);

/**
 * The end of the log that is not known to be durable, and a received snapshot that is not installed yet.
 *
 * ```
 *        durable        being written      waiting
 *   ... ────────────┬──────────────────┬────────────┐
 *                 offset           handedOut     end (exclusive)
 * ```
 * Entries stay here until `stableTo` hears that exactly they are durable: an acknowledgement for entries that have
 * been replaced since must not count.
 */
export class UnstableTail {
  readonly #entries: Entry[] = [];
  #offset: LogIndex;
  #handedOut: LogIndex;
  #snapshot: SnapshotInfo | undefined;
  #snapshotHandedOut = false;

  constructor(offset: LogIndex) {
    this.#offset = offset;
    this.#handedOut = offset;
  }

  /** First index that is not known to be durable. */
  get offset(): LogIndex {
    return this.#offset;
  }
  /** First index that is not handed out for writing. */
  get handedOut(): LogIndex {
    return this.#handedOut;
  }
  /** One more than the last index of the log. */
  get end(): LogIndex {
    return this.#offset + this.#entries.length;
  }
  get count(): number {
    return this.#entries.length;
  }
  get snapshot(): SnapshotInfo | undefined {
    return this.#snapshot;
  }
  get hasUnwritten(): boolean {
    return this.#handedOut < this.end || (this.#snapshot !== undefined && !this.#snapshotHandedOut);
  }

  /** The entry at `index`, which must lie in [offset, end). */
  at(index: LogIndex): Entry {
    return this.#entries[index - this.#offset] as Entry;
  }

  slice(low: LogIndex, high: LogIndex): Entry[] {
    return this.#entries.slice(low - this.#offset, high - this.#offset);
  }

  /** Puts `entries` in their place; whatever stood there or after it is gone. */
  put(entries: readonly Entry[]): TailChange {
    const first = (entries[0] as Entry).index;
    if (first > this.end) violated(INVARIANTS.noGaps, `entry ${first} after ${this.end - 1}`);
    if (first === this.end) {
      this.#push(entries);
      return "appended";
    }
    if (first <= this.#offset) {
      this.#entries.length = 0;
      this.#offset = first;
      this.#handedOut = first;
      this.#push(entries);
      return "replaced";
    }
    this.#entries.length = first - this.#offset;
    this.#handedOut = Math.min(this.#handedOut, first);
    this.#push(entries);
    return "truncated";
  }

  /** Starts over after a received snapshot. */
  restore(snapshot: SnapshotInfo): void {
    this.#entries.length = 0;
    this.#offset = snapshot.index + 1;
    this.#handedOut = this.#offset;
    this.#snapshot = snapshot;
    this.#snapshotHandedOut = false;
  }

  /** Entries to write now; they count as handed out. */
  takeUnwritten(): readonly Entry[] {
    if (this.#handedOut === this.end) return NO_ENTRIES;
    const entries = this.#entries.slice(this.#handedOut - this.#offset);
    this.#handedOut = this.end;
    return entries;
  }

  /** The snapshot to install now; it counts as handed out. */
  takeSnapshot(): SnapshotInfo | undefined {
    if (this.#snapshotHandedOut) return undefined;
    this.#snapshotHandedOut = this.#snapshot !== undefined;
    return this.#snapshot;
  }

  /** The write of `position` and everything before it is durable. */
  stableTo(position: LogPosition): StableOutcome {
    const { index, term } = position;
    if (index < this.#offset || index >= this.end) {
      return this.#snapshot !== undefined && this.#snapshot.index === index
        ? "snapshot"
        : "missing";
    }
    if (this.at(index).term !== term) return "termMismatch";
    this.#entries.splice(0, index + 1 - this.#offset);
    this.#offset = index + 1;
    this.#handedOut = Math.max(this.#handedOut, this.#offset);
    return "stable";
  }

  /** The snapshot that ends at `index` is installed. */
  installed(index: LogIndex): void {
    if (this.#snapshot === undefined || this.#snapshot.index !== index) return;
    this.#snapshot = undefined;
    this.#snapshotHandedOut = false;
  }

  #push(entries: readonly Entry[]): void {
    for (let i = 0; i < entries.length; i++) this.#entries.push(entries[i] as Entry);
  }
}
