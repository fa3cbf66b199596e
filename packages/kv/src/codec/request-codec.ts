import { type ByteReader, MalformedBytesError, nameAt } from "../bytes/byte-reader.ts";
import { type ByteWriter, numberOf } from "../bytes/byte-writer.ts";
import { NO_BYTES } from "../bytes/bytes.ts";
import type {
  Compare,
  CompareResult,
  DeleteRangeRequest,
  PutRequest,
  TxnOperation,
  TxnRequest,
} from "../command.ts";
import { TXN_DEPTH_MAX } from "../command.ts";
import type { RangeRequest, SortOrder, SortTarget } from "../query.ts";

/** The numbers stand in logs: append, never reorder. */
const SORT_ORDERS: readonly SortOrder[] = ["none", "ascend", "descend"];
const SORT_TARGETS: readonly SortTarget[] = ["key", "version", "create", "mod", "value"];
const COMPARE_RESULTS: readonly CompareResult[] = [
  "equal",
  "greater",
  "less",
  "notEqual",
  "always",
];
const COMPARE_TARGETS: readonly Compare["target"][] = [
  "version",
  "create",
  "mod",
  "value",
  "lease",
];
const OPERATIONS: readonly TxnOperation["type"][] = ["range", "put", "deleteRange", "txn", "empty"];

const PREV_KV = 1;
const IGNORE_VALUE = 2;
const IGNORE_LEASE = 4;
const HAS_LEASE = 8;

/** Fewest bytes an operation or a condition takes: its kind. */
const ITEM_BYTES_MIN = 1;

export function writePut(to: ByteWriter, request: PutRequest): void {
  const lease = request.lease ?? 0n;
  let flags = 0;
  if (request.prevKv === true) flags |= PREV_KV;
  if (request.ignoreValue === true) flags |= IGNORE_VALUE;
  if (request.ignoreLease === true) flags |= IGNORE_LEASE;
  if (lease !== 0n) flags |= HAS_LEASE;
  to.byte(flags);
  to.bytes(request.key);
  if (lease !== 0n) to.int64(lease);
  to.bytes(request.value);
}

export function readPut(from: ByteReader): PutRequest {
  const flags = from.byte();
  const key = from.bytes();
  const lease = (flags & HAS_LEASE) !== 0 ? from.int64() : 0n;
  const value = from.bytes();
  return {
    type: "put",
    key,
    value,
    lease,
    prevKv: (flags & PREV_KV) !== 0,
    ignoreValue: (flags & IGNORE_VALUE) !== 0,
    ignoreLease: (flags & IGNORE_LEASE) !== 0,
  };
}

export function writeDeleteRange(to: ByteWriter, request: DeleteRangeRequest): void {
  to.flag(request.prevKv === true);
  to.bytes(request.key);
  to.bytes(request.rangeEnd ?? NO_BYTES);
}

export function readDeleteRange(from: ByteReader): DeleteRangeRequest {
  const prevKv = from.flag();
  return { type: "deleteRange", prevKv, key: from.bytes(), rangeEnd: from.bytes() };
}

export function writeTxn(to: ByteWriter, request: TxnRequest, depth: number): void {
  if (depth > TXN_DEPTH_MAX) throw new RangeError("Transactions are nested too deep.");
  to.varint(request.compare.length);
  for (const compare of request.compare) writeCompare(to, compare);
  writeOperations(to, request.success, depth);
  writeOperations(to, request.failure, depth);
}

export function readTxn(from: ByteReader, depth: number): TxnRequest {
  if (depth > TXN_DEPTH_MAX) throw new MalformedBytesError("Transactions are nested too deep.");
  const compare: Compare[] = [];
  for (let left = from.count(ITEM_BYTES_MIN); left > 0; left--) compare.push(readCompare(from));
  return {
    type: "txn",
    compare,
    success: readOperations(from, depth),
    failure: readOperations(from, depth),
  };
}

function writeOperations(to: ByteWriter, operations: readonly TxnOperation[], depth: number): void {
  to.varint(operations.length);
  for (const operation of operations) {
    to.byte(numberOf(OPERATIONS, operation.type));
    switch (operation.type) {
      case "range":
        writeRange(to, operation);
        break;
      case "put":
        writePut(to, operation);
        break;
      case "deleteRange":
        writeDeleteRange(to, operation);
        break;
      case "txn":
        writeTxn(to, operation, depth + 1);
        break;
      case "empty":
        break;
    }
  }
}

function readOperations(from: ByteReader, depth: number): TxnOperation[] {
  const operations: TxnOperation[] = [];
  for (let left = from.count(ITEM_BYTES_MIN); left > 0; left--) {
    operations.push(readOperation(from, depth));
  }
  return operations;
}

function readOperation(from: ByteReader, depth: number): TxnOperation {
  switch (nameAt(OPERATIONS, from.byte())) {
    case "range":
      return readRangeRequest(from);
    case "put":
      return readPut(from);
    case "deleteRange":
      return readDeleteRange(from);
    case "txn":
      return readTxn(from, depth + 1);
    case "empty":
      return { type: "empty" };
  }
}

function writeCompare(to: ByteWriter, compare: Compare): void {
  to.byte(numberOf(COMPARE_TARGETS, compare.target));
  to.byte(numberOf(COMPARE_RESULTS, compare.result));
  to.bytes(compare.key);
  to.bytes(compare.rangeEnd ?? NO_BYTES);
  switch (compare.target) {
    case "value":
      to.bytes(compare.operand);
      break;
    case "lease":
      to.int64(compare.operand);
      break;
    default:
      to.signed(compare.operand);
  }
}

function readCompare(from: ByteReader): Compare {
  const target = nameAt(COMPARE_TARGETS, from.byte());
  const result = nameAt(COMPARE_RESULTS, from.byte());
  const interval = { key: from.bytes(), rangeEnd: from.bytes() };
  switch (target) {
    case "value":
      return { target, result, ...interval, operand: from.bytes() };
    case "lease":
      return { target, result, ...interval, operand: from.int64() };
    default:
      return { target, result, ...interval, operand: from.signed() };
  }
}

const KEYS_ONLY = 1;
const COUNT_ONLY = 2;
const HAS_BOUNDS = 4;

function writeRange(to: ByteWriter, request: RangeRequest): void {
  const bounds = boundsOf(request);
  const bounded = bounds.some((bound) => bound !== 0);
  let flags = 0;
  if (request.keysOnly === true) flags |= KEYS_ONLY;
  if (request.countOnly === true) flags |= COUNT_ONLY;
  if (bounded) flags |= HAS_BOUNDS;
  to.byte(flags);
  to.bytes(request.key);
  to.bytes(request.rangeEnd ?? NO_BYTES);
  to.signed(request.revision ?? 0);
  to.signed(request.limit ?? 0);
  to.byte(numberOf(SORT_ORDERS, request.sortOrder ?? "none"));
  to.byte(numberOf(SORT_TARGETS, request.sortTarget ?? "key"));
  if (bounded) for (const bound of bounds) to.signed(bound);
}

function readRangeRequest(from: ByteReader): RangeRequest {
  const flags = from.byte();
  const request: RangeRequest = {
    type: "range",
    key: from.bytes(),
    rangeEnd: from.bytes(),
    revision: from.signed(),
    limit: from.signed(),
    sortOrder: nameAt(SORT_ORDERS, from.byte()),
    sortTarget: nameAt(SORT_TARGETS, from.byte()),
    keysOnly: (flags & KEYS_ONLY) !== 0,
    countOnly: (flags & COUNT_ONLY) !== 0,
  };
  if ((flags & HAS_BOUNDS) === 0) return request;
  return {
    ...request,
    minModRevision: from.signed(),
    maxModRevision: from.signed(),
    minCreateRevision: from.signed(),
    maxCreateRevision: from.signed(),
  };
}

function boundsOf(request: RangeRequest): readonly number[] {
  return [
    request.minModRevision ?? 0,
    request.maxModRevision ?? 0,
    request.minCreateRevision ?? 0,
    request.maxCreateRevision ?? 0,
  ];
}
