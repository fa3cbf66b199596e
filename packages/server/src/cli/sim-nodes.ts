import {
  drawnOf,
  NODES_LONG,
  NODES_SHORT,
  type NodePlan,
  type NodeProfile,
  type NodeRunResult,
  planNodes,
  planOfDrawn,
  playNodes,
  replayStage,
  type StagePlan,
  shrinkNodes,
  shrinkStage,
} from "@quorate/sim";
import { EXIT } from "./exit-code.ts";
import { type ShareFlags, share } from "./sim-run.ts";
import type { Terminal } from "./terminal.ts";

export function nodeProfile(name: "short" | "long"): NodeProfile {
  return name === "long" ? NODES_LONG : NODES_SHORT;
}

/** A run of whole nodes in the form in which it is given away. */
export function stageOf(plan: NodePlan, { digest, events }: NodeRunResult): StagePlan {
  const { members } = plan.run.settings;
  return { seed: plan.seed, members, actions: [], events, drawn: drawnOf(plan, digest) };
}

/** A whole run of whole nodes, drawn from a seed. */
export async function runNodesSeed(
  terminal: Terminal,
  seed: number,
  profile: NodeProfile,
  flags: ShareFlags,
): Promise<number> {
  const plan = planNodes(seed, profile);
  const { result } = await playNodes(plan);
  const { violations, events, virtualMs, answered, operations, counters, digest } = result;
  const faults = counters.entries().filter(([, count]) => count > 0);
  const [violation] = violations;
  terminal.out(
    [
      `seed ${seed}: ${plan.run.settings.members} whole nodes`,
      `${events} events in ${(virtualMs / 1_000).toFixed(1)} virtual seconds, ${answered} of ${operations} operations of clients answered`,
      `faults: ${faults.map(([kind, count]) => `${kind} ${count}`).join(", ") || "none"}`,
      `digest ${digest}`,
      violation === undefined
        ? "nothing was violated"
        : `violated: ${violation.checker}: ${violation.message}`,
      "",
    ].join("\n"),
  );
  await share(terminal, { world: "nodes", plan: stageOf(plan, result) }, flags);
  return violation === undefined ? EXIT.ok : EXIT.failed;
}

/** Plays a run of whole nodes again. */
export async function replayNodes(terminal: Terminal, plan: StagePlan): Promise<number> {
  const { violations, digest } = await playedStage(plan);
  terminal.out(`digest ${digest}\n`);
  if (isDrawnAlone(plan) && plan.drawn.digest !== digest) {
    terminal.error(
      "This is not the run that was written down: another version of the program drew it.\n",
    );
  }
  const [violation] = violations;
  terminal.out(
    violation === undefined
      ? "nothing was violated\n"
      : `violated: ${violation.checker}: ${violation.message}\n`,
  );
  return violation === undefined ? EXIT.ok : EXIT.failed;
}

type Found = Pick<NodeRunResult, "violations" | "digest">;

async function playedStage(plan: StagePlan): Promise<Found> {
  if (isDrawnAlone(plan)) return (await playNodes(planOfDrawn(plan.seed, plan.drawn))).result;
  const stage = await replayStage(plan);
  return { violations: stage.violations, digest: stage.digest() };
}

/** Nobody did anything to it by hand. */
function isDrawnAlone(
  plan: StagePlan,
): plan is StagePlan & { readonly drawn: NonNullable<StagePlan["drawn"]> } {
  return plan.drawn !== undefined && plan.actions.length === 0;
}

/** How far the shrinking of a run of whole nodes is. */
export interface NodeShrinking {
  readonly runs: number;
  /** What is left, in words. */
  readonly left: string;
  /** The short run; to be called when the search is over. */
  best(): Promise<StagePlan>;
}

/** Makes a failing run short; yields after every run that it takes, and nothing for a run that violates nothing. */
export async function* shrinkAnyNodes(plan: StagePlan): AsyncGenerator<NodeShrinking> {
  if (!isDrawnAlone(plan)) {
    for await (const { best, runs } of shrinkStage(plan)) {
      const left = `${best.actions.length} of ${plan.actions.length} actions`;
      yield { runs, left, best: async () => best };
    }
    return;
  }
  let all: number | undefined;
  for await (const { best, events, runs } of shrinkNodes(planOfDrawn(plan.seed, plan.drawn))) {
    all ??= events;
    yield {
      runs,
      left: `${events} of ${all} faults, changes and requests`,
      best: async () => stageOf(best, (await playNodes(best)).result),
    };
  }
}
