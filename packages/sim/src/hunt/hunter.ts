import type { Violation } from "../checkers/violation.ts";
import { CONFIGURATIONS } from "../exhaustive/configurations.ts";
import { explore } from "../exhaustive/explore.ts";
import { runMachines } from "../machines/run-machines.ts";
import { drawPlan, LONG_PROFILE, SHORT_PROFILE } from "../plan/draw-plan.ts";
import { runPlan } from "../plan/run-plan.ts";
import { NODES_LONG, NODES_SHORT } from "./draw-nodes.ts";
import { runNodes } from "./run-nodes.ts";

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
}

type Finding = Violation | "exhausted" | undefined;

/** The kinds of runs that a hunt can draw. */
export const ENGINES: readonly Engine[] = [
  {
    name: "cores",
    weight: 1,
    run: (seed) => runPlan(drawPlan(seed, SHORT_PROFILE)).violations[0],
  },
  {
    name: "cores, long",
    weight: 0.1,
    run: (seed) => runPlan(drawPlan(seed, LONG_PROFILE)).violations[0],
  },
  {
    name: "nodes",
    weight: 0.5,
    run: async (seed) => (await runNodes(seed, NODES_SHORT)).violations[0],
  },
  {
    name: "nodes, long",
    weight: 0.05,
    run: async (seed) => (await runNodes(seed, NODES_LONG)).violations[0],
  },
  {
    name: "machines",
    weight: 1,
    run: async (seed) => (await runMachines(seed)).violations[0],
  },
  {
    // Some seconds at a time, so it waits until the others have had some.
    name: "exhaustive",
    weight: 0.01,
    run: (seed) => exhaust(seed),
  },
];

/** States of one configuration beyond which the hunt goes on elsewhere. */
const STATES_MAX = 30_000;

/** The seed counts the configurations. */
function exhaust(seed: number): Finding {
  const configuration = CONFIGURATIONS[seed - 1];
  if (configuration === undefined) return "exhausted";
  const search = explore(configuration, STATES_MAX);
  let turn = search.next();
  while (turn.done !== true) turn = search.next();
  return turn.value.verdict === "violated" ? turn.value.violation : undefined;
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
