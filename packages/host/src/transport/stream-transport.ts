import type { MemberId, PeerMessage, SnapshotInfo, Term } from "@quorate/core";
import type { Connection, Environment, Listener, Timer } from "../environment/environment.ts";
import { NetworkError } from "../environment/environment.ts";
import { QuorateError } from "../errors.ts";
import type { TransportLimits } from "../host.ts";
import type { Hello, Lane, Refusal } from "./handshake.ts";
import { PROTOCOL_VERSION, PROTOCOL_VERSION_MIN } from "./handshake.ts";
import { IncomingConnection } from "./incoming-connection.ts";
import type { KnownHosts } from "./known-hosts.ts";
import { PeerLink } from "./peer-link.ts";
import { SnapshotSender } from "./snapshot-sender.ts";
import type {
  AbortSignalLike,
  GroupId,
  PeerStatus,
  SnapshotReader,
  Transport,
  TransportHandler,
} from "./transport.ts";
import type { TransportContext } from "./transport-context.ts";
import { PING_INTERVAL_MS } from "./transport-context.ts";
import type { TransportCounters } from "./transport-counters.ts";
import { newTransportCounters } from "./transport-counters.ts";

/** Connections that have not finished their handshake; more are closed at once. */
const STRANGERS_MAX = 64;

/** Hosts that were learned from their own hello and never named by a membership. */
const LEARNED_PEERS_MAX = 64;

/** Refused hosts whose last reason is remembered. */
const REFUSED_HOSTS_MAX = 64;

export interface StreamTransportOptions {
  readonly environment: Environment;
  readonly clusterId: string;
  readonly host: MemberId;
  /** Names this host's data folder; a new one when the data is new. */
  readonly dataId: string;
  readonly incarnation: number;
  readonly listenAddress: string;
  readonly advertiseAddress: string | undefined;
  readonly knownHosts: KnownHosts;
  readonly limits: TransportLimits;
  readonly verifyPeer: (peer: MemberId, names: readonly string[]) => boolean;
  /** Whoever writes now calls `flush` by itself when it is done: nothing need be deferred. */
  readonly flushIsDue?: () => boolean;
}

/**
 * The transport over byte streams. Each host dials its own connections for what it sends, so that a path that works
 * in one direction only needs no agreement about who dials, and answers on the same connection what belongs to it.
 */
export class StreamTransport implements Transport {
  readonly counters: TransportCounters = newTransportCounters();
  readonly #options: StreamTransportOptions;
  readonly #environment: Environment;
  readonly #links: Map<MemberId, PeerLink> = new Map();
  /** Peers that only their own hello made known, oldest first. */
  readonly #learned: Set<MemberId> = new Set();
  readonly #strangers: Set<IncomingConnection> = new Set();
  readonly #incoming: Map<MemberId, Map<Lane, IncomingConnection>> = new Map();
  /** Why each refused host was refused last. */
  readonly #refused: Map<MemberId, string> = new Map();
  readonly #context: TransportContext;
  readonly #sender: SnapshotSender;
  #handler: TransportHandler | undefined;
  #listener: Listener | undefined;
  #timer: Timer | undefined;
  #flushWanted = false;
  #stopped = false;

  constructor(options: StreamTransportOptions) {
    this.#options = options;
    this.#environment = options.environment;
    const transport = this;
    this.#context = {
      environment: options.environment,
      counters: this.counters,
      limits: options.limits,
      self: options.host,
      get handler(): TransportHandler {
        return transport.#startedHandler();
      },
      hello: (target, lane, nonce) => this.#hello(target, lane, nonce),
      admit: (host, dataId, incarnation, then) =>
        options.knownHosts.admit(host, dataId, incarnation, (refusal) => {
          if (!this.#stopped) then(refusal);
        }),
      wantFlush: () => this.#wantFlush(),
    };
    this.#sender = new SnapshotSender(this.#context);
  }

  /** Where peers reach this host; known after `start`. */
  get address(): string {
    return this.#options.advertiseAddress ?? this.#listener?.address ?? this.#options.listenAddress;
  }

  async start(handler: TransportHandler): Promise<void> {
    this.#handler = handler;
    try {
      this.#listener = await this.#environment.network.listen(
        this.#options.listenAddress,
        (connection) => this.#accept(connection),
      );
    } catch (error) {
      throw listenError(this.#options.listenAddress, error);
    }
    this.#schedulePings();
  }

  setPeer(peer: MemberId, address: string): void {
    if (this.#stopped || peer === this.#options.host) return;
    this.#learned.delete(peer);
    this.#link(peer, address).moveTo(address);
  }

  removePeer(peer: MemberId): void {
    this.#learned.delete(peer);
    this.#links.get(peer)?.stop();
    this.#links.delete(peer);
  }

  send(group: GroupId, message: PeerMessage): "queued" | "dropped" {
    const link = this.#links.get(message.to);
    if (link !== undefined) return link.send(group, message);
    this.counters.messagesDropped += 1;
    return "dropped";
  }

  sendHost(group: GroupId, peer: MemberId, payload: Uint8Array): "queued" | "dropped" {
    const link = this.#links.get(peer);
    if (link !== undefined) return link.sendHost(group, payload);
    this.counters.messagesDropped += 1;
    return "dropped";
  }

  async sendSnapshot(
    group: GroupId,
    peer: MemberId,
    info: SnapshotInfo,
    source: SnapshotReader,
    signal: AbortSignalLike,
    term: Term,
  ): Promise<void> {
    const link = this.#links.get(peer);
    if (link === undefined) throw new Error(`there is no address for host ${peer}`);
    await this.#sender.send(link, { group, peer, term, info, source, signal });
  }

  /** Sends what has gathered; called by the owner at the end of its turn, otherwise by a deferred call. */
  flush(): void {
    this.#flushWanted = false;
    for (const link of this.#links.values()) link.flush();
  }

  peers(): readonly PeerStatus[] {
    return [...this.#links.values()].map((link) => link.status()).sort((a, b) => a.peer - b.peer);
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.flush();
    this.#stopped = true;
    this.#timer?.cancel();
    for (const link of this.#links.values()) link.stop();
    for (const stranger of this.#strangers) stranger.close();
    for (const lanes of this.#incoming.values()) {
      for (const connection of lanes.values()) connection.close();
    }
    this.#links.clear();
    this.#strangers.clear();
    this.#incoming.clear();
    await this.#listener?.close();
  }

  #startedHandler(): TransportHandler {
    if (this.#handler === undefined) throw new Error("the transport is not started");
    return this.#handler;
  }

  #link(peer: MemberId, address: string): PeerLink {
    const known = this.#links.get(peer);
    if (known !== undefined) return known;
    const link = new PeerLink(this.#context, peer, address);
    this.#links.set(peer, link);
    link.start();
    return link;
  }

  #hello(target: MemberId, lane: Lane, nonce: number): Hello {
    return {
      versionMin: PROTOCOL_VERSION_MIN,
      version: PROTOCOL_VERSION,
      clusterId: this.#options.clusterId,
      host: this.#options.host,
      target,
      dataId: this.#options.dataId,
      incarnation: this.#options.incarnation,
      features: 0,
      nonce,
      lane,
      address: this.address,
    };
  }

  #wantFlush(): void {
    if (this.#flushWanted || this.#options.flushIsDue?.() === true) return;
    this.#flushWanted = true;
    this.#environment.defer(() => {
      if (this.#flushWanted) this.flush();
    });
  }

  #schedulePings(): void {
    this.#timer = this.#environment.setTimer(PING_INTERVAL_MS, () => {
      if (this.#stopped) return;
      const now = this.#environment.nowMs();
      for (const link of this.#links.values()) link.ping(now);
      for (const lanes of this.#incoming.values()) {
        for (const connection of [...lanes.values()]) connection.checkSilence();
      }
      this.#schedulePings();
    });
  }

  #accept(connection: Connection): void {
    if (this.#stopped || this.#strangers.size >= STRANGERS_MAX) {
      connection.handle({ onData: () => undefined, onClose: () => undefined });
      connection.destroy();
      this.counters.connectionsRefused += 1;
      return;
    }
    const incoming = new IncomingConnection(this.#context, connection, {
      check: (hello, names) => this.#check(hello, names),
      onIdentified: (identified, hello) => this.#onIdentified(identified, hello),
      onRefused: (address, host, refusal) => this.#onRefused(address, host, refusal),
      onEnd: (ended, reason, bad) => this.#onEnd(ended, reason, bad),
    });
    this.#strangers.add(incoming);
  }

  /** A host that is refused comes back again and again: told once, until the reason changes. */
  #onRefused(address: string, host: MemberId, { code, reason }: Refusal): void {
    if (this.#refused.get(host) === reason) return;
    if (this.#refused.size >= REFUSED_HOSTS_MAX) this.#refused.clear();
    this.#refused.set(host, reason);
    this.#handler?.onEvent({
      type: "handshakeRefused",
      by: "self",
      peer: host,
      code,
      address,
      reason,
    });
  }

  #check(hello: Hello, names: readonly string[]): Refusal | undefined {
    const { clusterId, host } = this.#options;
    if (hello.clusterId !== clusterId) {
      return {
        code: "clusterMismatch",
        reason: `host ${hello.host} belongs to cluster ${hello.clusterId}, this is ${clusterId}`,
      };
    }
    if (hello.host === host) {
      return { code: "sameHost", reason: `two hosts claim the number ${host}` };
    }
    if (hello.target !== host) {
      return { code: "wrongHost", reason: `host ${hello.target} was expected, this is ${host}` };
    }
    if (!this.#options.verifyPeer(hello.host, names)) {
      return {
        code: "certificateMismatch",
        reason: `the certificate does not belong to host ${hello.host}`,
      };
    }
    return undefined;
  }

  /** The newest connection of a lane counts; an older one is a leftover that its dialer has given up. */
  #onIdentified(connection: IncomingConnection, hello: Hello): void {
    this.#strangers.delete(connection);
    this.#refused.delete(hello.host);
    let lanes = this.#incoming.get(hello.host);
    if (lanes === undefined) {
      lanes = new Map();
      this.#incoming.set(hello.host, lanes);
    }
    lanes.get(hello.lane)?.close();
    lanes.set(hello.lane, connection);
    this.#learn(hello.host, hello.address);
    this.#links.get(hello.host)?.wake();
  }

  /** A host that joins knows us before we know it: without an answer it could never catch up. */
  #learn(peer: MemberId, address: string): void {
    const learnedBefore = this.#learned.has(peer);
    if (this.#links.has(peer) && !learnedBefore) return;
    if (learnedBefore) {
      this.#link(peer, address).moveTo(address);
      return;
    }
    if (this.#learned.size >= LEARNED_PEERS_MAX) {
      const oldest = this.#learned.values().next().value;
      if (oldest !== undefined) this.removePeer(oldest);
    }
    this.#learned.add(peer);
    this.#link(peer, address);
  }

  #onEnd(connection: IncomingConnection, reason: string, bad: boolean): void {
    this.#strangers.delete(connection);
    if (connection.lane !== undefined) {
      const lanes = this.#incoming.get(connection.host);
      if (lanes?.get(connection.lane) === connection) lanes.delete(connection.lane);
    }
    if (!bad) return;
    const address = connection.remoteAddress;
    this.#handler?.onEvent({ type: "badPeerBytes", address, reason });
  }
}

function listenError(address: string, error: unknown): unknown {
  if (!(error instanceof NetworkError)) return error;
  const code = error.code === "addressInUse" ? "ADDRESS_IN_USE" : "INVALID_ARGUMENT";
  return new QuorateError(code, `Cannot listen at ${address}: ${error.message}`, {
    outcome: "notApplied",
    retryable: false,
    cause: error,
  });
}
