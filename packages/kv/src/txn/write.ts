import { binaryString, intervalEnd, isSingleKey } from "../bytes/bytes.ts";
import type { DeleteRangeRequest, PutRequest } from "../command.ts";
import { type KvError, kvError } from "../error.ts";
import type { KeyValue } from "../key-value.ts";
import { KeyEntry } from "../keys/key-entry.ts";
import type { LeaseTable } from "../lease/lease-table.ts";
import type { MvccStore } from "../mvcc/mvcc-store.ts";
import { RowReader } from "../mvcc/row.ts";
import type { DeleteRangeResult, PutResult } from "../result.ts";

/** What writes work on. */
export interface WriteState {
  readonly mvcc: MvccStore;
  readonly leases: LeaseTable;
}

const entry: KeyEntry = new KeyEntry();
const row: RowReader = new RowReader();

/** What is wrong with a put given what the store holds now. */
export function checkPutState(state: WriteState, request: PutRequest): KvError | undefined {
  const lease = request.lease ?? 0n;
  if (lease !== 0n && state.leases.get(lease) === undefined) return kvError("leaseNotFound");
  if (request.ignoreValue === true || request.ignoreLease === true) {
    const exists = state.mvcc.index.get(request.key, entry) && !entry.deleted;
    if (!exists) return kvError("keyNotFound");
  }
  return undefined;
}

/** Carries out a put that was checked. The answer's revision is the one being made. */
export function put(state: WriteState, request: PutRequest): PutResult {
  const { mvcc, leases } = state;
  const { key } = request;
  let value = request.value;
  if (request.ignoreValue === true && mvcc.index.get(key, entry)) {
    if (mvcc.readRow(entry.modRevision, entry.modSub, row)) value = row.value();
  }
  if (request.ignoreLease === true && mvcc.index.get(key, entry)) {
    mvcc.put(key, value, entry.leaseHigh, entry.leaseLow);
  } else if (request.lease === undefined || request.lease === 0n) {
    mvcc.put(key, value, 0, 0);
    if (mvcc.previous.leased) detachPrevious(state, key);
  } else {
    entry.setLease(request.lease);
    mvcc.put(key, value, entry.leaseHigh, entry.leaseLow);
    if (mvcc.previous.leased) detachPrevious(state, key);
    leases.attach(request.lease, binaryString(key));
  }
  return {
    type: "put",
    prevKv: request.prevKv === true ? previousPair(mvcc) : undefined,
    revision: mvcc.visibleRevision,
  };
}

/** Carries out a deletion. The answer's revision is the one being made, or the current one if nothing was deleted. */
export function deleteRange(state: WriteState, request: DeleteRangeRequest): DeleteRangeResult {
  const { mvcc } = state;
  const keys = isSingleKey(request.rangeEnd)
    ? [request.key]
    : mvcc.keys(request.key, intervalEnd(request.key, request.rangeEnd));
  const prevKvs: KeyValue[] = [];
  let deleted = 0;
  for (const key of keys) {
    if (!deleteKey(state, key)) continue;
    deleted++;
    if (request.prevKv === true) {
      const pair = previousPair(mvcc);
      if (pair !== undefined) prevKvs.push(pair);
    }
  }
  return { type: "deleteRange", deleted, prevKvs, revision: mvcc.visibleRevision };
}

/** False if there was no such key. */
export function deleteKey(state: WriteState, key: Uint8Array): boolean {
  if (!state.mvcc.delete(key)) return false;
  if (state.mvcc.previous.leased) detachPrevious(state, key);
  return true;
}

function detachPrevious(state: WriteState, key: Uint8Array): void {
  state.leases.detach(state.mvcc.previous.lease, binaryString(key));
}

/** The pair that the last change replaced. */
function previousPair(mvcc: MvccStore): KeyValue | undefined {
  const { previous } = mvcc;
  if (previous.modRevision === 0 || previous.deleted) return undefined;
  if (!mvcc.readRow(previous.modRevision, previous.modSub, row)) return undefined;
  return row.keyValue();
}
