import type { KeyHistory } from "./key-history.ts";
import type { Violation } from "./violation.ts";

export interface WatchedChange {
  readonly key: string;
  /** Null for a deletion. */
  readonly value: string | null;
  readonly revision: number;
  /** The value before, where the watcher asked for it; null when there was none. */
  readonly previous?: string | null | undefined;
}

/** What a watcher received, in order. */
export type WatchItem =
  /** One answer of the stream: the changes of whole revisions. */
  | { readonly type: "changes"; readonly changes: readonly WatchedChange[] }
  /** The server says: everything up to `revision` was sent. */
  | { readonly type: "progress"; readonly revision: number }
  /** The history before `compactedRevision` is gone, the stream ends. */
  | { readonly type: "compacted"; readonly compactedRevision: number };

/** One stream of one watcher. A watcher that resumes has one record per stream. */
export interface WatchRecord {
  readonly watcher: string;
  /** The first revision it wants; for "from now" the one after the revision at which it was created. */
  readonly startRevision: number;
  readonly matches: (key: string) => boolean;
  readonly items: readonly WatchItem[];
}

export const WATCH_CHECKER = "watch guarantees";

/**
 * Holds a stream against what really happened: ordered, without duplicates, only matching keys, everything of a
 * revision in one answer, nothing left out up to the newest thing it received, progress only for what was sent.
 */
export function validateWatch(record: WatchRecord, history: KeyHistory): readonly Violation[] {
  const check = new StreamCheck(record, history);
  for (const item of record.items) check.take(item);
  return check.violations;
}

class StreamCheck {
  readonly violations: Violation[] = [];
  readonly #record: WatchRecord;
  readonly #history: KeyHistory;
  /** Everything below was to be received already. */
  #nextRevision: number;
  #ended = false;

  constructor(record: WatchRecord, history: KeyHistory) {
    this.#record = record;
    this.#history = history;
    this.#nextRevision = record.startRevision;
  }

  take(item: WatchItem): void {
    if (this.#ended) this.#report("received something after its end");
    switch (item.type) {
      case "changes":
        this.#takeChanges(item.changes);
        return;
      case "progress":
        this.#expectNothingMissed(item.revision);
        this.#nextRevision = Math.max(this.#nextRevision, item.revision + 1);
        return;
      case "compacted":
        this.#ended = true;
        if (item.compactedRevision < this.#nextRevision) {
          this.#report(
            `was ended for a compaction at ${item.compactedRevision}, but had everything before ${this.#nextRevision}`,
          );
        }
    }
  }

  #takeChanges(changes: readonly WatchedChange[]): void {
    for (let at = 0; at < changes.length; ) {
      const { revision } = changes[at] as WatchedChange;
      let end = at;
      while (changes[end]?.revision === revision) end += 1;
      this.#takeRevision(revision, changes.slice(at, end));
      at = end;
    }
  }

  #takeRevision(revision: number, received: readonly WatchedChange[]): void {
    if (revision < this.#nextRevision) {
      this.#report(
        `received revision ${revision} again or too late, after ${this.#nextRevision - 1}`,
      );
      return;
    }
    this.#expectNothingMissed(revision - 1);
    this.#nextRevision = revision + 1;
    const expected = this.#matchingAt(revision);
    for (const change of received) this.#compare(change, expected);
    const keys = new Set(received.map((change) => change.key));
    if (keys.size < received.length) this.#report(`received a key twice at revision ${revision}`);
    for (const { key } of expected) {
      if (!keys.has(key)) {
        this.#report(`received revision ${revision} without its change of ${key}: not atomic`);
      }
    }
  }

  #compare(
    change: WatchedChange,
    expected: readonly { key: string; value: string | null }[],
  ): void {
    const { key, value, revision, previous } = change;
    const real = expected.find((candidate) => candidate.key === key);
    if (real === undefined) {
      this.#report(
        `received a change of ${key} at ${revision} that did not happen or was not asked for`,
      );
      return;
    }
    if (real.value !== value) {
      this.#report(`received ${key} = ${value} at ${revision}, but it became ${real.value}`);
    }
    if (previous === undefined) return;
    const before = this.#history.valueAt(key, revision - 1);
    if (before !== previous) {
      this.#report(
        `received ${previous} as the value of ${key} before ${revision}; it was ${before}`,
      );
    }
  }

  #expectNothingMissed(until: number): void {
    for (const { revision } of revisionsBetween(this.#history, this.#nextRevision, until)) {
      if (this.#matchingAt(revision).length > 0) {
        this.#report(`missed revision ${revision} on the way to ${until}`);
      }
    }
  }

  #matchingAt(revision: number): readonly { key: string; value: string | null }[] {
    const changes = this.#history.changesAt(revision) ?? [];
    return changes.filter(({ key }) => this.#record.matches(key));
  }

  #report(what: string): void {
    const message = `watcher ${this.#record.watcher} ${what}`;
    this.violations.push({ checker: WATCH_CHECKER, message });
  }
}

function revisionsBetween(
  history: KeyHistory,
  from: number,
  to: number,
): readonly { readonly revision: number }[] {
  const { revisions } = history;
  return revisions.slice(firstAtOrAfter(revisions, from), firstAtOrAfter(revisions, to + 1));
}

function firstAtOrAfter(items: readonly { readonly revision: number }[], revision: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle]?.revision ?? 0) < revision) low = middle + 1;
    else high = middle;
  }
  return low;
}
