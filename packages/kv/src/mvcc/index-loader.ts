import type { Revision } from "../key-value.ts";
import { KeyEntry } from "../keys/key-entry.ts";
import type { KeyIndex } from "../keys/key-index.ts";
import { KeySorter } from "../keys/key-sorter.ts";
import type { History } from "./history.ts";
import type { RowReader } from "./row.ts";

/** Rows that are gathered before they go into the index: keys that are neighbours then find each other's leaf warm. */
const ROWS_MAX = 32 * 1024;
const ROWS_AT_FIRST = 256;

/** Where the fields of a row stand among its numbers. */
const DELETED = 0;
const REVISION = 1;
const SUB = 2;
const CREATE_REVISION = 3;
const VERSION = 4;
const PREVIOUS_REVISION = 5;
const PREVIOUS_SUB = 6;
const LEASE_HIGH = 7;
const LEASE_LOW = 8;
const FIELDS = 9;

/**
 * Builds the key index from the rows of a history. Many rows at a time are sorted by key first, because that costs less than
 * finding the place of each: runs of new keys go to the end of the index without a search, and a key that changed often
 * is written once. Call `add` for every row, in order, and `finish` before anything else is done with the index.
 */
export class IndexLoader {
  readonly #index: KeyIndex;
  readonly #history: History;
  /** Compaction had come up to here; what it left to be removed is found out again. */
  readonly #sweptRevision: Revision;
  readonly #keys: KeySorter = new KeySorter(ROWS_MAX);
  #fields: Float64Array = new Float64Array(FIELDS * ROWS_AT_FIRST);
  readonly #entry: KeyEntry = new KeyEntry();

  constructor(index: KeyIndex, history: History, sweptRevision: Revision) {
    this.#index = index;
    this.#history = history;
    this.#sweptRevision = sweptRevision;
  }

  add(row: RowReader): void {
    const keys = this.#keys;
    if (!keys.add(row.bytes, row.keyStart, row.keyEnd)) {
      this.finish();
      keys.add(row.bytes, row.keyStart, row.keyEnd);
    }
    const at = FIELDS * (keys.count - 1);
    if (at === this.#fields.length) {
      const grown = new Float64Array(2 * at);
      grown.set(this.#fields);
      this.#fields = grown;
    }
    const fields = this.#fields;
    fields[at + DELETED] = row.deleted ? 1 : 0;
    fields[at + REVISION] = row.revision;
    fields[at + SUB] = row.sub;
    fields[at + CREATE_REVISION] = row.createRevision;
    fields[at + VERSION] = row.version;
    fields[at + PREVIOUS_REVISION] = row.previousRevision;
    fields[at + PREVIOUS_SUB] = row.previousSub;
    fields[at + LEASE_HIGH] = row.leaseHigh;
    fields[at + LEASE_LOW] = row.leaseLow;
  }

  /** Brings the rows that were gathered into the index. */
  finish(): void {
    const keys = this.#keys;
    const { count } = keys;
    keys.sort();
    const above = this.#firstAboveAll();
    for (let from = 0, to = 0; from < count; from = to) {
      const key = keys.at(from);
      to = from + 1;
      while (to < count && keys.isEqual(key, keys.at(to))) to++;
      const start = keys.startOf(key);
      const end = keys.endOf(key);
      if (from < above) this.#update(keys.bytes.subarray(start, end), from, to);
      else if (this.#follow(from, to, false)) {
        this.#index.append(keys.bytes, start, end, this.#entry);
      }
    }
    keys.clear();
  }

  /** The place of the first key that comes after all of the index; those behind it do as well. */
  #firstAboveAll(): number {
    const keys = this.#keys;
    let low = 0;
    let high = keys.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const key = keys.at(middle);
      if (this.#index.isAboveAll(keys.bytes, keys.startOf(key), keys.endOf(key))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #update(key: Uint8Array, from: number, to: number): void {
    const wasKnown = this.#index.get(key, this.#entry);
    if (this.#follow(from, to, wasKnown)) this.#index.set(key, this.#entry);
    else if (wasKnown) this.#index.remove(key);
  }

  /**
   * Follows the changes of one key, which stand at `from` to `to`. `#entry` holds what was known before, and then what is
   * known after; false if that is nothing.
   */
  #follow(from: number, to: number, wasKnown: boolean): boolean {
    const entry = this.#entry;
    const fields = this.#fields;
    const swept = this.#sweptRevision;
    let known = wasKnown;
    for (let place = from; place < to; place++) {
      const at = FIELDS * this.#keys.at(place);
      const revision = fields[at + REVISION] as number;
      if (known) {
        const { modRevision, modSub } = entry;
        const direct =
          fields[at + PREVIOUS_REVISION] === modRevision && fields[at + PREVIOUS_SUB] === modSub;
        // If a change between the two is gone already, so is every reason to keep the older one.
        // But a deletion at the compaction itself is linked to nothing and stays; the sweeper comes back to it.
        const isKept = entry.deleted && modRevision >= swept;
        if ((!direct && !isKept) || revision <= swept) this.#history.delete(modRevision, modSub);
      }
      known = fields[at + DELETED] === 0 || revision >= swept;
      if (known) this.#take(at);
      else this.#history.delete(revision, fields[at + SUB] as number);
    }
    return known;
  }

  #take(at: number): void {
    const entry = this.#entry;
    const fields = this.#fields;
    entry.deleted = fields[at + DELETED] === 1;
    entry.modRevision = fields[at + REVISION] as number;
    entry.modSub = fields[at + SUB] as number;
    entry.createRevision = fields[at + CREATE_REVISION] as number;
    entry.version = fields[at + VERSION] as number;
    entry.leaseHigh = fields[at + LEASE_HIGH] as number;
    entry.leaseLow = fields[at + LEASE_LOW] as number;
  }
}
