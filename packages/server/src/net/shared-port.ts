import { createServer as createTcpServer, type Socket, type Server as TcpServer } from "node:net";
import type { Duplex } from "node:stream";
import {
  createServer as createTlsServer,
  type SecureContextOptions,
  TLSSocket,
  type TlsOptions,
  Server as TlsServer,
} from "node:tls";
import type { Url } from "../config/url.ts";
import { certificateNames } from "../tls/certificate-names.ts";
import { onFirstBytes } from "./first-bytes.ts";
import { startListening } from "./listening.ts";

/** The first bytes of every HTTP/2 connection; no HTTP/1 method begins like this. */
const HTTP2_PREFACE = Buffer.from("PRI ");

/** Connections one port accepts at the same time: more than file descriptors usually allow for. */
const CONNECTIONS_MAX = 65_536;
/** A client that has not finished its TLS handshake by then is cut off. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Takes over connections of one kind; they are paused and may hold unread bytes. */
export interface ConnectionTaker {
  serve(connection: Duplex): void;
}

export interface SharedPortOptions {
  readonly http1: ConnectionTaker;
  readonly http2: ConnectionTaker;
  /** Encrypts everything; without it everything is plain. */
  readonly tls?: TlsOptions | undefined;
  /** Decides by the names in its certificate whether somebody may stay. Default: everybody may. */
  readonly allows?: ((names: readonly string[]) => boolean) | undefined;
  /** Further ones are closed at once. */
  readonly connectionsMax?: number | undefined;
}

/**
 * One listening address for gRPC and HTTP/1, like etcd's client port: with TLS the protocol is agreed on in the
 * handshake, without it the first bytes decide.
 */
export class SharedPort {
  readonly #server: TcpServer;
  readonly #options: SharedPortOptions;
  readonly #connections = new Set<Socket>();

  constructor(options: SharedPortOptions) {
    this.#options = options;
    // HTTP/1 clients may close their side after the request and wait for the answer.
    const common = { noDelay: true, allowHalfOpen: true };
    this.#server =
      options.tls === undefined
        ? createTcpServer(common, (socket) => this.#accept(socket))
        : createTlsServer(
            {
              minVersion: "TLSv1.2",
              ...options.tls,
              ...common,
              handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
              ALPNCallback: agreeOnProtocol,
            },
            (socket) => this.#accept(socket),
          );
    this.#server.maxConnections = options.connectionsMax ?? CONNECTIONS_MAX;
    // A client that breaks the handshake off is its own business.
    this.#server.on("tlsClientError", () => {});
  }

  /** Resolves with the port. Rejects with `ConfigError`. */
  listen(url: Url, flag: string): Promise<number> {
    return startListening(this.#server, url, flag);
  }

  /** New connections use these certificates; without TLS they mean nothing. */
  useCertificates(certificates: SecureContextOptions): void {
    if (this.#server instanceof TlsServer) this.#server.setSecureContext(certificates);
  }

  /** Accepts nothing more; running connections go on until `destroyConnections`. */
  stopListening(): void {
    this.#server.close();
  }

  destroyConnections(): void {
    for (const socket of this.#connections) socket.destroy();
  }

  #accept(socket: Socket): void {
    this.#connections.add(socket);
    socket.once("close", () => this.#connections.delete(socket));
    // Without a listener the reset of one connection would end the process.
    socket.on("error", () => {});
    const { allows } = this.#options;
    if (allows !== undefined && socket instanceof TLSSocket && !allows(certificateNames(socket))) {
      socket.destroy();
      return;
    }
    onFirstBytes(socket, (bytes) => {
      const compared = Math.min(bytes.length, HTTP2_PREFACE.length);
      const isHttp2 = bytes.subarray(0, compared).equals(HTTP2_PREFACE.subarray(0, compared));
      if (isHttp2 && compared < HTTP2_PREFACE.length) return undefined;
      const { http1, http2 } = this.#options;
      return () => (isHttp2 ? http2 : http1).serve(socket);
    });
  }
}

/**
 * gRPC clients offer HTTP/2 alone and refuse anything else; browsers, curl and JSON clients offer both and are better
 * served with HTTP/1, which the gateway speaks.
 */
function agreeOnProtocol({
  protocols,
}: {
  readonly protocols: readonly string[];
}): string | undefined {
  if (protocols.includes("http/1.1")) return "http/1.1";
  return protocols.includes("h2") ? "h2" : undefined;
}
