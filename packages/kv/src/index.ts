export { SpaceGuard, type SpaceGuardOptions } from "./alarm/space-guard.ts";
export { ROOT } from "./auth/auth-store.ts";
export { TOKENS_MAX, TokenTable } from "./auth/token-table.ts";
export { MalformedBytesError } from "./bytes/byte-reader.ts";
export { type Caller, SYSTEM_CALLER } from "./caller.ts";
export { type KvCommandCodec, kvCommandCodec } from "./codec/command-codec.ts";
export { kvResultCodec } from "./codec/result-codec.ts";
export type {
  AlarmRequest,
  AlarmType,
  AuthDisableRequest,
  AuthEnableRequest,
  AuthenticateRequest,
  AuthRequest,
  CompactRequest,
  Compare,
  CompareResult,
  DeleteRangeRequest,
  EmptyOperation,
  KvCommand,
  LeaseCheckpoint,
  LeaseCheckpointRequest,
  LeaseGrantRequest,
  LeaseRevokeRequest,
  Permission,
  PermissionType,
  PutRequest,
  RoleAddRequest,
  RoleDeleteRequest,
  RoleGrantPermissionRequest,
  RoleRevokePermissionRequest,
  TxnOperation,
  TxnRequest,
  UserAddRequest,
  UserChangePasswordRequest,
  UserDeleteRequest,
  UserGrantRoleRequest,
  UserRevokeRoleRequest,
  WriteRequest,
} from "./command.ts";
export { LEASE_TTL_SECONDS_MAX, TXN_DEPTH_MAX, TXN_OPERATIONS_MAX } from "./command.ts";
export type { KvError, KvErrorCode, KvErrorReport } from "./error.ts";
export { KV_ERRORS, kvError, reportOf } from "./error.ts";
export type { KeyInterval, KeyValue, LeaseId, Revision } from "./key-value.ts";
export { NO_LEASE } from "./key-value.ts";
export {
  CHECKPOINTS_PER_COMMAND_MAX,
  LeaseClock,
  type LeaseClockOptions,
  type Renewal,
} from "./lease/lease-clock.ts";
export {
  type LeaseCounts,
  Lessor,
  type LessorGroup,
  type LessorOptions,
} from "./lease/lessor.ts";
export { KvMachine, type KvMachineOptions } from "./machine/kv-machine.ts";
export { STORE_FORMAT_VERSION } from "./machine/meta.ts";
export type {
  AlarmsQuery,
  AuthorizeQuery,
  AuthStatusQuery,
  HashKvQuery,
  KvQuery,
  LeasesQuery,
  LeaseTimeToLiveQuery,
  RangeRequest,
  ReadRequest,
  RoleGetQuery,
  RoleListQuery,
  SortOrder,
  SortTarget,
  StatusQuery,
  UserGetQuery,
  UserListQuery,
  UserPasswordQuery,
} from "./query.ts";
export type {
  Alarm,
  AlarmResult,
  AlarmsResult,
  AuthChangedResult,
  AuthenticateResult,
  AuthorizeResult,
  AuthStatusResult,
  CompactResult,
  DeleteRangeResult,
  HashKvResult,
  KvAnswer,
  KvResult,
  LeaseCheckpointResult,
  LeaseGrantResult,
  LeaseRevokeResult,
  LeasesResult,
  LeaseTimeToLiveResult,
  PutResult,
  RangeResult,
  RoleGetResult,
  RoleListResult,
  StandingAlarm,
  StatusResult,
  TxnOperationResult,
  TxnResult,
  UserGetResult,
  UserListResult,
  UserPasswordResult,
} from "./result.ts";
export {
  type ComplianceRunner,
  describeOrderedStore,
  type StoreUnderTest,
} from "./store/compliance.ts";
export { MemoryStore } from "./store/memory-store.ts";
export {
  type OrderedStore,
  STORE_KEY_BYTES_MAX,
  type StoreBatch,
  type StoreRangeOptions,
  type StoreReader,
  type StoreSize,
  type StoreView,
} from "./store/ordered-store.ts";
export { StoreFullError } from "./store/store-full-error.ts";
export { checkRequest, isReadOnly } from "./txn/check-request.ts";
export { WATCH_STREAM_BYTES_MAX, WATCH_STREAM_RESPONSES_MAX } from "./watch/queued-watch-stream.ts";
export type { WatchHub, WatchStats } from "./watch/watch-hub.ts";
export type {
  EventBatch,
  KvEvent,
  WatchCreateRequest,
  WatchResponse,
  WatchSource,
  WatchStream,
} from "./watch/watch-stream.ts";
