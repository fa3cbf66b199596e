import type { MemberId, PeerMessage, SnapshotInfo } from "@quorate/core";
import type { MemoryEnvironment } from "../../src/environment/memory-environment.ts";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { MemoryNetwork } from "../../src/environment/memory-network.ts";
import { World } from "../../src/environment/world.ts";
import { KnownHosts } from "../../src/transport/known-hosts.ts";
import { StreamTransport } from "../../src/transport/stream-transport.ts";
import type {
  GroupId,
  SnapshotReceiver,
  TransportEvent,
  TransportHandler,
} from "../../src/transport/transport.ts";

export const LIMITS = {
  controlQueueBytes: 1 << 20,
  logQueueBytes: 1 << 20,
  snapshotBytesPerSecond: 0,
  snapshotsMax: 2,
};

/** A transport with a handler that keeps what it hears. */
export class Station implements TransportHandler {
  readonly messages: { readonly group: GroupId; readonly message: PeerMessage }[] = [];
  readonly hostMessages: { readonly from: MemberId; readonly text: string }[] = [];
  readonly events: TransportEvent[] = [];
  readonly unreachable: MemberId[] = [];
  onSnapshotOffer: (info: SnapshotInfo) => Promise<SnapshotReceiver | "refused"> = async () =>
    "refused";
  readonly host: MemberId;
  readonly environment: MemoryEnvironment;
  readonly transport: StreamTransport;

  constructor(host: MemberId, environment: MemoryEnvironment, transport: StreamTransport) {
    this.host = host;
    this.environment = environment;
    this.transport = transport;
  }

  onMessage(group: GroupId, message: PeerMessage): void {
    this.messages.push({ group, message });
  }

  onHostMessage(_group: GroupId, from: MemberId, payload: Uint8Array): void {
    this.hostMessages.push({ from, text: new TextDecoder().decode(payload) });
  }

  onSnapshot(
    _group: GroupId,
    _from: MemberId,
    info: SnapshotInfo,
  ): Promise<SnapshotReceiver | "refused"> {
    return this.onSnapshotOffer(info);
  }

  onUnreachable(peer: MemberId): void {
    this.unreachable.push(peer);
  }

  onEvent(event: TransportEvent): void {
    this.events.push(event);
  }

  saw(type: TransportEvent["type"]): boolean {
    return this.events.some((event) => event.type === type);
  }
}

export interface StationOptions {
  readonly clusterId?: string;
  readonly dataId?: string;
  readonly incarnation?: number;
  readonly listenAddress?: string;
  readonly limits?: Partial<typeof LIMITS>;
  readonly environment?: MemoryEnvironment;
}

export class Cluster {
  readonly world: World = new World({ seed: 3 });
  readonly network: MemoryNetwork = new MemoryNetwork(this.world);

  async station(host: MemberId, options: StationOptions = {}): Promise<Station> {
    const environment =
      options.environment ??
      memoryEnvironment({ world: this.world, network: this.network, host: `host${host}` });
    const limits = { ...LIMITS, ...options.limits };
    const transport = new StreamTransport({
      environment,
      clusterId: options.clusterId ?? "test",
      host,
      dataId: options.dataId ?? `data${host}`,
      incarnation: options.incarnation ?? 1,
      listenAddress: options.listenAddress ?? `host${host}:1`,
      advertiseAddress: undefined,
      knownHosts: await this.#knownHosts(environment),
      limits,
      verifyPeer: () => true,
    });
    const station = new Station(host, environment, transport);
    await transport.start(station);
    return station;
  }

  async #knownHosts(environment: MemoryEnvironment): Promise<KnownHosts> {
    const opening = environment.files
      .makeDirectory("/data")
      .then(() => KnownHosts.open(environment, "/data"));
    return this.world.complete(opening);
  }

  /** Two stations that know each other, connected. */
  async pair(options: StationOptions = {}): Promise<readonly [Station, Station]> {
    const left = await this.station(1, options);
    const right = await this.station(2, options);
    left.transport.setPeer(2, right.transport.address);
    right.transport.setPeer(1, left.transport.address);
    await this.until(() => left.saw("connected") && right.saw("connected"));
    return [left, right];
  }

  async until(done: () => boolean, withinMs = 30_000): Promise<void> {
    if (!(await this.world.runUntil(done, withinMs))) throw new Error("it did not happen");
  }
}
