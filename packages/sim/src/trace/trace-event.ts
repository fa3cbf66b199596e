import type { Decision, LogIndex, LogPosition, MemberId, Membership, Term } from "@quorate/core";

/** Decisions that change what a member is, holds or promises: each of them is a step of the abstract model. */
export const MODELLED = [
  "electionStarted",
  "becamePreCandidate",
  "becameCandidate",
  "becameFollower",
  "becameLeader",
  "higherTermSeen",
  "voteGranted",
  "voteRefused",
  "voteCounted",
  "electionDecided",
  "entriesProposed",
  "appendAccepted",
  "appendRefused",
  "appendOutdated",
  "conflictFound",
  "progressAdvanced",
  "commitAdvanced",
  "commitFastForwarded",
  "applyHandedOut",
  "entriesApplied",
  "snapshotRestoreStarted",
  "snapshotRestored",
  "snapshotAccepted",
  "snapshotIgnored",
  "membershipSwitched",
  "readStarted",
  "readConfirmed",
] as const;

/** A decision that the model knows. */
export type ModelledDecision = Extract<Decision, { type: (typeof MODELLED)[number] }>;

/** A core was made from what a disk held. */
export interface Started {
  readonly type: "started";
  readonly id: MemberId;
  readonly term: Term;
  readonly vote: MemberId;
  readonly commit: LogIndex;
  readonly applied: LogIndex;
  readonly membership: Membership;
  /** The place before the first entry, and the term of each entry after it. */
  readonly base: LogPosition;
  readonly terms: readonly Term[];
}
/** What a power loss would leave from now on. */
export interface Stored {
  readonly type: "stored";
  readonly id: MemberId;
  readonly term: Term;
  readonly vote: MemberId;
  readonly last: LogPosition;
}
/** What a core says that it is: at the end of its life, or of the trace. */
export interface Stood {
  readonly type: "stood";
  readonly id: MemberId;
  readonly term: Term;
  readonly vote: MemberId;
  readonly role: string;
  readonly commit: LogIndex;
  readonly applied: LogIndex;
  /** Handed out for applying. */
  readonly applying: LogIndex;
  readonly last: LogPosition;
}
/** A member's process ended. */
export interface Ended {
  readonly type: "ended";
  readonly id: MemberId;
}
/** One line of a trace. */
export type TraceEvent = ModelledDecision | Started | Stored | Stood | Ended;

const KNOWN: ReadonlySet<string> = new Set(MODELLED);

export function isModelled(decision: Decision): decision is ModelledDecision {
  return KNOWN.has(decision.type);
}
