import * as net from "node:net";
import * as tls from "node:tls";
import type { Connection, Listener, Network } from "../environment/environment.ts";
import { formatAddress, type HostAndPort, parseAddress } from "./address.ts";
import { toNetworkError } from "./network-error.ts";
import { NodeConnection } from "./node-connection.ts";
import { TlsMaterial, type TlsOptions } from "./tls-material.ts";

/** How a host reaches its peers; with `tls` every connection is encrypted and both sides show certificates. */
export interface NetworkOptions {
  /** Without it streams are plain TCP. */
  readonly tls?: TlsOptions | undefined;
}

/** A client that has not finished its TLS handshake by then is dropped, so that silent ones cannot pile up. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** TCP streams of this machine, with TLS when certificates are given. */
export class NodeNetwork implements Network {
  readonly #material: TlsMaterial | undefined;

  /** Throws when the certificates cannot be read. */
  constructor(options: NetworkOptions) {
    this.#material = options.tls === undefined ? undefined : new TlsMaterial(options.tls);
  }

  async listen(address: string, accept: (connection: Connection) => void): Promise<Listener> {
    const target = parseAddress(address);
    const listener =
      this.#material === undefined ? plainListener(accept) : secureListener(this.#material, accept);
    await listener.listen(address, target);
    return listener;
  }

  connect(address: string): Connection {
    try {
      const target = parseAddress(address);
      if (this.#material === undefined) {
        const socket = net.connect({ ...target, noDelay: true });
        return new NodeConnection(socket, address, "connect");
      }
      const socket = tls.connect({
        ...target,
        ...serverName(this.#material, target),
        secureContext: this.#material.context,
      });
      return new NodeConnection(socket, address, "secureConnect");
    } catch (error) {
      const connection = new NodeConnection(new net.Socket(), address, "connect");
      connection.fail(toNetworkError(address, error));
      return connection;
    }
  }
}

function serverName(material: TlsMaterial, target: HostAndPort): { servername?: string } {
  const name = material.options.serverName ?? target.host;
  return net.isIP(name) === 0 ? { servername: name } : {};
}

class ServerListener implements Listener {
  readonly #server: net.Server;
  readonly #released: () => void;
  #address = "";

  /** `released` is called when no more streams are accepted. */
  constructor(server: net.Server, released: () => void) {
    this.#server = server;
    this.#released = released;
  }

  get address(): string {
    return this.#address;
  }

  listen(address: string, target: HostAndPort): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.on("error", (error) => reject(toNetworkError(address, error)));
      this.#server.listen(target.host === "" ? { port: target.port } : target, () => {
        const bound = this.#server.address();
        const port = typeof bound === "object" && bound !== null ? bound.port : target.port;
        this.#address = formatAddress(target.host, port);
        resolve();
      });
    });
  }

  /** Streams that were accepted live on with their owners. */
  async close(): Promise<void> {
    this.#server.close();
    this.#released();
  }
}

function plainListener(accept: (connection: Connection) => void): ServerListener {
  const server = net.createServer({ noDelay: true, pauseOnConnect: true }, (socket) =>
    accept(accepted(socket)),
  );
  return new ServerListener(server, () => undefined);
}

function secureListener(
  material: TlsMaterial,
  accept: (connection: Connection) => void,
): ServerListener {
  const required = material.options.requireClientCertificate ?? true;
  const server = tls.createServer(
    {
      ...material.pem(),
      requestCert: required,
      rejectUnauthorized: required,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    },
    (socket) => accept(accepted(socket)),
  );
  const reload = (): void => {
    try {
      server.setSecureContext(material.pem());
    } catch {
      // Half replaced: the watcher calls again when the other file has changed.
      return;
    }
  };
  return new ServerListener(server, material.watch(reload));
}

function accepted(socket: net.Socket): NodeConnection {
  const address = formatAddress(socket.remoteAddress ?? "", socket.remotePort ?? 0);
  return new NodeConnection(socket, address, undefined);
}
