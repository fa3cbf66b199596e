import { ClientError, type Outcome } from "../errors.ts";
import { type CallEnd, GRPC_STATUS } from "../transport/call-end.ts";

/**
 * How often a request may be sent. `read`: at will, for it changes nothing. `identified`: at will, for the cluster can tell
 * a repetition and does nothing on it. `write`: again only when the last attempt certainly did nothing.
 */
export type Repeatable = "read" | "identified" | "write";

/** What to do after a failed attempt. */
export interface Verdict {
  readonly error: ClientError;
  /** Sending it again, perhaps elsewhere, is safe and may help. */
  readonly again: boolean;
  /** This member is not the one to ask next. */
  readonly avoid: boolean;
}

/** Texts with which a member says that it did nothing: another one, or a later moment, may be luckier. */
const PASSING_REFUSALS: ReadonlySet<string> = new Set([
  "etcdserver: no leader",
  "etcdserver: leader changed",
  "etcdserver: not leader",
  "etcdserver: rpc not supported for learner",
  "etcdserver: too many requests",
]);

/** Answers that mean: prove again who you are. All are given before anything is done. */
const IDENTITY_REFUSALS: ReadonlySet<string> = new Set([
  "etcdserver: invalid auth token",
  "etcdserver: revision of auth store is old",
  "etcdserver: user name is empty",
]);

/** Statuses that say the request itself was turned down. Others may come from anything between us and the member. */
const DEFINITE: ReadonlySet<number> = new Set([
  GRPC_STATUS.INVALID_ARGUMENT,
  GRPC_STATUS.NOT_FOUND,
  GRPC_STATUS.ALREADY_EXISTS,
  GRPC_STATUS.PERMISSION_DENIED,
  GRPC_STATUS.FAILED_PRECONDITION,
  GRPC_STATUS.OUT_OF_RANGE,
  GRPC_STATUS.UNIMPLEMENTED,
  GRPC_STATUS.UNAUTHENTICATED,
]);

/** Whether the member refused for want of a valid token. */
export function wantsNewToken(end: CallEnd): boolean {
  return end.type === "status" && IDENTITY_REFUSALS.has(end.details);
}

/** Judges how an attempt ended: what to tell the caller, and whether to try again first. */
export function judge(end: CallEnd, repeatable: Repeatable, endpoint: string): Verdict {
  switch (end.type) {
    case "status":
      return judgeStatus(end, repeatable, endpoint);
    case "broken":
      return {
        error: new ClientError("INTERRUPTED", `The connection to ${endpoint} broke.`, {
          outcome: outcomeOf(end.reached, repeatable),
          endpoint,
          cause: end.cause,
        }),
        again: !end.reached || repeatable !== "write",
        avoid: true,
      };
    case "timeout":
      return {
        error: new ClientError("TIMEOUT", `${endpoint} did not answer in time.`, {
          outcome: outcomeOf(end.reached, repeatable),
          status: GRPC_STATUS.DEADLINE_EXCEEDED,
          endpoint,
        }),
        again: !end.reached || repeatable !== "write",
        avoid: true,
      };
    case "cancelled":
      return {
        error: new ClientError("ABORTED", "The call was aborted.", {
          outcome: outcomeOf(end.reached, repeatable),
          endpoint,
        }),
        again: false,
        avoid: false,
      };
  }
}

function judgeStatus(
  end: Extract<CallEnd, { readonly type: "status" }>,
  repeatable: Repeatable,
  endpoint: string,
): Verdict {
  const { code, details } = end;
  const detail = { status: code, endpoint };
  const passing = PASSING_REFUSALS.has(details);
  const definite = passing || DEFINITE.has(code) || isStoreRefusal(code, details);
  const outcome = definite ? "notApplied" : outcomeOf(true, repeatable);
  if (code === GRPC_STATUS.DEADLINE_EXCEEDED) {
    const error = new ClientError("TIMEOUT", `${endpoint} did not answer in time.`, {
      ...detail,
      outcome,
    });
    return { error, again: repeatable !== "write", avoid: true };
  }
  const error = new ClientError("REFUSED", details || `status ${code}`, { ...detail, outcome });
  const unavailable = code === GRPC_STATUS.UNAVAILABLE;
  return {
    error,
    again: passing || (unavailable && repeatable !== "write"),
    avoid: passing || unavailable,
  };
}

/** No room, quota or rate: said by the member itself, not by what lies between, and before anything was done. */
function isStoreRefusal(code: number, details: string): boolean {
  return code === GRPC_STATUS.RESOURCE_EXHAUSTED && details.startsWith("etcdserver: ");
}

function outcomeOf(reached: boolean, repeatable: Repeatable): Outcome {
  return reached && repeatable !== "read" ? "unknown" : "notApplied";
}
