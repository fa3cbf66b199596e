import type { GroupMetrics, Host, HostMetrics, Replica, StateMachine } from "@quorate/host";
import { createHost, MemoryNetwork, memoryEnvironment, memoryMachine, World } from "@quorate/host";

/** Virtual time of one write to the disk. */
export const DISK_MS = 0.1;
/** And of a message on the wire, as the network in memory has it. */
export const HOP_MS = 0.1;
const SIZE = 3;

type Bytes = Uint8Array;
type CountedReplica = Replica<Bytes, number, undefined, number>;

/** What members did, added up. */
export interface Work {
  readonly logAppends: number;
  readonly turns: number;
  readonly entries: number;
  readonly socketWrites: number;
  readonly frames: number;
  readonly bytesSent: number;
}

const identity = { encode: (bytes: Bytes) => bytes, decode: (bytes: Bytes) => bytes };

/** Three hosts in one process on virtual time, disk and network: what they do depends on nothing but their code. */
export class CountedCluster {
  readonly world: World = new World({ seed: 11 });
  readonly #hosts: Host[] = [];
  readonly #replicas: CountedReplica[] = [];

  static async open(): Promise<CountedCluster> {
    const cluster = new CountedCluster();
    await cluster.#open();
    return cluster;
  }

  async #open(): Promise<void> {
    const network = new MemoryNetwork(this.world);
    const members = Array.from({ length: SIZE }, (_, place) => ({
      id: place + 1,
      name: `m${place + 1}`,
      address: `m${place + 1}:1`,
    }));
    for (const { id, address, name } of members) {
      const environment = memoryEnvironment({
        world: this.world,
        network,
        host: name,
        diskDelayMs: () => DISK_MS,
      });
      const opened = createHost({
        environment,
        directory: "data",
        clusterId: "budget",
        hostId: id,
        listenAddress: address,
      });
      const host = await this.world.complete(opened);
      const group = host.createGroup(
        { groupId: 1, machine: countingMachine(), commands: identity },
        members,
      );
      this.#hosts.push(host);
      this.#replicas.push(await this.world.complete(group));
    }
    await this.world.runUntil(() => this.#replicas.some(({ role }) => role === "leader"), 60_000);
    // Elections and handshakes come to an end, the no-op is applied everywhere.
    await this.world.run(2_000);
  }

  get leader(): CountedReplica {
    return this.#find((replica) => replica.role === "leader");
  }

  get follower(): CountedReplica {
    return this.#find((replica) => replica.role === "follower");
  }

  /** Proposes `count` commands of `bytes` within one turn, and waits for all of them. */
  async propose(replica: CountedReplica, count: number, bytes: number): Promise<void> {
    const command = new Uint8Array(bytes).fill(0x71);
    const proposed = Array.from({ length: count }, () => replica.propose(command));
    await this.world.complete(Promise.all(proposed));
  }

  work(): Work {
    const groups: readonly GroupMetrics[] = this.#replicas.map((replica) => replica.metrics());
    const hosts: readonly HostMetrics[] = this.#hosts.map((host) => host.metrics());
    return {
      logAppends: sum(groups.map(({ logAppends }) => logAppends)),
      turns: sum(groups.map(({ turns }) => turns)),
      entries: sum(groups.map(({ entriesApplied }) => entriesApplied)),
      socketWrites: sum(hosts.map(({ socketWrites }) => socketWrites)),
      frames: sum(hosts.map(({ framesSent }) => framesSent)),
      bytesSent: sum(hosts.map(({ bytesSent }) => bytesSent)),
    };
  }

  /** What the members do because of `run`. */
  async workOf(run: () => Promise<void>): Promise<Work> {
    const before = this.work();
    await run();
    const after = this.work();
    return Object.fromEntries(
      Object.entries(after).map(([name, value]) => [name, value - before[name as keyof Work]]),
    ) as unknown as Work;
  }

  async close(): Promise<void> {
    await this.world.complete(Promise.all(this.#hosts.map((host) => host.close())));
  }

  #find(is: (replica: CountedReplica) => boolean): CountedReplica {
    const found = this.#replicas.find(is);
    if (found === undefined) throw new Error("no member of that role");
    return found;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function countingMachine(): StateMachine<Bytes, number, undefined, number> {
  return memoryMachine<number, Bytes, number, undefined, number>({
    initial: 0,
    apply: (count) => [count + 1, count + 1],
    query: (count) => count,
  });
}
