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
export type {
  FileFault,
  FileFaultHook,
  FileOperation,
  FileOperationKind,
} from "./environment/file-faults.ts";
export { dieAtMutation, failNth, isMutation } from "./environment/file-faults.ts";
export { MemoryDisk } from "./environment/memory-disk.ts";
export type {
  MemoryEnvironment,
  MemoryEnvironmentOptions,
} from "./environment/memory-environment.ts";
export { memoryEnvironment, portableChecksum } from "./environment/memory-environment.ts";
export type { CrashChoices } from "./environment/memory-file-content.ts";
export type { MemoryFilesOptions } from "./environment/memory-files.ts";
export { MemoryFiles } from "./environment/memory-files.ts";
export type { Link } from "./environment/memory-network.ts";
export { MemoryNetwork } from "./environment/memory-network.ts";
export { SeededRandom } from "./environment/seeded-random.ts";
export type { WorldOptions } from "./environment/world.ts";
export { World } from "./environment/world.ts";
export type { Outcome, QuorateErrorCode, QuorateErrorDetail } from "./errors.ts";
export { QUORATE_ERROR_CODES, QuorateError } from "./errors.ts";
export { bootstrapLog } from "./group/bootstrap.ts";
export type {
  GroupCoreSettings,
  GroupLimits,
  GroupSpec,
  SnapshotPolicy,
} from "./group/group-spec.ts";
export { jsonCodec } from "./group/json-codec.ts";
export type {
  InitialMember,
  MemberAddress,
  MembershipOptions,
  MembershipStage,
  MembershipStep,
} from "./group/membership-request.ts";
export type { MemoryMachineOptions } from "./group/memory-machine.ts";
export { memoryMachine } from "./group/memory-machine.ts";
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
export { createHost } from "./host/create-host.ts";
export type { RestoreOptions } from "./host/restore-group.ts";
export { restoreGroup } from "./host/restore-group.ts";
export type { AcceptsDataLoss, RecoverOptions } from "./host/unsafe-recover.ts";
export { previewRecovery, unsafeRecover } from "./host/unsafe-recover.ts";
export type {
  CoreOrigin,
  Host,
  HostEvent,
  HostMetrics,
  HostOptions,
  RecoveryReport,
  TransportLimits,
} from "./host.ts";
export type { GroupDirectories } from "./identity/data-layout.ts";
export { groupDirectories, groupNumbers } from "./identity/data-layout.ts";
export type { GroupRuling, GroupVerb } from "./identity/group-rules.ts";
export { judgeGroup, rulingError } from "./identity/group-rules.ts";
export type { GroupIdentity, HostClaim, Identity } from "./identity/identity.ts";
export { IdentityFile, readIdentity } from "./identity/identity-file.ts";
export type { InspectedRecord, LogInspectionItem, LogSummary } from "./log/inspect-log.ts";
export { inspectLog } from "./log/inspect-log.ts";
export type { LogEvent } from "./log/log-event.ts";
export type { LogSettings } from "./log/log-options.ts";
export type { LogBatch, LogStore, RecoveredLog, SnapshotMarker } from "./log/log-store.ts";
export { checkMachinePosition } from "./log/machine-position.ts";
export type { LogPresence, OpenedLog } from "./log/open-log.ts";
export { createLog, logPresence, openLog } from "./log/open-log.ts";
export { RecoveryError } from "./log/recovery-error.ts";
export type { RecoveryFinding, RecoveryRow, RecoveryVerdict } from "./log/recovery-table.ts";
export { RECOVERY_REMEDIES, RECOVERY_TABLE } from "./log/recovery-table.ts";
export type { SegmentedLog } from "./log/segmented-log.ts";
export type { SnapshotCatalog } from "./log/snapshot-catalog.ts";
export type { LogRepair } from "./offline/repair-log.ts";
export { repairLog } from "./offline/repair-log.ts";
export type { LogVerification, VerifiedSnapshot } from "./offline/verify-log.ts";
export { verifyLog } from "./offline/verify-log.ts";
export { type BatchHeader, BatchReader } from "./session/command-batch.ts";
export type {
  DirectorySnapshotStore,
  SnapshotSettings,
} from "./snapshot/directory-snapshot-store.ts";
export { openSnapshots } from "./snapshot/directory-snapshot-store.ts";
export type { SnapshotStore, SnapshotWriter } from "./snapshot/snapshot-store.ts";
export type { RefusalCode } from "./transport/handshake.ts";
export { messagesInFrame } from "./transport/messages-in-frame.ts";
export type {
  AbortSignalLike,
  GroupId,
  HandshakeRefused,
  PeerStatus,
  SnapshotReader,
  SnapshotReceiver,
  Transport,
  TransportEvent,
  TransportHandler,
} from "./transport/transport.ts";
