import { type Connection, type Listener, type Network, NetworkError } from "./environment.ts";
import { MemoryConnection } from "./memory-connection.ts";
import type { World } from "./world.ts";

/** How bytes travel from one host to another; each direction has its own. */
export interface Link {
  /** Milliseconds from leaving to arriving, drawn anew for every piece; pieces never overtake each other. */
  delayMs: () => number;
  /** Bytes that were sent wait until it is open again, as TCP would resend them. */
  isCut: boolean;
  /** Cuts what arrives into pieces of this many bytes at most, so that readers see every split. */
  pieceBytesMax: number;
}

const FIRST_FREE_PORT = 49_152;

/**
 * The wires between hosts of one `World`: addresses are `host:port`, links have delays and can be cut in either
 * direction, and hosts can vanish without a word.
 */
export class MemoryNetwork {
  readonly world: World;
  readonly #listeners: Map<string, MemoryListener> = new Map();
  readonly #links: Map<string, Link> = new Map();
  readonly #connections: Set<MemoryConnection> = new Set();
  #defaultDelayMs: () => number = () => 0.1;
  #nextPort = FIRST_FREE_PORT;

  constructor(world: World) {
    this.world = world;
  }

  /** The network as the host called `host` uses it. */
  host(host: string): Network {
    return {
      listen: async (address, accept) => this.#listen(host, address, accept),
      connect: (address) => this.#connect(host, address),
    };
  }

  /** Delay of every link that has none of its own. */
  setDefaultDelay(delayMs: () => number): void {
    this.#defaultDelayMs = delayMs;
  }

  /** The one direction from `from` to `to`; change its fields at will, then call `wake` when a cut has ended. */
  link(from: string, to: string): Link {
    const key = `${from}>${to}`;
    const known = this.#links.get(key);
    if (known !== undefined) return known;
    const link: Link = {
      delayMs: () => this.#defaultDelayMs(),
      isCut: false,
      pieceBytesMax: Number.POSITIVE_INFINITY,
    };
    this.#links.set(key, link);
    return link;
  }

  /** Cuts both directions between every host of `left` and every host of `right`. */
  partition(left: readonly string[], right: readonly string[]): void {
    for (const a of left) {
      for (const b of right) {
        this.link(a, b).isCut = true;
        this.link(b, a).isCut = true;
      }
    }
  }

  /** Opens all links; what waited arrives. */
  heal(): void {
    for (const link of this.#links.values()) link.isCut = false;
    this.wake();
  }

  /** Lets bytes that waited for a cut link go on where it is open again. */
  wake(): void {
    for (const connection of this.#connections) connection.wake();
  }

  /** The host's process ends: its listeners are gone, its connections break for the others with `reset`. */
  stopHost(host: string): void {
    for (const [address, listener] of this.#listeners) {
      if (listener.host === host) this.#listeners.delete(address);
    }
    for (const connection of [...this.#connections]) {
      if (connection.localHost === host) connection.vanish();
    }
  }

  #listen(host: string, address: string, accept: (connection: Connection) => void): MemoryListener {
    const [name, port] = splitAddress(address);
    if (name !== host) {
      throw new NetworkError(
        "addressUnavailable",
        address,
        `${address} is not an address of ${host}`,
      );
    }
    const real = port === 0 ? `${host}:${this.#freePort()}` : address;
    if (this.#listeners.has(real)) {
      throw new NetworkError("addressInUse", real, `${real} is in use`);
    }
    const listener = new MemoryListener(host, real, accept, () => this.#listeners.delete(real));
    this.#listeners.set(real, listener);
    return listener;
  }

  #freePort(): number {
    this.#nextPort += 1;
    return this.#nextPort;
  }

  #connect(host: string, address: string): Connection {
    const [remoteHost] = splitAddress(address);
    const near = this.#connection(host, remoteHost, address);
    const knock = (): void => {
      if (near.isClosed) return;
      const link = this.link(host, remoteHost);
      if (link.isCut) {
        near.whenOpen(knock);
        return;
      }
      const listener = this.#listeners.get(address);
      if (listener === undefined) {
        near.fail(new NetworkError("refused", address, `nobody listens at ${address}`));
        return;
      }
      const far = this.#connection(remoteHost, host, `${host}:${this.#freePort()}`);
      near.join(far);
      far.join(near);
      listener.accept(far);
      far.open();
      this.world.schedule(this.link(remoteHost, host).delayMs(), () => near.open());
    };
    this.world.schedule(this.link(host, remoteHost).delayMs(), knock);
    return near;
  }

  #connection(localHost: string, remoteHost: string, remoteAddress: string): MemoryConnection {
    const connection = new MemoryConnection({
      world: this.world,
      localHost,
      remoteAddress,
      link: this.link(localHost, remoteHost),
      forget: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
    return connection;
  }
}

class MemoryListener implements Listener {
  readonly host: string;
  readonly address: string;
  readonly accept: (connection: Connection) => void;
  readonly #forget: () => void;

  constructor(
    host: string,
    address: string,
    accept: (connection: Connection) => void,
    forget: () => void,
  ) {
    this.host = host;
    this.address = address;
    this.accept = accept;
    this.#forget = forget;
  }

  async close(): Promise<void> {
    this.#forget();
  }
}

function splitAddress(address: string): readonly [host: string, port: number] {
  const colon = address.lastIndexOf(":");
  const port = Number(address.slice(colon + 1));
  if (colon < 1 || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new NetworkError("badAddress", address, `${address} is not host:port`);
  }
  return [address.slice(0, colon), port];
}
