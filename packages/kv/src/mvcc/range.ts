import {
  compareBytes,
  type IntervalEnd,
  intervalEnd,
  isSingleKey,
  NO_BYTES,
} from "../bytes/bytes.ts";
import { type KvError, kvError } from "../error.ts";
import type { KeyValue, LeaseId, Revision } from "../key-value.ts";
import { KeyEntry } from "../keys/key-entry.ts";
import type { RangeRequest, SortTarget } from "../query.ts";
import type { RangeResult } from "../result.ts";
import type { MvccStore } from "./mvcc-store.ts";
import { RowReader } from "./row.ts";

/** A key that belongs to the answer, before its value is fetched. */
interface Candidate {
  readonly key: Uint8Array;
  readonly modRevision: Revision;
  readonly modSub: number;
  readonly createRevision: Revision;
  readonly version: number;
  readonly lease: LeaseId;
}

/** Whether history at `revision` can be read; `newest` is the highest revision that exists. */
export function checkRevision(
  store: MvccStore,
  revision: Revision,
  newest: Revision,
): KvError | undefined {
  if (revision > newest) return kvError("futureRevision");
  if (revision < store.compactRevision) return kvError("compacted");
  return undefined;
}

/** Answers a range as of `at`, which must be readable (`checkRevision`). */
export function readRange(store: MvccStore, request: RangeRequest, at: Revision): RangeResult {
  if (isSingleKey(request.rangeEnd) && request.countOnly !== true) {
    return readSingleKey(store, request, at);
  }
  const end = intervalEnd(request.key, request.rangeEnd);
  if (request.countOnly === true) {
    return {
      type: "range",
      kvs: [],
      more: false,
      count: countKeys(store, request.key, end, at),
      revision: store.visibleRevision,
    };
  }
  const found: Candidate[] = [];
  const count = collect(store, request.key, end, at, fetchLimit(request), found);
  return answer(store, request, found, count);
}

function readSingleKey(store: MvccStore, request: RangeRequest, at: Revision): RangeResult {
  const entry = new KeyEntry();
  const found: Candidate[] = [];
  if (store.index.get(request.key, entry)) {
    const candidate = candidateAt(store, entry, at);
    if (candidate !== undefined) found.push(candidate);
  }
  return answer(store, request, found, found.length);
}

function answer(
  store: MvccStore,
  request: RangeRequest,
  found: Candidate[],
  count: number,
): RangeResult {
  const kept = hasFilter(request) ? found.filter((candidate) => passes(request, candidate)) : found;
  const target = request.sortTarget ?? "key";
  const descending = request.sortOrder === "descend";
  const limit = request.limit ?? 0;
  let kvs: KeyValue[];
  if (target === "value") {
    // Values must be there to be compared, even when they are not part of the answer.
    const fetched = kept.map((candidate) => fetch(store, candidate, false));
    fetched.sort((a, b) =>
      descending ? compareBytes(b.value, a.value) : compareBytes(a.value, b.value),
    );
    const chosen = cut(fetched, limit);
    kvs = request.keysOnly === true ? chosen.map(withoutValue) : chosen;
  } else {
    sortCandidates(kept, target, descending);
    kvs = cut(kept, limit).map((candidate) => fetch(store, candidate, request.keysOnly === true));
  }
  return {
    type: "range",
    kvs,
    more: limit > 0 && kept.length > limit,
    count,
    revision: store.visibleRevision,
  };
}

function cut<T>(list: T[], limit: number): T[] {
  return limit > 0 && list.length > limit ? list.slice(0, limit) : list;
}

/**
 * How many keys are enough. Without an order asked for, etcd takes the first ones in key order even when it then
 * sorts them by something else; with one, or with filters, all are needed.
 */
function fetchLimit(request: RangeRequest): number {
  const limit = request.limit ?? 0;
  const ordered = request.sortOrder === "ascend" || request.sortOrder === "descend";
  const keyOrder = request.sortOrder === "ascend" && (request.sortTarget ?? "key") === "key";
  if (limit <= 0 || hasFilter(request) || (ordered && !keyOrder)) return Number.POSITIVE_INFINITY;
  return limit + 1;
}

function hasFilter(request: RangeRequest): boolean {
  return (
    (request.minModRevision ?? 0) !== 0 ||
    (request.maxModRevision ?? 0) !== 0 ||
    (request.minCreateRevision ?? 0) !== 0 ||
    (request.maxCreateRevision ?? 0) !== 0
  );
}

function passes(request: RangeRequest, candidate: Candidate): boolean {
  const minMod = request.minModRevision ?? 0;
  const maxMod = request.maxModRevision ?? 0;
  const minCreate = request.minCreateRevision ?? 0;
  const maxCreate = request.maxCreateRevision ?? 0;
  return (
    (minMod === 0 || candidate.modRevision >= minMod) &&
    (maxMod === 0 || candidate.modRevision <= maxMod) &&
    (minCreate === 0 || candidate.createRevision >= minCreate) &&
    (maxCreate === 0 || candidate.createRevision <= maxCreate)
  );
}

/** Stable, so that ties keep key order. */
function sortCandidates(
  candidates: Candidate[],
  target: Exclude<SortTarget, "value">,
  descending: boolean,
): void {
  const sign = descending ? -1 : 1;
  switch (target) {
    case "key":
      if (descending) candidates.reverse();
      return;
    case "version":
      candidates.sort((a, b) => sign * (a.version - b.version));
      return;
    case "create":
      candidates.sort((a, b) => sign * (a.createRevision - b.createRevision));
      return;
    case "mod":
      candidates.sort((a, b) => sign * (a.modRevision - b.modRevision));
      return;
  }
}

const row: RowReader = new RowReader();

function fetch(store: MvccStore, candidate: Candidate, keysOnly: boolean): KeyValue {
  return {
    key: candidate.key,
    value: keysOnly ? NO_BYTES : valueAt(store, candidate),
    createRevision: candidate.createRevision,
    modRevision: candidate.modRevision,
    version: candidate.version,
    lease: candidate.lease,
  };
}

function valueAt(store: MvccStore, candidate: Candidate): Uint8Array {
  if (!store.readRow(candidate.modRevision, candidate.modSub, row)) {
    throw new Error(
      `The row of revision ${candidate.modRevision}.${candidate.modSub} is missing from the store.`,
    );
  }
  return row.value();
}

function withoutValue(kv: KeyValue): KeyValue {
  return { ...kv, value: NO_BYTES };
}

/** Puts the first `wanted` keys that exist at `at` into `found`; returns how many there are. */
function collect(
  store: MvccStore,
  from: Uint8Array,
  end: IntervalEnd,
  at: Revision,
  wanted: number,
  found: Candidate[],
): number {
  const entry = new KeyEntry();
  const current = at >= store.visibleRevision;
  let count = 0;
  store.index.range(from, end, entry, () => {
    if (found.length < wanted) {
      const candidate = candidateAt(store, entry, at);
      if (candidate === undefined) return true;
      found.push(candidate);
      count++;
      return !current || found.length < wanted;
    }
    if (existsAt(store, entry, at)) count++;
    return true;
  });
  return current ? store.index.count(from, end) : count;
}

function countKeys(store: MvccStore, from: Uint8Array, end: IntervalEnd, at: Revision): number {
  if (at >= store.visibleRevision) return store.index.count(from, end);
  const entry = new KeyEntry();
  let count = 0;
  store.index.range(from, end, entry, () => {
    if (existsAt(store, entry, at)) count++;
    return true;
  });
  return count;
}

function existsAt(store: MvccStore, entry: KeyEntry, at: Revision): boolean {
  return entry.modRevision <= at ? !entry.deleted : store.readRowAt(entry, at, row);
}

function candidateAt(store: MvccStore, entry: KeyEntry, at: Revision): Candidate | undefined {
  if (entry.modRevision <= at) {
    if (entry.deleted) return undefined;
    return {
      key: entry.key(),
      modRevision: entry.modRevision,
      modSub: entry.modSub,
      createRevision: entry.createRevision,
      version: entry.version,
      lease: entry.lease,
    };
  }
  if (!store.readRowAt(entry, at, row)) return undefined;
  return {
    key: entry.key(),
    modRevision: row.revision,
    modSub: row.sub,
    createRevision: row.createRevision,
    version: row.version,
    lease: row.lease,
  };
}

/** The pair under `key` as of `at`, or nothing. */
export function readKey(store: MvccStore, key: Uint8Array, at: Revision): KeyValue | undefined {
  const entry = new KeyEntry();
  if (!store.index.get(key, entry)) return undefined;
  const candidate = candidateAt(store, entry, at);
  return candidate === undefined ? undefined : fetch(store, candidate, false);
}
