import type { Environment } from "@quorate/host";
import { nodeEnvironment } from "@quorate/host/node";
import { SpaceGuard } from "@quorate/kv";
import { readJwtKeys } from "../auth/jwt-settings.ts";
import { JwtTokens } from "../auth/jwt-tokens.ts";
import type { Settings } from "../config/settings.ts";
import { MemberView } from "../console/member-view.ts";
import type { PublicId } from "../directory/member-ids.ts";
import { HttpRouter } from "../http/router.ts";
import type { Logger } from "../log/logger.ts";
import { MemberMetrics } from "../metrics/member-metrics.ts";
import { RpcCounts } from "../metrics/method-counts.ts";
import { timedFiles } from "../metrics/timed-storage.ts";
import { RemoteLeases } from "../peer/leader-leases.ts";
import { PeerHttp } from "../peer/peer-http.ts";
import { PeerNetwork } from "../peer/peer-network.ts";
import { type PeerQuestions, peerRoutes } from "../peer/peer-routes.ts";
import type { PeerTls } from "../peer/peer-tls.ts";
import type { TokenIssuer } from "../services/auth-service.ts";
import type { MemberInsight } from "../services/inspection-service.ts";
import { AutoCompactor } from "./auto-compactor.ts";
import { Callers } from "./callers.ts";
import { ClusterAdmin } from "./cluster-admin.ts";
import { endAtOnce } from "./end-at-once.ts";
import type { Founding } from "./founding.ts";
import { logHostEvent } from "./host-log.ts";
import { LeaderGate } from "./leader-gate.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { hasState, type OpenedGroup, openGroup } from "./open-group.ts";
import { Promotions } from "./promotions.ts";
import { Refusals } from "./refusals.ts";
import { ReplicatedStore } from "./replicated-store.ts";
import { buildServices, type Services } from "./services.ts";
import { Standing } from "./standing.ts";
import { SimpleTokens } from "./tokens.ts";

/** How long a request may wait for a majority, besides two election time-outs; etcd's figure. */
const REQUEST_TIMEOUT_MS = 5000;

/** What a member is started with. */
export interface StartContext {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly founding: Founding;
  readonly peerTls: PeerTls;
  readonly questions: PeerQuestions;
}

/** Everything of a member but its client ports. */
export interface Running {
  readonly environment: Environment;
  readonly group: OpenedGroup;
  readonly store: ReplicatedStore;
  readonly services: Services;
  readonly refusals: Refusals;
  /** Ends what runs by itself; the group is closed by its host. */
  stopTasks(): void;
}

/** Opens the data, takes part in the group, and builds what serves clients. */
export async function startRunning(context: StartContext): Promise<Running> {
  const { settings, founding, logger } = context;
  const requestTimeoutMs = REQUEST_TIMEOUT_MS + 2 * settings.electionTimeoutMs;
  const metrics = new MemberMetrics();
  const peerHttp = new PeerHttp();
  const environment = memberEnvironment(context, peerHttp, metrics);
  const refusals = new Refusals();
  const group = await openGroup({
    settings,
    founding,
    environment,
    requestTimeoutMs,
    onEvent: (event) => {
      logHostEvent(logger, event);
      if (event.type === "transport") refusals.hear(event.event);
    },
    onStoreWrite: metrics.observeStoreWrite,
    onStoreFailed: (error) => endAtOnce(logger, error),
  });
  const insight = insightOf(settings.name, group, refusals);
  const core = buildCore(context, environment, group, requestTimeoutMs);
  const admin = clusterAdmin(context, environment, group, core, requestTimeoutMs);
  const view = new MemberView({
    identity: founding.identity,
    name: settings.name,
    host: group.host,
    replica: group.replica,
    kv: group.kv,
    directory: group.machine.directory,
    founders: founding.founders,
    environment,
    warnings: () => insight.warnings(),
  });
  peerHttp.use(
    new HttpRouter({
      routes: peerRoutes({
        clusterId: founding.identity.clusterId,
        directory: group.machine.directory,
        leases: core.leases.answers,
        admit: (peerUrls) => admin.admit(peerUrls),
        view: (after) => view.view(after),
      }),
      corsOrigins: [],
      onDefect: (path, defect) =>
        logger.error("a peer page failed", { path, error: String(defect) }),
    }),
  );
  const foundations = { admin, metrics, view, insight, refusals };
  return buildRunning(context, environment, group, core, foundations);
}

function memberEnvironment(
  { settings, peerTls, logger }: StartContext,
  http: PeerHttp,
  metrics: MemberMetrics,
): Environment {
  const network = new PeerNetwork({
    listenUrls: settings.listenPeerUrls,
    http,
    server: peerTls.server,
    client: peerTls.dial,
    allows: (names) => peerTls.allows(names),
  });
  peerTls.onChange((certificates) => {
    network.useCertificates(certificates);
    logger.info("took over new certificates for members");
  });
  const node = nodeEnvironment();
  return { ...node, files: timedFiles(node.files, metrics.observeLogSync), network };
}

/** What all services share. */
interface Core {
  readonly standing: Standing;
  readonly callers: Callers;
  readonly store: ReplicatedStore;
  readonly leases: LeaseKeeper;
  readonly tokens: TokenIssuer;
}

function buildCore(
  { settings, founding, questions, logger }: StartContext,
  environment: Environment,
  group: OpenedGroup,
  requestTimeoutMs: number,
): Core {
  const { replica, kv, machine } = group;
  const { identity } = founding;
  const standing = new Standing(replica, (id) => publicIdOf(id, group, founding));
  const keys = readJwtKeys(settings.authToken);
  const jwt = keys && new JwtTokens(keys, () => environment.wallClockMs());
  const callers = new Callers({
    machine: kv,
    replica,
    nowMs: () => environment.nowMs(),
    trustsCertificates: settings.clientTls.clientCertAuth,
    jwt,
  });
  const spaceGuard = new SpaceGuard(kv, {
    memberId: identity.publicId,
    quotaBytes: settings.quotaBackendBytes,
  });
  const store = new ReplicatedStore({
    replica,
    machine: kv,
    standing,
    callers,
    spaceGuard,
    clusterId: identity.clusterId,
    memberId: identity.publicId,
    requestTimeoutMs,
    maxTxnOps: settings.maxTxnOps,
    hasState: () => hasState(group),
  });
  const leases = new LeaseKeeper({
    machine: kv,
    store,
    standing,
    callers,
    leader: new RemoteLeases(replica, machine.directory, questions),
    environment,
    electionTimeoutMs: settings.electionTimeoutMs,
    requestTimeoutMs,
    logger,
  });
  const tokens = jwt === undefined ? new SimpleTokens(store) : jwt.issuer(store);
  return { standing, callers, store, leases, tokens };
}

function clusterAdmin(
  { settings, founding, logger }: StartContext,
  environment: Environment,
  { host, replica, machine }: OpenedGroup,
  { store, standing }: Core,
  requestTimeoutMs: number,
): ClusterAdmin {
  return new ClusterAdmin({
    host,
    replica,
    directory: machine.directory,
    store,
    standing,
    founders: founding.founders,
    clusterToken: settings.initialClusterToken,
    maxLearners: settings.maxLearners,
    strictReconfigCheck: settings.strictReconfigCheck,
    requestTimeoutMs,
    wallClockMs: () => environment.wallClockMs(),
    logger,
  });
}

/** What is there before clients are served. */
interface Foundations {
  readonly admin: ClusterAdmin;
  readonly metrics: MemberMetrics;
  readonly view: MemberView;
  readonly insight: MemberInsight;
  readonly refusals: Refusals;
}

function buildRunning(
  { settings, founding, logger, questions }: StartContext,
  environment: Environment,
  group: OpenedGroup,
  core: Core,
  { admin, metrics, view, insight, refusals }: Foundations,
): Running {
  const { host, replica, kv, machine } = group;
  const { standing, store, leases } = core;
  const { identity } = founding;
  const { directory } = machine;
  const gate = new LeaderGate(standing, environment, settings.electionTimeoutMs);
  const rpcCounts = new RpcCounts();
  const health = { successes: 0, failures: 0 };
  metrics.watch({
    identity,
    host,
    replica,
    standing,
    kv,
    commands: machine.counts,
    leases: leases.counts,
    health,
    quotaBytes: settings.quotaBackendBytes,
    rpc: rpcCounts,
    logger,
  });
  const services = buildServices({
    ...core,
    settings,
    admin,
    kv,
    machine,
    identity,
    gate,
    environment,
    rpcCounts,
    healthCounts: health,
    metrics,
    insight,
    view,
    questions,
  });
  const promotions = new Promotions(replica, directory, environment, logger);
  const compactor = new AutoCompactor(
    settings.autoCompaction,
    store,
    standing,
    environment,
    logger,
  );
  const stopTasks = (): void => {
    for (const task of [leases, promotions, compactor, gate, services, view]) task.close();
  };
  return { environment, group, store, services, refusals, stopTasks };
}

function insightOf(
  name: string,
  { replica, machine }: OpenedGroup,
  refusals: Refusals,
): MemberInsight {
  const nameOf = (member: number): string =>
    machine.directory.member(member)?.name || `member ${member}`;
  return {
    name,
    status: () => replica.status().core,
    decisions: () => replica.decisions().map(({ decision }) => decision),
    warnings: () => {
      const { core, warnings } = replica.status();
      const { voters, outgoing, learners } = core.membership;
      const members = [...voters, ...outgoing, ...learners];
      return [...warnings, ...refusals.warnings(members, nameOf)];
    },
    nameOf,
  };
}

function publicIdOf(id: number, group: OpenedGroup, { founders, identity }: Founding): PublicId {
  const known = group.machine.directory.member(id) ?? founders.find((member) => member.id === id);
  return known?.publicId ?? (id === identity.id ? identity.publicId : BigInt(id));
}
