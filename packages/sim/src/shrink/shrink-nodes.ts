import type { NodeRun } from "../hunt/draw-nodes.ts";
import {
  type HappenedEvents,
  type LeftOut,
  type NodePlan,
  type NodeRunResult,
  playNodes,
} from "../hunt/run-nodes.ts";

import { leaveOut } from "./leave-out.ts";

/** How far the search is. */
export interface NodeShrinkProgress {
  /** The smallest plan so far that violates the same checker. */
  readonly best: NodePlan;
  /** Faults, changes of the group and requests of clients that are left in it. */
  readonly events: number;
  readonly runs: number;
}

/** Kinds of events, those first of which there are few and that cost most to follow. */
const KINDS = ["faults", "changes", "asks"] as const;

/**
 * Makes a run of whole nodes smaller that violates something, as long as it still violates the same checker: what comes
 * after the violation goes first, then whole workloads, then events by halves, quarters and so on. A generator that
 * yields after every run: whoever has a clock decides how long to go on, and `best` is good at any moment. Returns
 * undefined when the plan violates nothing.
 */
export async function* shrinkNodes(
  plan: NodePlan,
): AsyncGenerator<NodeShrinkProgress, NodeShrinkProgress | undefined> {
  const first = await playNodes(plan);
  const checker = first.result.violations[0]?.checker;
  if (checker === undefined) return undefined;
  const search = new Search(plan, checker, first.happened);
  yield search.progress;
  for (const run of simplerRuns(plan.run, first.result)) yield* search.try(run, {});
  for (let before = -1; before !== search.progress.events; ) {
    before = search.progress.events;
    for (const kind of KINDS) {
      const happened = (): readonly number[] => search.happened[kind];
      yield* leaveOut(happened, (without) => search.without(kind, without));
    }
  }
  return search.progress;
}

class Search {
  #best: NodePlan;
  #happened: HappenedEvents;
  #runs = 1;
  readonly #checker: string;

  constructor(plan: NodePlan, checker: string, happened: HappenedEvents) {
    this.#best = plan;
    this.#checker = checker;
    this.#happened = happened;
  }

  get progress(): NodeShrinkProgress {
    const { asks, faults, changes } = this.#happened;
    const events = asks.length + faults.length + changes.length;
    return { best: this.#best, events, runs: this.#runs };
  }

  get happened(): HappenedEvents {
    return this.#happened;
  }

  /** True when the best plan still violates the same checker with these changes: they are part of it from then on. */
  async *try(
    run: Partial<NodeRun>,
    more: Partial<LeftOut>,
  ): AsyncGenerator<NodeShrinkProgress, boolean> {
    const { leftOut } = this.#best;
    const plan = {
      ...this.#best,
      run: { ...this.#best.run, ...run },
      leftOut: { ...leftOut, ...more },
    };
    const { result, happened } = await playNodes(plan);
    this.#runs += 1;
    const isSame = result.violations[0]?.checker === this.#checker;
    if (isSame) {
      this.#best = plan;
      this.#happened = happened;
    }
    yield this.progress;
    return isSame;
  }

  without(
    kind: (typeof KINDS)[number],
    some: readonly number[],
  ): AsyncGenerator<NodeShrinkProgress, boolean> {
    return this.try({}, { [kind]: new Set([...this.#best.leftOut[kind], ...some]) });
  }
}

/** Nothing after the violation matters; each workload alone may not, either. */
function simplerRuns(run: NodeRun, { virtualMs }: NodeRunResult): readonly Partial<NodeRun>[] {
  const { watches, leases, sessions, keys } = run;
  const until = Math.ceil(virtualMs);
  return [
    ...(until < run.faultsMs ? [{ faultsMs: until }] : []),
    { traffic: false },
    { faults: [], changeEveryMs: Number.POSITIVE_INFINITY, ruins: [] },
    { ruins: [] },
    { sessions: { ...sessions, clients: 0 } },
    { leases: { ...leases, owners: 0 } },
    { watches: { ...watches, watchers: 0 } },
    { keys: { ...keys, everyMs: keys.everyMs * 8 } },
    { keys: { ...keys, everyMs: keys.everyMs * 3 } },
    { answerLossRate: 0 },
  ];
}
