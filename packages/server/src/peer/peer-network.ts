import {
  connect as connectTcp,
  createServer as createTcpServer,
  isIP,
  type Server,
  type Socket,
} from "node:net";
import {
  type ConnectionOptions,
  connect as connectTls,
  createServer as createTlsServer,
  type SecureContextOptions,
  type TlsOptions,
  type Server as TlsServer,
} from "node:tls";
import { type Connection, type Listener, type Network, NetworkError } from "@quorate/host";
import { hostAndPort, isTls, parseUrl, type Url } from "../config/url.ts";
import { onFirstBytes } from "../net/first-bytes.ts";
import { startListening } from "../net/listening.ts";
import type { ConnectionTaker } from "../net/shared-port.ts";
import { PeerConnection } from "./peer-connection.ts";

/** Every stream between members begins with this letter, no HTTP request does. */
const STREAM_FIRST_BYTE = "Q".charCodeAt(0);

/** A dialled member that does not finish the handshake by then counts as unreachable. */
const DIAL_TIMEOUT_MS = 10_000;

export interface PeerNetworkOptions {
  readonly listenUrls: readonly Url[];
  /** What HTTP requests on the peer port are answered by: who the members are, and calls between members. */
  readonly http: ConnectionTaker;
  readonly server: TlsOptions | undefined;
  /** With it every dialled connection is encrypted; asked each time, because certificates are replaced. */
  readonly client: (() => ConnectionOptions) | undefined;
  /** False turns away a member whose certificate has other names than allowed. */
  readonly allows: (names: readonly string[]) => boolean;
}

/** The network between members: streams of the host and plain HTTP on the same ports. */
export class PeerNetwork implements Network {
  readonly #options: PeerNetworkOptions;
  readonly #secureServers = new Set<TlsServer>();

  constructor(options: PeerNetworkOptions) {
    this.#options = options;
  }

  /** Other members that connect from now on see these certificates. */
  useCertificates(certificates: SecureContextOptions): void {
    for (const server of this.#secureServers) server.setSecureContext(certificates);
  }

  /** Listens at every configured URL; the host knows the first one's address. */
  async listen(_: string, accept: (connection: Connection) => void): Promise<Listener> {
    const servers: Server[] = [];
    const addresses: string[] = [];
    try {
      for (const url of this.#options.listenUrls) {
        const server = this.#createServer(url, accept);
        servers.push(server);
        const port = await startListening(server, url, "--listen-peer-urls");
        addresses.push(hostAndPort({ host: url.host, port }));
      }
    } catch (error) {
      for (const server of servers) server.close();
      throw error;
    }
    return {
      address: addresses[0] ?? "",
      async close() {
        for (const server of servers) server.close();
      },
    };
  }

  connect(address: string): Connection {
    const target = parseUrl(`http://${address}`);
    if ("problem" in target) {
      throw new NetworkError("badAddress", address, `${address} is not host:port`);
    }
    const { host, port } = target;
    const { client } = this.#options;
    const socket =
      client === undefined
        ? connectTcp({ host, port, noDelay: true })
        : connectTls({ ...client(), host, port, ...(isIP(host) === 0 && { servername: host }) });
    socket.setNoDelay(true);
    const ready = client === undefined ? "connect" : "secureConnect";
    const connection = new PeerConnection(socket, address, ready);
    socket.setTimeout(DIAL_TIMEOUT_MS, () => connection.fail("did not answer in time", "timedOut"));
    socket.once(ready, () => socket.setTimeout(0));
    return connection;
  }

  #createServer(url: Url, accept: (connection: Connection) => void): Server {
    const { server } = this.#options;
    const onSocket = (socket: Socket): void => this.#accept(socket, accept);
    if (!isTls(url) || server === undefined) return createTcpServer({ noDelay: true }, onSocket);
    const secure = createTlsServer({ ...server, noDelay: true }, onSocket);
    secure.on("tlsClientError", () => {});
    this.#secureServers.add(secure);
    secure.once("close", () => this.#secureServers.delete(secure));
    return secure;
  }

  #accept(socket: Socket, accept: (connection: Connection) => void): void {
    socket.on("error", () => {});
    const address = hostAndPort({ host: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 });
    onFirstBytes(socket, (bytes) => {
      if (bytes[0] !== STREAM_FIRST_BYTE) return () => this.#options.http.serve(socket);
      const connection = new PeerConnection(socket, address, undefined);
      if (!this.#options.allows(connection.remoteNames)) return () => socket.destroy();
      return () => accept(connection);
    });
  }
}
