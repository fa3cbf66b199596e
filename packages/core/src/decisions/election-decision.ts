import type { PeerMessageType } from "../message.ts";
import type { LogIndex, LogPosition, MemberId, Role, Term } from "../types.ts";
import type { DecisionHeader } from "./header.ts";

/** A real vote changes terms; a pre-vote only asks. */
export type BallotKind = "vote" | "preVote";

/** Why a campaign began: the election time-out passed, somebody asked, or the leader hands over. */
export type CampaignReason = "timeout" | "requested" | "transfer" | "preVoteWon";

/** A new election time-out was drawn; it holds until the next reset. */
export interface TimeoutDrawn extends DecisionHeader {
  readonly type: "timeoutDrawn";
  readonly ticks: number;
}
export interface BecameFollower extends DecisionHeader {
  readonly type: "becameFollower";
  /** The role it had before. */
  readonly previous: Role;
  /** Whom it follows, 0 while unknown. */
  readonly leader: MemberId;
}
export interface BecamePreCandidate extends DecisionHeader {
  readonly type: "becamePreCandidate";
}
export interface BecameCandidate extends DecisionHeader {
  readonly type: "becameCandidate";
}
export interface BecameLeader extends DecisionHeader {
  readonly type: "becameLeader";
  /** Where its opening no-op entry stands. */
  readonly noop: LogIndex;
}
/** A campaign was due or asked for and did not begin. */
export interface CampaignRefused extends DecisionHeader {
  readonly type: "campaignRefused";
  readonly campaign: CampaignReason;
  readonly reason:
    | "alreadyLeader"
    | "notMember"
    | "learner"
    | "installingSnapshot"
    | "membershipChangePending"
    | "leaderLease";
  /** First committed but unapplied membership entry for `membershipChangePending`, else 0. */
  readonly pendingIndex: LogIndex;
}
/** A campaign begins; `term` is still the old one. */
export interface ElectionStarted extends DecisionHeader {
  readonly type: "electionStarted";
  readonly ballot: BallotKind;
  readonly campaign: CampaignReason;
}
export interface VoteRequested extends DecisionHeader {
  readonly type: "voteRequested";
  readonly ballot: BallotKind;
  readonly to: MemberId;
  readonly last: LogPosition;
}
/** An answer to our request was counted; the counts include it. */
export interface VoteCounted extends DecisionHeader {
  readonly type: "voteCounted";
  readonly ballot: BallotKind;
  readonly from: MemberId;
  readonly granted: boolean;
  /** False when this member had answered before: the first answer counts. */
  readonly first: boolean;
  readonly grants: number;
  readonly refusals: number;
}
/** A majority answered, one way or the other. */
export interface ElectionDecided extends DecisionHeader {
  readonly type: "electionDecided";
  readonly ballot: BallotKind;
  readonly outcome: "won" | "lost";
}
/** We gave our (pre-)vote. */
export interface VoteGranted extends DecisionHeader {
  readonly type: "voteGranted";
  readonly ballot: BallotKind;
  readonly candidate: MemberId;
  readonly candidateLast: LogPosition;
  readonly candidateTerm: Term;
  readonly last: LogPosition;
  /** Our vote before this one, 0 for none. */
  readonly vote: MemberId;
}
/** We refused our (pre-)vote. */
export interface VoteRefused extends DecisionHeader {
  readonly type: "voteRefused";
  readonly ballot: BallotKind;
  readonly reason: "logBehind" | "votedForOther" | "leaderKnown" | "lowerTerm";
  readonly candidate: MemberId;
  readonly candidateLast: LogPosition;
  readonly candidateTerm: Term;
  readonly last: LogPosition;
  readonly vote: MemberId;
  readonly leader: MemberId;
}
/** A request was not even answered, because the leader was heard of a moment ago. */
export interface VoteIgnored extends DecisionHeader {
  readonly type: "voteIgnored";
  readonly ballot: BallotKind;
  readonly candidate: MemberId;
  readonly candidateLast: LogPosition;
  readonly candidateTerm: Term;
  readonly last: LogPosition;
  readonly vote: MemberId;
  readonly leader: MemberId;
  readonly remainingTicks: number;
}
/** A message of a newer term made us adopt that term. `term` is still the old one. */
export interface HigherTermSeen extends DecisionHeader {
  readonly type: "higherTermSeen";
  readonly from: MemberId;
  readonly message: PeerMessageType;
  readonly messageTerm: Term;
}
/** A message of an older term was dropped. */
export interface LowerTermIgnored extends DecisionHeader {
  readonly type: "lowerTermIgnored";
  readonly from: MemberId;
  readonly message: PeerMessageType;
  readonly messageTerm: Term;
}
/** A leader of an older term was told ours, so that it steps down or a stuck candidate is freed. */
export interface StaleLeaderAnswered extends DecisionHeader {
  readonly type: "staleLeaderAnswered";
  readonly from: MemberId;
  readonly message: "append" | "heartbeat";
  readonly messageTerm: Term;
}
/** The leader has not heard from a majority for an election time-out and gives up leadership. */
export interface QuorumLost extends DecisionHeader {
  readonly type: "quorumLost";
  /** Voters heard from since the last check, itself included. */
  readonly active: readonly MemberId[];
}
/** The leader checked that a majority still answers, and it does. */
export interface QuorumConfirmed extends DecisionHeader {
  readonly type: "quorumConfirmed";
  readonly active: readonly MemberId[];
}
/** A follower stopped counting on its leader because it was told to. */
export interface LeaderForgotten extends DecisionHeader {
  readonly type: "leaderForgotten";
  readonly leader: MemberId;
}
/** Forgetting the leader would break its lease for reads. */
export interface ForgetLeaderRefused extends DecisionHeader {
  readonly type: "forgetLeaderRefused";
  readonly reason: "leaseReads";
}

export interface TransferStarted extends DecisionHeader {
  readonly type: "transferStarted";
  readonly target: MemberId;
  /** False when the target still has to catch up. */
  readonly upToDate: boolean;
}
export interface TransferRefused extends DecisionHeader {
  readonly type: "transferRefused";
  readonly target: MemberId;
  readonly reason:
    | "noLeader"
    | "notMember"
    | "targetIsLearner"
    | "targetIsLeader"
    | "alreadyRunning";
}
export interface TransferAborted extends DecisionHeader {
  readonly type: "transferAborted";
  readonly target: MemberId;
  readonly reason: "replaced" | "timedOut" | "targetNotVoter";
}
/** A follower passed a request for a transfer on to its leader. */
export interface TransferForwarded extends DecisionHeader {
  readonly type: "transferForwarded";
  readonly target: MemberId;
  readonly leader: MemberId;
}
/** The target was told to campaign now. */
export interface TimeoutNowSent extends DecisionHeader {
  readonly type: "timeoutNowSent";
  readonly to: MemberId;
  /** `upToDate`: it held the whole log when the transfer began; `caughtUp`: its last answer completed it. */
  readonly reason: "upToDate" | "caughtUp";
}
export interface TimeoutNowReceived extends DecisionHeader {
  readonly type: "timeoutNowReceived";
  readonly from: MemberId;
}
/** Only a follower obeys it. */
export interface TimeoutNowIgnored extends DecisionHeader {
  readonly type: "timeoutNowIgnored";
  readonly from: MemberId;
  readonly role: Role;
}

/** Decisions about terms, votes and leadership. Source: Raft §5.2, dissertation §9.6. */
export type ElectionDecision =
  | TimeoutDrawn
  | BecameFollower
  | BecamePreCandidate
  | BecameCandidate
  | BecameLeader
  | CampaignRefused
  | ElectionStarted
  | VoteRequested
  | VoteCounted
  | ElectionDecided
  | VoteGranted
  | VoteRefused
  | VoteIgnored
  | HigherTermSeen
  | LowerTermIgnored
  | StaleLeaderAnswered
  | QuorumLost
  | QuorumConfirmed
  | LeaderForgotten
  | ForgetLeaderRefused
  | TransferStarted
  | TransferRefused
  | TransferAborted
  | TransferForwarded
  | TimeoutNowSent
  | TimeoutNowReceived
  | TimeoutNowIgnored;
