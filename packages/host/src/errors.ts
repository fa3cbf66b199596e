import type { MemberId } from "@quorate/core";

/** All codes. A code never changes its meaning; the table with causes and remedies is in `docs/errors.md`. */
export const QUORATE_ERROR_CODES = [
  "NOT_LEADER",
  "NO_LEADER",
  "LEADERSHIP_LOST",
  "TIMEOUT",
  "ABORTED",
  "OVERLOADED",
  "TOO_LARGE",
  "MEMBERSHIP_CHANGE_PENDING",
  "MEMBERSHIP_CONFLICT",
  "MEMBERSHIP_REFUSED",
  "SESSION_EXPIRED",
  "STORAGE_FAILED",
  "STORAGE_FULL",
  "CORRUPT_LOG",
  "CORRUPT_SNAPSHOT",
  "CLUSTER_MISMATCH",
  "IDENTITY_MISSING",
  "ALREADY_EXISTS",
  "DATA_LOCKED",
  "STATE_MACHINE_FAILED",
  "ADDRESS_IN_USE",
  "INVALID_ARGUMENT",
  "UNSUPPORTED_VERSION",
  "STOPPED",
] as const;

/** Stable codes; see `QUORATE_ERROR_CODES`. */
export type QuorateErrorCode = (typeof QUORATE_ERROR_CODES)[number];

/** `notApplied`: nothing happened and nothing will; safe to repeat. `unknown`: it may still take effect; repeat only within a session. */
export type Outcome = "notApplied" | "unknown";

/** What a `QuorateError` knows besides its code and its message. */
export interface QuorateErrorDetail {
  readonly outcome: Outcome;
  readonly retryable: boolean;
  /** Who leads as far as the refusing member knows; 0 for nobody. */
  readonly leader?: MemberId | undefined;
  readonly cause?: unknown;
}

/** Every error this product throws on purpose. The message is one sentence that says what to do where something can be done. */
export class QuorateError extends Error {
  override readonly name: string = "QuorateError";
  readonly code: QuorateErrorCode;
  readonly outcome: Outcome;
  readonly retryable: boolean;
  readonly leader: MemberId | undefined;

  constructor(code: QuorateErrorCode, message: string, detail: QuorateErrorDetail) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.outcome = detail.outcome;
    this.retryable = detail.retryable;
    this.leader = detail.leader;
  }
}
