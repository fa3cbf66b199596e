import { drawnOf, NODES_LONG, NODES_SHORT, planNodes, type StagePlan } from "@quorate/sim";

/** How long the runs are that a seed of whole nodes draws. */
export type DrawnLength = "short" | "long";

/** Further than any run goes: a seed alone does not say when its run ends. */
const EVENTS_UNKNOWN = Number.MAX_SAFE_INTEGER;

/** The run of whole nodes that the simulator draws from a seed. */
export function planOfSeed(seed: number, length: DrawnLength): StagePlan {
  const plan = planNodes(seed, length === "long" ? NODES_LONG : NODES_SHORT);
  const { members } = plan.run.settings;
  return { seed, members, actions: [], events: EVENTS_UNKNOWN, drawn: drawnOf(plan, "") };
}
