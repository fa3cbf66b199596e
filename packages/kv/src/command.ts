import type { Caller } from "./caller.ts";
import type { KeyInterval, LeaseId, Revision } from "./key-value.ts";
import type { RangeRequest } from "./query.ts";

/** Sets one key. */
export interface PutRequest {
  readonly type: "put";
  /** Not empty. */
  readonly key: Uint8Array;
  /** Must be empty with `ignoreValue`. */
  readonly value: Uint8Array;
  /** Attaches the key to this lease, 0 (the default) to none. Must be 0 with `ignoreLease`. */
  readonly lease?: LeaseId | undefined;
  /** The answer carries the pair as it was before. Default false. */
  readonly prevKv?: boolean | undefined;
  /** Keeps the value; the key must exist. Default false. */
  readonly ignoreValue?: boolean | undefined;
  /** Keeps the lease; the key must exist. Default false. */
  readonly ignoreLease?: boolean | undefined;
}

/** Deletes every key of the interval. */
export interface DeleteRangeRequest extends KeyInterval {
  readonly type: "deleteRange";
  /** The answer carries the deleted pairs. Default false. */
  readonly prevKv?: boolean | undefined;
}

/** `always` holds whatever the operand: what an unknown comparison operator of a client means. */
export type CompareResult = "equal" | "greater" | "less" | "notEqual" | "always";

/**
 * One condition of a transaction, evaluated on the state before it. With `rangeEnd` it must hold for every key of the
 * interval; an empty interval behaves like a missing key. A missing key counts as 0, except that no `value`
 * comparison ever holds for it. Operands beyond the safe integers may be clamped: no revision gets there.
 */
export type Compare = KeyInterval & {
  readonly result: CompareResult;
} & (
    | { readonly target: "version" | "create" | "mod"; readonly operand: number }
    | { readonly target: "value"; readonly operand: Uint8Array }
    | { readonly target: "lease"; readonly operand: LeaseId }
  );

/** An operation a client sent without saying which; refused as `keyNotFound`, as etcd does. */
export interface EmptyOperation {
  readonly type: "empty";
}

/** One step of a transaction. */
export type TxnOperation =
  | RangeRequest
  | PutRequest
  | DeleteRangeRequest
  | TxnRequest
  | EmptyOperation;

/**
 * If all of `compare` hold, `success` runs, otherwise `failure`; atomically, at one revision. Conditions of nested
 * transactions see the state before the outermost one. Nested at most `TXN_DEPTH_MAX` deep.
 */
export interface TxnRequest {
  readonly type: "txn";
  readonly compare: readonly Compare[];
  readonly success: readonly TxnOperation[];
  readonly failure: readonly TxnOperation[];
}

/** Forgets history below `revision`; reads at `revision` itself stay possible. */
export interface CompactRequest {
  readonly type: "compact";
  readonly revision: Revision;
}

/** Creates a lease. */
export interface LeaseGrantRequest {
  readonly type: "leaseGrant";
  /** Chosen by the client or the proposer; not 0. */
  readonly id: LeaseId;
  /** The proposer has raised it to the server's minimum already. At most `LEASE_TTL_SECONDS_MAX`. */
  readonly ttlSeconds: number;
}

/** Deletes every key attached to the lease, at one revision, and the lease. Also proposed by the leader on expiry. */
export interface LeaseRevokeRequest {
  readonly type: "leaseRevoke";
  readonly id: LeaseId;
  /**
   * Set when a clock decided: the term in which its member led. Void in the log of any other term, because another
   * leader may have renewed the lease meanwhile.
   */
  readonly leaderTerm?: number | undefined;
}

/** What a leader tells its successor about leases whose clocks have run for a while. Unknown leases are skipped. */
export interface LeaseCheckpointRequest {
  readonly type: "leaseCheckpoint";
  readonly checkpoints: readonly LeaseCheckpoint[];
  /** As in a revocation: what one leader counted is void under another. */
  readonly leaderTerm?: number | undefined;
}

/** How much a lease has left, as the leader tells the others, so that a new leader does not begin anew. */
export interface LeaseCheckpoint {
  readonly id: LeaseId;
  /** 0 forgets an earlier checkpoint: the lease was renewed. */
  readonly remainingSeconds: number;
}

/** What an alarm is about: no room left, or data that differs between members. */
export type AlarmType = "nospace" | "corrupt";

/** Raises or clears an alarm of one member. While any `nospace` stands, nothing may grow; `corrupt` stops all writes. */
export interface AlarmRequest {
  readonly type: "alarm";
  readonly action: "activate" | "deactivate";
  /** Unsigned 64-bit, as clients send it. */
  readonly memberId: bigint;
  readonly alarm: AlarmType;
  /** The member raised it by itself and will clear it by itself; alarms that people raise stay until they clear them. Default false. */
  readonly automatic?: boolean | undefined;
}

/** What a role may do with keys. */
export type PermissionType = "read" | "write" | "readwrite";

/** Allows reading or writing an interval of keys. */
export interface Permission extends KeyInterval {
  readonly access: PermissionType;
}

/** From now on every request needs a user. */
export interface AuthEnableRequest {
  readonly type: "authEnable";
}
/** From now on everybody may do everything. */
export interface AuthDisableRequest {
  readonly type: "authDisable";
}
/** Makes `token` stand for the user. The proposer has checked the password against `passwordHash`, the stored hash. */
export interface AuthenticateRequest {
  readonly type: "authenticate";
  readonly name: string;
  /** Refused when the user's hash is another one by now. */
  readonly passwordHash: string;
  /** Random letters; the machine appends `.` and the log index. */
  readonly token: string;
}
/** Adds a user. */
export interface UserAddRequest {
  readonly type: "userAdd";
  readonly name: string;
  /** Made by the proposer, so that applying stays deterministic; empty for a user without password. */
  readonly passwordHash: string;
  /** The user can only be identified by certificate. Default false. */
  readonly noPassword?: boolean | undefined;
}
/** Deletes a user. */
export interface UserDeleteRequest {
  readonly type: "userDelete";
  readonly name: string;
}
/** Gives a user another password; its tokens end. */
export interface UserChangePasswordRequest {
  readonly type: "userChangePassword";
  readonly name: string;
  readonly passwordHash: string;
}
/** Gives a user a role. */
export interface UserGrantRoleRequest {
  readonly type: "userGrantRole";
  readonly name: string;
  readonly role: string;
}
/** Takes a role from a user. */
export interface UserRevokeRoleRequest {
  readonly type: "userRevokeRole";
  readonly name: string;
  readonly role: string;
}
/** Adds a role that may nothing yet. */
export interface RoleAddRequest {
  readonly type: "roleAdd";
  readonly role: string;
}
/** Deletes a role and takes it from all users. */
export interface RoleDeleteRequest {
  readonly type: "roleDelete";
  readonly role: string;
}
/** Lets a role read or write an interval of keys. */
export interface RoleGrantPermissionRequest {
  readonly type: "roleGrantPermission";
  readonly role: string;
  readonly permission: Permission;
}
/** Takes back what a role may do with an interval of keys. */
export interface RoleRevokePermissionRequest extends KeyInterval {
  readonly type: "roleRevokePermission";
  readonly role: string;
}

/** A request that changes users, roles, or whether they count. */
export type AuthRequest =
  | AuthEnableRequest
  | AuthDisableRequest
  | AuthenticateRequest
  | UserAddRequest
  | UserDeleteRequest
  | UserChangePasswordRequest
  | UserGrantRoleRequest
  | UserRevokeRoleRequest
  | RoleAddRequest
  | RoleDeleteRequest
  | RoleGrantPermissionRequest
  | RoleRevokePermissionRequest;

/** A request that changes keys, leases, alarms, users or history. */
export type WriteRequest =
  | PutRequest
  | DeleteRangeRequest
  | TxnRequest
  | CompactRequest
  | LeaseGrantRequest
  | LeaseRevokeRequest
  | LeaseCheckpointRequest
  | AlarmRequest
  | AuthRequest;

/** Everything that changes the store, as it stands in the replicated log: a request and who makes it. */
export type KvCommand = WriteRequest & { readonly caller?: Caller | undefined };

/**
 * Operations of one branch and conditions of one transaction, at most; refused as `tooManyOps`. The same on every
 * member, because it is checked when a command is applied; servers limit clients further (etcd: 128).
 */
export const TXN_OPERATIONS_MAX: number = 10_000;

/** Transactions nest no deeper; refused as `tooManyOps`. Bounds the recursion that a client can cause. */
export const TXN_DEPTH_MAX: number = 64;

/** Longest lease. About 285 years; etcd's limit. */
export const LEASE_TTL_SECONDS_MAX: number = 9_000_000_000;
