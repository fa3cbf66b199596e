import type { Environment } from "@quorate/host";
import type { KvMachine } from "@quorate/kv";
import type { Settings } from "../config/settings.ts";
import { ClusterStreams } from "../console/cluster-stream.ts";
import type { MemberView } from "../console/member-view.ts";
import { pageRoutes } from "../console/page-files.ts";
import type { MemberMachine } from "../directory/member-machine.ts";
import { gatewayRoutes } from "../gateway/gateway.ts";
import {
  type HealthCounts,
  healthRoutes,
  metricsRoute,
  versionRoute,
} from "../http/health-routes.ts";
import type { HttpRoute } from "../http/router.ts";
import type { MemberMetrics } from "../metrics/member-metrics.ts";
import type { RpcCounts } from "../metrics/method-counts.ts";
import type { PeerQuestions } from "../peer/peer-routes.ts";
import { gated } from "../rpc/gate.ts";
import type { ServiceMethod } from "../rpc/typed-method.ts";
import { AuthService, type TokenIssuer } from "../services/auth-service.ts";
import { ClusterService } from "../services/cluster-service.ts";
import { ElectionService } from "../services/election-service.ts";
import { failure } from "../services/failure.ts";
import { HealthService } from "../services/health-service.ts";
import { InspectionService, type MemberInsight } from "../services/inspection-service.ts";
import { KvService } from "../services/kv-service.ts";
import { LeaseService } from "../services/lease-service.ts";
import { LockService } from "../services/lock-service.ts";
import { MaintenanceService, type MemberCare } from "../services/maintenance-service.ts";
import { Recipes } from "../services/recipes.ts";
import { WatchService } from "../services/watch-service.ts";
import { ETCD_CLUSTER_VERSION, ETCD_VERSION } from "../version.ts";
import type { Callers } from "./callers.ts";
import type { ClusterAdmin } from "./cluster-admin.ts";
import { healthSource } from "./health-source.ts";
import type { Identity } from "./identity.ts";
import type { LeaderGate } from "./leader-gate.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import { hasState } from "./open-group.ts";
import type { ReplicatedStore } from "./replicated-store.ts";
import { makeImage } from "./snapshot-image.ts";
import type { Standing } from "./standing.ts";
import { ScryptPasswords } from "./tokens.ts";

/** What a received message may have beyond the largest request; etcd's figure. */
const RECEIVE_OVERHEAD_BYTES = 512 * 1024;
/** A lease lives at least one and a half election time-outs: less could not survive a change of leadership. */
const MIN_LEASE_ELECTIONS = 1.5;
/** Part of the interval by which progress notifications are spread. */
const PROGRESS_JITTER = 0.1;

export interface ServiceParts {
  readonly settings: Settings;
  readonly store: ReplicatedStore;
  readonly standing: Standing;
  readonly leases: LeaseKeeper;
  readonly admin: ClusterAdmin;
  readonly callers: Callers;
  readonly tokens: TokenIssuer;
  readonly kv: KvMachine;
  readonly machine: MemberMachine;
  readonly identity: Identity;
  readonly gate: LeaderGate;
  readonly environment: Environment;
  readonly rpcCounts: RpcCounts;
  readonly healthCounts: HealthCounts;
  readonly metrics: MemberMetrics;
  readonly insight: MemberInsight;
  readonly view: MemberView;
  readonly questions: PeerQuestions;
}

/** Everything that clients can call. */
export interface Services {
  readonly methods: readonly ServiceMethod[];
  readonly routes: readonly HttpRoute[];
  /** Those of them that are also served at the addresses for monitoring. */
  readonly monitoringRoutes: readonly HttpRoute[];
  readonly requestBytesMax: number;
  /** Ends streams; calls that still come are refused by what lies below. */
  close(): void;
}

export function buildServices(parts: ServiceParts): Services {
  const { settings, store, standing, leases, admin, kv, gate, callers, environment, rpcCounts } =
    parts;
  const requestBytesMax = settings.maxRequestBytes + RECEIVE_OVERHEAD_BYTES;
  const minTtlSeconds = Math.ceil((MIN_LEASE_ELECTIONS * settings.electionTimeoutMs) / 1000);
  const watch = new WatchService({
    source: kv.watch,
    store,
    callers,
    fragmentBytes: requestBytesMax,
    watchersMax: settings.maxWatchesPerStream,
    everyProgressInterval: (run) =>
      repeat(environment, settings.watchProgressNotifyIntervalMs, run),
  });
  const passwords = new ScryptPasswords(settings.bcryptCost);
  const recipes = new Recipes(store, kv.watch, callers);
  const methods = [
    ...new KvService(store).methods(),
    ...watch.methods(),
    ...new LeaseService(store, leases, minTtlSeconds).methods(),
    ...new ClusterService(store, admin).methods(),
    ...new MaintenanceService(store, careOf(parts)).methods(),
    ...new AuthService(store, passwords, parts.tokens).methods(),
    ...new LockService(recipes).methods(),
    ...new ElectionService(recipes).methods(),
    ...new InspectionService(store, parts.insight).methods(),
    ...new HealthService({
      get isServing() {
        return standing.hasLeader;
      },
      onChange: (listener) => standing.onChange(listener),
    }).methods(),
  ];
  const served = methods.map((method) =>
    parts.view.times.timed(rpcCounts.counted(gated(method, gate))),
  );
  const streams = new ClusterStreams({
    view: parts.view,
    selfId: parts.identity.id,
    store,
    questions: parts.questions,
    environment,
  });
  const monitoringRoutes = [
    ...healthRoutes(healthSource(store, standing, kv), parts.healthCounts),
    metricsRoute(parts.metrics),
  ];
  return {
    methods: served,
    monitoringRoutes,
    routes: [
      ...gatewayRoutes(served, requestBytesMax, (ms, run) => environment.setTimer(ms, run)),
      ...monitoringRoutes,
      versionRoute(ETCD_VERSION, ETCD_CLUSTER_VERSION),
      ...streams.routes(),
      ...pageRoutes(),
    ],
    requestBytesMax,
    close: () => {
      watch.close();
      streams.close();
    },
  };
}

/** What maintenance does with this member. */
function careOf({ settings, standing, admin, kv, machine, identity }: ServiceParts): MemberCare {
  return {
    standing: () => standing.details(),
    moveLeader: (target: bigint) => admin.moveLeader(target),
    quotaBytes: settings.quotaBackendBytes,
    makeImage: () => {
      if (!hasState({ machine })) throw failure("noLeader");
      return makeImage(settings.dataDir, machine, {
        clusterId: String(identity.clusterId),
        memberId: String(identity.publicId),
        revision: kv.revision,
      });
    },
  };
}

/** Runs at intervals that are never shorter than asked and a little irregular. */
function repeat(environment: Environment, intervalMs: number, run: () => void): () => void {
  let timer = environment.setTimer(0, () => {});
  const schedule = (): void => {
    const jitter = 1 + PROGRESS_JITTER * environment.random();
    timer = environment.setTimer(intervalMs * jitter, () => {
      run();
      schedule();
    });
  };
  schedule();
  return () => timer.cancel();
}
