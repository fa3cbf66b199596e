import { ConfigError } from "../config/config-error.ts";
import type { Settings } from "../config/settings.ts";
import { idText } from "../directory/member-ids.ts";
import type { Logger } from "../log/logger.ts";
import { checkPublicPlaintext } from "../net/public-address.ts";
import { PeerCalls } from "../peer/peer-calls.ts";
import { PeerQuestions } from "../peer/peer-routes.ts";
import { PeerTls } from "../peer/peer-tls.ts";
import { ClientPorts } from "./client-ports.ts";
import { isOpenToOthers, makeDataDir } from "./folders.ts";
import { forgetLost } from "./forget-lost.ts";
import { decideFounding, type Founding } from "./founding.ts";
import { isBlank } from "./open-group.ts";
import { publish } from "./publish.ts";
import { type Running, startRunning } from "./running.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** Running calls may finish for so long when the member stops. */
const STOP_GRACE_MS = 500;

/** Why a member came to its end by itself. */
export type MemberEnd =
  | { readonly reason: "removed" }
  /** The others know this member with other data: it has forgotten what it promised, and has nothing else. */
  | { readonly reason: "turnedAway"; readonly error: ConfigError }
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
   * Starts a member and resolves when it serves. Rejects with `ConfigError` for what an operator can mend, and with the
   * reason of `signal` when that ends the start. `onEnd` hears when it cannot go on, or is no member any more; it still
   * has to be closed then.
   */
  static async start(
    settings: Settings,
    logger: Logger,
    onEnd: (end: MemberEnd) => void,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Member> {
    await checkPublicPlaintext(settings);
    makeDataDir(settings.dataDir);
    if (isOpenToOthers(settings.dataDir)) {
      logger.warn("other users may look into the data folder: chmod 700 it", {
        dataDir: settings.dataDir,
      });
    }
    const peerTls = new PeerTls(settings);
    const calls = new PeerCalls(peerTls.dial);
    const ports = new ClientPorts(settings, logger);
    const edges = { ports, calls, peerTls };
    let running: Running | undefined;
    try {
      await ports.listen();
      const questions = new PeerQuestions(calls);
      const founding = await decideFounding({ settings, questions, logger, signal });
      running = await startRunning({ settings, logger, founding, peerTls, questions });
      await Member.#begin({ running, settings, founding, logger, signal }, onEnd);
      ports.serve(running.services);
      sayReady(settings, founding, logger);
      return new Member(running, edges);
    } catch (error) {
      running?.stopTasks();
      await closeEdges(edges, 0);
      // What the start failed with is what counts.
      await running?.group.host.close().catch(() => {});
      throw error;
    }
  }

  /** Makes itself known to the group; then clients can come. */
  static async #begin(beginning: Beginning, onEnd: (end: MemberEnd) => void): Promise<void> {
    const { running, settings, founding, logger, signal } = beginning;
    const { environment, store, group } = running;
    const { replica, machine } = group;
    const { identity } = founding;
    hearOfEnd(running, onEnd);
    const turnedAway = whenTurnedAway(running, founding, settings);
    const published = publish({ settings, founding, environment, replica, store, logger });
    const refused = await unlessAborted(signal, Promise.race([published, turnedAway]));
    if (refused !== undefined) throw refused;
    void turnedAway.then((error) => onEnd({ reason: "turnedAway", error }));
    const { dataDir } = settings;
    await forgetLost({ dataDir, identity, directory: machine.directory, store, logger });
    signal.throwIfAborted();
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

interface Beginning {
  readonly running: Running;
  readonly settings: Settings;
  readonly founding: Founding;
  readonly logger: Logger;
  readonly signal: AbortSignal;
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

/**
 * Resolves when a peer says that it knows this member with other data, while there is nothing here. Whoever has data goes
 * on: that it is not the member's own is then the word of one peer against what is here.
 */
function whenTurnedAway(
  { refusals, group }: Running,
  { identity }: Founding,
  { name, dataDir }: Settings,
): Promise<ConfigError> {
  return new Promise((resolve) => {
    refusals.hearOfLostData((reason) => {
      if (!isBlank(group)) return;
      const id = idText(identity.publicId);
      resolve(
        new ConfigError(
          `The other members turn this one away: ${reason}. There is nothing in ${dataDir}: bring back the data of ${name}, or replace it (quorate member remove ${id}; rm -r ${dataDir}; quorate member add ${name}).`,
        ),
      );
    });
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
