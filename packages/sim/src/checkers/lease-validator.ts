import type { Violation } from "./violation.ts";

/** What happened to one lease, in true time (milliseconds). */
export type LeaseMoment =
  /** The client asked at `calledMs`, the answer came at `atMs`. */
  | {
      readonly type: "granted";
      readonly calledMs: number;
      readonly atMs: number;
      readonly ttlMs: number;
    }
  | {
      readonly type: "renewed";
      readonly calledMs: number;
      readonly atMs: number;
      readonly ttlMs: number;
    }
  /** A renewal was answered with "no such lease". */
  | { readonly type: "renewalRefused"; readonly atMs: number }
  /** The revocation was acknowledged; `atMs` is Infinity when its outcome is unknown. */
  | { readonly type: "revoked"; readonly calledMs: number; readonly atMs: number }
  /** A linearizable read that was called at `calledMs` and answered at `atMs` found a key of the lease, or did not. */
  | {
      readonly type: "seen";
      readonly calledMs: number;
      readonly atMs: number;
      readonly key: string;
      readonly present: boolean;
    };

export interface LeaseRecord {
  readonly lease: string;
  /** In the order of their answers. */
  readonly moments: readonly LeaseMoment[];
}

export interface LeaseBounds {
  /** How much faster than true time the fastest clock may run, for example 1.05. */
  readonly clockRateMax: number;
  /** A lease must be gone this long after its time has run out; Infinity while faults are on. */
  readonly graceMs: number;
}

export const LEASE_CHECKER = "lease guarantees";

/**
 * No key outlives an acknowledged revocation, no lease ends before its time after the last acknowledged renewal, no
 * renewal succeeds after the revocation, and a lease that nobody renews ends within the grace period.
 */
export function validateLease(record: LeaseRecord, bounds: LeaseBounds): readonly Violation[] {
  const violations: Violation[] = [];
  const report = (message: string): void => {
    violations.push({ checker: LEASE_CHECKER, message: `lease ${record.lease} ${message}` });
  };
  // When the newest answered promise was asked for: the time that counts against the server at the earliest.
  let promisedUntilMs = Number.NEGATIVE_INFINITY;
  let latestEndMs = Number.POSITIVE_INFINITY;
  let revokedMs = Number.POSITIVE_INFINITY;
  const revokeCalledMs = firstRevocation(record);
  const early = (atMs: number, what: string): void => {
    if (atMs < promisedUntilMs && atMs < revokeCalledMs) {
      report(`${what} at ${atMs} ms, but was promised until ${promisedUntilMs} ms`);
    }
  };
  for (const moment of record.moments) {
    switch (moment.type) {
      case "granted":
      case "renewed": {
        if (moment.calledMs > revokedMs) {
          report(`was renewed at ${moment.calledMs} ms, after its revocation at ${revokedMs} ms`);
        }
        const until = moment.calledMs + moment.ttlMs / bounds.clockRateMax;
        promisedUntilMs = Math.max(promisedUntilMs, until);
        latestEndMs = moment.atMs + moment.ttlMs * bounds.clockRateMax + bounds.graceMs;
        break;
      }
      case "renewalRefused":
        early(moment.atMs, "was gone for its owner");
        break;
      case "revoked":
        revokedMs = Math.min(revokedMs, moment.atMs);
        break;
      case "seen":
        if (!moment.present) {
          early(moment.atMs, `lost its key ${moment.key}`);
        } else if (moment.calledMs > revokedMs) {
          report(`still held ${moment.key} at ${moment.calledMs} ms, revoked at ${revokedMs} ms`);
        } else if (moment.calledMs > latestEndMs) {
          report(
            `still held ${moment.key} at ${moment.calledMs} ms, its time ended by ${latestEndMs} ms`,
          );
        }
    }
  }
  return violations;
}

/** From then on the lease may be gone, although the answer comes later. */
function firstRevocation(record: LeaseRecord): number {
  let calledMs = Number.POSITIVE_INFINITY;
  for (const moment of record.moments) {
    if (moment.type === "revoked") calledMs = Math.min(calledMs, moment.calledMs);
  }
  return calledMs;
}
