import type { Duplex } from "node:stream";
import type { Settings } from "../config/settings.ts";
import { isTls } from "../config/url.ts";
import { HttpRouter } from "../http/router.ts";
import type { Logger } from "../log/logger.ts";
import { type ConnectionTaker, SharedPort } from "../net/shared-port.ts";
import { OwnRpcServer } from "../rpc/own-server.ts";
import type { RpcServer } from "../rpc/rpc-server.ts";
import { watchCertificates } from "../tls/tls-files.ts";
import { clientTlsSide } from "../tls/tls-sides.ts";
import type { Services } from "./services.ts";

/** What answers on the client ports once the member serves. */
interface Serving {
  readonly rpc: RpcServer;
  readonly http: HttpRouter;
  readonly monitoring: HttpRouter;
}

const REFUSE: ConnectionTaker = { serve: (connection) => connection.destroy() };

/**
 * The addresses clients are served at. They are taken at the very start, so that a port in use is found before anything
 * else happens; connections wait until the member serves.
 */
export class ClientPorts {
  readonly #settings: Settings;
  readonly #logger: Logger;
  readonly #ports: SharedPort[] = [];
  #stopWatching: () => void = () => {};
  #waiting: ((serving: Serving) => void)[] = [];
  #serving: Serving | undefined;

  constructor(settings: Settings, logger: Logger) {
    this.#settings = settings;
    this.#logger = logger;
  }

  /** Rejects with `ConfigError`. */
  async listen(): Promise<void> {
    const tls = clientTlsSide(this.#settings);
    for (const url of this.#settings.listenClientUrls) {
      const port = new SharedPort({
        http1: { serve: (connection) => this.#take(connection, ({ http }) => http) },
        http2: { serve: (connection) => this.#take(connection, ({ rpc }) => rpc) },
        tls: isTls(url) ? tls?.server : undefined,
        allows: (names) => this.#allows(names),
      });
      this.#ports.push(port);
      await port.listen(url, "--listen-client-urls");
    }
    for (const url of this.#settings.listenClientHttpUrls) {
      const port = new SharedPort({
        http1: { serve: (connection) => this.#take(connection, ({ http }) => http) },
        http2: REFUSE,
        tls: isTls(url) ? tls?.server : undefined,
        allows: (names) => this.#allows(names),
      });
      this.#ports.push(port);
      await port.listen(url, "--listen-client-http-urls");
    }
    for (const url of this.#settings.listenMetricsUrls) {
      const port = new SharedPort({
        http1: { serve: (connection) => this.#take(connection, ({ monitoring }) => monitoring) },
        http2: REFUSE,
        tls: isTls(url) ? tls?.server : undefined,
      });
      this.#ports.push(port);
      await port.listen(url, "--listen-metrics-urls");
    }
    if (tls === undefined) return;
    this.#stopWatching = watchCertificates(tls.settings, tls.prefix, (certificates) => {
      for (const port of this.#ports) port.useCertificates(certificates);
      this.#logger.info("took over new certificates for clients");
    });
  }

  serve(services: Services): void {
    const onDefect = (where: string, defect: unknown): void => {
      const error = defect instanceof Error ? (defect.stack ?? defect.message) : String(defect);
      this.#logger.error("a request ran into a defect", { where, error });
    };
    const { corsOrigins, hostWhitelist } = this.#settings;
    const serving = {
      rpc: new OwnRpcServer({
        methods: services.methods,
        limits: {
          requestBytesMax: services.requestBytesMax,
          streamsPerConnectionMax: this.#settings.maxConcurrentStreams,
        },
        onDefect,
      }),
      http: new HttpRouter({ routes: services.routes, corsOrigins, hostWhitelist, onDefect }),
      monitoring: new HttpRouter({ routes: services.monitoringRoutes, corsOrigins, onDefect }),
    };
    this.#serving = serving;
    for (const hand of this.#waiting.splice(0)) hand(serving);
  }

  async close(graceMs: number): Promise<void> {
    this.#stopWatching();
    for (const port of this.#ports) port.stopListening();
    await this.#serving?.rpc.close(graceMs);
    for (const port of this.#ports) port.destroyConnections();
  }

  #allows(names: readonly string[]): boolean {
    const { allowedNames, allowedHostnames } = this.#settings.clientTls;
    const allowed = [...allowedNames, ...allowedHostnames];
    return allowed.length === 0 || names.some((name) => allowed.includes(name));
  }

  #take(
    connection: Duplex,
    choose: (serving: Serving) => { serve(connection: Duplex): void },
  ): void {
    const hand = (serving: Serving): void => {
      if (!connection.destroyed) choose(serving).serve(connection);
    };
    if (this.#serving === undefined) this.#waiting.push(hand);
    else hand(this.#serving);
  }
}
