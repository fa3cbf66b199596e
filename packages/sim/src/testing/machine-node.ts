import type { MemberId, SnapshotInfo } from "@quorate/core";
import {
  bootstrapLog,
  type Codec,
  type Committed,
  createHost,
  type Host,
  type InitialMember,
  type OpenedState,
  QuorateError,
  type Replica,
  type SnapshotSource,
  type StateMachine,
} from "@quorate/host";
import type { FaultCounters } from "../faults/fault-counters.ts";
import type { ClusterLedger } from "../invariants/cluster-ledger.ts";
import type { Random } from "../random/random.ts";
import type { Agenda } from "../time/agenda.ts";
import { MemberRecord } from "../world/member-record.ts";
import { NodeClock } from "../world/node-clock.ts";
import { NodeDisk } from "../world/node-disk.ts";
import { nodeEnvironment } from "../world/node-environment.ts";
import { ProcessGate } from "../world/process-gate.ts";
import type { StreamNetwork } from "../world/stream-network.ts";
import { WatchedCore } from "../world/watched-core.ts";
import type { MachineOracle } from "./machine-oracle.ts";

const GROUP = 1;
const PORT = 2380;
/** Wall clocks begin on a day of 2030, a little apart. */
const WALL_START_MS = 1_900_000_000_000;
/** Few, so that snapshots are made and installed all the time. */
const SNAPSHOT_POLICY = { entriesMax: 25, bytesMax: 1 << 20, keepEntries: 5 };

export function hostName(id: MemberId): string {
  return `node${id}`;
}

export function memberOf(id: MemberId): InitialMember {
  return { id, name: hostName(id), address: `${hostName(id)}:${PORT}` };
}

/** What all nodes of one run share. */
export interface MachineScene<C, R, Q, A> {
  readonly agenda: Agenda;
  readonly network: StreamNetwork;
  readonly counters: FaultCounters;
  readonly ledger: ClusterLedger;
  readonly oracle: MachineOracle<C, R, Q, A>;
  readonly initial: readonly InitialMember[];
  readonly commands: Codec<C>;
  machine(): StateMachine<C, R, Q, A>;
}

/** One machine with a real host on it that carries the machine under test; processes come and go, the disk stays. */
export class MachineNode<C, R, Q, A> {
  readonly id: MemberId;
  readonly #scene: MachineScene<C, R, Q, A>;
  readonly #random: Random;
  readonly #record: MemberRecord;
  readonly #disk: NodeDisk;
  readonly #clock: NodeClock;
  #gate: ProcessGate | undefined;
  #replica: Replica<C, R, Q, A> | undefined;
  #machine: StateMachine<C, R, Q, A> | undefined;
  #lives = 0;

  constructor(id: MemberId, scene: MachineScene<C, R, Q, A>, random: Random) {
    this.id = id;
    this.#scene = scene;
    this.#random = random;
    this.#record = new MemberRecord(id, scene.ledger);
    this.#clock = new NodeClock(
      scene.agenda,
      random.range(0, 1_000_000),
      WALL_START_MS + random.range(-500, 500),
    );
    this.#disk = new NodeDisk(scene.agenda, random.split("disk"), scene.counters, {
      minMs: 0.5,
      maxMs: 3,
    });
  }

  get isRunning(): boolean {
    return this.#gate !== undefined;
  }

  /** Undefined while no process has come up. */
  get replica(): Replica<C, R, Q, A> | undefined {
    return this.#replica;
  }

  get machine(): StateMachine<C, R, Q, A> | undefined {
    return this.#machine;
  }

  start(): void {
    if (this.#gate !== undefined) return;
    this.#lives += 1;
    const gate = new ProcessGate();
    this.#gate = gate;
    this.#comeUp(gate).catch((error: unknown) => {
      if (!gate.isDead) this.#blame(error);
    });
  }

  crash(withPower: boolean): void {
    if (this.#gate === undefined) return;
    this.#gate.kill();
    this.#gate = undefined;
    this.#replica = undefined;
    this.#machine = undefined;
    this.#record.end();
    this.#scene.network.processEnded(hostName(this.id), withPower);
    if (withPower) this.#disk.powerLost();
    else this.#disk.processEnded();
  }

  pause(): void {
    this.#gate?.pause();
  }

  resume(): void {
    this.#gate?.resume();
  }

  async #comeUp(gate: ProcessGate): Promise<void> {
    const { agenda, network, commands, initial } = this.#scene;
    const environment = nodeEnvironment({
      agenda,
      gate,
      clock: this.#clock,
      random: this.#random.split(`life ${this.#lives}`),
      files: this.#disk.mount(
        gate,
        () => this.crash(false),
        () => this.crash(true),
      ),
      network: network.forProcess(hostName(this.id), gate),
      slownessMs: () => 0,
    });
    network.machineStarted(hostName(this.id));
    const host: Host = await createHost({
      environment,
      directory: "/data",
      clusterId: "simulated",
      hostId: this.id,
      listenAddress: `${hostName(this.id)}:${PORT}`,
      tickMs: 50,
      onEvent: (event) => {
        if (gate.isDead || event.type !== "replica" || event.event.type !== "stopped") return;
        if (event.event.error !== undefined) this.#blame(event.event.error);
      },
      wrapCore: (core, origin) => {
        this.#record.begin(core, origin, bootstrapLog(initial).entries);
        return new WatchedCore(core, this.#record);
      },
    });
    const machine = this.#scene.machine();
    const spec = {
      groupId: GROUP,
      machine: new WatchedMachine(this.id, machine, this.#scene.oracle),
      commands,
      snapshotPolicy: SNAPSHOT_POLICY,
    };
    const replica = (await host.hasGroup(GROUP))
      ? await host.openGroup(spec)
      : await host.createGroup(spec, initial);
    if (gate.isDead) return;
    this.#machine = machine;
    this.#replica = replica;
  }

  /** The host itself is not under test here: what stops it comes from the machine. */
  #blame(error: unknown): void {
    const code = error instanceof QuorateError ? `${error.code}: ` : "";
    const message = error instanceof Error ? error.message : String(error);
    this.#scene.oracle.report(
      "the machine takes every command",
      `member ${this.id}: ${code}${message}`,
    );
  }
}

/** The machine under test, and the oracle that looks on. */
class WatchedMachine<C, R, Q, A> implements StateMachine<C, R, Q, A> {
  readonly #member: MemberId;
  readonly #machine: StateMachine<C, R, Q, A>;
  readonly #oracle: MachineOracle<C, R, Q, A>;

  constructor(
    member: MemberId,
    machine: StateMachine<C, R, Q, A>,
    oracle: MachineOracle<C, R, Q, A>,
  ) {
    this.#member = member;
    this.#machine = machine;
    this.#oracle = oracle;
  }

  open(): OpenedState | Promise<OpenedState> {
    return this.#machine.open();
  }

  async apply(batch: readonly Committed<C>[]): Promise<readonly R[]> {
    const bytes = this.#oracle.encoded(batch);
    const results = await this.#machine.apply(batch);
    this.#oracle.applied(this.#member, batch, bytes, results);
    return results;
  }

  query(query: Q): A | Promise<A> {
    return this.#machine.query(query);
  }

  beginSnapshot(): SnapshotSource {
    return this.#machine.beginSnapshot();
  }

  restore(
    info: SnapshotInfo,
    chunks: AsyncIterable<Uint8Array>,
    companion: Uint8Array,
  ): Promise<void> {
    return this.#machine.restore(info, chunks, companion);
  }

  close(): Promise<void> {
    return this.#machine.close();
  }
}
