import type { Violation } from "../checkers/violation.ts";
import type { ClusterListener } from "../cluster/events.ts";
import { runPlan } from "../plan/run-plan.ts";
import { findScenario } from "../scenarios/registry.ts";
import { ScenarioRun, type ScenarioState } from "../scenarios/scenario-run.ts";
import { ShareError } from "./share-error.ts";
import type { SharedRun } from "./shared-run.ts";

/** What a shared run came to. */
export interface Replayed {
  readonly violations: readonly Violation[];
  /** Fingerprint of everything that happened: the same wherever the run is played. */
  readonly digest: string;
  /** How a story ended; undefined for a plan, which has no goal. */
  readonly ended: ScenarioState | undefined;
}

/**
 * Plays a shared run to its end.
 * @throws ShareError when it is of a story that this program does not have.
 */
export function replay(run: SharedRun, listener?: ClusterListener): Replayed {
  if (run.type === "plan") {
    const { violations, digest } = runPlan(run.plan, listener);
    return { violations, digest, ended: undefined };
  }
  const played = openScenario(run, listener);
  const ended = played.play();
  return { violations: played.cluster.violations, digest: played.cluster.digest(), ended };
}

/** A shared story, ready to be played. */
export function openScenario(
  run: Extract<SharedRun, { readonly type: "scenario" }>,
  listener?: ClusterListener,
): ScenarioRun {
  const scenario = findScenario(run.id);
  if (scenario === undefined) {
    throw new ShareError("unknownScenario", `there is no scenario "${run.id}"`);
  }
  const sabotage = run.sabotage === undefined ? undefined : scenario.sabotage?.[run.sabotage];
  return new ScenarioRun(scenario, { seed: run.seed, sabotage, listener });
}
