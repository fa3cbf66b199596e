import type { Violation } from "../checkers/violation.ts";
import { CONFIGURATIONS } from "../exhaustive/configurations.ts";
import { type Explored, explore } from "../exhaustive/explore.ts";
import { runMachines } from "../machines/run-machines.ts";
import { drawPlan, LONG_PROFILE, type PlanProfile, SHORT_PROFILE } from "../plan/draw-plan.ts";
import { runPlan } from "../plan/run-plan.ts";
import { shrink } from "../shrink/shrink.ts";
import { shrinkMachines } from "../shrink/shrink-machines.ts";
import { shrinkNodes } from "../shrink/shrink-nodes.ts";
import { NODES_LONG, NODES_SHORT } from "./draw-nodes.ts";
import { type NodePlan, planLeases, planNodes, playNodes } from "./run-nodes.ts";

/** One thing that can be run with a seed and may find something. */
export interface Quarry {
  readonly violation: Violation;
  /** Which way of looking found it. */
  readonly engine: string;
  readonly seed: number;
}

/** A way of looking for mistakes, cut into pieces that are numbered by seeds. */
export interface Engine {
  readonly name: string;
  /** How often it gets its turn, against the others. */
  readonly weight: number;
  /** Undefined when nothing was found; `exhausted` when there is no such piece any more. */
  run(seed: number): Finding | Promise<Finding>;
  /**
   * Makes a run that found something smaller: yields after every try how many events are left of it. Yields nothing when
   * the run finds nothing.
   */
  shrink(seed: number): AsyncGenerator<number>;
}

type Finding = Violation | "exhausted" | undefined;

/** The kinds of runs that a hunt can draw. */
export const ENGINES: readonly Engine[] = [
  coresEngine("cores", 1, SHORT_PROFILE),
  coresEngine("cores, long", 0.1, LONG_PROFILE),
  nodesEngine("nodes", 0.5, (seed) => planNodes(seed, NODES_SHORT)),
  nodesEngine("nodes, long", 0.05, (seed) => planNodes(seed, NODES_LONG)),
  nodesEngine("leases", 0.2, planLeases),
  {
    name: "machines",
    weight: 1,
    run: async (seed) => (await runMachines(seed)).violations[0],
    async *shrink(seed) {
      for await (const { steps } of shrinkMachines(seed)) yield steps.length;
    },
  },
  {
    // Some seconds at a time, so it waits until the others have had some.
    name: "exhaustive",
    weight: 0.01,
    run: (seed) => exhausted(seed),
    async *shrink(seed) {
      // States are visited nearest first: what was found cannot be shorter.
      const found = exhaust(seed);
      if (found?.verdict === "violated") yield found.trace.length;
    },
  },
];

function coresEngine(name: string, weight: number, profile: PlanProfile): Engine {
  return {
    name,
    weight,
    run: (seed) => runPlan(drawPlan(seed, profile)).violations[0],
    async *shrink(seed) {
      for (const { best } of shrink(drawPlan(seed, profile))) yield best.actions.length;
    },
  };
}

function nodesEngine(name: string, weight: number, plan: (seed: number) => NodePlan): Engine {
  return {
    name,
    weight,
    run: async (seed) => (await playNodes(plan(seed))).result.violations[0],
    async *shrink(seed) {
      for await (const { events } of shrinkNodes(plan(seed))) yield events;
    },
  };
}

/** States of one configuration beyond which the hunt goes on elsewhere. */
const STATES_MAX = 30_000;

/** The seed counts the configurations. */
function exhaust(seed: number): Explored | undefined {
  const configuration = CONFIGURATIONS[seed - 1];
  if (configuration === undefined) return undefined;
  const search = explore(configuration, STATES_MAX);
  let turn = search.next();
  while (turn.done !== true) turn = search.next();
  return turn.value;
}

function exhausted(seed: number): Finding {
  const explored = exhaust(seed);
  if (explored === undefined) return "exhausted";
  return explored.verdict === "violated" ? explored.violation : undefined;
}

/**
 * Looks for a violation with all engines in turn, from seed 1 on. A generator, so that whoever has a clock decides how
 * long to go on: it yields after every piece.
 */
export async function* hunt(
  engines: readonly Engine[] = ENGINES,
): AsyncGenerator<undefined, Quarry | undefined> {
  const turns = engines.map((engine) => ({ engine, due: 1 / engine.weight, seed: 1 }));
  while (turns.length > 0) {
    let next = turns[0] as (typeof turns)[number];
    for (const turn of turns) if (turn.due < next.due) next = turn;
    const { engine, seed } = next;
    const found = await engine.run(seed);
    if (found === "exhausted") {
      turns.splice(turns.indexOf(next), 1);
      continue;
    }
    if (found !== undefined) return { violation: found, engine: engine.name, seed };
    next.seed += 1;
    next.due += 1 / engine.weight;
    yield undefined;
  }
  return undefined;
}
