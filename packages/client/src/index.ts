export type {
  AlarmMember,
  DeleteRangeResponse,
  HashKVResponse,
  KeyValue,
  LeaseTimeToLiveResponse,
  Member,
  MemberAddResponse,
  MemberListResponse,
  Permission,
  PutResponse,
  RangeResponse,
  ResponseHeader,
  SnapshotResponse,
  StatusResponse,
  TxnRequestInit,
  TxnResponse,
} from "@quorate/protocol";
export type { Access } from "./admin/auth.ts";
export { UserAdministration } from "./admin/auth.ts";
export { ClusterAdministration } from "./admin/cluster.ts";
export type { AtEndpoint } from "./admin/maintenance.ts";
export { Maintenance } from "./admin/maintenance.ts";
export type { ClientOptions } from "./client.ts";
export { Client } from "./client.ts";
export type { EndpointHealth } from "./cluster/endpoint-pool.ts";
export type { Repeatable } from "./cluster/verdict.ts";
export type { CampaignOptions } from "./coordination/election.ts";
export { Leadership } from "./coordination/election.ts";
export type { LockOptions } from "./coordination/lock.ts";
export { Lock } from "./coordination/lock.ts";
export type { TurnOptions } from "./coordination/turn.ts";
export type { TlsOptions } from "./endpoint.ts";
export { readTlsFiles } from "./endpoint.ts";
export type { ClientErrorCode, ClientErrorDetail, Outcome } from "./errors.ts";
export { ClientError } from "./errors.ts";
export type { Bytes } from "./keys/bytes.ts";
export { prefixEnd, toText } from "./keys/bytes.ts";
export type { Interval, IntervalOptions } from "./keys/interval.ts";
export { interval } from "./keys/interval.ts";
export type { DeleteOptions, GetOptions, PutOptions, SortBy } from "./keys/keyspace.ts";
export { Keyspace } from "./keys/keyspace.ts";
export type { Page, PageOptions } from "./keys/pages.ts";
export type { Comparison, Condition, Operation, Transaction } from "./keys/transaction.ts";
export { compareOf, operationOf } from "./keys/transaction.ts";
export type { AnswersTo, AnswerTo, Commit, Committed } from "./keys/transaction-builder.ts";
export {
  deleting,
  exists,
  getting,
  hasValue,
  isMissing,
  isUnchanged,
  putting,
  TransactionBuilder,
} from "./keys/transaction-builder.ts";
export { Lease } from "./lease/lease.ts";
export type { LeaseOptions } from "./lease/leases.ts";
export { Leases } from "./lease/leases.ts";
export type { CallOptions } from "./requests.ts";
export type { AppliedWrite, SessionOptions } from "./session/write-session.ts";
export { WriteSession } from "./session/write-session.ts";
export type { StreamCodec } from "./transport/call-stream.ts";
export { CallStream } from "./transport/call-stream.ts";
export type { Method } from "./transport/channel.ts";
export type { Codec } from "./values/codec.ts";
export { bytesCodec, jsonCodec, textCodec } from "./values/codec.ts";
export type { Item, ItemChange, ItemOptions } from "./values/collection.ts";
export { Collection } from "./values/collection.ts";
export type { WatchBatch, WatchEvent, WatchOptions } from "./watch/watch.ts";
export { Watch } from "./watch/watch.ts";
