import type { JsonObject } from "@quorate/protocol";
import type { Outcome, Step } from "./step.ts";

/** Both outcomes of a step. */
export interface Pair {
  readonly etcd: Outcome;
  readonly quorate: Outcome;
}

/** A difference that is on purpose: between etcd 3.4, which is installed, and 3.6, which we follow; or our own. */
interface KnownDifference {
  readonly reason: string;
  holds(step: Step, pair: Pair): boolean;
}

const FAILED_PRECONDITION = 9;
const OUT_OF_RANGE = 11;
/** The end of an interval that has none: a zero byte, in base64. */
const ENDLESS = "AA==";
const KEY_NOT_FOUND = "etcdserver: key not found";
const LEASE_NOT_FOUND = "etcdserver: requested lease not found";

function isCall(step: Step, ...methods: readonly string[]): boolean {
  return step.type === "call" && methods.includes(step.method);
}

/** Left out of both answers before they are compared: fields one of the versions does not have. */
export function comparable(step: Step, { body, httpStatus, ...rest }: Outcome): Outcome {
  const compared = { ...rest, body: comparableBody(step, body) };
  if (httpStatus === undefined) return compared;
  // 3.4 says 412 where later ones say 400.
  const isOld = httpStatus === 412 && rest.code === FAILED_PRECONDITION;
  return { ...compared, httpStatus: isOld ? 400 : httpStatus };
}

function comparableBody(step: Step, body: unknown): unknown {
  if (typeof body !== "object" || body === null) return body;
  const copy: Record<string, unknown> = { ...body };
  // Since 3.5 an answer about alarms has a header, since 3.6 a hash says its revision.
  if (isCall(step, "alarm")) delete copy["header"];
  if (isCall(step, "hashKv")) delete copy["hash_revision"];
  // Order is not promised.
  for (const list of ["keys", "leases"]) {
    if (Array.isArray(copy[list])) copy[list] = copy[list].map((one) => JSON.stringify(one)).sort();
  }
  if (isCall(step, "leaseTimeToLive")) copy["TTL"] = roundedTtl(copy["TTL"]);
  return copy;
}

/** Seconds left, roughly: the two servers did not grant at the same moment. */
function roundedTtl(ttl: unknown): string {
  const seconds = Number(ttl ?? 0);
  return seconds <= 0 ? String(seconds) : `about ${Math.ceil((seconds + 300) / 600)}`;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    reason: "3.4 hashes nothing at the compacted revision itself, later ones do",
    holds: (step, { etcd, quorate }) =>
      isCall(step, "hashKv") && etcd.code === OUT_OF_RANGE && quorate.code === 0,
  },
  {
    reason: "since 3.6 a put in a transaction misses its lease before it misses its key",
    holds: (step, { etcd, quorate }) =>
      isCall(step, "txn") && etcd.message === KEY_NOT_FOUND && quorate.message === LEASE_NOT_FOUND,
  },
  {
    reason:
      "etcd checks a watcher without end like one of a single key; here the whole interval has to be allowed",
    holds: (step, { etcd, quorate }) =>
      step.type === "tryWatch" &&
      step.request["range_end"] === ENDLESS &&
      !isRefused(etcd) &&
      isRefused(quorate),
  },
  {
    reason:
      "etcd takes a caller without a token for the user without a name, who may ask for himself",
    holds: (step, { etcd, quorate }) =>
      isCall(step, "userGet") &&
      nameIn(step) === "" &&
      etcd.message === "etcdserver: user name not found" &&
      quorate.message === "etcdserver: user name is empty",
  },
  {
    reason: "since 3.6 the role root shows that it may do everything",
    holds: (step) => isCall(step, "roleGet") && roleOf(step) === "root",
  },
];

function isRefused({ body }: Outcome): boolean {
  const { cancel_reason } = (body ?? {}) as { readonly cancel_reason?: string };
  return cancel_reason?.includes("permission denied") === true;
}

function nameIn(step: Step): unknown {
  return step.type === "call" ? (step.request as JsonObject)["name"] : undefined;
}

function roleOf(step: Step): unknown {
  return step.type === "call" ? (step.request as JsonObject)["role"] : undefined;
}

/** Why the outcomes may differ, or nothing. */
export function reasonToDiffer(step: Step, pair: Pair): string | undefined {
  return KNOWN_DIFFERENCES.find((known) => known.holds(step, pair))?.reason;
}
