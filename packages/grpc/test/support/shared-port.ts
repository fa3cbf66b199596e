import type { Server as HttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from "node:tls";
import type { GrpcServer } from "../../src/server/grpc-server.ts";
import type { Http1Handler } from "../../src/server/session.ts";

/** Connections one port accepts at the same time: more than file descriptors usually allow for. */
const MAX_CONNECTIONS = 65_536;

/** A client that has not finished its TLS handshake by then is cut off. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

export interface SharedPortOptions {
  readonly grpc: GrpcServer;
  readonly host?: string | undefined;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Certificate, key and whatever else `node:tls` takes; plaintext without it. */
  readonly tls?: TlsOptions | undefined;
  /**
   * Who serves HTTP/1.1 on the same port; nobody without it. A function gets a paused socket, has to
   * listen to its errors, and to resume it.
   */
  readonly http1?: HttpServer | Http1Handler | undefined;
  readonly maxConnections?: number | undefined;
  /** A TLS handshake failed, which is usually the client's fault. */
  readonly onTlsError?: ((error: Error) => void) | undefined;
  /** A connection could not be accepted, for want of file descriptors or memory. Others will be. */
  readonly onAcceptError?: ((error: Error) => void) | undefined;
}

/**
 * One listening port for gRPC and HTTP/1.1.
 *
 * Without TLS the first bytes decide. With TLS the handshake does (ALPN): a client that offers
 * HTTP/1.1 gets it, even if it offers HTTP/2 too, because gRPC clients offer nothing but HTTP/2, and
 * whoever offers both (curl, browsers) wants the pages and the JSON gateway.
 */
export class SharedPort {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Starts to listen. Rejects with the system's error (`EADDRINUSE`, `EACCES`) when it cannot. */
  static async listen(options: SharedPortOptions): Promise<SharedPort> {
    const server =
      options.tls === undefined ? plainServer(options) : tlsServer(options, options.tls);
    server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: options.host, port: options.port }, () => {
        server.removeListener("error", reject);
        resolve();
      });
    });
    server.on("error", (error) => options.onAcceptError?.(error));
    return new SharedPort(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Accepts no more connections. Those it has accepted live on until the gRPC and HTTP servers close them. */
  close(): void {
    this.#server.close();
  }
}

function plainServer(options: SharedPortOptions): Server {
  const onHttp1 = http1Handler(options.http1);
  // HTTP/1 clients may close their side after the request and wait for the answer.
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    options.grpc.serve(socket, onHttp1),
  );
}

function tlsServer(options: SharedPortOptions, tls: TlsOptions): Server {
  const onHttp1 = http1Handler(options.http1);
  const server = createTlsServer({
    minVersion: "TLSv1.2",
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    ...tls,
    ALPNCallback: ({ protocols }) => {
      if (onHttp1 !== undefined && protocols.includes("http/1.1")) return "http/1.1";
      return protocols.includes("h2") ? "h2" : undefined;
    },
    allowHalfOpen: true,
    noDelay: true,
  });
  server.on("secureConnection", (socket: TLSSocket) => {
    if (socket.alpnProtocol === "http/1.1" && onHttp1 !== undefined) {
      socket.pause();
      onHttp1(socket, Buffer.alloc(0));
    } else {
      options.grpc.serve(socket, socket.alpnProtocol === "h2" ? undefined : onHttp1);
    }
  });
  server.on("tlsClientError", (error) => options.onTlsError?.(error));
  return server;
}

/** An HTTP server takes sockets as connections, with the bytes that were read put back first. */
function http1Handler(http1: HttpServer | Http1Handler | undefined): Http1Handler | undefined {
  if (http1 === undefined || typeof http1 === "function") return http1;
  return (socket: Duplex, firstBytes: Buffer): void => {
    if (firstBytes.length > 0) socket.unshift(firstBytes);
    http1.emit("connection", socket);
    socket.resume();
  };
}
