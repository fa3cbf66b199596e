import type { Violation } from "../checkers/violation.ts";
import type { FaultCounters } from "../faults/fault-counters.ts";
import type { NodeFault } from "../faults/fault-scene.ts";
import { GroupChanges } from "../faults/group-changes.ts";
import { Random } from "../random/random.ts";
import { Door } from "../workloads/door.ts";
import { KeyWorkload } from "../workloads/key-workload.ts";
import { LeaseWorkload } from "../workloads/lease-workload.ts";
import { OperationLog } from "../workloads/operation-log.ts";
import { SessionWorkload } from "../workloads/session-workload.ts";
import { WatchWorkload } from "../workloads/watch-workload.ts";
import { NodeWorld, type NodeWorldListener } from "../world/node-world.ts";
import type { NodeAudience } from "../world/sim-node.ts";
import { drawLeases } from "./draw-leases.ts";
import { calmRun, drawNodes, NODES_SHORT, type NodeProfile, type NodeRun } from "./draw-nodes.ts";
import { judge } from "./judge-nodes.ts";
import { recoverNodes } from "./recover-nodes.ts";
import { Supervisor } from "./supervisor.ts";

/** A node that spins does more than this; ordinary runs stay far below. */
const EVENTS_PER_VIRTUAL_MS = 60;
/** Every so many seeds a run is replayed against the abstract model as well: that takes a fifth of its time. */
const TRACED_EVERY = 4;
/** Recovery takes no longer. */
const RECOVERY_MS = 60_000;

/** What a run of whole nodes came to. */
export interface NodeRunResult {
  readonly violations: readonly Violation[];
  readonly counters: FaultCounters;
  /** Fingerprint of everything that happened: equal runs have equal digests. */
  readonly digest: string;
  readonly virtualMs: number;
  readonly events: number;
  readonly operations: number;
  /** Operations that were answered. */
  readonly answered: number;
  /** The search for an order of the clients' operations was given up; nothing wrong was found. */
  readonly isUndecided: boolean;
}

/** Everything that takes part in a run. */
export interface NodeCast {
  readonly world: NodeWorld;
  readonly run: NodeRun;
  readonly door: Door;
  readonly log: OperationLog;
  readonly keys: KeyWorkload;
  readonly watches: WatchWorkload;
  readonly leases: LeaseWorkload;
  readonly sessions: SessionWorkload;
  readonly changes: GroupChanges;
  readonly supervisor: Supervisor;
  /** What is not done although it was drawn, and what was done, by number. */
  readonly leftOut: LeftOut;
  readonly done: { readonly faults: number[]; readonly changes: number[] };
  faultsAreOn: boolean;
}

/** Events of a run that are left out of it, by the numbers that they have in the whole run. */
export interface LeftOut {
  readonly asks: ReadonlySet<number>;
  readonly faults: ReadonlySet<number>;
  readonly changes: ReadonlySet<number>;
}

const NOTHING_LEFT_OUT: LeftOut = { asks: new Set(), faults: new Set(), changes: new Set() };

/** A run of whole nodes of which something may be left out. */
export interface NodePlan {
  readonly seed: number;
  readonly run: NodeRun;
  readonly leftOut: LeftOut;
  /** Replayed against the abstract model as well. */
  readonly isTraced: boolean;
}

/** What a seed draws, whole. */
export function planNodes(seed: number, profile: NodeProfile = NODES_SHORT): NodePlan {
  const run = drawNodes(Random.fromSeed(seed).split("nodes").split("draw"), profile);
  return { seed, run, leftOut: NOTHING_LEFT_OUT, isTraced: seed % TRACED_EVERY === 1 };
}

/** Owners of leases under leaders that stand still, decided by the seed. */
export function planLeases(seed: number): NodePlan {
  const run = drawLeases(Random.fromSeed(seed).split("leases").split("draw"));
  return { seed, run, leftOut: NOTHING_LEFT_OUT, isTraced: false };
}

/**
 * A run of whole nodes under faults, decided by its seed: clients and faults, then healing, then everything that must
 * hold at the end.
 *
 * @param listener - Hears one line per event.
 */
export async function runNodes(
  seed: number,
  profile: NodeProfile = NODES_SHORT,
  listener?: NodeWorldListener,
): Promise<NodeRunResult> {
  return (await playNodes(planNodes(seed, profile), listener)).result;
}

/** Plays a plan, and tells which of its events happened. */
export async function playNodes(
  plan: NodePlan,
  listener?: NodeWorldListener,
): Promise<{ readonly result: NodeRunResult; readonly happened: HappenedEvents }> {
  const cast = castOf(plan, listener);
  if (plan.isTraced) cast.world.traceFromNowOn();
  const result = await play(cast);
  return { result, happened: { asks: cast.door.asked, ...cast.done } };
}

/** Numbers of events. */
export interface HappenedEvents {
  readonly asks: readonly number[];
  readonly faults: readonly number[];
  readonly changes: readonly number[];
}

/** Plays it to its end. */
export async function play(cast: NodeCast): Promise<NodeRunResult> {
  const { world, run } = cast;
  world.say(`run ${JSON.stringify({ ...run, faults: run.faults.map(({ name }) => name) })}`);
  begin(cast);
  const goesOn = await world.simulation.run(run.faultsMs);
  cast.faultsAreOn = false;
  cast.door.isOpenToAll = true;
  if (goesOn) await recoverNodes(cast);
  return judge(cast);
}

/** Five nodes without any faults, at twenty operations per second: what the speed of the simulator is measured with. */
export async function runCalm(seed: number, forMs: number): Promise<NodeRunResult> {
  const run = calmRun(forMs);
  const calm = castOf({ seed, run, leftOut: NOTHING_LEFT_OUT, isTraced: false });
  begin(calm);
  await calm.world.simulation.run(forMs);
  return judge(calm);
}

/** Everybody who takes part, and nothing has begun. */
export function castOf(
  { seed, run, leftOut }: NodePlan,
  listener?: NodeWorldListener,
  audience?: NodeAudience,
): NodeCast {
  const world = new NodeWorld(seed, run.settings, listener, audience);
  const { random } = world;
  const door = new Door(world, random.split("door"), {
    delayMaxMs: 2,
    answerLossRate: run.answerLossRate,
  });
  door.leftOut = leftOut.asks;
  const log = new OperationLog();
  world.limitEvents(EVENTS_PER_VIRTUAL_MS * (run.faultsMs + RECOVERY_MS));
  const trustsLeases = run.faults.every(({ breaksLeases }) => breaksLeases !== true);
  world.trustsLeases = trustsLeases;
  return {
    world,
    run,
    door,
    log,
    keys: new KeyWorkload(world, door, log, random.split("keys"), run.keys),
    watches: new WatchWorkload(world, random.split("watches"), run.watches),
    leases: new LeaseWorkload(world, door, log, random.split("leases"), run.leases),
    sessions: new SessionWorkload(world, door, log, random.split("sessions"), run.sessions),
    changes: new GroupChanges(world, random.split("changes")),
    supervisor: new Supervisor(world),
    leftOut,
    done: { faults: [], changes: [] },
    faultsAreOn: true,
  };
}

function begin(cast: NodeCast): void {
  const { world, run, keys, watches, leases, sessions, changes, supervisor } = cast;
  const random = world.random.split("faults");
  world.startAll();
  supervisor.start();
  keys.start();
  watches.start();
  leases.start();
  sessions.start();
  if (run.faults.length > 0) {
    every(cast, random.split("times"), run.faultEveryMs, (number) => {
      const fault = random.pick(run.faults);
      if (cast.leftOut.faults.has(number)) return;
      cast.done.faults.push(number);
      bringFault(cast, fault, random.split(`fault ${number}`));
    });
  }
  const groupRandom = world.random.split("group");
  if (Number.isFinite(run.changeEveryMs)) {
    every(cast, groupRandom, run.changeEveryMs, (number) => {
      if (cast.leftOut.changes.has(number)) return;
      cast.done.changes.push(number);
      changes.change();
    });
  }
  if (run.ruins.length > 0) {
    every(cast, groupRandom, run.faultsMs / 3, () => {
      if (groupRandom.pick(run.ruins) === "damage") changes.damage();
      else changes.wipe();
    });
  }
}

function every(
  cast: NodeCast,
  random: Random,
  everyMs: number,
  act: (number: number) => void,
): void {
  let number = 0;
  const next = (): void => {
    cast.world.simulation.agenda.after(random.range(0, 2 * everyMs), () => {
      if (!cast.faultsAreOn) return;
      number += 1;
      act(number);
      next();
    });
  };
  next();
}

function bringFault(cast: NodeCast, fault: NodeFault, random: Random): void {
  const { world, run } = cast;
  world.say(`fault: ${fault.name}`);
  fault.bring({
    world,
    random,
    lastsMs: run.faultLastsMs,
    later: (afterMs, act) => {
      world.simulation.agenda.after(afterMs, () => {
        if (cast.faultsAreOn) act();
      });
    },
  });
}
