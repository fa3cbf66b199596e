import { QuorateError } from "@quorate/host";
import { KV_ERRORS, type KvErrorCode } from "@quorate/kv";
import { RpcError, STATUS } from "../rpc/status.ts";

/** A failure of the store as its client sees it. */
export function kvFailure(code: KvErrorCode): RpcError {
  const { grpcCode, message } = KV_ERRORS[code];
  return new RpcError(grpcCode, message);
}

/** Failures that are not the store's: status code and text, as etcd has them. */
const FAILURES: Readonly<Record<FailureName, readonly [number, string]>> = {
  noLeader: [STATUS.UNAVAILABLE, "etcdserver: no leader"],
  stopped: [STATUS.UNAVAILABLE, "etcdserver: server stopped"],
  leaderChanged: [STATUS.UNAVAILABLE, "etcdserver: leader changed"],
  timedOut: [STATUS.UNAVAILABLE, "etcdserver: request timed out"],
  previousLeaderFailed: [
    STATUS.UNAVAILABLE,
    "etcdserver: request timed out, possibly due to previous leader failure",
  ],
  deadlineExceeded: [STATUS.DEADLINE_EXCEEDED, "context deadline exceeded"],
  canceled: [STATUS.CANCELLED, "context canceled"],
  tooManyRequests: [STATUS.RESOURCE_EXHAUSTED, "etcdserver: too many requests"],
  badApiVersion: [STATUS.INVALID_ARGUMENT, "etcdserver: invalid client api version"],
  certificateViaGateway: [
    STATUS.INVALID_ARGUMENT,
    "CommonName of client sending a request against gateway will be ignored and not used as expected",
  ],
  notForLearner: [STATUS.FAILED_PRECONDITION, "etcdserver: rpc not supported for learner"],
};

export type FailureName =
  | "noLeader"
  | "stopped"
  | "leaderChanged"
  | "timedOut"
  | "previousLeaderFailed"
  | "deadlineExceeded"
  | "canceled"
  | "tooManyRequests"
  | "badApiVersion"
  | "certificateViaGateway"
  | "notForLearner";

export function failure(name: FailureName): RpcError {
  const [code, message] = FAILURES[name];
  return new RpcError(code, message);
}

/** What a proposal or a linearizable read failed with, in the words and codes that etcd's clients act on. */
export function requestFailure(error: unknown, kind: "proposal" | "read"): RpcError {
  if (error instanceof RpcError) return error;
  if (!(error instanceof QuorateError)) throw error;
  switch (error.code) {
    case "TIMEOUT":
      return failure("timedOut");
    case "NO_LEADER":
      return failure(kind === "proposal" ? "deadlineExceeded" : "timedOut");
    case "NOT_LEADER":
    case "LEADERSHIP_LOST":
      return failure(kind === "proposal" ? "previousLeaderFailed" : "leaderChanged");
    case "ABORTED":
      return failure("canceled");
    case "OVERLOADED":
      return failure("tooManyRequests");
    case "TOO_LARGE":
      return kvFailure("requestTooLarge");
    case "STORAGE_FULL":
      // A leader whose log has stopped for want of room: what it sent before, another leader may still commit.
      return error.outcome === "unknown" ? failure("previousLeaderFailed") : kvFailure("noSpace");
    case "STOPPED":
      return failure("stopped");
    default:
      return new RpcError(STATUS.UNAVAILABLE, `etcdserver: ${error.message}`, { cause: error });
  }
}
