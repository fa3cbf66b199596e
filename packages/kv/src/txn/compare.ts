import { compareBytes, intervalEnd, isSingleKey } from "../bytes/bytes.ts";
import type { Compare, CompareResult } from "../command.ts";
import { KeyEntry } from "../keys/key-entry.ts";
import type { MvccStore } from "../mvcc/mvcc-store.ts";
import { RowReader } from "../mvcc/row.ts";

const row: RowReader = new RowReader();

/** Whether a condition holds for the newest state. */
export function holds(store: MvccStore, compare: Compare): boolean {
  const entry = new KeyEntry();
  if (isSingleKey(compare.rangeEnd)) {
    const exists = store.index.get(compare.key, entry) && !entry.deleted;
    return exists ? holdsFor(store, compare, entry) : holdsForMissing(compare);
  }
  let keys = 0;
  let all = true;
  store.index.range(compare.key, intervalEnd(compare.key, compare.rangeEnd), entry, () => {
    if (entry.deleted) return true;
    keys++;
    all = holdsFor(store, compare, entry);
    return all;
  });
  return keys === 0 ? holdsForMissing(compare) : all;
}

/** A missing key has 0 everywhere, except that it has no value to compare. */
function holdsForMissing(compare: Compare): boolean {
  switch (compare.target) {
    case "value":
      return false;
    case "lease":
      return matches(compare.result, orderOf(0n, compare.operand));
    default:
      return matches(compare.result, orderOf(0, compare.operand));
  }
}

function holdsFor(store: MvccStore, compare: Compare, entry: KeyEntry): boolean {
  switch (compare.target) {
    case "version":
      return matches(compare.result, orderOf(entry.version, compare.operand));
    case "create":
      return matches(compare.result, orderOf(entry.createRevision, compare.operand));
    case "mod":
      return matches(compare.result, orderOf(entry.modRevision, compare.operand));
    case "lease":
      return matches(compare.result, orderOf(entry.lease, compare.operand));
    case "value":
      if (!store.readRow(entry.modRevision, entry.modSub, row)) return false;
      return matches(compare.result, compareBytes(row.value(), compare.operand));
  }
}

function orderOf<T extends number | bigint>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function matches(result: CompareResult, order: number): boolean {
  switch (result) {
    case "equal":
      return order === 0;
    case "greater":
      return order > 0;
    case "less":
      return order < 0;
    case "notEqual":
      return order !== 0;
    case "always":
      return true;
  }
}
