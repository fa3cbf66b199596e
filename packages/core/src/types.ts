/** Identity of a member within its group. A positive safe integer; 0 stands for "nobody". */
export type MemberId = number;

/** "Nobody": no leader known, no vote given. */
export const NOBODY: MemberId = 0;

/** Position in the replicated log. The first entry has index 1; 0 is the place before the log. Safe integer. */
export type LogIndex = number;

/** Election term; starts at 0 and only grows. Safe integer. */
export type Term = number;

/**
 * A (term, index) pair. Two logs that hold the same pair are identical up to and including it.
 * Source: Raft §5.3, the log matching property.
 */
export interface LogPosition {
  readonly term: Term;
  readonly index: LogIndex;
}

/** What an entry is for. `noop` opens a leader's term; `membership` carries an encoded `MembershipChange`. */
export type EntryKind = "command" | "membership" | "noop";

/** One slot of the replicated log. Immutable once built; the payload is shared, never copied or changed. */
export interface Entry extends LogPosition {
  readonly kind: EntryKind;
  /** Opaque bytes for `command`, an encoded change for `membership`, empty for `noop`. */
  readonly payload: Uint8Array;
}

/** An entry that has no place in the log yet. */
export interface ProposedEntry {
  readonly kind: "command" | "membership";
  readonly payload: Uint8Array;
}

/** The part of the state that must be durable before any answer that depends on it leaves. Source: Raft Fig. 2. */
export interface HardState {
  readonly term: Term;
  readonly vote: MemberId;
  readonly commit: LogIndex;
}

/** `preCandidate` asks whether an election could be won before it disturbs anyone. Source: Ongaro's thesis §9.6. */
export type Role = "follower" | "preCandidate" | "candidate" | "leader";
