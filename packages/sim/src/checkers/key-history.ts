/** What became of one key at one revision; a null value means that it was deleted. */
export interface KeyChange {
  readonly key: string;
  readonly value: string | null;
}

/** All changes of one revision, which happened at one moment. */
export interface RevisionChanges {
  readonly revision: number;
  readonly changes: readonly KeyChange[];
}

/** What a store went through, revision by revision: the reference that answers and streams are compared with. */
export class KeyHistory {
  readonly revisions: readonly RevisionChanges[];
  readonly #byKey: Map<string, { readonly at: number[]; readonly values: (string | null)[] }> =
    new Map();
  readonly #byRevision: Map<number, readonly KeyChange[]> = new Map();

  /** @throws RangeError when revisions are not in ascending order. */
  constructor(revisions: readonly RevisionChanges[]) {
    this.revisions = revisions;
    let before = 0;
    for (const { revision, changes } of revisions) {
      if (revision <= before) throw new RangeError(`revision ${revision} after ${before}`);
      before = revision;
      this.#byRevision.set(revision, changes);
      for (const { key, value } of changes) this.#record(key, revision, value);
    }
  }

  get lastRevision(): number {
    return this.revisions.at(-1)?.revision ?? 0;
  }

  /** Undefined when nothing happened at `revision`. */
  changesAt(revision: number): readonly KeyChange[] | undefined {
    return this.#byRevision.get(revision);
  }

  /** The value of `key` when `revision` was the newest; null when there was none. */
  valueAt(key: string, revision: number): string | null {
    const known = this.#byKey.get(key);
    if (known === undefined) return null;
    let low = 0;
    let high = known.at.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((known.at[middle] as number) <= revision) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? null : (known.values[low - 1] as string | null);
  }

  #record(key: string, revision: number, value: string | null): void {
    const known = this.#byKey.get(key);
    if (known === undefined) {
      this.#byKey.set(key, { at: [revision], values: [value] });
      return;
    }
    known.at.push(revision);
    known.values.push(value);
  }
}
