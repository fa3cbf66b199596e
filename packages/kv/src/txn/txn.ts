import type { TxnOperation, TxnRequest } from "../command.ts";
import type { KvError } from "../error.ts";
import type { Revision } from "../key-value.ts";
import type { MvccStore } from "../mvcc/mvcc-store.ts";
import { checkRevision, readRange } from "../mvcc/range.ts";
import type { RangeRequest } from "../query.ts";
import type { RangeResult, TxnOperationResult, TxnResult } from "../result.ts";
import { holds } from "./compare.ts";
import { checkPutState, deleteRange, put, type WriteState } from "./write.ts";

/**
 * Which branch runs, for a transaction and those nested in the branch. Decided for all of them before anything is
 * written: conditions of nested transactions see the state before the outermost one.
 */
interface Plan {
  readonly succeeded: boolean;
  readonly branch: readonly TxnOperation[];
  /** One per nested transaction in the branch, in order. */
  readonly nested: readonly Plan[];
}

/** Carries out a transaction whose form was checked (`checkRequest`). An error means that nothing was changed. */
export function runTxn(state: WriteState, request: TxnRequest): TxnResult | KvError {
  const plan = planOf(state.mvcc, request);
  // When several operations cannot be carried out, etcd names a put before a range, wherever they stand.
  const error = checkPlan(state, plan, checkPut) ?? checkPlan(state, plan, checkRange);
  if (error !== undefined) return error;
  const responses = runPlan(state, plan);
  return {
    type: "txn",
    succeeded: plan.succeeded,
    responses,
    revision: state.mvcc.visibleRevision,
  };
}

function planOf(mvcc: MvccStore, request: TxnRequest): Plan {
  const succeeded = request.compare.every((compare) => holds(mvcc, compare));
  const branch = succeeded ? request.success : request.failure;
  const nested: Plan[] = [];
  for (const operation of branch) {
    if (operation.type === "txn") nested.push(planOf(mvcc, operation));
  }
  return { succeeded, branch, nested };
}

type Check = (
  state: WriteState,
  operation: Exclude<TxnOperation, TxnRequest>,
) => KvError | undefined;

/** Everything that can fail is found before the first change, so that no transaction is left half done. */
function checkPlan(state: WriteState, plan: Plan, check: Check): KvError | undefined {
  let nested = 0;
  for (const operation of plan.branch) {
    const error =
      operation.type === "txn"
        ? checkPlan(state, plan.nested[nested++] as Plan, check)
        : check(state, operation);
    if (error !== undefined) return error;
  }
  return undefined;
}

const checkPut: Check = (state, operation) =>
  operation.type === "put" ? checkPutState(state, operation) : undefined;

const checkRange: Check = (state, operation) => {
  const revision = operation.type === "range" ? (operation.revision ?? 0) : 0;
  // Unlike in a range by itself, a negative revision is a revision here.
  return revision === 0
    ? undefined
    : checkRevision(state.mvcc, revision, state.mvcc.visibleRevision);
};

function runPlan(state: WriteState, plan: Plan): TxnOperationResult[] {
  const responses: TxnOperationResult[] = [];
  let nested = 0;
  for (const operation of plan.branch) {
    switch (operation.type) {
      case "range":
        responses.push(rangeInTxn(state.mvcc, operation));
        break;
      case "put":
        responses.push(put(state, operation));
        break;
      case "deleteRange":
        responses.push(deleteRange(state, operation));
        break;
      case "txn": {
        const inner = plan.nested[nested++] as Plan;
        // A nested answer has no header of its own.
        responses.push({
          type: "txn",
          succeeded: inner.succeeded,
          responses: runPlan(state, inner),
          revision: 0,
        });
        break;
      }
      case "empty":
        break;
    }
  }
  return responses;
}

function rangeInTxn(mvcc: MvccStore, request: RangeRequest): RangeResult {
  return readRange(mvcc, request, readableRevision(mvcc, request));
}

/** The revision a range reads at: the newest unless it names one. */
export function readableRevision(mvcc: MvccStore, request: RangeRequest): Revision {
  const revision = request.revision ?? 0;
  return revision <= 0 ? mvcc.visibleRevision : revision;
}
