import type { MemberId } from "@quorate/core";
import type { MemoryEnvironment } from "../../src/environment/memory-environment.ts";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { MemoryNetwork } from "../../src/environment/memory-network.ts";
import { World } from "../../src/environment/world.ts";
import type { GroupSpec } from "../../src/group/group-spec.ts";
import type { InitialMember } from "../../src/group/membership-request.ts";
import type { Replica } from "../../src/group/replica.ts";
import { DirectoryStorage } from "../../src/host/directory-storage.ts";
import { LocalHost } from "../../src/host/local-host.ts";
import type { HostEvent } from "../../src/host.ts";
import type { SetWord } from "./counter-machine.ts";
import { CounterMachine, numbers, words } from "./counter-machine.ts";
import { MemoryStorage } from "./memory-storage.ts";

export type CounterReplica = Replica<SetWord, number, string, number>;
export type CounterSpec = GroupSpec<SetWord, number, string, number>;

/** Small, so that segments change often. */
const SEGMENT_BYTES = 16 << 10;

/** One host with one replica of group 1. */
export interface Member {
  readonly id: MemberId;
  readonly environment: MemoryEnvironment;
  readonly storage: MemoryStorage;
  readonly host: LocalHost;
  readonly replica: CounterReplica;
  readonly machine: CounterMachine;
  readonly events: HostEvent[];
}

/** Hosts on virtual time, with a real transport over memory and storage in memory. */
export class GroupCluster {
  readonly world: World;
  readonly network: MemoryNetwork;
  readonly members: Map<MemberId, Member> = new Map();
  readonly spec: Partial<CounterSpec>;

  /** Whether groups are kept in real logs and snapshots, on disks in memory. */
  readonly onFiles: boolean;

  constructor(spec: Partial<CounterSpec> = {}, seed = 1, onFiles = false) {
    this.onFiles = onFiles;
    this.world = new World({ seed });
    this.network = new MemoryNetwork(this.world);
    this.spec = spec;
  }

  static async of(
    size: number,
    spec: Partial<CounterSpec> = {},
    seed = 1,
    onFiles = false,
  ): Promise<GroupCluster> {
    const cluster = new GroupCluster(spec, seed, onFiles);
    const ids = Array.from({ length: size }, (_, place) => place + 1);
    for (const id of ids) await cluster.create(id, cluster.initial(ids));
    await cluster.leader();
    return cluster;
  }

  initial(ids: readonly MemberId[]): readonly InitialMember[] {
    return ids.map((id) => ({ id, address: `host${id}:1`, name: `m${id}` }));
  }

  create(id: MemberId, initial: readonly InitialMember[]): Promise<Member> {
    return this.#start(id, (host, spec) => host.createGroup(spec, initial));
  }

  join(id: MemberId, contacts: readonly MemberId[]): Promise<Member> {
    return this.#start(id, (host, spec) => host.joinGroup(spec, this.initial(contacts)));
  }

  /** The process of `id` ends without a word; its disk stays. */
  kill(id: MemberId): void {
    const member = this.member(id);
    member.environment.stop();
    member.environment.disk.crash(this.world.random);
    this.members.delete(id);
    this.#dead.set(id, member);
  }

  /** Hosts that belong to another cluster than "test". */
  readonly clusterIds: Map<MemberId, string> = new Map();

  /** Makes the machine of a member that starts. */
  machineOf: (id: MemberId) => CounterMachine = () => new CounterMachine();

  /** Sees the environment of every process that starts. */
  onStart: (environment: MemoryEnvironment) => void = () => undefined;

  readonly #dead: Map<MemberId, Member> = new Map();

  reopen(id: MemberId): Promise<Member> {
    return this.#start(id, (host, spec) => host.openGroup(spec));
  }

  async reopenAndConverge(id: MemberId): Promise<void> {
    await this.reopen(id);
    await this.leader();
    await this.converge();
  }

  member(id: MemberId): Member {
    const member = this.members.get(id);
    if (member === undefined) throw new Error(`member ${id} does not run`);
    return member;
  }

  /** The inside of a replica, for what no caller may see. */
  groupOf(id: MemberId): ReturnType<LocalHost["carried"]> {
    return this.member(id).host.carried(1);
  }

  get all(): readonly Member[] {
    return [...this.members.values()];
  }

  /** Waits for a leader that a majority of the running members knows. */
  async leader(): Promise<Member> {
    let found: Member | undefined;
    await this.until(() => {
      found = this.all.find(({ replica }) => replica.role === "leader");
      const id = found?.id;
      return id !== undefined && this.all.every(({ replica }) => replica.leader?.id === id);
    });
    if (found === undefined) throw new Error("no leader");
    return found;
  }

  follower(leader: Member): Member {
    const follower = this.all.find((member) => member.id !== leader.id);
    if (follower === undefined) throw new Error("no follower");
    return follower;
  }

  async until(done: () => boolean, withinMs = 60_000): Promise<void> {
    if (!(await this.world.runUntil(done, withinMs))) throw new Error("it did not happen");
  }

  complete<T>(promise: Promise<T>, withinMs?: number): Promise<T> {
    return this.world.complete(promise, withinMs);
  }

  /** All members have applied the same, and no command twice. */
  async converge(): Promise<void> {
    await this.until(() => {
      const [first, ...others] = this.all;
      return (
        first !== undefined &&
        others.every(({ replica }) => replica.appliedIndex === first.replica.appliedIndex)
      );
    });
    const orders = this.all.map(({ machine }) => JSON.stringify(machine.order));
    if (new Set(orders).size !== 1) throw new Error("the members differ");
  }

  async #start(
    id: MemberId,
    open: (host: LocalHost, spec: CounterSpec) => Promise<CounterReplica>,
  ): Promise<Member> {
    const dead = this.#dead.get(id);
    const environment = memoryEnvironment({
      world: this.world,
      network: this.network,
      host: `host${id}`,
      ...(dead === undefined ? {} : { disk: dead.environment.disk }),
    });
    this.onStart(environment);
    const storage = dead?.storage ?? new MemoryStorage(environment);
    storage.environment = environment;
    const machine = this.machineOf(id);
    const events: HostEvent[] = [];
    const started = (async (): Promise<Member> => {
      const host = await LocalHost.open(
        {
          environment,
          directory: "/data",
          clusterId: this.clusterIds.get(id) ?? "test",
          hostId: id,
          listenAddress: `host${id}:1`,
          onEvent: (event) => events.push(event),
        },
        (identity) =>
          this.onFiles
            ? new DirectoryStorage(environment, "/data", identity, SEGMENT_BYTES, true)
            : storage,
      );
      const spec = { groupId: 1, machine, commands: words, results: numbers, ...this.spec };
      const replica = await open(host, spec);
      return { id, environment, storage, host, replica, machine, events };
    })();
    try {
      const member = await this.world.complete(started);
      this.members.set(id, member);
      return member;
    } catch (error) {
      // The process that could not start is no more.
      environment.stop();
      environment.disk.kill();
      throw error;
    }
  }
}
