import type { AlarmType, Permission } from "./command.ts";
import type { KvError } from "./error.ts";
import type { KeyValue, LeaseId, Revision } from "./key-value.ts";

/** Every answer carries the revision that belongs into the response's header. */
interface Answer {
  readonly revision: Revision;
}

/** The pairs of an interval. */
export interface RangeResult extends Answer {
  readonly type: "range";
  readonly kvs: readonly KeyValue[];
  /** The limit cut something off. */
  readonly more: boolean;
  /** Keys in the interval at that revision, whatever the filters and the limit. */
  readonly count: number;
}
/** A key was set; the pair as it was before, on demand. */
export interface PutResult extends Answer {
  readonly type: "put";
  readonly prevKv: KeyValue | undefined;
}
/** How many keys were deleted, and which on demand. */
export interface DeleteRangeResult extends Answer {
  readonly type: "deleteRange";
  readonly deleted: number;
  /** In key order; empty unless asked for. */
  readonly prevKvs: readonly KeyValue[];
}
/** Which branch of a transaction ran, and what its steps came to. */
export interface TxnResult extends Answer {
  readonly type: "txn";
  readonly succeeded: boolean;
  /** One per operation of the branch that ran, of the operation's kind. */
  readonly responses: readonly TxnOperationResult[];
}
/** What one step of a transaction came to. */
export type TxnOperationResult = RangeResult | PutResult | DeleteRangeResult | TxnResult;

/** History before a revision is forgotten. */
export interface CompactResult extends Answer {
  readonly type: "compact";
}
/** A lease that was granted. */
export interface LeaseGrantResult extends Answer {
  readonly type: "leaseGrant";
  readonly id: LeaseId;
  readonly ttlSeconds: number;
}
/** A lease and its keys are gone. */
export interface LeaseRevokeResult extends Answer {
  readonly type: "leaseRevoke";
}
/** The remaining times were noted. */
export interface LeaseCheckpointResult extends Answer {
  readonly type: "leaseCheckpoint";
}
/** An alarm, and the member that raised it. */
export interface Alarm {
  readonly memberId: bigint;
  readonly alarm: AlarmType;
}
/** An alarm that stands. */
export interface StandingAlarm extends Alarm {
  /** The member raised it by itself and clears it by itself. */
  readonly automatic: boolean;
}
/** What raising or taking back alarms came to. */
export interface AlarmResult extends Answer {
  readonly type: "alarm";
  /** The alarm that was raised (again) or cleared; empty if there was nothing to clear. */
  readonly alarms: readonly Alarm[];
}
/** What came of a name and a password. */
export interface AuthenticateResult extends Answer {
  readonly type: "authenticate";
  readonly token: string;
}
/** Users, roles or the switch were changed. */
export interface AuthChangedResult extends Answer {
  readonly type: "authChanged";
}

/** What a command answers with; failures are values, the same on every member. */
export type KvResult =
  | PutResult
  | DeleteRangeResult
  | TxnResult
  | CompactResult
  | LeaseGrantResult
  | LeaseRevokeResult
  | LeaseCheckpointResult
  | AlarmResult
  | AuthenticateResult
  | AuthChangedResult
  | KvError;

/** What a lease has left, and its keys on demand. */
export interface LeaseTimeToLiveResult extends Answer {
  readonly type: "leaseTimeToLive";
  readonly id: LeaseId;
  /** Whole seconds, rounded down; -1 for a lease that does not exist. */
  readonly ttlSeconds: number;
  /** 0 for a lease that does not exist. */
  readonly grantedTtlSeconds: number;
  /** In byte order; empty unless asked for. */
  readonly keys: readonly Uint8Array[];
}
/** The leases there are. */
export interface LeasesResult extends Answer {
  readonly type: "leases";
  /** In ascending order. */
  readonly ids: readonly LeaseId[];
}
/** The alarms that are raised. */
export interface AlarmsResult extends Answer {
  readonly type: "alarms";
  readonly alarms: readonly Alarm[];
}
/** A checksum of all keys and history up to a revision. */
export interface HashKvResult extends Answer {
  readonly type: "hashKv";
  /** CRC-32C, unsigned. */
  readonly hash: number;
  /** -1 if nothing was ever compacted. */
  readonly compactRevision: Revision;
  /** The revision that was hashed. */
  readonly hashRevision: Revision;
}
/** How the store is doing: its revision and its sizes. */
export interface StatusResult extends Answer {
  readonly type: "status";
  readonly compactRevision: Revision;
  /** Bytes the store occupies where it lives. */
  readonly dbSizeBytes: number;
  /** Those of them that hold data. */
  readonly dbSizeInUseBytes: number;
  /** Keys that exist now. */
  readonly keys: number;
  readonly leases: number;
  readonly watchers: number;
  readonly alarms: readonly StandingAlarm[];
  /** Applied and not yet in the store. */
  readonly unflushedBytes: number;
  /** Fingerprint of everything applied so far: equal on two members that applied the same log. 16 hex digits. */
  readonly stateHash: string;
}
/** Whether users count, and at which revision of users and roles. */
export interface AuthStatusResult extends Answer {
  readonly type: "authStatus";
  readonly enabled: boolean;
  readonly authRevision: number;
}
/** The roles of a user. */
export interface UserGetResult extends Answer {
  readonly type: "userGet";
  readonly roles: readonly string[];
}
/** The names of all users. */
export interface UserListResult extends Answer {
  readonly type: "userList";
  readonly users: readonly string[];
}
/** What a role may do. */
export interface RoleGetResult extends Answer {
  readonly type: "roleGet";
  readonly permissions: readonly Permission[];
}
/** The names of all roles. */
export interface RoleListResult extends Answer {
  readonly type: "roleList";
  readonly roles: readonly string[];
}
/** What is kept of a user's password, for checking it outside the machine. */
export interface UserPasswordResult extends Answer {
  readonly type: "userPassword";
  readonly passwordHash: string;
}
/** Whether a user may do what was asked. */
export interface AuthorizeResult extends Answer {
  readonly type: "authorize";
}

/** What a query answers with. */
export type KvAnswer =
  | RangeResult
  | TxnResult
  | LeaseTimeToLiveResult
  | LeasesResult
  | AlarmsResult
  | HashKvResult
  | StatusResult
  | AuthStatusResult
  | UserGetResult
  | UserListResult
  | RoleGetResult
  | RoleListResult
  | UserPasswordResult
  | AuthorizeResult
  | KvError;
