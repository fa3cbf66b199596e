import type { Host } from "@quorate/host";
import type { KvMachine, LeaseCounts } from "@quorate/kv";
import type { CommandCounts } from "../directory/member-machine.ts";
import type { HealthCounts } from "../http/health-routes.ts";
import type { Logger } from "../log/logger.ts";
import type { Identity } from "../member/identity.ts";
import type { MemberReplica } from "../member/replicated-store.ts";
import type { Standing } from "../member/standing.ts";
import type { RpcCounts } from "./method-counts.ts";

/** Where the numbers come from. */
export interface MetricSources {
  readonly identity: Identity;
  readonly host: Host;
  readonly replica: MemberReplica;
  readonly standing: Standing;
  readonly kv: KvMachine;
  readonly commands: CommandCounts;
  readonly leases: LeaseCounts;
  readonly health: HealthCounts;
  readonly quotaBytes: number;
  readonly rpc: RpcCounts;
  readonly logger: Pick<Logger, "linesDropped">;
}

/** A number that is read when somebody asks: kind, name, meaning, and how to read it. */
export type Metric = readonly [
  kind: "gauge" | "counter",
  name: string,
  help: string,
  read: (sources: MetricSources) => number,
];

const flag = (value: boolean): number => (value ? 1 : 0);

function authRevision(kv: KvMachine): number {
  const answer = kv.query({ type: "authStatus" });
  return "type" in answer && answer.type === "authStatus" ? answer.revision : 0;
}

/** Names that begin with `etcd_` are those that dashboards and alarms for etcd read. */
export const METRICS: readonly Metric[] = [
  [
    "gauge",
    "etcd_server_has_leader",
    "1 when this member knows a leader.",
    ({ standing }) => flag(standing.hasLeader),
  ],
  [
    "gauge",
    "etcd_server_is_leader",
    "1 when this member leads.",
    ({ standing }) => flag(standing.isLeader),
  ],
  [
    "gauge",
    "etcd_server_is_learner",
    "1 when this member does not vote.",
    ({ standing }) => flag(standing.isLearner),
  ],
  [
    "counter",
    "etcd_server_leader_changes_seen_total",
    "Changes of leader this member has seen.",
    ({ replica }) => replica.metrics().leaderChanges,
  ],
  [
    "gauge",
    "etcd_server_proposals_committed_total",
    "Committed log entries.",
    ({ replica }) => replica.status().core.commit,
  ],
  [
    "gauge",
    "etcd_server_proposals_applied_total",
    "Applied log entries.",
    ({ replica }) => replica.appliedIndex,
  ],
  [
    "gauge",
    "etcd_server_proposals_pending",
    "Requests that wait for their result.",
    ({ replica }) => replica.status().pendingProposals,
  ],
  [
    "counter",
    "etcd_server_proposals_failed_total",
    "Requests that got no result.",
    ({ replica }) => replica.metrics().proposalsFailed,
  ],
  [
    "counter",
    "etcd_server_health_success",
    "Health checks that succeeded.",
    ({ health }) => health.successes,
  ],
  [
    "counter",
    "etcd_server_health_failures",
    "Health checks that failed.",
    ({ health }) => health.failures,
  ],
  [
    "gauge",
    "etcd_server_quota_backend_bytes",
    "Size at which writing stops.",
    ({ quotaBytes }) => quotaBytes,
  ],
  [
    "gauge",
    "etcd_mvcc_db_total_size_in_bytes",
    "Bytes the store takes on disk.",
    ({ kv }) => kv.status().dbSizeBytes,
  ],
  [
    "gauge",
    "etcd_mvcc_db_total_size_in_use_in_bytes",
    "Those of them that hold data.",
    ({ kv }) => kv.status().dbSizeInUseBytes,
  ],
  ["counter", "etcd_mvcc_put_total", "Puts applied here.", ({ commands }) => commands.put],
  [
    "counter",
    "etcd_mvcc_delete_total",
    "Deletions applied here.",
    ({ commands }) => commands.deleteRange,
  ],
  ["counter", "etcd_mvcc_txn_total", "Transactions applied here.", ({ commands }) => commands.txn],
  [
    "counter",
    "etcd_mvcc_range_total",
    "Ranges asked for here.",
    ({ rpc }) => rpc.startedOf("Range"),
  ],
  [
    "gauge",
    "etcd_debugging_auth_revision",
    "Revision of users and roles.",
    ({ kv }) => authRevision(kv),
  ],
  [
    "gauge",
    "etcd_disk_wal_write_bytes_total",
    "Bytes appended to the log.",
    ({ replica }) => replica.metrics().logBytes,
  ],
  [
    "counter",
    "etcd_server_read_indexes_failed_total",
    "Linearizable reads that were not confirmed.",
    ({ replica }) => replica.metrics().readsFailed,
  ],
  ["gauge", "etcd_debugging_mvcc_keys_total", "Keys there are.", ({ kv }) => kv.status().keys],
  [
    "gauge",
    "etcd_debugging_mvcc_current_revision",
    "Revision of the store.",
    ({ kv }) => kv.revision,
  ],
  [
    "gauge",
    "etcd_debugging_mvcc_compact_revision",
    "Revision below which history is gone.",
    ({ kv }) => kv.status().compactRevision,
  ],
  ["gauge", "etcd_debugging_mvcc_watcher_total", "Watchers.", ({ kv }) => kv.watch.stats.watchers],
  [
    "gauge",
    "etcd_debugging_mvcc_watch_stream_total",
    "Streams that carry watchers.",
    ({ kv }) => kv.watch.stats.streams,
  ],
  [
    "gauge",
    "etcd_debugging_mvcc_slow_watcher_total",
    "Watchers that lag.",
    ({ kv }) => kv.watch.stats.lagging,
  ],
  [
    "counter",
    "etcd_debugging_lease_granted_total",
    "Leases granted.",
    ({ commands }) => commands.leaseGrant,
  ],
  [
    "counter",
    "etcd_debugging_lease_revoked_total",
    "Leases revoked.",
    ({ commands }) => commands.leaseRevoke,
  ],
  [
    "counter",
    "etcd_debugging_lease_renewed_total",
    "Leases renewed by this leader.",
    ({ leases }) => leases.renewed,
  ],
  [
    "counter",
    "etcd_debugging_server_lease_expired_total",
    "Leases this leader has let expire.",
    ({ leases }) => leases.expired,
  ],
  [
    "gauge",
    "etcd_network_active_peers",
    "Members this one is connected to.",
    ({ host }) => host.peers().filter(({ connected }) => connected).length,
  ],
  [
    "counter",
    "etcd_network_client_grpc_received_bytes_total",
    "Bytes of requests.",
    ({ rpc }) => rpc.receivedBytes,
  ],
  [
    "counter",
    "etcd_network_client_grpc_sent_bytes_total",
    "Bytes of answers.",
    ({ rpc }) => rpc.sentBytes,
  ],
  [
    "counter",
    "quorate_peer_sent_bytes_total",
    "Bytes sent to other members.",
    ({ host }) => host.metrics().bytesSent,
  ],
  [
    "counter",
    "quorate_peer_received_bytes_total",
    "Bytes received from other members.",
    ({ host }) => host.metrics().bytesReceived,
  ],
  [
    "counter",
    "quorate_peer_messages_dropped_total",
    "Messages to members that fitted into no queue.",
    ({ host }) => host.metrics().messagesDropped,
  ],
  [
    "counter",
    "quorate_event_loop_stalls_total",
    "Times the event loop stood still for longer than a tick.",
    ({ host }) => host.metrics().eventLoopStalls,
  ],
  [
    "counter",
    "quorate_lines_dropped_total",
    "Lines for people (--log-outputs) that could not be written.",
    ({ logger }) => logger.linesDropped,
  ],
  [
    "counter",
    "quorate_log_appends_total",
    "Batches appended to the log.",
    ({ replica }) => replica.metrics().logAppends,
  ],
  [
    "counter",
    "quorate_log_appended_bytes_total",
    "Bytes appended to the log.",
    ({ replica }) => replica.metrics().logBytes,
  ],
  [
    "counter",
    "quorate_commands_applied_total",
    "Commands applied.",
    ({ replica }) => replica.metrics().commandsApplied,
  ],
  [
    "counter",
    "quorate_reads_total",
    "Linearizable reads.",
    ({ replica }) => replica.metrics().reads,
  ],
  [
    "counter",
    "quorate_read_rounds_total",
    "Rounds that confirmed them.",
    ({ replica }) => replica.metrics().readRounds,
  ],
  [
    "counter",
    "quorate_snapshots_built_total",
    "Snapshots built.",
    ({ replica }) => replica.metrics().snapshotsBuilt,
  ],
  [
    "counter",
    "quorate_snapshots_sent_total",
    "Snapshots sent.",
    ({ replica }) => replica.metrics().snapshotsSent,
  ],
  [
    "counter",
    "quorate_snapshots_installed_total",
    "Snapshots installed.",
    ({ replica }) => replica.metrics().snapshotsInstalled,
  ],
];
