import { violated } from "../invariants/invariant.ts";
import { INVARIANTS } from "../invariants/names.ts";
import type { SnapshotInfo } from "../message.ts";
import type { Entry, LogIndex, LogPosition, MemberId, Term } from "../types.ts";
import { ApplyCursor, ENTRY_OVERHEAD_BYTES } from "./apply-cursor.ts";
import type { LogView } from "./log-view.ts";
import { type StableOutcome, type TailChange, UnstableTail } from "./unstable-tail.ts";

/** No term is known at an index: it is compacted away or after the end. Terms are never negative. */
export const UNKNOWN_TERM: Term = -1;

/**
 * Entries in one append message. Empty entries have no payload bytes but still cost memory on both sides;
 * this many of them are about as heavy as one message of the default size.
 */
const SLICE_ENTRIES_MAX = 16_384;

export interface RaftLogSettings {
  readonly id: MemberId;
  /** Payload bytes per append message. */
  readonly appendBytesMax: number;
  readonly applyBytesMax: number;
  readonly applyBeforeDurable: boolean;
}

/** A run of entries and its payload size. */
export interface LogSlice {
  readonly entries: readonly Entry[];
  readonly bytes: number;
}

/**
 * The whole log of a member: the durable part behind the `LogView`, the tail that waits for the disk, and the
 * commit and apply positions. A data structure: it decides nothing and reports outcomes.
 */
export class RaftLog {
  readonly #view: LogView;
  readonly #settings: RaftLogSettings;
  readonly #tail: UnstableTail;
  readonly #cursor: ApplyCursor;
  #commit: LogIndex;
  // Every entry in [#runStart, lastIndex] has term #runTerm. The question for the term of a recent entry is asked
  // for every message, and this answers it without a search.
  #runStart: LogIndex;
  #runTerm: Term;
  // The last slice that was read for sending: followers at the same place share one array.
  #shared: LogSlice | undefined;
  #sharedFirst: LogIndex = 0;
  #sharedEnd: LogIndex = 0;

  constructor(view: LogView, commit: LogIndex, applied: LogIndex, settings: RaftLogSettings) {
    const last = view.lastIndex;
    const term = view.term(last);
    if (typeof term !== "number") {
      violated(INVARIANTS.noGaps, `term of last entry ${last}: ${term}`);
    }
    if (view.firstIndex - 1 > applied || applied > commit || commit > last) {
      violated(
        INVARIANTS.appliedWithinCommit,
        `first ${view.firstIndex}, applied ${applied}, commit ${commit}, last ${last}`,
      );
    }
    this.#view = view;
    this.#settings = settings;
    this.#tail = new UnstableTail(last + 1);
    this.#cursor = new ApplyCursor(applied, settings.applyBytesMax);
    this.#commit = commit;
    this.#runStart = last;
    this.#runTerm = term;
  }

  get firstIndex(): LogIndex {
    const snapshot = this.#tail.snapshot;
    return snapshot === undefined ? this.#view.firstIndex : snapshot.index + 1;
  }
  get lastIndex(): LogIndex {
    return this.#tail.end - 1;
  }
  get lastTerm(): Term {
    return this.#runTerm;
  }
  get last(): LogPosition {
    return { term: this.#runTerm, index: this.lastIndex };
  }
  get commit(): LogIndex {
    return this.#commit;
  }
  get applied(): LogIndex {
    return this.#cursor.applied;
  }
  get applying(): LogIndex {
    return this.#cursor.applying;
  }
  get applyingBytes(): number {
    return this.#cursor.bytes;
  }
  /** Last index known to be durable here. */
  get durable(): LogIndex {
    return this.#tail.offset - 1;
  }
  get tailOffset(): LogIndex {
    return this.#tail.offset;
  }
  get tailHandedOut(): LogIndex {
    return this.#tail.handedOut;
  }
  get tailCount(): number {
    return this.#tail.count;
  }
  /** A received snapshot that is not installed yet: until then nothing can be applied and no campaign begun. */
  get installing(): SnapshotInfo | undefined {
    return this.#tail.snapshot;
  }
  get hasUnwritten(): boolean {
    return this.#tail.hasUnwritten;
  }

  /** The term at `index`, `UNKNOWN_TERM` where there is none. Knows the place before the first entry. */
  termAt(index: LogIndex): Term {
    if (index >= this.#tail.end || index < this.firstIndex - 1) return UNKNOWN_TERM;
    if (index >= this.#runStart) return this.#runTerm;
    if (index >= this.#tail.offset) return this.#tail.at(index).term;
    // Until a received snapshot is installed, the view still shows the log that it replaces.
    if (this.#tail.snapshot !== undefined) return this.#tail.snapshot.term;
    const term = this.#view.term(index);
    return typeof term === "number" ? term : UNKNOWN_TERM;
  }

  matches(position: LogPosition): boolean {
    return this.termAt(position.index) === position.term;
  }

  /** Is a log that ends at `position` at least as new as this one? Source: Raft §5.4.1. */
  isUpToDate(position: LogPosition): boolean {
    if (position.term !== this.#runTerm) return position.term > this.#runTerm;
    return position.index >= this.lastIndex;
  }

  /** Offset of the first entry that this log lacks or holds with another term; `entries.length` for none. */
  firstDifference(entries: readonly Entry[]): number {
    for (let i = 0; i < entries.length; i++) {
      if (!this.matches(entries[i] as Entry)) return i;
    }
    return entries.length;
  }

  /**
   * The newest position at or before `index` whose term is at most `term`: both sides use it to step over whole
   * terms instead of single entries. The term is 0 where it is not known. Source: Raft §5.3, the optimization.
   */
  lastPositionNotAfter(index: LogIndex, term: Term): LogPosition {
    let at = index;
    while (at > 0) {
      const here = this.termAt(at);
      if (here === UNKNOWN_TERM) return { term: 0, index: at };
      if (here <= term) return { term: here, index: at };
      at = at > this.#runStart ? this.#runStart : at - 1;
    }
    return { term: 0, index: 0 };
  }

  /** Puts `entries` (not empty) in their place. The caller has made sure that nothing committed is replaced. */
  put(entries: readonly Entry[]): TailChange {
    const first = entries[0] as Entry;
    const last = entries[entries.length - 1] as Entry;
    if (first.index <= this.#commit) {
      violated(
        INVARIANTS.committedStays,
        `entry ${first.index} would replace, commit ${this.#commit}`,
      );
    }
    const change = this.#tail.put(entries);
    this.#extendRun(entries, first, last);
    this.#shared = undefined;
    return change;
  }

  #extendRun(entries: readonly Entry[], first: Entry, last: Entry): void {
    let start = last.index;
    if (first.term === last.term) {
      start = first.index;
    } else {
      for (let i = entries.length - 2; (entries[i] as Entry).term === last.term; i--) start--;
    }
    const continues =
      start === first.index && first.index > this.#runStart && last.term === this.#runTerm;
    if (!continues) this.#runStart = start;
    this.#runTerm = last.term;
  }

  /** Returns false when `index` is committed already. */
  commitTo(index: LogIndex): boolean {
    if (index <= this.#commit) return false;
    if (index > this.lastIndex) {
      violated(INVARIANTS.commitWithinLog, `commit ${index}, last ${this.lastIndex}`);
    }
    this.#commit = index;
    return true;
  }

  restore(snapshot: SnapshotInfo): void {
    this.#tail.restore(snapshot);
    this.#commit = snapshot.index;
    this.#runStart = snapshot.index;
    this.#runTerm = snapshot.term;
    this.#shared = undefined;
  }

  stableTo(position: LogPosition): StableOutcome {
    return this.#tail.stableTo(position);
  }

  /** The snapshot that ends at `index` is installed: log and state machine hold everything up to it. */
  installed(index: LogIndex): void {
    this.#tail.installed(index);
    this.appliedTo(index, 0);
  }

  takeUnwritten(): readonly Entry[] {
    return this.#tail.takeUnwritten();
  }
  takeSnapshot(): SnapshotInfo | undefined {
    return this.#tail.takeSnapshot();
  }

  /** Entries from `first` for one append message to `reader`; empty at the end of the log. */
  sliceForAppend(first: LogIndex, reader: MemberId): LogSlice | "compacted" | "loading" {
    const end = this.#tail.end;
    const shared = this.#shared;
    if (shared !== undefined && this.#sharedFirst === first && this.#sharedEnd === end)
      return shared;
    const high = Math.min(end, first + SLICE_ENTRIES_MAX);
    const entries = this.#read(first, high, this.#settings.appendBytesMax, reader);
    if (typeof entries === "string") return entries;
    let bytes = 0;
    for (let i = 0; i < entries.length; i++) bytes += (entries[i] as Entry).payload.length;
    const slice = { entries, bytes };
    this.#shared = slice;
    this.#sharedFirst = first;
    this.#sharedEnd = end;
    return slice;
  }

  /** Is there something to hand out for applying? */
  get hasAppliable(): boolean {
    return (
      !this.#cursor.full &&
      this.#tail.snapshot === undefined &&
      this.#cursor.applying < this.#appliableEnd()
    );
  }
  /** Committed entries wait although they could be applied. */
  get applyHeld(): "quota" | "installingSnapshot" | undefined {
    if (this.#cursor.applying >= this.#appliableEnd()) return undefined;
    if (this.#tail.snapshot !== undefined) return "installingSnapshot";
    return this.#cursor.full ? "quota" : undefined;
  }

  /** The next committed entries to apply, within the quota but at least one; they count as handed out. */
  takeAppliable(): { entries: readonly Entry[]; bytes: number; weight: number } | "loading" {
    const first = this.#cursor.applying + 1;
    const end = this.#appliableEnd();
    const room = this.#cursor.roomBytes;
    const entries = this.#read(first, end + 1, room, this.#settings.id);
    if (entries === "loading") return "loading";
    if (typeof entries === "string") {
      violated(INVARIANTS.logReadable, `entries from ${first}: ${entries}`);
    }
    let count = 0;
    let bytes = 0;
    let weight = 0;
    for (; count < entries.length; count++) {
      const payload = (entries[count] as Entry).payload.length;
      if (count > 0 && weight + payload + ENTRY_OVERHEAD_BYTES > room) break;
      bytes += payload;
      weight += payload + ENTRY_OVERHEAD_BYTES;
    }
    const last = first + count - 1;
    this.#cursor.handedOut(last, weight, last < end);
    return { entries: count === entries.length ? entries : entries.slice(0, count), bytes, weight };
  }

  /** A late acknowledgement from before a snapshot does not move the position back. */
  appliedTo(index: LogIndex, weight: number): void {
    this.#cursor.acknowledged(Math.max(index, this.#cursor.applied), weight, this.#commit);
  }

  /**
   * The first membership entry in [first, last], 0 for none. Where entries have to be loaded first, the place that could
   * not be looked at: whoever must not run ahead of a change has to wait for it.
   */
  firstChange(first: LogIndex, last: LogIndex): LogIndex {
    const { id, appendBytesMax } = this.#settings;
    let at = first;
    while (at <= last) {
      const entries = this.#read(at, last + 1, appendBytesMax, id);
      if (typeof entries === "string" || entries.length === 0) return at;
      for (let i = 0; i < entries.length; i++) {
        if ((entries[i] as Entry).kind === "membership") return (entries[i] as Entry).index;
      }
      at += entries.length;
    }
    return 0;
  }

  snapshot(): SnapshotInfo | "building" {
    return this.#view.snapshot();
  }

  #appliableEnd(): LogIndex {
    if (this.#settings.applyBeforeDurable) return this.#commit;
    return Math.min(this.#commit, this.#tail.offset - 1);
  }

  /** Entries [low, high) from both parts, cut after `bytesMax` of payload but never empty unless low = high. */
  #read(
    low: LogIndex,
    high: LogIndex,
    bytesMax: number,
    reader: MemberId,
  ): readonly Entry[] | "compacted" | "loading" {
    if (low >= high) return [];
    const offset = this.#tail.offset;
    if (low >= offset) return this.#tail.slice(low, low + this.#countWithin(low, high, bytesMax));
    if (low < this.firstIndex) return "compacted";
    const stored = this.#view.entries(low, Math.min(high, offset), bytesMax, reader);
    if (stored === "loading" || stored === "compacted") return stored;
    if (stored === "unavailable" || stored[0]?.index !== low) {
      violated(INVARIANTS.logReadable, `log view has no entry ${low} although it was acknowledged`);
    }
    if (high <= offset || low + stored.length < offset) return stored;
    let left = bytesMax;
    for (let i = 0; i < stored.length; i++) left -= (stored[i] as Entry).payload.length;
    if (this.#tail.count === 0 || this.#tail.at(offset).payload.length > left) return stored;
    return stored.concat(this.#tail.slice(offset, offset + this.#countWithin(offset, high, left)));
  }

  #countWithin(low: LogIndex, high: LogIndex, bytesMax: number): number {
    let bytes = this.#tail.at(low).payload.length;
    let at = low + 1;
    while (at < high) {
      bytes += this.#tail.at(at).payload.length;
      if (bytes > bytesMax) break;
      at++;
    }
    return at - low;
  }
}
