import type { PeerMessageType } from "../message.ts";
import type { ProgressState, ProgressStatus } from "../status.ts";
import type { LogIndex, LogPosition, MemberId, Term } from "../types.ts";
import type { DecisionHeader } from "./header.ts";

/** A leader took entries into its log. */
export interface EntriesProposed extends DecisionHeader {
  readonly type: "entriesProposed";
  readonly first: LogIndex;
  readonly count: number;
  readonly bytes: number;
}
export interface ProposalRefused extends DecisionHeader {
  readonly type: "proposalRefused";
  readonly reason: "noLeader" | "notLeader" | "notMember" | "transferInProgress" | "quotaExceeded";
  readonly leader: MemberId;
  /** Who leadership is being handed to, 0 for nobody. */
  readonly transferee: MemberId;
  /** Payload bytes of the proposal, and those already waiting to be committed. */
  readonly bytes: number;
  readonly uncommittedBytes: number;
  readonly uncommittedBytesMax: number;
}
export interface ProposalForwarded extends DecisionHeader {
  readonly type: "proposalForwarded";
  readonly leader: MemberId;
  readonly count: number;
}
/** A leader heard from somebody it does not track. */
export interface SenderUntracked extends DecisionHeader {
  readonly type: "senderUntracked";
  readonly from: MemberId;
  readonly message: PeerMessageType;
}
export interface AppendSent extends DecisionHeader {
  readonly type: "appendSent";
  readonly to: MemberId;
  readonly previous: LogPosition;
  readonly count: number;
  readonly bytes: number;
  readonly commit: LogIndex;
}
/** Nothing was sent to a follower that lacks entries. */
export interface AppendHeld extends DecisionHeader {
  readonly type: "appendHeld";
  readonly to: MemberId;
  readonly reason: "probeOutstanding" | "windowFull" | "snapshotOutstanding" | "loading";
  readonly progress: ProgressStatus;
}
/** The follower's acknowledgement moved what is known about it. */
export interface ProgressAdvanced extends DecisionHeader {
  readonly type: "progressAdvanced";
  readonly member: MemberId;
  readonly from: LogIndex;
  readonly match: LogIndex;
}
/** The way of sending to a follower changed; `progress` is the new one. */
export interface ProgressChanged extends DecisionHeader {
  readonly type: "progressChanged";
  readonly member: MemberId;
  readonly previous: ProgressState;
  readonly progress: ProgressStatus;
}
/** The leader reads a refusal. */
export interface AppendRefusalReceived extends DecisionHeader {
  readonly type: "appendRefusalReceived";
  readonly from: MemberId;
  readonly probed: LogIndex;
  readonly hint: LogPosition;
}
/** A refusal moved the next index back. */
export interface ProgressDecreased extends DecisionHeader {
  readonly type: "progressDecreased";
  readonly member: MemberId;
  readonly progress: ProgressStatus;
}
/** A refusal that was already answered, reordered or doubled. */
export interface RefusalStale extends DecisionHeader {
  readonly type: "refusalStale";
  readonly member: MemberId;
  readonly probed: LogIndex;
  readonly progress: ProgressStatus;
}
export interface MemberUnreachable extends DecisionHeader {
  readonly type: "memberUnreachable";
  readonly member: MemberId;
  readonly progress: ProgressStatus;
}
/** One round of heartbeats; `sequence` numbers the rounds of this term. */
export interface HeartbeatsSent extends DecisionHeader {
  readonly type: "heartbeatsSent";
  readonly to: readonly MemberId[];
  readonly readSequence: number;
}

/** A follower took entries that follow its log. */
export interface AppendAccepted extends DecisionHeader {
  readonly type: "appendAccepted";
  readonly from: MemberId;
  readonly previous: LogPosition;
  readonly count: number;
  /** Of those, how many were new. */
  readonly added: number;
  readonly last: LogIndex;
}
/** The entry before the new ones is missing here or has another term. */
export interface AppendRefused extends DecisionHeader {
  readonly type: "appendRefused";
  readonly from: MemberId;
  readonly previous: LogPosition;
  /** Our term at that index, 0 when we do not have it. */
  readonly termHere: Term;
  readonly hint: LogPosition;
}
/** An append whose place is committed here already: a late or repeated message. */
export interface AppendOutdated extends DecisionHeader {
  readonly type: "appendOutdated";
  readonly from: MemberId;
  readonly previous: LogPosition;
  readonly commit: LogIndex;
}
export interface CommitAdvanced extends DecisionHeader {
  readonly type: "commitAdvanced";
  readonly from: LogIndex;
  readonly to: LogIndex;
  /** `quorum`: a majority has it; the others: it was told so. */
  readonly by: "quorum" | "append" | "heartbeat" | "snapshot" | "voteReply";
}
/** A majority holds this entry, but it is of an earlier term and may not be committed by counting. */
export interface CommitWithheld extends DecisionHeader {
  readonly type: "commitWithheld";
  readonly index: LogIndex;
  readonly entryTerm: Term;
}

export interface SnapshotNotSent extends DecisionHeader {
  readonly type: "snapshotNotSent";
  readonly to: MemberId;
  readonly reason: "inactive" | "building";
}
/** `progress` is the one before the follower's state became `snapshot`. */
export interface SnapshotSent extends DecisionHeader {
  readonly type: "snapshotSent";
  readonly to: MemberId;
  readonly snapshot: LogPosition;
  readonly firstIndex: LogIndex;
  readonly commit: LogIndex;
  readonly progress: ProgressStatus;
}
/** Entries stop until the snapshot arrived. */
export interface ReplicationPaused extends DecisionHeader {
  readonly type: "replicationPaused";
  readonly member: MemberId;
  readonly progress: ProgressStatus;
}
/** The follower's log reaches ours again; `progress` is the one before its state changed. */
export interface SnapshotNoLongerNeeded extends DecisionHeader {
  readonly type: "snapshotNoLongerNeeded";
  readonly member: MemberId;
  readonly progress: ProgressStatus;
}
export interface SnapshotReported extends DecisionHeader {
  readonly type: "snapshotReported";
  readonly member: MemberId;
  readonly delivered: boolean;
  readonly progress: ProgressStatus;
}

/** Decisions about proposals and about sending entries to members. Source: Raft §5.3. */
export type ReplicationDecision =
  | EntriesProposed
  | ProposalRefused
  | ProposalForwarded
  | SenderUntracked
  | AppendSent
  | AppendHeld
  | ProgressAdvanced
  | ProgressChanged
  | AppendRefusalReceived
  | ProgressDecreased
  | RefusalStale
  | MemberUnreachable
  | HeartbeatsSent
  | AppendAccepted
  | AppendRefused
  | AppendOutdated
  | CommitAdvanced
  | CommitWithheld
  | SnapshotNotSent
  | SnapshotSent
  | ReplicationPaused
  | SnapshotNoLongerNeeded
  | SnapshotReported;
