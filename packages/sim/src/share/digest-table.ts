import { drawPlan } from "../plan/draw-plan.ts";
import { runPlan } from "../plan/run-plan.ts";
import { SCENARIOS } from "../scenarios/registry.ts";
import { ScenarioRun } from "../scenarios/scenario-run.ts";

/** Enough to meet every family of faults, few enough to take a second. */
export const DIGEST_SEEDS: readonly number[] = [1, 2, 3, 4, 5];

/**
 * Fingerprints of some drawn runs and of every story: what happened, in which order, and when. Equal wherever the same
 * code runs, so that homes can be compared: versions of Node, and browsers.
 */
export function digestTable(): Readonly<Record<string, string>> {
  const drawn = DIGEST_SEEDS.map((seed) => [`seed ${seed}`, runPlan(drawPlan(seed)).digest]);
  const told = SCENARIOS.map((scenario) => {
    const run = new ScenarioRun(scenario);
    run.play();
    return [scenario.id, run.cluster.digest()];
  });
  return Object.fromEntries([...drawn, ...told]);
}
