import { readdirSync, readFileSync } from "node:fs";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { idText } from "../directory/member-ids.ts";
import { ETCD_CLUSTER_VERSION, ETCD_VERSION } from "../version.ts";
import { CODE_NAMES, type RpcCounts } from "./method-counts.ts";
import { METRICS, type MetricSources } from "./metric-table.ts";

/** From half a millisecond to eight seconds: what lies between a good disk and one to replace. */
const DISK_BUCKETS: readonly number[] = [
  0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096,
  8.192,
];

const METHOD_LABELS = ["grpc_type", "grpc_service", "grpc_method"];

/** Histograms that are fed while the member runs; everything else is read when somebody asks. */
export class MemberMetrics {
  readonly #registry: Registry = new Registry();
  readonly #logSync: Histogram;
  readonly #storeWrite: Histogram;

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
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

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The page that monitoring reads. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Adds what is read from the running member. */
  watch(sources: MetricSources): void {
    for (const [kind, name, help, read] of METRICS) {
      if (kind === "gauge") this.#gauge(name, help, () => read(sources));
      else this.#counter(name, help, () => read(sources));
    }
    if (process.platform === "linux") {
      const openFiles = (): number => readdirSync("/proc/self/fd").length;
      this.#gauge("os_fd_used", "Open file descriptors.", openFiles);
      this.#gauge("os_fd_limit", "Open file descriptors there may be.", openFilesMax);
    }
    const { identity } = sources;
    this.#constant("etcd_server_version", "server_version", ETCD_VERSION);
    this.#constant("etcd_cluster_version", "cluster_version", ETCD_CLUSTER_VERSION);
    this.#constant("etcd_server_id", "server_id", idText(identity.publicId));
    this.#addRoundTrips(sources);
    this.#addMethods(sources.rpc);
    this.#addClients(sources.rpc);
  }

  #addRoundTrips({ host }: MetricSources): void {
    new Gauge({
      name: "quorate_peer_round_trip_seconds",
      help: "Smoothed round trip to another member.",
      labelNames: ["peer"],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const { peer, roundTripMs } of host.peers()) {
          if (roundTripMs !== undefined) this.set({ peer }, roundTripMs / 1000);
        }
      },
    });
  }

  #addMethods(rpc: RpcCounts): void {
    const perMethod = (name: string, help: string, key: "started" | "received" | "sent"): void => {
      new Counter({
        name,
        help,
        labelNames: METHOD_LABELS,
        registers: [this.#registry],
        collect() {
          this.reset();
          for (const counts of rpc.methods) this.inc(methodLabels(counts), counts[key]);
        },
      });
    };
    perMethod("grpc_server_started_total", "Calls begun.", "started");
    perMethod("grpc_server_msg_received_total", "Messages received.", "received");
    perMethod("grpc_server_msg_sent_total", "Messages sent.", "sent");
    new Counter({
      name: "grpc_server_handled_total",
      help: "Calls ended, by status.",
      labelNames: [...METHOD_LABELS, "grpc_code"],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const counts of rpc.methods) {
          for (const [code, count] of counts.handled.entries()) {
            if (count === 0) continue;
            this.inc({ ...methodLabels(counts), grpc_code: CODE_NAMES[code] ?? "Unknown" }, count);
          }
        }
      },
    });
  }

  #addClients(rpc: RpcCounts): void {
    new Counter({
      name: "etcd_server_client_requests_total",
      help: "Calls by the client's API version.",
      labelNames: ["type", "client_api_version"],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const { type, version, count } of rpc.clients()) {
          this.inc({ type, client_api_version: version }, count);
        }
      },
    });
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** A counter that somebody else counts. */
  #counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  #constant(name: string, label: string, value: string): void {
    const help = `Always 1, with the ${label.replaceAll("_", " ")} as its label.`;
    const metric = new Gauge({ name, help, labelNames: [label], registers: [this.#registry] });
    metric.set({ [label]: value }, 1);
  }

  #histogram(name: string, help: string): Histogram {
    return new Histogram({ name, help, buckets: [...DISK_BUCKETS], registers: [this.#registry] });
  }
}

/** The soft limit of this process, as Linux tells it. */
function openFilesMax(): number {
  const limits = readFileSync("/proc/self/limits", "utf8");
  return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
}

function methodLabels(counts: {
  readonly type: string;
  readonly service: string;
  readonly method: string;
}): Record<string, string> {
  const { type, service, method } = counts;
  return { grpc_type: type, grpc_service: service, grpc_method: method };
}
