export type {
  Checksum,
  Connection,
  ConnectionHandlers,
  Environment,
  FileErrorCode,
  FileHandle,
  FileLock,
  FileSystem,
  Listener,
  Network,
  NetworkErrorCode,
  OpenOptions,
  Sha256,
  Timer,
} from "./environment/environment.ts";
export { FileError, NetworkError } from "./environment/environment.ts";
export type { Outcome, QuorateErrorCode, QuorateErrorDetail } from "./errors.ts";
export { QuorateError } from "./errors.ts";
export type {
  GroupCoreSettings,
  GroupLimits,
  GroupSpec,
  SnapshotPolicy,
} from "./group/group-spec.ts";
export type {
  InitialMember,
  MemberAddress,
  MembershipOptions,
  MembershipStage,
  MembershipStep,
} from "./group/membership-request.ts";
export type {
  GroupMetrics,
  Replica,
  ReplicaCondition,
  ReplicaStatus,
  TimedDecision,
  WatchOptions,
} from "./group/replica.ts";
export type { ReplicaEvent } from "./group/replica-event.ts";
export type {
  Applied,
  ProposeOptions,
  QueryOptions,
  ReadLevel,
  RequestOptions,
  Session,
  SessionRequest,
} from "./group/request.ts";
export type {
  AppliedPosition,
  Codec,
  Committed,
  OpenedState,
  SnapshotSource,
  StateMachine,
} from "./group/state-machine.ts";
export { SNAPSHOT_CHUNK_BYTES_MAX } from "./group/state-machine.ts";
export type {
  Host,
  HostEvent,
  HostMetrics,
  HostOptions,
  RecoveryReport,
  TransportLimits,
} from "./host.ts";
export type { LogBatch, LogStore, RecoveredLog, SnapshotMarker } from "./log/log-store.ts";
export type { SnapshotStore, SnapshotWriter } from "./snapshot/snapshot-store.ts";
export type {
  AbortSignalLike,
  GroupId,
  PeerStatus,
  SnapshotReader,
  SnapshotReceiver,
  Transport,
  TransportEvent,
  TransportHandler,
} from "./transport/transport.ts";
