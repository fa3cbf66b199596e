import { readdirSync } from "node:fs";
import type { Host } from "@quorate/host";
import type { KvMachine } from "@quorate/kv";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { idText } from "../directory/member-ids.ts";
import type { CommandCounts } from "../directory/member-machine.ts";
import type { Identity } from "../member/identity.ts";
import type { LeaseCounts } from "../member/lease-keeper.ts";
import type { MemberReplica } from "../member/replicated-store.ts";
import type { Standing } from "../member/standing.ts";
import { ETCD_CLUSTER_VERSION, ETCD_VERSION } from "../version.ts";
import { CODE_NAMES, type RpcCounts } from "./method-counts.ts";

/** From half a millisecond to eight seconds: what lies between a good disk and one to replace. */
const DISK_BUCKETS: readonly number[] = [
  0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096,
  8.192,
];

/** Histograms that are fed while the member runs; everything else is read when somebody asks. */
export class MemberMetrics {
  readonly registry: Registry = new Registry();
  readonly #logSync: Histogram;
  readonly #storeWrite: Histogram;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.#logSync = this.#histogram(
      "etcd_disk_wal_fsync_duration_seconds",
      "How long it took until log entries were durable.",
    );
    this.#storeWrite = this.#histogram(
      "etcd_disk_backend_commit_duration_seconds",
      "How long writes of the key-value store took.",
    );
  }

  readonly observeLogSync = (seconds: number): void => this.#logSync.observe(seconds);
  readonly observeStoreWrite = (seconds: number): void => this.#storeWrite.observe(seconds);

  /** The page that monitoring reads. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Adds what is read from the running member. */
  watch(sources: MetricSources): void {
    addServer(this.registry, sources);
    addStore(this.registry, sources);
    addPeers(this.registry, sources);
    addRpc(this.registry, sources.rpc);
    if (process.platform === "linux") {
      gauge(
        this.registry,
        "os_fd_used",
        "Open file descriptors.",
        () => readdirSync("/proc/self/fd").length,
      );
    }
  }

  #histogram(name: string, help: string): Histogram {
    return new Histogram({ name, help, buckets: [...DISK_BUCKETS], registers: [this.registry] });
  }
}

export interface MetricSources {
  readonly identity: Identity;
  readonly host: Host;
  readonly replica: MemberReplica;
  readonly standing: Standing;
  readonly kv: KvMachine;
  readonly commands: CommandCounts;
  readonly leases: LeaseCounts;
  readonly health: { readonly successes: number; readonly failures: number };
  readonly quotaBytes: number;
  readonly rpc: RpcCounts;
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

/** A counter that somebody else counts. */
function counter(registry: Registry, name: string, help: string, read: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}

function constant(
  registry: Registry,
  name: string,
  help: string,
  labels: Record<string, string>,
): void {
  new Gauge({ name, help, labelNames: Object.keys(labels), registers: [registry] }).set(labels, 1);
}

function addServer(registry: Registry, sources: MetricSources): void {
  const { identity, replica, standing, health, quotaBytes } = sources;
  const flag = (value: boolean): number => (value ? 1 : 0);
  gauge(registry, "etcd_server_has_leader", "1 when this member knows a leader.", () =>
    flag(standing.hasLeader),
  );
  gauge(registry, "etcd_server_is_leader", "1 when this member leads.", () =>
    flag(standing.isLeader),
  );
  gauge(registry, "etcd_server_is_learner", "1 when this member does not vote.", () =>
    flag(standing.isLearner),
  );
  counter(
    registry,
    "etcd_server_leader_changes_seen_total",
    "Changes of leader this member has seen.",
    () => replica.metrics().leaderChanges,
  );
  gauge(
    registry,
    "etcd_server_proposals_committed_total",
    "Committed log entries.",
    () => replica.status().core.commit,
  );
  gauge(
    registry,
    "etcd_server_proposals_applied_total",
    "Applied log entries.",
    () => replica.appliedIndex,
  );
  gauge(
    registry,
    "etcd_server_proposals_pending",
    "Requests waiting for their result.",
    () => replica.status().pendingProposals,
  );
  counter(
    registry,
    "etcd_server_proposals_failed_total",
    "Requests that got no result.",
    () => replica.metrics().proposalsFailed,
  );
  counter(
    registry,
    "etcd_server_health_success",
    "Health checks that succeeded.",
    () => health.successes,
  );
  counter(
    registry,
    "etcd_server_health_failures",
    "Health checks that failed.",
    () => health.failures,
  );
  gauge(
    registry,
    "etcd_server_quota_backend_bytes",
    "Size at which writing stops.",
    () => quotaBytes,
  );
  constant(registry, "etcd_server_version", "Which version is running.", {
    server_version: ETCD_VERSION,
  });
  constant(registry, "etcd_cluster_version", "Which version the cluster runs.", {
    cluster_version: ETCD_CLUSTER_VERSION,
  });
  constant(registry, "etcd_server_id", "This member's id.", {
    server_id: idText(identity.publicId),
  });
}

function addStore(registry: Registry, { kv, commands, leases, rpc }: MetricSources): void {
  const ranges = (): number => rpc.methods.find(({ method }) => method === "Range")?.started ?? 0;
  gauge(
    registry,
    "etcd_mvcc_db_total_size_in_bytes",
    "Bytes the store takes on disk.",
    () => kv.status().dbSizeBytes,
  );
  gauge(
    registry,
    "etcd_mvcc_db_total_size_in_use_in_bytes",
    "Those of them that hold data.",
    () => kv.status().dbSizeInUseBytes,
  );
  counter(registry, "etcd_mvcc_put_total", "Puts applied here.", () => commands.put);
  counter(
    registry,
    "etcd_mvcc_delete_total",
    "Deletions applied here.",
    () => commands.deleteRange,
  );
  counter(registry, "etcd_mvcc_txn_total", "Transactions applied here.", () => commands.txn);
  counter(registry, "etcd_mvcc_range_total", "Ranges asked for here.", ranges);
  gauge(registry, "etcd_debugging_mvcc_keys_total", "Keys there are.", () => kv.status().keys);
  gauge(
    registry,
    "etcd_debugging_mvcc_current_revision",
    "Revision of the store.",
    () => kv.revision,
  );
  gauge(
    registry,
    "etcd_debugging_mvcc_compact_revision",
    "Revision below which history is gone.",
    () => kv.status().compactRevision,
  );
  gauge(registry, "etcd_debugging_mvcc_watcher_total", "Watchers.", () => kv.watch.stats.watchers);
  gauge(
    registry,
    "etcd_debugging_mvcc_watch_stream_total",
    "Streams that carry watchers.",
    () => kv.watch.stats.streams,
  );
  gauge(
    registry,
    "etcd_debugging_mvcc_slow_watcher_total",
    "Watchers that lag.",
    () => kv.watch.stats.lagging,
  );
  counter(
    registry,
    "etcd_debugging_lease_granted_total",
    "Leases granted.",
    () => commands.leaseGrant,
  );
  counter(
    registry,
    "etcd_debugging_lease_revoked_total",
    "Leases revoked.",
    () => commands.leaseRevoke,
  );
  counter(
    registry,
    "etcd_debugging_lease_renewed_total",
    "Leases renewed by this leader.",
    () => leases.renewed,
  );
  counter(
    registry,
    "etcd_debugging_server_lease_expired_total",
    "Leases this leader has let expire.",
    () => leases.expired,
  );
}

function addPeers(registry: Registry, { host, replica }: MetricSources): void {
  gauge(
    registry,
    "etcd_network_active_peers",
    "Members this one is connected to.",
    () => host.peers().filter(({ connected }) => connected).length,
  );
  counter(
    registry,
    "quorate_peer_sent_bytes_total",
    "Bytes sent to other members.",
    () => host.metrics().bytesSent,
  );
  counter(
    registry,
    "quorate_peer_received_bytes_total",
    "Bytes received from other members.",
    () => host.metrics().bytesReceived,
  );
  counter(
    registry,
    "quorate_peer_messages_dropped_total",
    "Messages to members that did not fit into a queue.",
    () => host.metrics().messagesDropped,
  );
  counter(
    registry,
    "quorate_event_loop_stalls_total",
    "Times the event loop stood still for longer than a tick.",
    () => host.metrics().eventLoopStalls,
  );
  counter(
    registry,
    "quorate_log_appends_total",
    "Batches appended to the log.",
    () => replica.metrics().logAppends,
  );
  counter(
    registry,
    "quorate_log_appended_bytes_total",
    "Bytes appended to the log.",
    () => replica.metrics().logBytes,
  );
  counter(
    registry,
    "quorate_commands_applied_total",
    "Commands applied.",
    () => replica.metrics().commandsApplied,
  );
  counter(registry, "quorate_reads_total", "Linearizable reads.", () => replica.metrics().reads);
  counter(
    registry,
    "quorate_read_rounds_total",
    "Rounds that confirmed them.",
    () => replica.metrics().readRounds,
  );
  counter(
    registry,
    "quorate_snapshots_built_total",
    "Snapshots built.",
    () => replica.metrics().snapshotsBuilt,
  );
  counter(
    registry,
    "quorate_snapshots_sent_total",
    "Snapshots sent.",
    () => replica.metrics().snapshotsSent,
  );
  counter(
    registry,
    "quorate_snapshots_installed_total",
    "Snapshots installed.",
    () => replica.metrics().snapshotsInstalled,
  );
  new Gauge({
    name: "quorate_peer_round_trip_seconds",
    help: "Smoothed round trip to another member.",
    labelNames: ["peer"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { peer, roundTripMs } of host.peers()) {
        if (roundTripMs !== undefined) this.set({ peer }, roundTripMs / 1000);
      }
    },
  });
}

function addRpc(registry: Registry, rpc: RpcCounts): void {
  const labels = ["grpc_type", "grpc_service", "grpc_method"];
  const perMethod = (name: string, help: string, read: (at: number) => number): void => {
    new Counter({
      name,
      help,
      labelNames: labels,
      registers: [registry],
      collect() {
        this.reset();
        rpc.methods.forEach(({ type, service, method }, at) => {
          this.inc({ grpc_type: type, grpc_service: service, grpc_method: method }, read(at));
        });
      },
    });
  };
  perMethod("grpc_server_started_total", "Calls begun.", (at) => rpc.methods[at]?.started ?? 0);
  perMethod(
    "grpc_server_msg_received_total",
    "Messages received.",
    (at) => rpc.methods[at]?.received ?? 0,
  );
  perMethod("grpc_server_msg_sent_total", "Messages sent.", (at) => rpc.methods[at]?.sent ?? 0);
  new Counter({
    name: "grpc_server_handled_total",
    help: "Calls ended, by status.",
    labelNames: [...labels, "grpc_code"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { type, service, method, handled } of rpc.methods) {
        handled.forEach((count, code) => {
          if (count === 0) return;
          const grpc_code = CODE_NAMES[code] ?? "Unknown";
          this.inc(
            { grpc_type: type, grpc_service: service, grpc_method: method, grpc_code },
            count,
          );
        });
      }
    },
  });
  new Counter({
    name: "etcd_server_client_requests_total",
    help: "Calls by the client's API version.",
    labelNames: ["type", "client_api_version"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [key, count] of rpc.clients) {
        const [type = "", client_api_version = ""] = key.split(" ");
        this.inc({ type, client_api_version }, count);
      }
    },
  });
  counter(
    registry,
    "etcd_network_client_grpc_received_bytes_total",
    "Bytes of requests.",
    () => rpc.receivedBytes,
  );
  counter(
    registry,
    "etcd_network_client_grpc_sent_bytes_total",
    "Bytes of answers.",
    () => rpc.sentBytes,
  );
}
