import type {
  AppendMessage,
  AppendOkMessage,
  AppendRejectedMessage,
  ForwardProposalMessage,
  ForwardTransferMessage,
  HeartbeatMessage,
  HeartbeatOkMessage,
  PeerMessageType,
  ReadIndexMessage,
  ReadIndexReplyMessage,
  SnapshotMessage,
  TimeoutNowMessage,
  VoteReplyMessage,
  VoteRequestMessage,
} from "../message.ts";
import type { Raft } from "../raft.ts";

/** The shape that belongs to each type of message. */
export interface MessageByType {
  append: AppendMessage;
  appendOk: AppendOkMessage;
  appendRejected: AppendRejectedMessage;
  heartbeat: HeartbeatMessage;
  heartbeatOk: HeartbeatOkMessage;
  vote: VoteRequestMessage;
  preVote: VoteRequestMessage;
  voteReply: VoteReplyMessage;
  preVoteReply: VoteReplyMessage;
  snapshot: SnapshotMessage;
  timeoutNow: TimeoutNowMessage;
  forwardTransfer: ForwardTransferMessage;
  forwardProposal: ForwardProposalMessage;
  readIndex: ReadIndexMessage;
  readIndexReply: ReadIndexReplyMessage;
}

/** Returns what is wrong with the message in our present state; undefined when nothing is. */
export type Handler<T extends PeerMessageType> = (
  raft: Raft,
  message: MessageByType[T],
) => string | undefined;

/** What a member in one role does with each type of message. */
export type RoleHandlers = { readonly [T in PeerMessageType]: Handler<T> };
