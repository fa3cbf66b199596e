import type { MemberId } from "@quorate/core";
import { type Codec, jsonCodec, QuorateError, type StateMachine } from "@quorate/host";
import type { Violation } from "../checkers/violation.ts";
import { FaultCounters } from "../faults/fault-counters.ts";
import { ClusterLedger } from "../invariants/cluster-ledger.ts";
import { EventHash } from "../random/event-hash.ts";
import { Random } from "../random/random.ts";
import { Simulation } from "../world/simulation.ts";
import { StreamNetwork } from "../world/stream-network.ts";
import { hostName, MachineNode, memberOf } from "./machine-node.ts";
import { MachineOracle } from "./machine-oracle.ts";

/** A state machine to be tested, and how. */
export interface StateMachineTest<C, R, Q, A> {
  /** A new machine, as after the start of a process: it must not remember anything of an earlier one. */
  machine(): StateMachine<C, R, Q, A>;
  /** Some command; draw from `random` alone, so that a seed repeats the run. */
  command(random: Random): C;
  /** Queries whose answers together show the whole state. */
  readonly questions: readonly Q[];
  /** Default: JSON. */
  readonly commands?: Codec<C> | undefined;
  /** Runs, each with a seed of its own. Default 10. */
  readonly runs?: number | undefined;
  /** Default 1. */
  readonly firstSeed?: number | undefined;
  /** Default 3. */
  readonly members?: number | undefined;
  /** Virtual time with faults, per run. Default 4 000. */
  readonly faultsMs?: number | undefined;
  /** Equal values must give equal texts. Default: JSON. */
  readonly show?: ((value: unknown) => string) | undefined;
}

/** What testing a state machine found. */
export interface StateMachineReport {
  /** The first thing that was wrong, and the seed that repeats it as `firstSeed`; undefined when all is well. */
  readonly failure: { readonly seed: number; readonly violation: Violation } | undefined;
  readonly runs: number;
  /** Commands applied in all runs. */
  readonly commands: number;
  readonly counters: FaultCounters;
}

const CLIENTS = 4;
const REQUEST_MS = 1_500;
const RECOVERY_MS = 30_000;

/**
 * Tests a state machine under faults: real hosts carry it on virtual time, disks and network; members crash, lose power,
 * are cut off and paused, restart from snapshots and logs, and install each other's snapshots. Every member must come to
 * the same results and the same state as a machine that applied everything in order and never saw a fault.
 *
 * Rejects with INVALID_ARGUMENT for what makes no test, such as no run at all: that would pass in silence.
 *
 * Machines that keep their own durable state (`flush`) are run as well; the disk they keep it on is not simulated here.
 */
export async function testStateMachine<C, R, Q, A>(
  test: StateMachineTest<C, R, Q, A>,
): Promise<StateMachineReport> {
  const { runs = 10, firstSeed = 1, members = 3 } = test;
  checked("runs", runs, 1);
  checked("members", members, 1);
  checked("firstSeed", firstSeed, 0);
  for (const name of ["machine", "command"] as const) {
    if (typeof test[name] !== "function") throw invalid(`${name} is a function.`);
  }
  const counters = new FaultCounters();
  let commands = 0;
  for (let run = 0; run < runs; run += 1) {
    const seed = firstSeed + run;
    const trial = new Trial(test, seed);
    const violation = await trial.run();
    counters.add(trial.counters);
    commands += trial.oracle.commands;
    if (violation !== undefined) {
      return { failure: { seed, violation }, runs: run + 1, commands, counters };
    }
  }
  return { failure: undefined, runs, commands, counters };
}

function checked(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw invalid(`${name} is a whole number from ${least} on, not ${value}.`);
  }
}

function invalid(sentence: string): QuorateError {
  return new QuorateError("INVALID_ARGUMENT", sentence, {
    outcome: "notApplied",
    retryable: false,
  });
}

class Trial<C, R, Q, A> {
  readonly counters: FaultCounters = new FaultCounters();
  readonly oracle: MachineOracle<C, R, Q, A>;
  readonly #test: StateMachineTest<C, R, Q, A>;
  readonly #random: Random;
  readonly #simulation: Simulation;
  readonly #network: StreamNetwork;
  readonly #ledger: ClusterLedger = new ClusterLedger();
  readonly #nodes: Map<MemberId, MachineNode<C, R, Q, A>> = new Map();
  #faultsAreOn = true;

  constructor(test: StateMachineTest<C, R, Q, A>, seed: number) {
    this.#test = test;
    this.#random = Random.fromSeed(seed).split("machine");
    const commands = test.commands ?? jsonCodec<C>();
    this.oracle = new MachineOracle(commands, test.show ?? ((value) => `${JSON.stringify(value)}`));
    const hash = new EventHash();
    this.#simulation = new Simulation(hash);
    const { agenda } = this.#simulation;
    this.#network = new StreamNetwork(agenda, this.#random.split("network"), this.counters, hash);
    const initial = Array.from({ length: test.members ?? 3 }, (_, at) => memberOf(at + 1));
    for (const { id } of initial) {
      const scene = {
        agenda,
        network: this.#network,
        counters: this.counters,
        ledger: this.#ledger,
        oracle: this.oracle,
        initial,
        commands,
        machine: () => test.machine(),
      };
      this.#nodes.set(id, new MachineNode(id, scene, this.#random.split(`node ${id}`)));
    }
    this.#simulation.isOver = () => this.#violation !== undefined;
  }

  get #violation(): Violation | undefined {
    return this.oracle.violations[0] ?? this.#ledger.violations[0];
  }

  async run(): Promise<Violation | undefined> {
    const { faultsMs = 4_000 } = this.#test;
    for (const node of this.#nodes.values()) node.start();
    for (let client = 1; client <= CLIENTS; client += 1) {
      this.#ask(this.#random.split(`client ${client}`));
    }
    this.#bringFaults(this.#random.split("faults"));
    const goesOn = await this.#simulation.run(faultsMs);
    this.#faultsAreOn = false;
    if (goesOn) await this.#recover();
    if (this.#violation === undefined) await this.#compare();
    const violation = this.#violation;
    for (const node of this.#nodes.values()) node.crash(false);
    return violation;
  }

  /** A client: one command after the other, at whichever member comes to its mind. */
  #ask(random: Random): void {
    this.#simulation.agenda.after(random.exponential(30), () => {
      if (!this.#faultsAreOn) return;
      const { replica } = this.#node(random.pick([...this.#nodes.keys()]));
      let isOver = false;
      const again = (): void => {
        if (!isOver) this.#ask(random);
        isOver = true;
      };
      if (replica === undefined) {
        again();
        return;
      }
      replica.propose(this.#test.command(random), { timeoutMs: REQUEST_MS }).then(
        ({ result, position }) => {
          this.oracle.answered(position.index, result);
          again();
        },
        (error: unknown) => {
          if (!(error instanceof QuorateError))
            this.oracle.report("errors have a code", `${error}`);
          again();
        },
      );
      // A process that ends takes its answers with it.
      this.#simulation.agenda.after(REQUEST_MS * 2, again);
    });
  }

  #bringFaults(random: Random): void {
    this.#simulation.agenda.after(random.exponential(250), () => {
      if (!this.#faultsAreOn) return;
      const node = this.#node(random.pick([...this.#nodes.keys()]));
      const lastsMs = random.pick([50, 200, 600]);
      const { agenda } = this.#simulation;
      switch (random.pick(["crash", "crash", "cut", "cut", "pause", "snapshot"] as const)) {
        case "crash":
          this.counters.count("memberCrashed");
          node.crash(random.chance(0.5));
          agenda.after(lastsMs, () => {
            this.counters.count("memberRestarted");
            node.start();
          });
          break;
        case "cut":
          this.#cutOff(node.id);
          agenda.after(lastsMs, () => this.#network.mendAll());
          break;
        case "pause":
          this.counters.count("memberPaused");
          node.pause();
          agenda.after(lastsMs, () => node.resume());
          break;
        case "snapshot":
          this.counters.count("snapshotForced");
          // It may be too early for one, or the process may end meanwhile: both are as good as none.
          node.replica?.snapshot().catch(() => undefined);
          break;
      }
      this.#bringFaults(random);
    });
  }

  #cutOff(id: MemberId): void {
    for (const other of this.#nodes.keys()) {
      if (other === id) continue;
      this.counters.count("linkCutBothWays");
      this.#network.cut(hostName(id), hostName(other));
      this.#network.cut(hostName(other), hostName(id));
    }
  }

  /** Everybody runs and hears everybody: all must come to the same place. */
  async #recover(): Promise<void> {
    this.#network.mendAll();
    for (const node of this.#nodes.values()) {
      node.resume();
      node.start();
    }
    const replicas = (): readonly number[] =>
      [...this.#nodes.values()].map(({ replica }) => {
        const status = replica?.status().core;
        if (replica === undefined || status === undefined) return -1;
        return status.leader === 0 || status.last.index !== replica.appliedIndex
          ? -1
          : replica.appliedIndex;
      });
    const isDone = (): boolean => {
      const applied = replicas();
      return applied[0] !== -1 && new Set(applied).size === 1;
    };
    if (!(await this.#simulation.runUntil(isDone, RECOVERY_MS)) && this.#violation === undefined) {
      const applied = replicas().join(", ");
      this.oracle.report("convergence", `members did not catch up: applied ${applied}`);
    }
  }

  async #compare(): Promise<void> {
    const members = new Map<MemberId, StateMachine<C, R, Q, A>>();
    for (const { id, machine } of this.#nodes.values()) {
      if (machine !== undefined) members.set(id, machine);
    }
    await this.oracle.compareWithFresh(this.#test.machine(), this.#test.questions, members);
  }

  #node(id: MemberId): MachineNode<C, R, Q, A> {
    const node = this.#nodes.get(id);
    if (node === undefined) throw new RangeError(`there is no member ${id}`);
    return node;
  }
}
