import type { Environment, Timer } from "@quorate/host";
import { nodeEnvironment } from "@quorate/host/node";
import { SpaceGuard } from "@quorate/kv";
import type { Settings } from "../config/settings.ts";
import type { DirectoryMember } from "../directory/directory.ts";
import { idText } from "../directory/member-ids.ts";
import { HttpRouter } from "../http/router.ts";
import type { Logger } from "../log/logger.ts";
import { MemberMetrics } from "../metrics/member-metrics.ts";
import { RpcCounts } from "../metrics/method-counts.ts";
import { timedFiles } from "../metrics/timed-storage.ts";
import { RemoteLeases } from "../peer/leader-leases.ts";
import { PeerCalls } from "../peer/peer-calls.ts";
import { PeerNetwork } from "../peer/peer-network.ts";
import { PeerQuestions, peerRoutes } from "../peer/peer-routes.ts";
import { PeerTls } from "../peer/peer-tls.ts";
import { ETCD_CLUSTER_VERSION, ETCD_VERSION } from "../version.ts";
import { AutoCompactor } from "./auto-compactor.ts";
import { Callers } from "./callers.ts";
import { ClientPorts } from "./client-ports.ts";
import { ClusterAdmin } from "./cluster-admin.ts";
import { decideFounding, type Founding } from "./founding.ts";
import { logHostEvent } from "./host-log.ts";
import { makeDataDir } from "./identity.ts";
import { LeaderGate } from "./leader-gate.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { type OpenedGroup, openGroup } from "./open-group.ts";
import { Promotions } from "./promotions.ts";
import { ReplicatedStore } from "./replicated-store.ts";
import { buildServices, type Services } from "./services.ts";
import { Standing } from "./standing.ts";

/** How long a request may wait for a majority, besides two election time-outs; etcd's figure. */
const REQUEST_TIMEOUT_MS = 5000;
/** A member that cannot tell the others about itself by then serves all the same: it may be all that is left. */
const PUBLISH_TIMEOUT_MS = 5000;
const PUBLISH_PAUSE_MS = 100;
/** Running calls may finish for so long when the member stops. */
const STOP_GRACE_MS = 500;

/** Why a member came to its end by itself. */
export type MemberEnd =
  | { readonly reason: "removed" }
  | { readonly reason: "failed"; readonly error: Error };

/** One running member: its data, its group, its ports. */
export class Member {
  readonly #parts: Parts;
  #closing: Promise<void> | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Starts a member and resolves when it serves. Rejects with `ConfigError` for what an operator can mend. */
  static async start(
    settings: Settings,
    logger: Logger,
    onEnd: (end: MemberEnd) => void,
  ): Promise<Member> {
    makeDataDir(settings.dataDir);
    const peerTls = new PeerTls(settings);
    const calls = new PeerCalls(peerTls.dial);
    const questions = new PeerQuestions(calls);
    const ports = new ClientPorts(settings, logger);
    try {
      await ports.listen();
      const founding = await decideFounding(settings, questions, logger);
      const context = { settings, logger, founding, peerTls, calls, questions, ports, onEnd };
      const parts = await startParts(context);
      return await Member.#begin(parts);
    } catch (error) {
      await ports.close(0);
      calls.close();
      peerTls.close();
      throw error;
    }
  }

  static async #begin(parts: Parts): Promise<Member> {
    const { settings, logger, founding, ports } = parts.context;
    const member = new Member(parts);
    await publish(parts, founding.founders);
    ports.serve(parts.services);
    logger.info("ready to serve client requests", {
      name: settings.name,
      member: idText(founding.identity.publicId),
      cluster: idText(founding.identity.clusterId),
      clients: settings.listenClientUrls.map(({ text }) => text),
    });
    return member;
  }

  /** Stops in order: no new calls, leadership handed over, data closed. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= closeParts(this.#parts);
    return this.#closing;
  }
}

interface StartContext {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly founding: Founding;
  readonly peerTls: PeerTls;
  readonly calls: PeerCalls;
  readonly questions: PeerQuestions;
  readonly ports: ClientPorts;
  readonly onEnd: (end: MemberEnd) => void;
}

interface Parts {
  readonly context: StartContext;
  readonly environment: Environment;
  readonly group: OpenedGroup;
  readonly store: ReplicatedStore;
  readonly standing: Standing;
  readonly leases: LeaseKeeper;
  readonly promotions: Promotions;
  readonly compactor: AutoCompactor;
  readonly gate: LeaderGate;
  readonly services: Services;
}

async function startParts(context: StartContext): Promise<Parts> {
  const { settings, logger, founding, peerTls, questions, onEnd } = context;
  const { identity } = founding;
  const requestTimeoutMs = REQUEST_TIMEOUT_MS + 2 * settings.electionTimeoutMs;
  const peerHttp = new PeerHttp(logger);
  const network = new PeerNetwork({
    listenUrls: settings.listenPeerUrls,
    http: peerHttp,
    server: peerTls.server,
    client: peerTls.dial,
    allows: (names) => peerTls.allows(names),
  });
  peerTls.onChange((certificates) => {
    network.useCertificates(certificates);
    logger.info("took over new certificates for members");
  });
  const metrics = new MemberMetrics();
  const node = nodeEnvironment();
  const files = timedFiles(node.files, metrics.observeLogSync);
  const environment: Environment = { ...node, files, network };
  const group = await openGroup({
    settings,
    founding,
    environment,
    requestTimeoutMs,
    onEvent: (event) => logHostEvent(logger, event),
    onStoreWrite: metrics.observeStoreWrite,
  });
  const { replica, kv, machine, host } = group;
  replica.onEvent((event) => {
    if (event.type === "removed") onEnd({ reason: "removed" });
    if (event.type === "stopped" && event.error !== undefined) {
      onEnd({ reason: "failed", error: event.error });
    }
  });
  const { directory } = machine;
  const standing = new Standing(replica, (id) => publicIdOf(id, group, founding));
  const callers = new Callers({
    machine: kv,
    replica,
    nowMs: () => environment.nowMs(),
    trustsCertificates: settings.clientTls.clientCertAuth,
  });
  const store = new ReplicatedStore({
    replica,
    machine: kv,
    standing,
    callers,
    spaceGuard: new SpaceGuard(kv, {
      memberId: identity.publicId,
      quotaBytes: settings.quotaBackendBytes,
    }),
    clusterId: identity.clusterId,
    memberId: identity.publicId,
    requestTimeoutMs,
    maxTxnOps: settings.maxTxnOps,
  });
  const leases = new LeaseKeeper({
    machine: kv,
    store,
    standing,
    callers,
    leader: new RemoteLeases(replica, directory, questions),
    environment,
    electionTimeoutMs: settings.electionTimeoutMs,
    requestTimeoutMs,
    logger,
  });
  peerHttp.serveMember(
    new HttpRouter({
      routes: peerRoutes({ clusterId: identity.clusterId, directory, leases: leases.answers }),
      corsOrigins: [],
      onDefect: (path, defect) =>
        logger.error("a peer page failed", { path, error: String(defect) }),
    }),
  );
  const admin = new ClusterAdmin({
    host,
    replica,
    directory,
    store,
    standing,
    founders: founding.founders,
    clusterToken: settings.initialClusterToken,
    maxLearners: settings.maxLearners,
    strictReconfigCheck: settings.strictReconfigCheck,
    requestTimeoutMs,
    wallClockMs: () => environment.wallClockMs(),
  });
  const gate = new LeaderGate(standing, environment, settings.electionTimeoutMs);
  const rpcCounts = new RpcCounts();
  const healthCounts = { successes: 0, failures: 0 };
  metrics.watch({
    identity,
    host,
    replica,
    standing,
    kv,
    commands: machine.counts,
    leases: leases.counts,
    health: healthCounts,
    quotaBytes: settings.quotaBackendBytes,
    rpc: rpcCounts,
  });
  const services = buildServices({
    settings,
    store,
    standing,
    leases,
    admin,
    callers,
    kv,
    machine,
    identity,
    gate,
    environment,
    rpcCounts,
    healthCounts,
    metrics,
    versions: { server: ETCD_VERSION, cluster: ETCD_CLUSTER_VERSION },
  });
  return {
    context,
    environment,
    group,
    store,
    standing,
    leases,
    promotions: new Promotions(replica, directory, environment, logger),
    compactor: new AutoCompactor(settings.autoCompaction, store, standing, environment, logger),
    gate,
    services,
  };
}

function publicIdOf(id: number, group: OpenedGroup, { founders, identity }: Founding): bigint {
  const known = group.machine.directory.member(id) ?? founders.find((member) => member.id === id);
  return known?.publicId ?? (id === identity.id ? identity.publicId : BigInt(id));
}

/** Tells the group this member's name and where its clients find it, for as long as it takes. */
function publish(parts: Parts, founders: readonly DirectoryMember[]): Promise<void> {
  const { environment, store, context } = parts;
  const { settings, founding, logger } = context;
  const { identity } = founding;
  const member: DirectoryMember = {
    id: identity.id,
    publicId: identity.publicId,
    name: settings.name,
    peerUrls: settings.initialAdvertisePeerUrls.map(({ text }) => text),
    clientUrls: settings.advertiseClientUrls.map(({ text }) => text),
    isLearner: false,
  };
  return new Promise((resolve) => {
    let timer: Timer | undefined = environment.setTimer(PUBLISH_TIMEOUT_MS, () => {
      timer = undefined;
      logger.warn("the group has no majority yet; serving what can be served without", {});
      resolve();
    });
    const attempt = (): void => {
      if (parts.group.replica.status().condition === "closed") {
        resolve();
        return;
      }
      store.proposeDirectory({ type: "memberPublish", member, founders }).then(
        () => {
          timer?.cancel();
          logger.info("published this member to the group", { clientUrls: member.clientUrls });
          resolve();
        },
        (error: unknown) => {
          logger.debug("could not publish this member yet", { error: String(error) });
          environment.setTimer(PUBLISH_PAUSE_MS, attempt);
        },
      );
    };
    attempt();
  });
}

async function closeParts(parts: Parts): Promise<void> {
  const { context, leases, promotions, compactor, gate, services, group } = parts;
  leases.close();
  promotions.close();
  compactor.close();
  gate.close();
  services.close();
  await context.ports.close(STOP_GRACE_MS);
  await group.host.close();
  context.calls.close();
  context.peerTls.close();
}

/** The peer port answers from the start, also while the member itself is not there yet. */
class PeerHttp {
  readonly #logger: Logger;
  #router: HttpRouter | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  serveMember(router: HttpRouter): void {
    this.#router = router;
  }

  serve(connection: Parameters<HttpRouter["serve"]>[0]): void {
    if (this.#router === undefined) {
      this.#logger.debug("a request came before this member was ready");
      connection.destroy();
      return;
    }
    this.#router.serve(connection);
  }
}
