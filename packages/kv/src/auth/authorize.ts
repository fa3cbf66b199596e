import { bytesOfBinaryString } from "../bytes/bytes.ts";
import type { Caller } from "../caller.ts";
import type { KvCommand, TxnOperation, TxnRequest } from "../command.ts";
import { type KvError, kvError } from "../error.ts";
import type { KeyInterval, LeaseId } from "../key-value.ts";
import type { LeaseTable } from "../lease/lease-table.ts";
import type { KvQuery } from "../query.ts";
import type { AuthStore } from "./auth-store.ts";

/** What permissions are decided on. */
export interface AuthorizationState {
  readonly auth: AuthStore;
  readonly leases: LeaseTable;
}

/** Why the caller may not do this, or nothing. */
export function authorizeCommand(
  state: AuthorizationState,
  command: KvCommand,
): KvError | undefined {
  const { auth } = state;
  if (!auth.enabled || command.caller?.kind === "system") return undefined;
  const caller = command.caller;
  switch (command.type) {
    case "put":
    case "deleteRange":
    case "txn":
      return authorizeOperations(state, caller, [command]);
    case "leaseGrant":
      return requireUser(caller);
    case "leaseRevoke":
      return requireUser(caller) ?? authorizeLeaseKeys(state, caller, command.id, "write");
    case "authenticate":
      return undefined;
    default:
      return requireRoot(auth, caller);
  }
}

/** Why the caller may not ask this, or nothing. */
export function authorizeQuery(state: AuthorizationState, query: KvQuery): KvError | undefined {
  const { auth } = state;
  if (!auth.enabled || query.caller?.kind === "system") return undefined;
  const caller = query.caller;
  switch (query.type) {
    case "range":
    case "txn":
      return authorizeOperations(state, caller, [query]);
    case "leaseTimeToLive":
      return (
        requireUser(caller) ??
        (query.keys ? authorizeLeaseKeys(state, caller, query.id, "read") : undefined)
      );
    case "leases":
      return requireUser(caller) ?? authorizeAllLeases(state, caller);
    case "alarms":
    case "status":
      return requireUser(caller);
    case "authStatus":
    case "userPassword":
      return undefined;
    case "userGet":
      return isUser(caller, query.name) ? undefined : requireRoot(auth, caller);
    case "roleGet":
      return hasRole(auth, caller, query.role) ? undefined : requireRoot(auth, caller);
    case "authorize":
      return query.need === "user" ? requireUser(caller) : requireRoot(auth, caller);
    case "hashKv":
    case "userList":
    case "roleList":
      return requireRoot(auth, caller);
  }
}

/** Why the caller may not watch this interval, or nothing. */
export function authorizeWatch(
  auth: AuthStore,
  caller: Caller | undefined,
  interval: KeyInterval,
): KvError | undefined {
  if (!auth.enabled || caller?.kind === "system") return undefined;
  return authorizeInterval(auth, caller, "read", interval);
}

function requireUser(caller: Caller | undefined): KvError | undefined {
  return caller === undefined ? kvError("userEmpty") : undefined;
}

function requireRoot(auth: AuthStore, caller: Caller | undefined): KvError | undefined {
  if (caller?.kind !== "user") return kvError("userEmpty");
  return auth.isAdministrator(caller.name) ? undefined : kvError("permissionDenied");
}

function isUser(caller: Caller | undefined, name: string): boolean {
  return caller?.kind === "user" && caller.name === name;
}

function hasRole(auth: AuthStore, caller: Caller | undefined, role: string): boolean {
  return caller?.kind === "user" && auth.user(caller.name)?.roles.includes(role) === true;
}

function authorizeInterval(
  auth: AuthStore,
  caller: Caller | undefined,
  access: "read" | "write",
  interval: KeyInterval,
): KvError | undefined {
  if (caller?.kind !== "user") return kvError("userEmpty");
  if (caller.authRevision < auth.revision) return kvError("authOldRevision");
  if (auth.isAdministrator(caller.name)) return undefined;
  return auth.isAllowed(caller.name, access, interval) ? undefined : kvError("permissionDenied");
}

function authorizeOperations(
  state: AuthorizationState,
  caller: Caller | undefined,
  operations: readonly TxnOperation[],
): KvError | undefined {
  for (const operation of operations) {
    const error = authorizeOperation(state, caller, operation);
    if (error !== undefined) return error;
  }
  return undefined;
}

function authorizeOperation(
  state: AuthorizationState,
  caller: Caller | undefined,
  operation: TxnOperation,
): KvError | undefined {
  const { auth } = state;
  switch (operation.type) {
    case "range":
      return authorizeInterval(auth, caller, "read", operation);
    case "put":
      return (
        authorizeInterval(auth, caller, "write", { key: operation.key }) ??
        (operation.prevKv === true
          ? authorizeInterval(auth, caller, "read", { key: operation.key })
          : undefined) ??
        authorizeLeaseKeys(state, caller, operation.lease ?? 0n, "write")
      );
    case "deleteRange":
      return (
        authorizeInterval(auth, caller, "write", operation) ??
        (operation.prevKv === true ? authorizeInterval(auth, caller, "read", operation) : undefined)
      );
    case "txn":
      return authorizeTxn(state, caller, operation);
    case "empty":
      return undefined;
  }
}

/** Both branches count, whichever will run. */
function authorizeTxn(
  state: AuthorizationState,
  caller: Caller | undefined,
  txn: TxnRequest,
): KvError | undefined {
  for (const compare of txn.compare) {
    const error = authorizeInterval(state.auth, caller, "read", compare);
    if (error !== undefined) return error;
  }
  return (
    authorizeOperations(state, caller, txn.success) ??
    authorizeOperations(state, caller, txn.failure)
  );
}

/** Attaching to a lease, or ending it, concerns all keys that are on it. */
function authorizeLeaseKeys(
  state: AuthorizationState,
  caller: Caller | undefined,
  id: LeaseId,
  access: "read" | "write",
): KvError | undefined {
  const lease = id === 0n ? undefined : state.leases.get(id);
  if (lease === undefined) return undefined;
  for (const key of lease.keys) {
    const interval = { key: bytesOfBinaryString(key) };
    const error = authorizeInterval(state.auth, caller, access, interval);
    if (error !== undefined) return error;
  }
  return undefined;
}

function authorizeAllLeases(
  state: AuthorizationState,
  caller: Caller | undefined,
): KvError | undefined {
  for (const lease of state.leases.all()) {
    const error = authorizeLeaseKeys(state, caller, lease.id, "read");
    if (error !== undefined) return error;
  }
  return undefined;
}
