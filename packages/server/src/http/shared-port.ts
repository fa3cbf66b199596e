import { createServer as createTcpServer, type Socket, type Server as TcpServer } from "node:net";
import type { Duplex } from "node:stream";
import {
  createServer as createTlsServer,
  type SecureContextOptions,
  type TlsOptions,
} from "node:tls";

/** The first bytes of every HTTP/2 connection; no HTTP/1 method begins like this. */
const HTTP2_PREFACE = Buffer.from("PRI ");

/** A connection that says nothing holds a socket and nothing else, but not forever. */
const FIRST_BYTES_TIMEOUT_MS = 30_000;

/** Takes over connections of one kind. */
export interface ConnectionTaker {
  serve(connection: Duplex): void;
}

export interface SharedPortOptions {
  readonly http1: ConnectionTaker;
  readonly http2: ConnectionTaker;
  /** Encrypts everything; without it everything is plain. */
  readonly tls?: (SecureContextOptions & TlsOptions) | undefined;
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
    this.#server =
      options.tls === undefined
        ? createTcpServer({ noDelay: true }, (socket) => this.#accept(socket))
        : createTlsServer(
            { ...options.tls, noDelay: true, ALPNCallback: agreeOnProtocol },
            (socket) => this.#accept(socket),
          );
    // A client that breaks the handshake off is its own business.
    this.#server.on("tlsClientError", () => {});
  }

  /** Listens; resolves with the port, which matters when 0 was asked for. Rejects with the system's error. */
  listen(
    at: { readonly host: string; readonly port: number } | { readonly path: string },
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(at, () => {
        this.#server.off("error", reject);
        // Errors of accepting (out of file descriptors) concern that connection only.
        this.#server.on("error", () => {});
        const address = this.#server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  }

  /** Accepts nothing more; running connections go on until `destroyConnections`. */
  stopListening(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  destroyConnections(): void {
    for (const socket of this.#connections) socket.destroy();
  }

  #accept(socket: Socket): void {
    this.#connections.add(socket);
    socket.once("close", () => this.#connections.delete(socket));
    // Without a listener the reset of one connection would end the process.
    socket.on("error", () => {});
    socket.setTimeout(FIRST_BYTES_TIMEOUT_MS, () => socket.destroy());
    this.#waitForFirstBytes(socket, Buffer.alloc(0));
  }

  #waitForFirstBytes(socket: Socket, seen: Buffer): void {
    socket.once("data", (chunk: Buffer) => {
      socket.pause();
      const bytes = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      const compared = Math.min(bytes.length, HTTP2_PREFACE.length);
      const isHttp2 = bytes.subarray(0, compared).equals(HTTP2_PREFACE.subarray(0, compared));
      if (isHttp2 && compared < HTTP2_PREFACE.length) {
        this.#waitForFirstBytes(socket, bytes);
        socket.resume();
        return;
      }
      socket.setTimeout(0);
      socket.removeAllListeners("timeout");
      socket.unshift(bytes);
      (isHttp2 ? this.#options.http2 : this.#options.http1).serve(socket);
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
