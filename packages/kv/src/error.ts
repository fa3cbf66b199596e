/** Stable codes of everything a key-value request can fail with; `KV_ERRORS` has their gRPC code and text. */
export type KvErrorCode =
  | "emptyKey"
  | "keyNotFound"
  | "valueProvided"
  | "leaseProvided"
  | "tooManyOps"
  | "duplicateKey"
  | "invalidSortOption"
  | "requestTooLarge"
  | "notReadOnly"
  | "compacted"
  | "futureRevision"
  | "noSpace"
  | "corrupt"
  | "leaseNotFound"
  | "leaseExists"
  | "leaseTtlTooLarge"
  | "rootUserNotExist"
  | "rootRoleNotGranted"
  | "userAlreadyExists"
  | "userNotFound"
  | "userEmpty"
  | "roleAlreadyExists"
  | "roleNotFound"
  | "roleEmpty"
  | "authFailed"
  | "noPasswordUser"
  | "permissionNotGiven"
  | "permissionDenied"
  | "roleNotGranted"
  | "permissionNotGranted"
  | "authNotEnabled"
  | "invalidAuthToken"
  | "invalidAuthManagement"
  | "authOldRevision"
  | "watcherRangeEmpty"
  | "duplicateWatchId";

/**
 * A request that failed: nothing of it took effect. A value, not a throw, because it is the deterministic result of
 * applying a command.
 */
export interface KvError {
  readonly type: "error";
  readonly code: KvErrorCode;
}

/** How etcd reports a failure. Clients compare the text byte for byte. */
export interface KvErrorReport {
  /** The numeric gRPC status code. */
  readonly grpcCode: number;
  readonly message: string;
}

const UNKNOWN = 2;
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const RESOURCE_EXHAUSTED = 8;
const FAILED_PRECONDITION = 9;
const OUT_OF_RANGE = 11;
const DATA_LOSS = 15;
const UNAUTHENTICATED = 16;

function report(grpcCode: number, text: string): KvErrorReport {
  return { grpcCode, message: `etcdserver: ${text}` };
}

/** Code and exact text per failure, as etcd 3.6 has them. The two watch reasons stand in `cancel_reason`, not in a status. */
export const KV_ERRORS: Readonly<Record<KvErrorCode, KvErrorReport>> = {
  emptyKey: report(INVALID_ARGUMENT, "key is not provided"),
  keyNotFound: report(INVALID_ARGUMENT, "key not found"),
  valueProvided: report(INVALID_ARGUMENT, "value is provided"),
  leaseProvided: report(INVALID_ARGUMENT, "lease is provided"),
  tooManyOps: report(INVALID_ARGUMENT, "too many operations in txn request"),
  duplicateKey: report(INVALID_ARGUMENT, "duplicate key given in txn request"),
  invalidSortOption: report(INVALID_ARGUMENT, "invalid sort option"),
  requestTooLarge: report(INVALID_ARGUMENT, "request is too large"),
  notReadOnly: report(INVALID_ARGUMENT, "the transaction writes and must be proposed"),
  compacted: report(OUT_OF_RANGE, "mvcc: required revision has been compacted"),
  futureRevision: report(OUT_OF_RANGE, "mvcc: required revision is a future revision"),
  noSpace: report(RESOURCE_EXHAUSTED, "mvcc: database space exceeded"),
  corrupt: report(DATA_LOSS, "corrupt cluster"),
  leaseNotFound: report(NOT_FOUND, "requested lease not found"),
  leaseExists: report(FAILED_PRECONDITION, "lease already exists"),
  leaseTtlTooLarge: report(OUT_OF_RANGE, "too large lease TTL"),
  rootUserNotExist: report(FAILED_PRECONDITION, "root user does not exist"),
  rootRoleNotGranted: report(FAILED_PRECONDITION, "root user does not have root role"),
  userAlreadyExists: report(FAILED_PRECONDITION, "user name already exists"),
  userNotFound: report(FAILED_PRECONDITION, "user name not found"),
  userEmpty: report(INVALID_ARGUMENT, "user name is empty"),
  roleAlreadyExists: report(FAILED_PRECONDITION, "role name already exists"),
  roleNotFound: report(FAILED_PRECONDITION, "role name not found"),
  roleEmpty: report(INVALID_ARGUMENT, "role name is empty"),
  authFailed: report(INVALID_ARGUMENT, "authentication failed, invalid user ID or password"),
  noPasswordUser: {
    grpcCode: UNKNOWN,
    message: "auth: authentication failed, password was given for no password user",
  },
  permissionNotGiven: report(INVALID_ARGUMENT, "permission not given"),
  permissionDenied: report(PERMISSION_DENIED, "permission denied"),
  roleNotGranted: report(FAILED_PRECONDITION, "role is not granted to the user"),
  permissionNotGranted: report(FAILED_PRECONDITION, "permission is not granted to the role"),
  authNotEnabled: report(FAILED_PRECONDITION, "authentication is not enabled"),
  invalidAuthToken: report(UNAUTHENTICATED, "invalid auth token"),
  invalidAuthManagement: report(INVALID_ARGUMENT, "invalid auth management"),
  authOldRevision: report(INVALID_ARGUMENT, "revision of auth store is old"),
  watcherRangeEmpty: { grpcCode: UNKNOWN, message: "mvcc: watcher range is empty" },
  duplicateWatchId: {
    grpcCode: UNKNOWN,
    message: "mvcc: duplicate watch ID provided on the WatchStream",
  },
};

/** A failure as a value. */
export function kvError(code: KvErrorCode): KvError {
  return { type: "error", code };
}

/** What a client is told: gRPC code and text. */
export function reportOf(error: KvError): KvErrorReport {
  return KV_ERRORS[error.code];
}
