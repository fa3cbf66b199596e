import { type Connection, type Listener, type Network, NetworkError } from "@quorate/host";
import type { FaultCounters } from "../faults/fault-counters.ts";
import type { EventHash } from "../random/event-hash.ts";
import type { Random } from "../random/random.ts";
import type { Agenda } from "../time/agenda.ts";
import type { FrameFate } from "./frame-fate.ts";
import type { ProcessGate } from "./process-gate.ts";
import { StreamConnection } from "./stream-connection.ts";
import { CALM_STREAMS, type StreamWeather } from "./stream-weather.ts";

/** A connection attempt or an answer that meets a cut link is given up after this time. */
const CONNECT_GIVES_UP_MS = 3_000;

const FIRST_FREE_PORT = 49_152;

/** A stranger remembers so much of what it overhears: the opening and the handshake. */
const OVERHEARD_BYTES = 120;

/** One direction between two machines. */
export interface StreamLink {
  isCut: boolean;
  /** Added to every delay. */
  extraMs: number;
}

/** What a connection needs of the network it belongs to. */
export interface StreamWorld {
  readonly agenda: Agenda;
  readonly random: Random;
  readonly counters: FaultCounters;
  readonly hash: EventHash;
  weather: StreamWeather;
  link(from: string, to: string): StreamLink;
  forget(connection: StreamConnection): void;
  /** Bytes that a member sends. */
  noteFirst(bytes: Uint8Array): void;
}

/**
 * The wires between machines, as streams of bytes: they are delayed, stall, are cut in either direction, slow, broken
 * with or without a word, and on demand lose, repeat, reorder or damage single frames of the members' protocol.
 */
export class StreamNetwork implements StreamWorld {
  readonly agenda: Agenda;
  readonly random: Random;
  readonly counters: FaultCounters;
  readonly hash: EventHash;
  weather: StreamWeather = CALM_STREAMS;
  /** How members' streams begin: what a stranger could have overheard. */
  firstBytes: Uint8Array = new Uint8Array(0);
  readonly #listeners: Map<string, OpenListener> = new Map();
  readonly #links: Map<string, StreamLink> = new Map();
  readonly #connections: Set<StreamConnection> = new Set();
  #nextPort = FIRST_FREE_PORT;

  constructor(agenda: Agenda, random: Random, counters: FaultCounters, hash: EventHash) {
    this.agenda = agenda;
    this.random = random;
    this.counters = counters;
    this.hash = hash;
  }

  /** The network as one process on the machine `host` uses it. */
  forProcess(host: string, gate: ProcessGate): Network {
    return {
      listen: async (address, accept) => this.#listen(host, gate, address, accept),
      connect: (address) => this.#connect(host, gate, address),
    };
  }

  link(from: string, to: string): StreamLink {
    const name = `${from}>${to}`;
    const known = this.#links.get(name);
    if (known !== undefined) return known;
    const link: StreamLink = { isCut: false, extraMs: 0 };
    this.#links.set(name, link);
    return link;
  }

  cut(from: string, to: string): void {
    this.link(from, to).isCut = true;
  }

  mend(from: string, to: string): void {
    const link = this.link(from, to);
    if (!link.isCut) return;
    link.isCut = false;
    this.#wake();
  }

  mendAll(): void {
    for (const link of this.#links.values()) {
      link.isCut = false;
      link.extraMs = 0;
    }
    this.#wake();
  }

  /** Breaks every connection between two machines, with a reset on both sides. */
  resetConnections(one: string, other: string): number {
    return this.#between(one, other, (connection) => connection.reset());
  }

  /** From now on nothing passes through the connections between two machines, and nobody is told. */
  blackhole(one: string, other: string): number {
    return this.#between(one, other, (connection) => connection.goSilent());
  }

  /** Does something to the first frame on its way that matches; false when there is none. */
  changeFrame(
    from: string,
    to: string,
    matches: (frame: Uint8Array) => boolean,
    fate: FrameFate,
  ): boolean {
    for (const connection of this.#connections) {
      if (connection.localHost !== from || connection.remoteHost !== to) continue;
      if (connection.changeFrame(matches, fate)) return true;
    }
    return false;
  }

  /**
   * The process on `host` has ended. Its system tells the others with a reset, unless the power went with it: then they
   * hear nothing until they ask a machine that does not remember them.
   */
  processEnded(host: string, withPower: boolean): void {
    for (const [address, listener] of [...this.#listeners]) {
      if (listener.host === host) this.#listeners.delete(address);
    }
    for (const connection of [...this.#connections]) {
      if (connection.localHost === host) connection.vanish(withPower);
    }
  }

  /** The machine is back: whoever still believes in an old connection to it is told better. */
  machineStarted(host: string): void {
    for (const connection of [...this.#connections]) {
      if (connection.remoteHost === host) connection.askAgain();
    }
  }

  /** A stranger connects to `address` and says `bytes`. */
  intrude(address: string, bytes: Uint8Array): void {
    const listener = this.#listeners.get(address);
    if (listener === undefined) return;
    this.counters.count("garbageConnection");
    const near = this.#open("stranger", listener.host, address, undefined);
    const far = this.#open(listener.host, "stranger", "stranger:1", listener.gate);
    near.join(far);
    far.join(near);
    near.handle({ onData: () => undefined, onClose: () => undefined });
    listener.gate.enter(() => listener.accept(far));
    far.becomeOpen();
    near.becomeOpen();
    near.write(bytes);
  }

  noteFirst(bytes: Uint8Array): void {
    if (this.firstBytes.length === 0) this.firstBytes = bytes.slice(0, OVERHEARD_BYTES);
  }

  forget(connection: StreamConnection): void {
    this.#connections.delete(connection);
  }

  #between(one: string, other: string, act: (connection: StreamConnection) => void): number {
    let count = 0;
    for (const connection of [...this.#connections]) {
      const { localHost, remoteHost } = connection;
      if (localHost === one && remoteHost === other) {
        act(connection);
        count += 1;
      }
    }
    return count;
  }

  #listen(
    host: string,
    gate: ProcessGate,
    address: string,
    accept: (connection: Connection) => void,
  ): Listener {
    const [name, port] = splitAddress(address);
    if (name !== host) {
      throw new NetworkError("addressUnavailable", address, `${address} is not ours`);
    }
    const real = port === 0 ? `${host}:${this.#freePort()}` : address;
    if (this.#listeners.has(real)) {
      throw new NetworkError("addressInUse", real, `${real} is in use`);
    }
    this.#listeners.set(real, { host, gate, accept });
    return {
      address: real,
      close: async () => {
        this.#listeners.delete(real);
      },
    };
  }

  #connect(host: string, gate: ProcessGate, address: string): Connection {
    const [remoteHost] = splitAddress(address);
    const near = this.#open(host, remoteHost, address, gate);
    const giveUpMs = this.agenda.nowMs + CONNECT_GIVES_UP_MS;
    const knock = (): void => {
      if (near.isClosed) return;
      if (this.link(host, remoteHost).isCut || this.link(remoteHost, host).isCut) {
        if (this.agenda.nowMs >= giveUpMs) near.fail("timedOut", "no answer");
        else this.agenda.after(CONNECT_GIVES_UP_MS / 6, knock);
        return;
      }
      const listener = this.#listeners.get(address);
      if (listener === undefined || listener.gate.isDead) {
        this.counters.count("connectRefused");
        near.fail("refused", `nobody listens at ${address}`);
        return;
      }
      const far = this.#open(remoteHost, host, `${host}:${this.#freePort()}`, listener.gate);
      near.join(far);
      far.join(near);
      listener.gate.enter(() => listener.accept(far));
      far.becomeOpen();
      this.agenda.after(this.#delay(remoteHost, host), () => near.becomeOpen());
    };
    this.agenda.after(this.#delay(host, remoteHost), knock);
    return near;
  }

  #open(
    localHost: string,
    remoteHost: string,
    remoteAddress: string,
    gate: ProcessGate | undefined,
  ): StreamConnection {
    const connection = new StreamConnection(this, { localHost, remoteHost, remoteAddress, gate });
    this.#connections.add(connection);
    return connection;
  }

  #delay(from: string, to: string): number {
    const { delayMinMs, delayMaxMs } = this.weather;
    return this.random.range(delayMinMs, delayMaxMs) + this.link(from, to).extraMs;
  }

  #wake(): void {
    for (const connection of [...this.#connections]) connection.wake();
  }

  #freePort(): number {
    this.#nextPort += 1;
    return this.#nextPort;
  }
}

interface OpenListener {
  readonly host: string;
  readonly gate: ProcessGate;
  readonly accept: (connection: Connection) => void;
}

function splitAddress(address: string): readonly [host: string, port: number] {
  const colon = address.lastIndexOf(":");
  const port = Number(address.slice(colon + 1));
  if (colon < 1 || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new NetworkError("badAddress", address, `${address} is not host:port`);
  }
  return [address.slice(0, colon), port];
}
