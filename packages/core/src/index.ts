export { createCore } from "./create-core.ts";
export type { Decision, DecisionListener, DecisionType } from "./decisions/decision.ts";
export type {
  BallotKind,
  CampaignReason,
  ElectionDecision,
} from "./decisions/election-decision.ts";
export type { DecisionHeader } from "./decisions/header.ts";
export type { LogDecision } from "./decisions/log-decision.ts";
export type { MembershipDecision } from "./decisions/membership-decision.ts";
export type { ReadDecision } from "./decisions/read-decision.ts";
export type { ReplicationDecision } from "./decisions/replication-decision.ts";
export type {
  AppendWork,
  ApplyWork,
  ConfirmedRead,
  Effects,
  RoleChange,
} from "./effects.ts";
export { InvariantViolation } from "./invariants/invariant.ts";
export type { InvariantName } from "./invariants/names.ts";
export { ENTRY_OVERHEAD_BYTES } from "./log/apply-cursor.ts";
export type { LogView } from "./log/log-view.ts";
export { type Changed, changeMembership } from "./membership/change.ts";
export { membershipFault } from "./membership/check.ts";
export { decodeMembershipChange, encodeMembershipChange } from "./membership/codec.ts";
export type {
  MemberAction,
  MemberStep,
  Membership,
  MembershipChange,
} from "./membership/membership.ts";
export type {
  AppendMessage,
  AppendOkMessage,
  AppendRejectedMessage,
  ForwardProposalMessage,
  ForwardTransferMessage,
  HeartbeatMessage,
  HeartbeatOkMessage,
  MessageHeader,
  PeerMessage,
  PeerMessageType,
  ReadIndexMessage,
  ReadIndexReplyMessage,
  SnapshotInfo,
  SnapshotMessage,
  TimeoutNowMessage,
  VoteReplyMessage,
  VoteRequestMessage,
} from "./message.ts";
export {
  type CoreOptions,
  type CoreSettings,
  type ReadMode,
  type RestoredState,
  resolveOptions,
} from "./options.ts";
export { majority } from "./quorum/majority.ts";
export type {
  Accepted,
  MembershipApplied,
  Proposed,
  RaftCore,
  RefusalReason,
  Refused,
  RefusedChange,
  Stepped,
} from "./raft-core.ts";
export type { CoreStatus, ProgressState, ProgressStatus } from "./status.ts";
export type {
  Entry,
  EntryKind,
  HardState,
  LogIndex,
  LogPosition,
  MemberId,
  ProposedEntry,
  Role,
  Term,
} from "./types.ts";
export { NOBODY } from "./types.ts";
