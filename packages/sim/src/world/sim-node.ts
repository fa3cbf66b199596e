import type { MemberId, RaftCore } from "@quorate/core";
import {
  bootstrapLog,
  type CoreOrigin,
  createHost,
  type Host,
  type HostEvent,
  type InitialMember,
  type MemberAddress,
  QuorateError,
} from "@quorate/host";
import {
  type KvAnswer,
  type KvCommand,
  KvMachine,
  type KvQuery,
  type KvResult,
  kvCommandCodec,
  kvResultCodec,
  MemoryStore,
} from "@quorate/kv";
import type { ReplicaStates } from "../checkers/replica-states.ts";
import type { FaultCounters } from "../faults/fault-counters.ts";
import type { ClusterLedger } from "../invariants/cluster-ledger.ts";
import type { Chronicle } from "../oracles/chronicle.ts";
import type { Random } from "../random/random.ts";
import type { Agenda } from "../time/agenda.ts";
import { type KvReplica, LeaseDriver } from "./lease-driver.ts";
import { MemberRecord } from "./member-record.ts";
import { NodeClock } from "./node-clock.ts";
import { NodeDisk } from "./node-disk.ts";
import { nodeEnvironment } from "./node-environment.ts";
import type { NodeWorldSettings } from "./node-settings.ts";
import { ProcessGate, type WakeOrder } from "./process-gate.ts";
import { type MachineWitness, RecordingMachine } from "./recording-machine.ts";
import type { StreamNetwork } from "./stream-network.ts";
import { type CoreWitness, WatchedCore } from "./watched-core.ts";

const GROUP = 1;
const CLUSTER_ID = "simulated";
const DATA = "/data";
const PORT = 2380;
const ELECTION_TICKS_DEFAULT = 10;

/** Wall clocks begin on a day of 2030, a little apart. */
const WALL_START_MS = 1_900_000_000_000;

/** What a node shares with the others of its world. */
export interface NodeSurroundings {
  readonly agenda: Agenda;
  readonly settings: NodeWorldSettings;
  readonly network: StreamNetwork;
  readonly counters: FaultCounters;
  readonly ledger: ClusterLedger;
  readonly chronicle: Chronicle;
  readonly states: ReplicaStates;
  /** Hears what happens, in words. Undefined when nobody listens. */
  readonly say: ((node: MemberId, what: string) => void) | undefined;
  readonly audience: NodeAudience | undefined;
  onHostEvent(node: MemberId, event: HostEvent): void;
}

/** Shows nodes to somebody: hears what their cores are told and want, and when a process has come up. */
export interface NodeAudience {
  /** A new life begins; `core` is not yet running. */
  begins(node: SimNode, core: RaftCore, of: CoreOrigin): CoreWitness;
  isUp(node: SimNode, replica: KvReplica): void;
  /** The node says something of itself. */
  heard(node: SimNode, event: HostEvent): void;
}

/** One process: everything that ends with it. */
export interface NodeLife {
  readonly gate: ProcessGate;
  readonly number: number;
  readonly machine: KvMachine;
  readonly host: Host;
  readonly replica: KvReplica;
  readonly leases: LeaseDriver;
}

/** How a node that has no data of the group yet comes to it. */
export type NodeOrigin =
  | { readonly type: "founder"; readonly initial: readonly InitialMember[] }
  | { readonly type: "newcomer"; readonly contacts: readonly MemberAddress[] };

export type NodePower = "down" | "starting" | "up" | "failed";

export function addressOf(id: MemberId): string {
  return `node${id}:${PORT}`;
}

export function hostOf(id: MemberId): string {
  return `node${id}`;
}

/** One machine with a whole node on it: its disk and its clocks stay, its processes come and go. */
export class SimNode {
  readonly id: MemberId;
  readonly clock: NodeClock;
  readonly record: MemberRecord;
  disk: NodeDisk;
  origin: NodeOrigin;
  /** Added to every turn of the event loop. */
  slownessMs = 0;
  /** The machine needs so long for a portion of commands. */
  applyMs: number;
  /** Part of its log is missing, and the others are to give it back. */
  isRefilling = false;
  /** Taken away for good. */
  isRetired = false;
  /** Why it could not start or had to stop, when it is down and should not be. */
  failure: string | undefined;
  readonly #around: NodeSurroundings;
  readonly #random: Random;
  #power: NodePower = "down";
  #gate: ProcessGate | undefined;
  #life: NodeLife | undefined;
  #lives = 0;
  #disks = 0;

  constructor(id: MemberId, origin: NodeOrigin, around: NodeSurroundings, random: Random) {
    this.id = id;
    this.origin = origin;
    this.#around = around;
    this.#random = random;
    this.clock = new NodeClock(
      around.agenda,
      random.range(0, 1_000_000),
      WALL_START_MS + random.range(-500, 500),
    );
    this.record = new MemberRecord(id, around.ledger);
    this.applyMs = around.settings.applyMs;
    this.disk = this.#newDisk();
  }

  get power(): NodePower {
    return this.#power;
  }

  /** The running process; undefined while there is none, or none that has come up. */
  get life(): NodeLife | undefined {
    return this.#life;
  }

  get isPaused(): boolean {
    return this.#gate?.isPaused === true;
  }

  /** Begins a process; it comes up some time later, or fails to. */
  start(): void {
    if (this.isRetired || this.#power === "starting" || this.#power === "up") return;
    this.#lives += 1;
    this.#power = "starting";
    this.failure = undefined;
    const gate = new ProcessGate();
    this.#gate = gate;
    this.#around.say?.(this.id, "starts");
    this.#comeUp(gate, this.#lives).catch((error: unknown) => {
      if (gate.isDead) return;
      this.#failed(error);
    });
  }

  /** The process ends. With the power everything goes that was not durable. */
  crash(withPower: boolean): void {
    if (this.#gate === undefined) return;
    this.#around.say?.(this.id, withPower ? "loses power" : "is killed");
    this.#end(withPower);
  }

  /** An orderly end. */
  async stop(): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    this.#around.say?.(this.id, "is stopped");
    life.leases.close();
    await life.host.close();
    if (this.#life === life) this.#end(false);
  }

  pause(): void {
    this.#gate?.pause();
  }

  resume(order?: WakeOrder): void {
    this.#gate?.resume(order);
  }

  /** Its disk is replaced by an empty one. */
  wipe(): void {
    this.crash(true);
    this.disk = this.#newDisk();
    this.record.wiped();
    this.#around.counters.count("memberWiped");
    this.#around.say?.(this.id, "has an empty disk");
  }

  #end(withPower: boolean): void {
    this.#gate?.kill();
    this.#gate = undefined;
    this.#life = undefined;
    this.#power = "down";
    this.record.end();
    this.#around.network.processEnded(hostOf(this.id), withPower);
    if (withPower) this.disk.powerLost();
    else this.disk.processEnded();
  }

  #failed(error: unknown): void {
    this.failure = error instanceof QuorateError ? error.code : String(error);
    this.#around.say?.(this.id, `cannot start: ${String(error)}`);
    if (!(error instanceof QuorateError)) {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#around.ledger.report("errors have a code", `node ${this.id} fails with ${stack}`);
    }
    this.#end(false);
    this.#power = "failed";
  }

  async #comeUp(gate: ProcessGate, number: number): Promise<void> {
    const { agenda, settings, network, ledger } = this.#around;
    const { trace } = ledger;
    const random = this.#random.split(`life ${number}`);
    const endWith = (withPower: boolean): void => {
      if (this.#gate === gate) this.crash(withPower);
    };
    const files = this.disk.mount(
      gate,
      () => endWith(random.chance(0.5)),
      () => endWith(true),
    );
    const environment = nodeEnvironment({
      agenda,
      gate,
      clock: this.clock,
      random,
      files,
      network: network.forProcess(hostOf(this.id), gate),
      slownessMs: () => this.slownessMs,
    });
    network.machineStarted(hostOf(this.id));
    const host = await createHost({
      environment,
      directory: DATA,
      clusterId: CLUSTER_ID,
      hostId: this.id,
      listenAddress: addressOf(this.id),
      tickMs: settings.tickMs,
      core: settings.core,
      transport: settings.transport,
      logSegmentBytes: settings.logSegmentBytes,
      onEvent: (event) => this.#heard(gate, event),
      onDecision: trace === undefined ? undefined : (_group, decision) => trace.decided(decision),
      wrapCore: (core, of) => {
        const { origin } = this;
        const founding = origin.type === "founder" ? bootstrapLog(origin.initial).entries : [];
        this.record.begin(core, of, founding);
        this.isRefilling = of.storage.refill !== undefined;
        const watched = new WatchedCore(core, this.record);
        const witness = this.#around.audience?.begins(this, watched, of);
        return witness === undefined ? watched : new WatchedCore(watched, witness);
      },
    });
    const machine = new KvMachine({
      store: settings.keepsState ? this.disk.storeFor(gate) : new MemoryStore(),
      defer: (run) => environment.defer(run),
    });
    const replica = await this.#takePart(host, machine, gate);
    const leases = new LeaseDriver({
      machine,
      replica,
      environment,
      electionTimeoutMs: settings.tickMs * (settings.core.electionTicks ?? ELECTION_TICKS_DEFAULT),
    });
    if (gate.isDead) return;
    this.#around.audience?.isUp(this, replica);
    this.#life = { gate, number, machine, host, replica, leases };
    this.#power = "up";
    this.#around.say?.(this.id, "is up");
  }

  async #takePart(host: Host, kv: KvMachine, gate: ProcessGate): Promise<KvReplica> {
    const { settings, chronicle, states } = this.#around;
    const where = `node ${this.id}`;
    const witness: MachineWitness<KvCommand, KvResult> = {
      opened: () => undefined,
      applied: (batch, results) => {
        chronicle.applied(where, batch, results);
        states.see(where, batch.at(-1)?.index ?? 0, kv.status().stateHash);
      },
      restored: ({ index }) => states.see(`${where} restored`, index, kv.status().stateHash),
    };
    const machine = new RecordingMachine<KvCommand, KvResult, KvQuery, KvAnswer>(
      kv,
      witness,
      settings.flushPressure,
      settings.keepsState,
      () => this.#applyTime(gate),
    );
    const spec = {
      groupId: GROUP,
      machine,
      commands: kvCommandCodec,
      results: kvResultCodec,
      snapshotPolicy: settings.snapshotPolicy,
      limits: settings.limits,
    };
    const { origin } = this;
    if (await host.hasGroup(GROUP)) {
      return host.openGroup(spec, origin.type === "newcomer" ? origin.contacts : []);
    }
    return origin.type === "founder"
      ? host.createGroup(spec, origin.initial)
      : host.joinGroup(spec, origin.contacts);
  }

  /** Undefined: at once. */
  #applyTime(gate: ProcessGate): Promise<void> | undefined {
    if (this.applyMs === 0) return undefined;
    const { agenda } = this.#around;
    const forMs = this.#random.range(0, 2 * this.applyMs);
    return new Promise((resolve) => {
      agenda.after(forMs, () => gate.enter(resolve));
    });
  }

  #heard(gate: ProcessGate, event: HostEvent): void {
    if (gate.isDead) return;
    this.#around.onHostEvent(this.id, event);
    this.#around.audience?.heard(this, event);
    if (event.type === "replica" && event.event.type === "refilled") this.isRefilling = false;
    if (event.type !== "replica" || event.event.type !== "stopped") return;
    const { error } = event.event;
    if (error === undefined) return;
    this.#around.say?.(this.id, `has stopped: ${error.code} ${error.message}`);
    this.failure = error.code;
    // A process whose group has stopped is ended by whoever supervises it.
    this.#around.agenda.after(0, () => {
      if (this.#gate !== gate) return;
      this.#end(false);
      this.#power = "failed";
    });
  }

  #newDisk(): NodeDisk {
    const { agenda, counters, settings } = this.#around;
    this.#disks += 1;
    const random = this.#random.split(`disk ${this.#disks}`);
    return new NodeDisk(agenda, random, counters, settings.disk, settings.store);
  }
}
