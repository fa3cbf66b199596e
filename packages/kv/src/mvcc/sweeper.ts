import type { Revision } from "../key-value.ts";
import { KeyEntry } from "../keys/key-entry.ts";
import type { MvccStore } from "./mvcc-store.ts";
import { RowReader } from "./row.ts";

/**
 * Removes what compaction made superfluous, a little at a time. It reads the changes between the last compaction and
 * this one, in order: each one makes the change before it on the same key superfluous, and deletions go with it. Those
 * of the compaction's own revision stay until the next one: a watch may begin there, and is owed everything from there
 * on. What it has not come round to yet is invisible to reads all the same.
 */
export class Sweeper {
  readonly #store: MvccStore;
  /** Everything up to this place is done. */
  #revision: Revision;
  #sub = Number.POSITIVE_INFINITY;
  /** The compaction it works for. */
  #target: Revision;
  readonly #entry: KeyEntry = new KeyEntry();
  readonly #row: RowReader = new RowReader();

  constructor(store: MvccStore, sweptRevision: Revision) {
    this.#store = store;
    this.#revision = sweptRevision;
    this.#target = sweptRevision;
  }

  /** All changes up to this revision were looked at. */
  get sweptRevision(): Revision {
    return this.#sub === Number.POSITIVE_INFINITY ? this.#revision : this.#revision - 1;
  }

  get isDone(): boolean {
    return this.sweptRevision >= this.#store.compactRevision;
  }

  /** Looks at up to `rowsMax` changes. */
  step(rowsMax: number): void {
    const target = this.#store.compactRevision;
    if (this.isDone) return;
    this.#aimAt(target);
    const next = this.#sub === Number.POSITIVE_INFINITY ? this.#revision + 1 : this.#revision;
    const nextSub = this.#sub === Number.POSITIVE_INFINITY ? 0 : this.#sub + 1;
    let left = rowsMax;
    let reachedEnd = true;
    const from = { revision: next, sub: nextSub };
    const row = this.#row;
    this.#store.history.scan(from, target, row, () => {
      if (left === 0) {
        reachedEnd = false;
        return false;
      }
      left--;
      this.#revision = row.revision;
      this.#sub = row.sub;
      this.#sweepRow();
      return true;
    });
    if (reachedEnd) {
      this.#revision = target;
      this.#sub = Number.POSITIVE_INFINITY;
    }
  }

  /** Deletions of the revision that the last compaction was for go with this one: they are looked at again. */
  #aimAt(target: Revision): void {
    if (target !== this.#target && this.#revision === this.#target && this.#revision > 0) {
      this.#sub = -1;
    }
    this.#target = target;
  }

  #sweepRow(): void {
    const row = this.#row;
    const store = this.#store;
    if (row.previousRevision !== 0) store.history.delete(row.previousRevision, row.previousSub);
    if (!row.deleted || row.revision >= this.#target) return;
    store.history.delete(row.revision, row.sub);
    const key = row.key();
    if (!store.index.get(key, this.#entry)) return;
    const entry = this.#entry;
    if (entry.deleted && entry.modRevision === row.revision && entry.modSub === row.sub) {
      store.index.remove(key);
    }
  }
}
