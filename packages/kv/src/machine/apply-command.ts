import type { LogPosition } from "@quorate/core";
import { authorizeCommand } from "../auth/authorize.ts";
import { bytesOfBinaryString } from "../bytes/bytes.ts";
import type {
  AlarmRequest,
  AuthenticateRequest,
  AuthRequest,
  CompactRequest,
  KvCommand,
  LeaseCheckpointRequest,
  LeaseGrantRequest,
  LeaseRevokeRequest,
  TxnOperation,
  TxnRequest,
} from "../command.ts";
import { LEASE_TTL_SECONDS_MAX, TXN_OPERATIONS_MAX } from "../command.ts";
import { type KvError, kvError } from "../error.ts";
import type { KvResult } from "../result.ts";
import { checkPut, checkRequest } from "../txn/check-request.ts";
import { runTxn } from "../txn/txn.ts";
import { checkPutState, deleteKey, deleteRange, put } from "../txn/write.ts";
import type { KvState } from "./kv-state.ts";

type LogTerm = LogPosition["term"];

/**
 * Carries out one command, up to but not including the end of its transaction. Deterministic: the same state and
 * command make the same changes and the same result on every member. Failures are values and change nothing.
 */
export function applyCommand(state: KvState, command: KvCommand, position: LogPosition): KvResult {
  const refused =
    checkForm(command) ?? authorizeCommand(state, command) ?? checkAlarms(state, command);
  if (refused !== undefined) return refused;
  switch (command.type) {
    case "put":
      return checkPutState(state, command) ?? put(state, command);
    case "deleteRange":
      return deleteRange(state, command);
    case "txn":
      return runTxn(state, command);
    case "compact":
      return compact(state, command);
    case "leaseGrant":
      return grantLease(state, command);
    case "leaseRevoke":
      return revokeLease(state, command, position.term);
    case "leaseCheckpoint":
      return checkpointLeases(state, command, position.term);
    case "alarm":
      return changeAlarm(state, command);
    case "authenticate":
      return authenticate(state, command, position.index);
    default:
      return changeAuth(state, command);
  }
}

function checkForm(command: KvCommand): KvError | undefined {
  switch (command.type) {
    case "put":
      return checkPut(command);
    case "deleteRange":
    case "txn":
      return checkRequest(command, TXN_OPERATIONS_MAX);
    default:
      return undefined;
  }
}

/** `nospace` stops what may grow, `corrupt` whatever writes. */
function checkAlarms(state: KvState, command: KvCommand): KvError | undefined {
  if (state.alarms.list().length === 0) return undefined;
  switch (command.type) {
    case "put":
    case "deleteRange":
    case "txn":
    case "compact":
    case "leaseGrant":
    case "leaseRevoke":
      if (state.alarms.has("corrupt")) return kvError("corrupt");
      return state.alarms.has("nospace") && mayGrow(command) ? kvError("noSpace") : undefined;
    default:
      return undefined;
  }
}

function mayGrow(command: KvCommand): boolean {
  switch (command.type) {
    case "put":
    case "leaseGrant":
      return true;
    case "txn":
      return hasPut(command);
    default:
      return false;
  }
}

/** Branches that will not run count as well, as in etcd. */
function hasPut(txn: TxnRequest): boolean {
  return txn.success.some(isOrHasPut) || txn.failure.some(isOrHasPut);
}

function isOrHasPut(operation: TxnOperation): boolean {
  return operation.type === "put" || (operation.type === "txn" && hasPut(operation));
}

function compact(state: KvState, command: CompactRequest): KvResult {
  const { mvcc } = state;
  if (command.revision <= mvcc.compactRevision) return kvError("compacted");
  if (command.revision > mvcc.revision) return kvError("futureRevision");
  mvcc.compactRevision = command.revision;
  return { type: "compact", revision: mvcc.revision };
}

function grantLease(state: KvState, command: LeaseGrantRequest): KvResult {
  const { id, ttlSeconds } = command;
  if (id === 0n) return kvError("leaseNotFound");
  if (ttlSeconds > LEASE_TTL_SECONDS_MAX) return kvError("leaseTtlTooLarge");
  if (state.leases.get(id) !== undefined) return kvError("leaseExists");
  const granted = Math.max(1, Math.floor(ttlSeconds));
  state.leases.grant(id, granted);
  return { type: "leaseGrant", id, ttlSeconds: granted, revision: state.mvcc.revision };
}

function revokeLease(state: KvState, command: LeaseRevokeRequest, term: LogTerm): KvResult {
  if (isOfAnotherLeader(command, term)) {
    return { type: "leaseRevoke", revision: state.mvcc.revision };
  }
  const lease = state.leases.get(command.id);
  if (lease === undefined) return kvError("leaseNotFound");
  // In byte order: the order of a set depends on how a member came to know it.
  for (const key of [...lease.keys].sort()) deleteKey(state, bytesOfBinaryString(key));
  state.leases.revoke(command.id);
  return { type: "leaseRevoke", revision: state.mvcc.visibleRevision };
}

function checkpointLeases(
  state: KvState,
  command: LeaseCheckpointRequest,
  term: LogTerm,
): KvResult {
  if (!isOfAnotherLeader(command, term)) {
    for (const { id, remainingSeconds } of command.checkpoints) {
      state.leases.checkpoint(id, remainingSeconds);
    }
  }
  return { type: "leaseCheckpoint", revision: state.mvcc.revision };
}

/**
 * A clock decided this, and its member was deposed before the command came into a log: hosts pass on to the next leader what
 * the last one did not commit, and that one may have renewed what the clock took for run out.
 */
function isOfAnotherLeader(
  { leaderTerm }: LeaseRevokeRequest | LeaseCheckpointRequest,
  term: LogTerm,
): boolean {
  return leaderTerm !== undefined && leaderTerm !== term;
}

function changeAlarm(state: KvState, command: AlarmRequest): KvResult {
  const { memberId, alarm } = command;
  const revision = state.mvcc.revision;
  if (command.action === "activate") {
    state.alarms.activate(memberId, alarm, command.automatic === true);
    return { type: "alarm", alarms: [{ memberId, alarm }], revision };
  }
  // A member takes back only what it raised by itself.
  const mine = command.automatic !== true || state.alarms.find(memberId, alarm)?.automatic === true;
  const cleared = mine && state.alarms.deactivate(memberId, alarm);
  return { type: "alarm", alarms: cleared ? [{ memberId, alarm }] : [], revision };
}

function authenticate(state: KvState, command: AuthenticateRequest, logIndex: number): KvResult {
  if (!state.auth.enabled) return kvError("authNotEnabled");
  const user = state.auth.user(command.name);
  if (user === undefined) return kvError("authFailed");
  if (user.noPassword) return kvError("noPasswordUser");
  // The password was changed while it was being checked.
  if (user.passwordHash !== command.passwordHash) return kvError("authFailed");
  const token = `${command.token}.${logIndex}`;
  return { type: "authenticate", token, revision: state.mvcc.revision };
}

function changeAuth(state: KvState, command: Exclude<AuthRequest, AuthenticateRequest>): KvResult {
  const error = state.auth.apply(command);
  return error ?? { type: "authChanged", revision: state.mvcc.revision };
}
