import type { LogIndex, LogPosition, MemberId, Term } from "../types.ts";
import type { DecisionHeader } from "./header.ts";

/** An entry from the leader differs from ours at the same index. */
export interface ConflictFound extends DecisionHeader {
  readonly type: "conflictFound";
  readonly index: LogIndex;
  readonly existingTerm: Term;
  readonly conflictingTerm: Term;
}
/** The log is rewritten from `index` on; everything there was still waiting for the disk, or is overwritten on it. */
export interface TailReplaced extends DecisionHeader {
  readonly type: "tailReplaced";
  readonly index: LogIndex;
}
/** The tail that waits for the disk keeps what is before `index` and gets new entries from there. */
export interface TailTruncated extends DecisionHeader {
  readonly type: "tailTruncated";
  readonly index: LogIndex;
}
/** An acknowledged write made entries durable. */
export interface EntriesDurable extends DecisionHeader {
  readonly type: "entriesDurable";
  readonly last: LogPosition;
}
/** A write was acknowledged whose entries are no longer the ones in the log. */
export interface DurableIgnored extends DecisionHeader {
  readonly type: "durableIgnored";
  readonly acknowledged: LogPosition;
  readonly reason: "missing" | "snapshot" | "termMismatch";
  /** What stands at that index now for `termMismatch`, else both 0. */
  readonly existing: LogPosition;
}
/** A write of an earlier term was acknowledged: its entries may have been replaced since. */
export interface DurableOutdated extends DecisionHeader {
  readonly type: "durableOutdated";
  readonly acknowledged: LogPosition;
  readonly workTerm: Term;
}
/** Committed entries are handed out for applying. */
export interface ApplyHandedOut extends DecisionHeader {
  readonly type: "applyHandedOut";
  readonly first: LogIndex;
  readonly last: LogIndex;
  readonly bytes: number;
}
/** Committed entries wait: too many bytes are being applied already, or a snapshot must be installed first. */
export interface ApplyHeld extends DecisionHeader {
  readonly type: "applyHeld";
  readonly reason: "quota" | "installingSnapshot";
  readonly applying: LogIndex;
  readonly commit: LogIndex;
}
export interface EntriesApplied extends DecisionHeader {
  readonly type: "entriesApplied";
  readonly applied: LogIndex;
}

/** A received snapshot replaces the log; the numbers are those before. */
export interface SnapshotRestoreStarted extends DecisionHeader {
  readonly type: "snapshotRestoreStarted";
  readonly snapshot: LogPosition;
  readonly commit: LogIndex;
  readonly applied: LogIndex;
  readonly applying: LogIndex;
  /** First index not known to be durable; from `tailHandedOut` on it is not even being written. */
  readonly tailOffset: LogIndex;
  readonly tailHandedOut: LogIndex;
  readonly tailCount: number;
}
/** The log now starts after the snapshot. */
export interface SnapshotRestored extends DecisionHeader {
  readonly type: "snapshotRestored";
  readonly snapshot: LogPosition;
  readonly commit: LogIndex;
  readonly last: LogPosition;
}
/** The sender's snapshot was taken; comes after `snapshotRestored`. */
export interface SnapshotAccepted extends DecisionHeader {
  readonly type: "snapshotAccepted";
  readonly from: MemberId;
  readonly snapshot: LogPosition;
  readonly commit: LogIndex;
}
/** The sender's snapshot brought nothing, or must not be taken. */
export interface SnapshotIgnored extends DecisionHeader {
  readonly type: "snapshotIgnored";
  readonly from: MemberId;
  readonly reason: "committedAlready" | "inLogAlready";
  readonly snapshot: LogPosition;
  readonly commit: LogIndex;
}
/** The snapshot was made before we were added, or after we were removed. It is taken all the same. */
export interface SnapshotNotForUs extends DecisionHeader {
  readonly type: "snapshotNotForUs";
  readonly from: MemberId;
  readonly snapshot: LogPosition;
}
/** Our log already holds the snapshot's position: only the commit index moves. Numbers are those before. */
export interface CommitFastForwarded extends DecisionHeader {
  readonly type: "commitFastForwarded";
  readonly snapshot: LogPosition;
  readonly commit: LogIndex;
  readonly last: LogPosition;
}

/**
 * Decisions about the log: what was appended, replaced, made durable, applied or given up for a snapshot. Source:
 * Raft §5.3, §7.
 */
export type LogDecision =
  | ConflictFound
  | TailReplaced
  | TailTruncated
  | EntriesDurable
  | DurableIgnored
  | DurableOutdated
  | ApplyHandedOut
  | ApplyHeld
  | EntriesApplied
  | SnapshotRestoreStarted
  | SnapshotRestored
  | SnapshotAccepted
  | SnapshotIgnored
  | SnapshotNotForUs
  | CommitFastForwarded;
