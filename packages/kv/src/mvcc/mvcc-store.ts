import { type IntervalEnd, NO_BYTES } from "../bytes/bytes.ts";
import type { Fingerprint } from "../bytes/fingerprint.ts";
import type { Revision } from "../key-value.ts";
import { KeyEntry } from "../keys/key-entry.ts";
import { KeyIndex } from "../keys/key-index.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import { History } from "./history.ts";
import { IndexLoader } from "./index-loader.ts";
import { RowFields, type RowReader } from "./row.ts";

/** The revision of a store nobody has written to. */
export const FIRST_REVISION: Revision = 1;

/** `compactRevision` of a store that was never compacted: even revision 0 may still be compacted. */
export const NEVER_COMPACTED: Revision = -1;

/**
 * Keys with all their versions since the last compaction. One writer: changes gather in a transaction until `commit`,
 * and are visible to reads at once. Knows nothing of leases, watches or permissions.
 */
export class MvccStore {
  readonly history: History;
  readonly index: KeyIndex = new KeyIndex();
  /** Reads below see an error; set by compaction. */
  compactRevision: Revision = NEVER_COMPACTED;
  /** What was known about the key of the last `put` or `delete` before it; numbers only, the key bytes are gone. */
  readonly previous: KeyEntry = new KeyEntry();
  readonly #fingerprint: Fingerprint;
  #revision: Revision = FIRST_REVISION;
  /** Rows of the running transaction. */
  #changes = 0;
  readonly #next: KeyEntry = new KeyEntry();
  readonly #fields: RowFields = new RowFields();

  constructor(store: OrderedStore, fingerprint: Fingerprint) {
    this.history = new History(store);
    this.#fingerprint = fingerprint;
  }

  /** The newest committed revision. */
  get revision(): Revision {
    return this.#revision;
  }

  /** The revision that reads see now: the one being made, once the running transaction has changed something. */
  get visibleRevision(): Revision {
    return this.#changes > 0 ? this.#revision + 1 : this.#revision;
  }

  /** Sets a key; true if it existed. `previous` tells what was there. */
  put(key: Uint8Array, value: Uint8Array, leaseHigh: number, leaseLow: number): boolean {
    const previous = this.previous;
    const known = this.index.get(key, previous);
    if (!known) previous.clear();
    const existed = !previous.deleted;
    const next = this.#begin(known);
    const fields = this.#fields;
    next.deleted = false;
    next.createRevision = existed ? previous.createRevision : next.modRevision;
    next.version = existed ? previous.version + 1 : 1;
    next.leaseHigh = leaseHigh;
    next.leaseLow = leaseLow;
    fields.value = value;
    this.#finish(key);
    return existed;
  }

  /** Deletes a key; false, and no change, if it did not exist. `previous` tells what was there. */
  delete(key: Uint8Array): boolean {
    const previous = this.previous;
    if (!this.index.get(key, previous) || previous.deleted) return false;
    const next = this.#begin(true);
    next.deleted = true;
    next.createRevision = 0;
    next.version = 0;
    next.leaseHigh = 0;
    next.leaseLow = 0;
    this.#fields.value = NO_BYTES;
    this.#finish(key);
    return true;
  }

  /** Ends the transaction; true if it made a revision. */
  commit(): boolean {
    if (this.#changes === 0) return false;
    this.#changes = 0;
    this.#revision++;
    return true;
  }

  #begin(known: boolean): KeyEntry {
    const previous = this.previous;
    const next = this.#next;
    const fields = this.#fields;
    next.modRevision = this.#revision + 1;
    next.modSub = this.#changes++;
    // A deletion at or below the compaction is forgotten, whether or not this member has come round to it.
    const linked = known && !(previous.deleted && previous.modRevision <= this.compactRevision);
    fields.previousRevision = linked ? previous.modRevision : 0;
    fields.previousSub = linked ? previous.modSub : 0;
    return next;
  }

  #finish(key: Uint8Array): void {
    const next = this.#next;
    const fields = this.#fields;
    fields.revision = next.modRevision;
    fields.sub = next.modSub;
    fields.deleted = next.deleted;
    fields.key = key;
    fields.createRevision = next.createRevision;
    fields.version = next.version;
    fields.leaseHigh = next.leaseHigh;
    fields.leaseLow = next.leaseLow;
    const { history } = this;
    history.append(fields);
    this.index.set(key, next);
    this.#fingerprint.addBytes(history.lastBytes, history.lastStart, history.lastEnd);
  }

  /** Reads the row of a change; false if it is gone. */
  readRow(revision: Revision, sub: number, into: RowReader): boolean {
    return this.history.read(revision, sub, into);
  }

  /**
   * Finds the row of `entry`'s key that is visible at `at`, by following the changes back; false if the key did not
   * exist then. `into` is left holding the row.
   */
  readRowAt(entry: KeyEntry, at: Revision, into: RowReader): boolean {
    let revision = entry.modRevision;
    let sub = entry.modSub;
    while (revision > at) {
      if (!this.readRow(revision, sub, into) || into.previousRevision === 0) return false;
      revision = into.previousRevision;
      sub = into.previousSub;
    }
    return this.readRow(revision, sub, into) && !into.deleted;
  }

  /** The existing keys from `from` up to `end`, copied. */
  keys(from: Uint8Array, end: IntervalEnd): Uint8Array[] {
    const found: Uint8Array[] = [];
    const entry = new KeyEntry();
    this.index.range(from, end, entry, () => {
      if (!entry.deleted) found.push(entry.key());
      return true;
    });
    return found;
  }

  /** Takes over rows that the history holds already, and that compaction had come through up to `sweptRevision`. */
  loader(sweptRevision: Revision): IndexLoader {
    return new IndexLoader(this.index, this.history, sweptRevision);
  }

  /** Sets where a loaded store stands. */
  loaded(revision: Revision, compactRevision: Revision): void {
    this.#revision = revision;
    this.compactRevision = compactRevision;
  }
}
