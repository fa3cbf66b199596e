import { ROOT } from "../auth/auth-store.ts";
import { authorizeQuery } from "../auth/authorize.ts";
import { bytesOfBinaryString, NO_BYTES } from "../bytes/bytes.ts";
import type { Permission, TxnRequest } from "../command.ts";
import { TXN_OPERATIONS_MAX } from "../command.ts";
import { kvError } from "../error.ts";
import type { LeaseClock } from "../lease/lease-clock.ts";
import { checkRevision, readRange } from "../mvcc/range.ts";
import type { KvQuery, LeaseTimeToLiveQuery, RangeRequest } from "../query.ts";
import type { KvAnswer } from "../result.ts";
import { checkRequest, isReadOnly } from "../txn/check-request.ts";
import { readableRevision, runTxn } from "../txn/txn.ts";
import type { KvState } from "./kv-state.ts";

/** What queries read besides the replicated state. */
export interface QueryContext {
  readonly state: KvState;
  readonly leaseClock: LeaseClock;
}

/** Queries that need the machine itself. */
export type StateQuery = Exclude<KvQuery, { type: "hashKv" | "status" }>;

/** Who the role `root` is: everything is allowed, from the first key on. */
const ROOT_PERMISSION: Permission = {
  access: "readwrite",
  key: NO_BYTES,
  rangeEnd: Uint8Array.of(0),
};

/** Answers from the state as it is now. Changes nothing. */
export function answerQuery(context: QueryContext, query: StateQuery): KvAnswer {
  const { state } = context;
  switch (query.type) {
    case "range":
      return answerRange(state, query);
    case "txn":
      return answerTxn(state, query);
    default:
  }
  const denied = authorizeQuery(state, query);
  if (denied !== undefined) return denied;
  const revision = state.mvcc.revision;
  switch (query.type) {
    case "leaseTimeToLive":
      return answerTimeToLive(context, query);
    case "leases":
      return { type: "leases", ids: state.leases.ids(), revision };
    case "alarms":
      return {
        type: "alarms",
        alarms: state.alarms.list(query.alarm).map(({ memberId, alarm }) => ({ memberId, alarm })),
        revision,
      };
    case "authorize":
      return { type: "authorize", revision };
    default:
      return answerAuth(state, query);
  }
}

function answerRange(state: KvState, query: KvQuery & RangeRequest): KvAnswer {
  const refused =
    checkRequest(query, TXN_OPERATIONS_MAX) ??
    authorizeQuery(state, query) ??
    ((query.revision ?? 0) > 0
      ? checkRevision(state.mvcc, query.revision ?? 0, state.mvcc.revision)
      : undefined);
  return refused ?? readRange(state.mvcc, query, readableRevision(state.mvcc, query));
}

function answerTxn(state: KvState, query: KvQuery & TxnRequest): KvAnswer {
  const refused = checkRequest(query, TXN_OPERATIONS_MAX);
  if (refused !== undefined) return refused;
  if (!isReadOnly(query)) return kvError("notReadOnly");
  return authorizeQuery(state, query) ?? runTxn(state, query);
}

function answerTimeToLive(context: QueryContext, query: LeaseTimeToLiveQuery): KvAnswer {
  const { state, leaseClock } = context;
  const lease = state.leases.get(query.id);
  const revision = state.mvcc.revision;
  if (lease === undefined) {
    return {
      type: "leaseTimeToLive",
      id: query.id,
      ttlSeconds: -1,
      grantedTtlSeconds: 0,
      keys: [],
      revision,
    };
  }
  return {
    type: "leaseTimeToLive",
    id: query.id,
    ttlSeconds: leaseClock.remainingSeconds(lease, query.nowMs),
    grantedTtlSeconds: lease.ttlSeconds,
    keys: query.keys ? [...lease.keys].sort().map(bytesOfBinaryString) : [],
    revision,
  };
}

type AuthQuery = Extract<
  StateQuery,
  { type: "authStatus" | "userGet" | "userList" | "roleGet" | "roleList" | "userPassword" }
>;

function answerAuth(state: KvState, query: AuthQuery): KvAnswer {
  const { auth } = state;
  const revision = state.mvcc.revision;
  switch (query.type) {
    case "authStatus":
      return {
        type: "authStatus",
        enabled: auth.enabled,
        authRevision: auth.revision,
        revision,
      };
    case "userGet": {
      const user = auth.user(query.name);
      if (user === undefined) return kvError("userNotFound");
      return { type: "userGet", roles: user.roles, revision };
    }
    case "userList":
      return { type: "userList", users: auth.userNames(), revision };
    case "roleGet": {
      const role = auth.role(query.role);
      if (role === undefined) return kvError("roleNotFound");
      const permissions = role.name === ROOT ? [ROOT_PERMISSION] : role.permissions;
      return { type: "roleGet", permissions, revision };
    }
    case "roleList":
      return { type: "roleList", roles: auth.roleNames(), revision };
    case "userPassword": {
      if (!auth.enabled) return kvError("authNotEnabled");
      const user = auth.user(query.name);
      if (user === undefined) return kvError("authFailed");
      if (user.noPassword) return kvError("noPasswordUser");
      return { type: "userPassword", passwordHash: user.passwordHash, revision };
    }
  }
}
