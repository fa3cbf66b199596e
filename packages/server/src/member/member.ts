import type { Settings } from "../config/settings.ts";
import { idText } from "../directory/member-ids.ts";
import type { Logger } from "../log/logger.ts";
import { checkPublicPlaintext } from "../net/public-address.ts";
import { PeerCalls } from "../peer/peer-calls.ts";
import { PeerQuestions } from "../peer/peer-routes.ts";
import { PeerTls } from "../peer/peer-tls.ts";
import { ClientPorts } from "./client-ports.ts";
import { forgetLost } from "./forget-lost.ts";
import { decideFounding, type Founding } from "./founding.ts";
import { makeDataDir } from "./identity.ts";
import { publish } from "./publish.ts";
import { type Running, startRunning } from "./running.ts";

/** Running calls may finish for so long when the member stops. */
const STOP_GRACE_MS = 500;

/** Why a member came to its end by itself. */
export type MemberEnd =
  | { readonly reason: "removed" }
  | { readonly reason: "failed"; readonly error: Error };

/** What has to be closed besides what runs. */
interface Edges {
  readonly ports: ClientPorts;
  readonly calls: PeerCalls;
  readonly peerTls: PeerTls;
}

/** One running member: its data, its group, its ports. */
export class Member {
  readonly #running: Running;
  readonly #edges: Edges;
  #closing: Promise<void> | undefined;

  private constructor(running: Running, edges: Edges) {
    this.#running = running;
    this.#edges = edges;
  }

  /**
   * Starts a member and resolves when it serves. Rejects with `ConfigError` for what an operator can mend. `onEnd` hears
   * when it cannot go on, or is no member any more; it still has to be closed then.
   */
  static async start(
    settings: Settings,
    logger: Logger,
    onEnd: (end: MemberEnd) => void,
  ): Promise<Member> {
    await checkPublicPlaintext(settings);
    makeDataDir(settings.dataDir);
    const peerTls = new PeerTls(settings);
    const calls = new PeerCalls(peerTls.dial);
    const ports = new ClientPorts(settings, logger);
    const edges = { ports, calls, peerTls };
    try {
      await ports.listen();
      const questions = new PeerQuestions(calls);
      const founding = await decideFounding(settings, questions, logger);
      const running = await startRunning({ settings, logger, founding, peerTls, questions });
      hearOfEnd(running, onEnd);
      const { environment, store } = running;
      const { replica, machine } = running.group;
      await publish({ settings, founding, environment, replica, store, logger });
      const { identity } = founding;
      const { dataDir } = settings;
      await forgetLost({ dataDir, identity, directory: machine.directory, store, logger });
      ports.serve(running.services);
      sayReady(settings, founding, logger);
      return new Member(running, edges);
    } catch (error) {
      await closeEdges(edges, 0);
      throw error;
    }
  }

  /** Stops in order: no new calls, leadership handed over, data closed. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#running.stopTasks();
    await closeEdges(this.#edges, STOP_GRACE_MS);
    await this.#running.group.host.close();
  }
}

async function closeEdges({ ports, calls, peerTls }: Edges, graceMs: number): Promise<void> {
  await ports.close(graceMs);
  calls.close();
  peerTls.close();
}

function hearOfEnd({ group }: Running, onEnd: (end: MemberEnd) => void): void {
  group.replica.onEvent((event) => {
    if (event.type === "removed") onEnd({ reason: "removed" });
    if (event.type === "stopped" && event.error !== undefined) {
      onEnd({ reason: "failed", error: event.error });
    }
  });
}

function sayReady(settings: Settings, { identity }: Founding, logger: Logger): void {
  logger.info("ready to serve client requests", {
    name: settings.name,
    member: idText(identity.publicId),
    cluster: idText(identity.clusterId),
    clients: settings.listenClientUrls.map(({ text }) => text),
  });
}
