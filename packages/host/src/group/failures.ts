import type { MemberId } from "@quorate/core";
import { FileError } from "../environment/environment.ts";
import type { Outcome } from "../errors.ts";
import { QuorateError } from "../errors.ts";
import { isFull } from "../log/storage-error.ts";

/** The errors a replica answers with; each sentence says what to do where something can be done. */
export function timedOut(outcome: Outcome, leader: MemberId, what: string): QuorateError {
  const why = leader === 0 ? "there was no leader" : `the leader is member ${leader}`;
  return new QuorateError("TIMEOUT", `The ${what} got no answer in time; ${why}.`, {
    outcome,
    retryable: true,
    leader,
  });
}

export function aborted(outcome: Outcome, reason: unknown): QuorateError {
  return new QuorateError("ABORTED", "The caller gave the request up.", {
    outcome,
    retryable: false,
    cause: reason,
  });
}

export function overloaded(why: string, leader: MemberId): QuorateError {
  return new QuorateError("OVERLOADED", `${why}; try again later.`, {
    outcome: "notApplied",
    retryable: true,
    leader,
  });
}

export function tooLarge(bytes: number, bytesMax: number): QuorateError {
  return new QuorateError(
    "TOO_LARGE",
    `The command takes ${bytes} bytes, at most ${bytesMax} are allowed.`,
    { outcome: "notApplied", retryable: false },
  );
}

export function invalidArgument(sentence: string): QuorateError {
  return new QuorateError("INVALID_ARGUMENT", sentence, {
    outcome: "notApplied",
    retryable: false,
  });
}

export function sessionExpired(): QuorateError {
  return new QuorateError(
    "SESSION_EXPIRED",
    "The session is gone or this answer was acknowledged before; open a new session.",
    { outcome: "unknown", retryable: false },
  );
}

/** A snapshot could not be made: for want of a disk that takes it, or because the machine gives none. */
export function snapshotFailed(error: unknown): QuorateError {
  if (error instanceof QuorateError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const storage = isFull(error) ? "STORAGE_FULL" : "STORAGE_FAILED";
  const code = error instanceof FileError ? storage : "STATE_MACHINE_FAILED";
  return new QuorateError(code, `The snapshot could not be made: ${reason}`, {
    outcome: "notApplied",
    retryable: true,
    cause: error,
  });
}

/** The state came as a snapshot: the command is in it, its result is not. */
export function resultLost(leader: MemberId): QuorateError {
  return new QuorateError(
    "LEADERSHIP_LOST",
    "The command was applied, but this member received the state as a snapshot and never saw the result.",
    { outcome: "unknown", retryable: true, leader },
  );
}

/** A replica that is closed answers with STOPPED, one that has failed with what failed. */
export function stopped(outcome: Outcome, cause: unknown): QuorateError {
  const detail = { outcome, retryable: false, cause };
  if (cause instanceof QuorateError) return new QuorateError(cause.code, cause.message, detail);
  return new QuorateError("STOPPED", "The replica is closed or has stopped.", detail);
}

export function removedFromGroup(outcome: Outcome): QuorateError {
  return new QuorateError("STOPPED", "This member no longer belongs to the group.", {
    outcome,
    retryable: true,
  });
}

export function storageFailed(error: unknown): QuorateError {
  if (error instanceof QuorateError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new QuorateError("STORAGE_FAILED", `The disk has failed: ${reason}.`, {
    outcome: "unknown",
    retryable: false,
    cause: error,
  });
}

/** The request goes on with whoever leads now. */
export function leadershipLost(leader: MemberId): QuorateError {
  return new QuorateError(
    "LEADERSHIP_LOST",
    "Leadership changed while the request was under way.",
    {
      outcome: "unknown",
      retryable: true,
      leader,
    },
  );
}

export function storageFull(): QuorateError {
  return new QuorateError(
    "STORAGE_FULL",
    "The disk of this member is full; free space, and writes are taken again.",
    { outcome: "notApplied", retryable: true },
  );
}

/** Our own fault: nobody knows what state it leaves behind. */
export function brokenInvariant(cause: unknown): QuorateError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new QuorateError(
    "STOPPED",
    `This member has met a state that must not be (${detail}) and has stopped. Keep its data and report it.`,
    { outcome: "unknown", retryable: false, cause },
  );
}
