import {
  type CompareInit,
  CompareResult,
  CompareTarget,
  type RequestOpInit,
  type TxnRequestInit,
} from "@quorate/protocol";
import { type Bytes, toBytes } from "./bytes.ts";
import { type IntervalOptions, interval } from "./interval.ts";

/** How a condition compares what is stored with what is given. */
export type Comparison = "=" | "!=" | ">" | "<";

/** A condition on a key as it is before the transaction. A missing key has version and revisions 0. */
export type Condition = { readonly key: Bytes; readonly is: Comparison } & (
  | { readonly target: "version" | "createRevision" | "modRevision"; readonly to: number }
  | { readonly target: "value"; readonly to: Bytes }
  | { readonly target: "lease"; readonly to: bigint }
);

/** One step of a transaction. No key may be written twice in one. */
export type Operation =
  | {
      readonly type: "put";
      readonly key: Bytes;
      readonly value: Bytes;
      readonly lease?: bigint | undefined;
      /** Answer with the pair as it was before. */
      readonly prevKv?: boolean | undefined;
    }
  | (IntervalOptions & {
      readonly type: "get";
      readonly key: Bytes;
      readonly limit?: number | undefined;
    })
  | (IntervalOptions & {
      readonly type: "delete";
      readonly key: Bytes;
      /** Answer with the deleted pairs. */
      readonly prevKv?: boolean | undefined;
    });

/** Conditions, and what is done when all hold or when one does not. */
export interface Transaction {
  /** All must hold. None: they do. */
  readonly if?: readonly Condition[] | undefined;
  readonly then?: readonly Operation[] | undefined;
  readonly otherwise?: readonly Operation[] | undefined;
}

/** The transaction as the cluster takes it. */
export function transactionRequest(transaction: Transaction): TxnRequestInit {
  return {
    compare: transaction.if?.map(compareOf),
    success: transaction.then?.map(operationOf),
    failure: transaction.otherwise?.map(operationOf),
  };
}

const RESULTS: Readonly<Record<Comparison, CompareResult>> = {
  "=": CompareResult.EQUAL,
  "!=": CompareResult.NOT_EQUAL,
  ">": CompareResult.GREATER,
  "<": CompareResult.LESS,
};

/** A condition as the API has it. */
export function compareOf(condition: Condition): CompareInit {
  const common = { key: toBytes(condition.key), result: RESULTS[condition.is] };
  switch (condition.target) {
    case "version":
      return {
        ...common,
        target: CompareTarget.VERSION,
        targetUnion: { kind: "version", value: condition.to },
      };
    case "createRevision":
      return {
        ...common,
        target: CompareTarget.CREATE,
        targetUnion: { kind: "createRevision", value: condition.to },
      };
    case "modRevision":
      return {
        ...common,
        target: CompareTarget.MOD,
        targetUnion: { kind: "modRevision", value: condition.to },
      };
    case "value":
      return {
        ...common,
        target: CompareTarget.VALUE,
        targetUnion: { kind: "value", value: toBytes(condition.to) },
      };
    case "lease":
      return {
        ...common,
        target: CompareTarget.LEASE,
        targetUnion: { kind: "lease", value: condition.to },
      };
  }
}

/** An operation as the API has it. */
export function operationOf(operation: Operation): RequestOpInit {
  switch (operation.type) {
    case "put": {
      const value = {
        key: toBytes(operation.key),
        value: toBytes(operation.value),
        lease: operation.lease,
        prevKv: operation.prevKv,
      };
      return { request: { kind: "requestPut", value } };
    }
    case "get": {
      const value = { ...interval(operation.key, operation), limit: operation.limit };
      return { request: { kind: "requestRange", value } };
    }
    case "delete": {
      const value = { ...interval(operation.key, operation), prevKv: operation.prevKv };
      return { request: { kind: "requestDeleteRange", value } };
    }
  }
}
