import { runMachines } from "../machines/run-machines.ts";
import { leaveOut } from "./leave-out.ts";

/** How far the search is: the steps of the smallest run so far, and how many runs it took. */
export interface MachineShrinkProgress {
  readonly steps: readonly number[];
  readonly runs: number;
}

/** Leaves steps out of a run of machines, as long as the same checker complains. Undefined when none does. */
export async function* shrinkMachines(
  seed: number,
): AsyncGenerator<MachineShrinkProgress, MachineShrinkProgress | undefined> {
  const first = await runMachines(seed);
  const checker = first.violations[0]?.checker;
  if (checker === undefined) return undefined;
  let leftOut: ReadonlySet<number> = new Set();
  let { steps } = first;
  let runs = 1;
  yield { steps, runs };
  async function* fails(
    without: readonly number[],
  ): AsyncGenerator<MachineShrinkProgress, boolean> {
    const more = new Set([...leftOut, ...without]);
    const result = await runMachines(seed, more);
    runs += 1;
    const isSame = result.violations[0]?.checker === checker;
    if (isSame) {
      leftOut = more;
      steps = result.steps;
    }
    yield { steps, runs };
    return isSame;
  }
  yield* leaveOut(() => steps, fails);
  return { steps, runs };
}
