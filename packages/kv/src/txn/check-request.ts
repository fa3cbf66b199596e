import {
  binaryString,
  bytesOfBinaryString,
  intervalEnd,
  isSingleKey,
  successor,
} from "../bytes/bytes.ts";
import { IntervalSet } from "../bytes/interval-set.ts";
import type { DeleteRangeRequest, PutRequest, TxnOperation, TxnRequest } from "../command.ts";
import { TXN_DEPTH_MAX } from "../command.ts";
import { type KvError, kvError } from "../error.ts";
import type { RangeRequest } from "../query.ts";

/**
 * What is wrong with a request whatever the store holds: missing keys, contradicting flags, too many operations,
 * keys written twice. Branches that will not run are checked as well.
 */
export function checkRequest(
  request: RangeRequest | PutRequest | DeleteRangeRequest | TxnRequest,
  operationsMax: number,
): KvError | undefined {
  if (request.type !== "txn") return checkOperation(request, operationsMax, 0);
  return (
    checkTxn(request, operationsMax, 0) ??
    checkDuplicates(request.success) ??
    checkDuplicates(request.failure)
  );
}

function checkOperation(
  operation: TxnOperation,
  operationsMax: number,
  depth: number,
): KvError | undefined {
  switch (operation.type) {
    case "put":
      return checkPut(operation);
    case "range":
    case "deleteRange":
      return operation.key.length === 0 ? kvError("emptyKey") : undefined;
    case "txn":
      return checkTxn(operation, operationsMax, depth + 1);
    case "empty":
      return kvError("keyNotFound");
  }
}

export function checkPut(request: PutRequest): KvError | undefined {
  if (request.key.length === 0) return kvError("emptyKey");
  if (request.ignoreValue === true && request.value.length > 0) return kvError("valueProvided");
  if (request.ignoreLease === true && (request.lease ?? 0n) !== 0n) {
    return kvError("leaseProvided");
  }
  return undefined;
}

function checkTxn(request: TxnRequest, operationsMax: number, depth: number): KvError | undefined {
  const operations = Math.max(
    request.compare.length,
    request.success.length,
    request.failure.length,
  );
  if (operations > operationsMax || depth > TXN_DEPTH_MAX) return kvError("tooManyOps");
  for (const compare of request.compare) {
    if (compare.key.length === 0) return kvError("emptyKey");
  }
  const left = operationsMax - operations;
  return (
    checkOperations(request.success, left, depth) ?? checkOperations(request.failure, left, depth)
  );
}

function checkOperations(
  operations: readonly TxnOperation[],
  operationsMax: number,
  depth: number,
): KvError | undefined {
  for (const operation of operations) {
    const error = checkOperation(operation, operationsMax, depth);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** What one branch writes, its nested transactions included. */
interface Writes {
  readonly puts: Set<string>;
  readonly deletes: IntervalSet;
  /** Puts that keep a value or a lease, so the key must be there when they run. */
  readonly keeps: Set<string>;
  /** Deletions without end, as what they really cover. */
  readonly endless: IntervalSet;
}

/** A branch may neither put a key twice nor put what it deletes, in whatever order. */
function checkDuplicates(branch: readonly TxnOperation[]): KvError | undefined {
  let writes = 0;
  for (const operation of branch) {
    if (operation.type === "txn") writes += 2;
    else if (operation.type === "put" || operation.type === "deleteRange") writes++;
  }
  if (writes < 2) return undefined;
  return gatherWrites(branch) === undefined ? kvError("duplicateKey") : undefined;
}

/**
 * Undefined when the branch contradicts itself. The two branches of a nested transaction exclude each other, so
 * they may put the same key. A deletion without end is not noticed to cover anything: etcd takes its end, the byte
 * 0, for an ordinary key here, and clients rely on what it accepts. Only a put that keeps what such a deletion
 * removes is refused, because nothing would be left to keep.
 */
function gatherWrites(branch: readonly TxnOperation[]): Writes | undefined {
  const writes: Writes = {
    puts: new Set(),
    deletes: new IntervalSet(),
    keeps: new Set(),
    endless: new IntervalSet(),
  };
  for (const operation of branch) {
    if (operation.type !== "deleteRange") continue;
    const { key, rangeEnd } = operation;
    writes.deletes.add(key, isSingleKey(rangeEnd) ? successor(key) : rangeEnd);
    if (intervalEnd(key, rangeEnd) === undefined) writes.endless.add(key, undefined);
  }
  for (const operation of branch) {
    if (operation.type === "txn" && !gatherNested(operation, writes)) return undefined;
  }
  for (const operation of branch) {
    if (operation.type !== "put") continue;
    const key = binaryString(operation.key);
    if (writes.puts.has(key) || writes.deletes.has(operation.key)) return undefined;
    writes.puts.add(key);
    if (operation.ignoreValue !== true && operation.ignoreLease !== true) continue;
    if (writes.endless.has(operation.key)) return undefined;
    writes.keeps.add(key);
  }
  return writes;
}

function gatherNested(nested: TxnRequest, outer: Writes): boolean {
  const success = gatherWrites(nested.success);
  const failure = gatherWrites(nested.failure);
  if (success === undefined || failure === undefined) return false;
  if (contradict(outer, success) || contradict(outer, failure)) return false;
  merge(outer, success);
  merge(outer, failure);
  return true;
}

function contradict(outer: Writes, inner: Writes): boolean {
  for (const key of inner.puts) {
    if (outer.puts.has(key) || outer.deletes.has(bytesOfBinaryString(key))) return true;
  }
  return anyWithin(inner.keeps, outer.endless) || anyWithin(outer.keeps, inner.endless);
}

function anyWithin(keys: ReadonlySet<string>, intervals: IntervalSet): boolean {
  if (intervals.isEmpty) return false;
  for (const key of keys) {
    if (intervals.has(bytesOfBinaryString(key))) return true;
  }
  return false;
}

function merge(outer: Writes, inner: Writes): void {
  for (const key of inner.puts) outer.puts.add(key);
  for (const key of inner.keeps) outer.keeps.add(key);
  outer.deletes.addAll(inner.deletes);
  outer.endless.addAll(inner.endless);
}

/** Whether a transaction cannot change anything, whichever branch runs. */
export function isReadOnly(request: TxnRequest): boolean {
  return request.success.every(readsOnly) && request.failure.every(readsOnly);
}

function readsOnly(operation: TxnOperation): boolean {
  return operation.type === "range" || (operation.type === "txn" && isReadOnly(operation));
}
