import { replayStage } from "../stage/node-stage.ts";
import type { StagePlan } from "../stage/stage-action.ts";
import { leaveOut } from "./leave-out.ts";

/** How far the search is: the smallest plan so far, and how many runs it took. */
export interface StageShrinkProgress {
  readonly best: StagePlan;
  readonly runs: number;
}

/**
 * Leaves out what was done by hand to a run of whole nodes, as long as the same checker complains. Yields after every run;
 * returns undefined when the plan violates nothing.
 */
export async function* shrinkStage(
  plan: StagePlan,
): AsyncGenerator<StageShrinkProgress, StageShrinkProgress | undefined> {
  const checker = await checkerOf(plan);
  if (checker === undefined) return undefined;
  let best = plan;
  let runs = 1;
  yield { best, runs };
  async function* fails(without: readonly number[]): AsyncGenerator<StageShrinkProgress, boolean> {
    const actions = best.actions.filter((_, place) => !without.includes(place));
    const candidate = { ...best, actions };
    runs += 1;
    const isSame = (await checkerOf(candidate)) === checker;
    if (isSame) best = candidate;
    yield { best, runs };
    return isSame;
  }
  yield* leaveOut(() => best.actions.map((_, place) => place), fails);
  return { best, runs };
}

async function checkerOf(plan: StagePlan): Promise<string | undefined> {
  return (await replayStage(plan)).violations[0]?.checker;
}
