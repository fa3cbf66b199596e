// What the .proto files cannot say.

/** 64-bit fields whose every bit counts, because clients or other servers choose the value: bigint. All others: number. */
export const EXACT_FIELDS = new Set([
  "mvccpb.KeyValue.lease",
  "etcdserverpb.ResponseHeader.cluster_id",
  "etcdserverpb.ResponseHeader.member_id",
  "etcdserverpb.PutRequest.lease",
  "etcdserverpb.Compare.lease",
  "etcdserverpb.WatchCreateRequest.watch_id",
  "etcdserverpb.WatchCancelRequest.watch_id",
  "etcdserverpb.WatchResponse.watch_id",
  "etcdserverpb.LeaseGrantRequest.ID",
  "etcdserverpb.LeaseGrantResponse.ID",
  "etcdserverpb.LeaseRevokeRequest.ID",
  "etcdserverpb.LeaseCheckpoint.ID",
  "etcdserverpb.LeaseKeepAliveRequest.ID",
  "etcdserverpb.LeaseKeepAliveResponse.ID",
  "etcdserverpb.LeaseTimeToLiveRequest.ID",
  "etcdserverpb.LeaseTimeToLiveResponse.ID",
  "etcdserverpb.LeaseStatus.ID",
  "etcdserverpb.Member.ID",
  "etcdserverpb.MemberRemoveRequest.ID",
  "etcdserverpb.MemberUpdateRequest.ID",
  "etcdserverpb.MemberPromoteRequest.ID",
  "etcdserverpb.MoveLeaderRequest.targetID",
  "etcdserverpb.AlarmRequest.memberID",
  "etcdserverpb.AlarmMember.memberID",
  "etcdserverpb.StatusResponse.leader",
  "v3lockpb.LockRequest.lease",
  "v3electionpb.CampaignRequest.lease",
  "v3electionpb.LeaderKey.lease",
]);

/** Enums whose own name says too little outside their message. */
export const ENUM_NAMES = new Map([["authpb.Permission.Type", "PermissionType"]]);
