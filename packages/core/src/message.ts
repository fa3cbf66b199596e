import type { Membership } from "./membership/membership.ts";
import type { Entry, LogIndex, LogPosition, MemberId, ProposedEntry, Term } from "./types.ts";

/** Every message names its ends. `term` is the sender's, except in `forwardProposal` and `readIndex`, which carry 0. */
export interface MessageHeader {
  readonly from: MemberId;
  readonly to: MemberId;
  readonly term: Term;
}

/** What a snapshot stands for; its bytes travel beside the core. */
export interface SnapshotInfo extends LogPosition {
  readonly membership: Membership;
  /** Names one snapshot among those of the same position, chosen by whoever stores it. */
  readonly id: string;
  /** Length of the content, 0 where nobody knows it. */
  readonly bytes: number;
}

/** `entries` follow directly after `previous`. An append without entries probes or carries the commit index. */
export interface AppendMessage extends MessageHeader {
  readonly type: "append";
  readonly previous: LogPosition;
  readonly entries: readonly Entry[];
  readonly commit: LogIndex;
}
/** Everything up to `match` is durable on the sender and equal to the leader's log. */
export interface AppendOkMessage extends MessageHeader {
  readonly type: "appendOk";
  readonly match: LogIndex;
}
/** The entry before `probed + 1` did not match; `hint` is the newest position of the sender that may. */
export interface AppendRejectedMessage extends MessageHeader {
  readonly type: "appendRejected";
  readonly probed: LogIndex;
  readonly hint: LogPosition;
}
/** `readSequence` is the newest unconfirmed read the leader wants confirmed, 0 for none. */
export interface HeartbeatMessage extends MessageHeader {
  readonly type: "heartbeat";
  readonly commit: LogIndex;
  readonly readSequence: number;
}
/** The answer to a heartbeat; it confirms reads up to `readSequence`. */
export interface HeartbeatOkMessage extends MessageHeader {
  readonly type: "heartbeatOk";
  readonly readSequence: number;
}
/** `transfer` marks a campaign the leader itself asked for: it passes leader stickiness. */
export interface VoteRequestMessage extends MessageHeader {
  readonly type: "vote" | "preVote";
  readonly last: LogPosition;
  readonly transfer: boolean;
}
/**
 * `committed` comes with a refusal: the newest position that the sender knows to be committed. A candidate that holds it
 * learns so of a membership change it could not know to be in force, and without which it might never win.
 */
export interface VoteReplyMessage extends MessageHeader {
  readonly type: "voteReply" | "preVoteReply";
  readonly granted: boolean;
  readonly committed?: LogPosition;
}
/** Sent to announce a snapshot; delivered to the receiving core once its bytes are there and checked. */
export interface SnapshotMessage extends MessageHeader {
  readonly type: "snapshot";
  readonly snapshot: SnapshotInfo;
}
/** The leader hands over: campaign at once. Source: Raft dissertation §3.10. */
export interface TimeoutNowMessage extends MessageHeader {
  readonly type: "timeoutNow";
}
/** A follower passes a request for leadership transfer on to the leader; `target` should lead next. */
export interface ForwardTransferMessage extends MessageHeader {
  readonly type: "forwardTransfer";
  readonly target: MemberId;
}
/** A follower passes proposals on to the leader. */
export interface ForwardProposalMessage extends MessageHeader {
  readonly type: "forwardProposal";
  readonly entries: readonly ProposedEntry[];
}
/** A follower asks the leader for a read index under its own `requestId`. */
export interface ReadIndexMessage extends MessageHeader {
  readonly type: "readIndex";
  readonly requestId: number;
}
/** The leader answers a read that another member asked for: the index to have applied first. */
export interface ReadIndexReplyMessage extends MessageHeader {
  readonly type: "readIndexReply";
  readonly requestId: number;
  readonly index: LogIndex;
}

/** Everything members say to each other. */
export type PeerMessage =
  | AppendMessage
  | AppendOkMessage
  | AppendRejectedMessage
  | HeartbeatMessage
  | HeartbeatOkMessage
  | VoteRequestMessage
  | VoteReplyMessage
  | SnapshotMessage
  | TimeoutNowMessage
  | ForwardTransferMessage
  | ForwardProposalMessage
  | ReadIndexMessage
  | ReadIndexReplyMessage;

/** The name of a message between members. */
export type PeerMessageType = PeerMessage["type"];
