import type { Caller } from "./caller.ts";
import type { AlarmType, TxnRequest } from "./command.ts";
import type { KeyInterval, LeaseId, Revision } from "./key-value.ts";

/** `none` is key order for target `key`, and ascending for the others. */
export type SortOrder = "none" | "ascend" | "descend";
/** What pairs are sorted by. */
export type SortTarget = "key" | "version" | "create" | "mod" | "value";

/**
 * Reads the keys of an interval as of one revision. Steps in this order: count, filter by the four bounds, sort,
 * cut at `limit`. Ties keep key order.
 */
export interface RangeRequest extends KeyInterval {
  readonly type: "range";
  /** As of this revision; 0 (the default) or less for the current one. */
  readonly revision?: Revision | undefined;
  /** At most this many pairs; 0 (the default) or less for all. */
  readonly limit?: number | undefined;
  readonly sortOrder?: SortOrder | undefined;
  readonly sortTarget?: SortTarget | undefined;
  /** Leaves the values out. Default false. */
  readonly keysOnly?: boolean | undefined;
  /** Only `count`; `limit` does not matter. Default false. */
  readonly countOnly?: boolean | undefined;
  /** Each bound is inclusive; 0 (the default) is no bound. */
  readonly minModRevision?: Revision | undefined;
  readonly maxModRevision?: Revision | undefined;
  readonly minCreateRevision?: Revision | undefined;
  readonly maxCreateRevision?: Revision | undefined;
}

/** What is left of a lease. Exact on the member whose lease clock runs (the leader), an upper bound elsewhere. */
export interface LeaseTimeToLiveQuery {
  readonly type: "leaseTimeToLive";
  readonly id: LeaseId;
  /** The answer lists the attached keys. */
  readonly keys: boolean;
  /** Monotonic milliseconds, the same clock the lease clock is driven with. */
  readonly nowMs: number;
}

/** Every lease. */
export interface LeasesQuery {
  readonly type: "leases";
}

/** Alarms that stand; of one kind, or of all when `alarm` is absent. */
export interface AlarmsQuery {
  readonly type: "alarms";
  readonly alarm?: AlarmType | undefined;
}

/** Hash of the history up to `revision` (0 for the current one), byte for byte as etcd computes it. */
export interface HashKvQuery {
  readonly type: "hashKv";
  readonly revision: Revision;
}

/** Size and shape of this member's store. */
export interface StatusQuery {
  readonly type: "status";
}

/** Asks whether users count. */
export interface AuthStatusQuery {
  readonly type: "authStatus";
}
/** Asks for the roles of a user. */
export interface UserGetQuery {
  readonly type: "userGet";
  readonly name: string;
}
/** Asks for the names of all users. */
export interface UserListQuery {
  readonly type: "userList";
}
/** Asks what a role may do. */
export interface RoleGetQuery {
  readonly type: "roleGet";
  readonly role: string;
}
/** Asks for the names of all roles. */
export interface RoleListQuery {
  readonly type: "roleList";
}

/** The stored password hash, for whoever checks a password before proposing `authenticate`. Never leaves the server. */
export interface UserPasswordQuery {
  readonly type: "userPassword";
  readonly name: string;
}

/** What the caller may do, for calls the store itself does not serve: `user` any known user, `root` an administrator. */
export interface AuthorizeQuery {
  readonly type: "authorize";
  readonly need: "user" | "root";
}

/** A request that changes nothing. */
export type ReadRequest =
  | RangeRequest
  /** Must contain nothing but ranges (`isReadOnly`), else refused as `notReadOnly`. */
  | TxnRequest
  | LeaseTimeToLiveQuery
  | LeasesQuery
  | AlarmsQuery
  | HashKvQuery
  | StatusQuery
  | AuthStatusQuery
  | UserGetQuery
  | UserListQuery
  | RoleGetQuery
  | RoleListQuery
  | UserPasswordQuery
  | AuthorizeQuery;

/** Everything that reads the store. */
export type KvQuery = ReadRequest & { readonly caller?: Caller | undefined };
