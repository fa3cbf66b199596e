import {
  AuthService,
  ClusterService,
  ElectionService,
  type JsonValue,
  KVService,
  LeaseService,
  LockService,
  MaintenanceService,
  type MethodDescriptor,
  WatchService,
} from "@quorate/protocol";

/** A method whose messages are their JSON forms: one form for both ways of asking, and for printing. */
export interface JsonMethod {
  readonly path: string;
  encode(request: JsonValue): Buffer;
  decode(response: Buffer): JsonValue;
}

function inJson<Req extends ReqInit, ReqInit, Res extends ResInit, ResInit>({
  path,
  request,
  response,
}: MethodDescriptor<Req, ReqInit, Res, ResInit>): JsonMethod {
  return {
    path,
    encode: (json) => Buffer.from(request.encode(request.fromJson(json))),
    decode: (bytes) => JSON.parse(response.toJson(response.decode(new Uint8Array(bytes)))),
  };
}

export const WATCH: JsonMethod = inJson(WatchService.watch);
export const KEEP_ALIVE: JsonMethod = inJson(LeaseService.leaseKeepAlive);

/** Unary methods by the name that programs call them. */
export const METHODS = {
  range: inJson(KVService.range),
  put: inJson(KVService.put),
  deleteRange: inJson(KVService.deleteRange),
  txn: inJson(KVService.txn),
  compact: inJson(KVService.compact),
  leaseGrant: inJson(LeaseService.leaseGrant),
  leaseRevoke: inJson(LeaseService.leaseRevoke),
  leaseTimeToLive: inJson(LeaseService.leaseTimeToLive),
  leases: inJson(LeaseService.leaseLeases),
  memberList: inJson(ClusterService.memberList),
  memberAdd: inJson(ClusterService.memberAdd),
  memberRemove: inJson(ClusterService.memberRemove),
  memberUpdate: inJson(ClusterService.memberUpdate),
  memberPromote: inJson(ClusterService.memberPromote),
  alarm: inJson(MaintenanceService.alarm),
  hashKv: inJson(MaintenanceService.hashKv),
  moveLeader: inJson(MaintenanceService.moveLeader),
  authEnable: inJson(AuthService.authEnable),
  authDisable: inJson(AuthService.authDisable),
  authenticate: inJson(AuthService.authenticate),
  userAdd: inJson(AuthService.userAdd),
  userGet: inJson(AuthService.userGet),
  userList: inJson(AuthService.userList),
  userDelete: inJson(AuthService.userDelete),
  userChangePassword: inJson(AuthService.userChangePassword),
  userGrantRole: inJson(AuthService.userGrantRole),
  userRevokeRole: inJson(AuthService.userRevokeRole),
  roleAdd: inJson(AuthService.roleAdd),
  roleGet: inJson(AuthService.roleGet),
  roleList: inJson(AuthService.roleList),
  roleDelete: inJson(AuthService.roleDelete),
  roleGrantPermission: inJson(AuthService.roleGrantPermission),
  roleRevokePermission: inJson(AuthService.roleRevokePermission),
  lock: inJson(LockService.lock),
  unlock: inJson(LockService.unlock),
  campaign: inJson(ElectionService.campaign),
  proclaim: inJson(ElectionService.proclaim),
  leader: inJson(ElectionService.leader),
  resign: inJson(ElectionService.resign),
} as const satisfies Record<string, JsonMethod>;

export type MethodName = keyof typeof METHODS;

/** Where the JSON gateway serves them; methods that etcd 3.4 has no page for are only asked over gRPC. */
export const PAGES: Readonly<Partial<Record<MethodName, string>>> = {
  range: "/v3/kv/range",
  put: "/v3/kv/put",
  deleteRange: "/v3/kv/deleterange",
  txn: "/v3/kv/txn",
  compact: "/v3/kv/compaction",
  leaseGrant: "/v3/lease/grant",
  leaseRevoke: "/v3/kv/lease/revoke",
  leaseTimeToLive: "/v3/kv/lease/timetolive",
  leases: "/v3/kv/lease/leases",
  memberList: "/v3/cluster/member/list",
  memberAdd: "/v3/cluster/member/add",
  memberRemove: "/v3/cluster/member/remove",
  memberUpdate: "/v3/cluster/member/update",
  memberPromote: "/v3/cluster/member/promote",
  alarm: "/v3/maintenance/alarm",
  moveLeader: "/v3/maintenance/transfer-leadership",
  authEnable: "/v3/auth/enable",
  authDisable: "/v3/auth/disable",
  userAdd: "/v3/auth/user/add",
  userGet: "/v3/auth/user/get",
  userList: "/v3/auth/user/list",
  userDelete: "/v3/auth/user/delete",
  userChangePassword: "/v3/auth/user/changepw",
  userGrantRole: "/v3/auth/user/grant",
  userRevokeRole: "/v3/auth/user/revoke",
  roleAdd: "/v3/auth/role/add",
  roleGet: "/v3/auth/role/get",
  roleList: "/v3/auth/role/list",
  roleDelete: "/v3/auth/role/delete",
  roleGrantPermission: "/v3/auth/role/grant",
  roleRevokePermission: "/v3/auth/role/revoke",
  lock: "/v3/lock/lock",
  unlock: "/v3/lock/unlock",
  campaign: "/v3/election/campaign",
  proclaim: "/v3/election/proclaim",
  leader: "/v3/election/leader",
  resign: "/v3/election/resign",
};
