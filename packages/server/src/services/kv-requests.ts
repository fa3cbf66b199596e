import type {
  Compare as KvCompare,
  CompareResult as KvCompareResult,
  DeleteRangeRequest as KvDeleteRangeRequest,
  PutRequest as KvPutRequest,
  RangeRequest as KvRangeRequest,
  TxnRequest as KvTxnRequest,
  SortOrder,
  SortTarget,
  TxnOperation,
} from "@quorate/kv";
import {
  type Compare,
  CompareTarget,
  type DeleteRangeRequest,
  NO_BYTES,
  type PutRequest,
  type RangeRequest,
  type RequestOp,
  type TxnRequest,
} from "@quorate/protocol";
import { kvFailure } from "./failure.ts";

// The messages of the wire in the words of the key-value store. Enums that are not known are refused or read the way
// etcd reads them; everything else is the store's to judge.

const SORT_ORDERS: readonly SortOrder[] = ["none", "ascend", "descend"];
const SORT_TARGETS: readonly SortTarget[] = ["key", "version", "create", "mod", "value"];
const COMPARE_RESULTS: readonly KvCompareResult[] = ["equal", "greater", "less", "notEqual"];

export function kvRange(request: RangeRequest): KvRangeRequest {
  const sortOrder = SORT_ORDERS[request.sortOrder];
  const sortTarget = SORT_TARGETS[request.sortTarget];
  if (sortOrder === undefined || sortTarget === undefined) throw kvFailure("invalidSortOption");
  return {
    type: "range",
    key: request.key,
    rangeEnd: request.rangeEnd,
    revision: request.revision,
    limit: request.limit,
    sortOrder,
    sortTarget,
    keysOnly: request.keysOnly,
    countOnly: request.countOnly,
    minModRevision: request.minModRevision,
    maxModRevision: request.maxModRevision,
    minCreateRevision: request.minCreateRevision,
    maxCreateRevision: request.maxCreateRevision,
  };
}

export function kvPut(request: PutRequest): KvPutRequest {
  return {
    type: "put",
    key: request.key,
    value: request.value,
    lease: request.lease,
    prevKv: request.prevKv,
    ignoreValue: request.ignoreValue,
    ignoreLease: request.ignoreLease,
  };
}

export function kvDeleteRange(request: DeleteRangeRequest): KvDeleteRangeRequest {
  return {
    type: "deleteRange",
    key: request.key,
    rangeEnd: request.rangeEnd,
    prevKv: request.prevKv,
  };
}

export function kvTxn(request: TxnRequest): KvTxnRequest {
  return {
    type: "txn",
    compare: request.compare.map(kvCompare),
    success: request.success.map(kvOperation),
    failure: request.failure.map(kvOperation),
  };
}

function kvOperation({ request }: RequestOp): TxnOperation {
  switch (request?.kind) {
    case "requestRange":
      return kvRange(request.value);
    case "requestPut":
      return kvPut(request.value);
    case "requestDeleteRange":
      return kvDeleteRange(request.value);
    case "requestTxn":
      return kvTxn(request.value);
    case undefined:
      return { type: "empty" };
  }
}

/** The operand is the member of the union that `target` names; where another one is set, it is zero. */
function kvCompare({ result, target, key, rangeEnd, targetUnion }: Compare): KvCompare {
  const common = { key, rangeEnd, result: COMPARE_RESULTS[result] ?? "always" };
  const number = (kind: "version" | "createRevision" | "modRevision"): number =>
    targetUnion?.kind === kind ? targetUnion.value : 0;
  switch (target) {
    case CompareTarget.CREATE:
      return { ...common, target: "create", operand: number("createRevision") };
    case CompareTarget.MOD:
      return { ...common, target: "mod", operand: number("modRevision") };
    case CompareTarget.VALUE: {
      const operand = targetUnion?.kind === "value" ? targetUnion.value : NO_BYTES;
      return { ...common, target: "value", operand };
    }
    case CompareTarget.LEASE: {
      const operand = targetUnion?.kind === "lease" ? targetUnion.value : 0n;
      return { ...common, target: "lease", operand };
    }
    case CompareTarget.VERSION:
      return { ...common, target: "version", operand: number("version") };
    default:
      // A target that does not exist leaves nothing to compare: the condition holds.
      return { ...common, result: "always", target: "version", operand: 0 };
  }
}

/** Whether a transaction only reads; one without any operation does. */
export function isReadOnly({ success, failure }: KvTxnRequest): boolean {
  return success.every(readsOnly) && failure.every(readsOnly);
}

function readsOnly(operation: TxnOperation): boolean {
  return operation.type === "range" || (operation.type === "txn" && isReadOnly(operation));
}

/** Whether every read of a read-only transaction may be answered from local state; one without any may. */
export function isSerializable({ success, failure }: TxnRequest): boolean {
  return success.every(isSerializableOperation) && failure.every(isSerializableOperation);
}

function isSerializableOperation({ request }: RequestOp): boolean {
  return request?.kind === "requestRange" && request.value.serializable;
}
