import type { Violation } from "../checkers/violation.ts";
import { CoreCluster } from "../cluster/core-cluster.ts";
import type { ClusterListener } from "../cluster/events.ts";
import type { FaultCounters } from "../faults/fault-counters.ts";
import { checkLinearizability } from "../linearizability/check.ts";
import { registerModel } from "../linearizability/models/register.ts";
import { renderText } from "../linearizability/picture.ts";
import { Performer } from "./perform.ts";
import type { Plan } from "./plan.ts";
import { recover } from "./recovery.ts";

/** What a run came to. */
export interface RunResult {
  readonly violations: readonly Violation[];
  readonly events: number;
  readonly virtualMs: number;
  readonly operations: number;
  readonly counters: FaultCounters;
  /** Fingerprint of everything that happened: equal runs have equal digests. */
  readonly digest: string;
  /** The search for an order of the clients' operations was given up; nothing wrong was found. */
  readonly isUndecided: boolean;
}

/** Histories of a short run are easy; one that is not must not stop the show. */
const LINEARIZABILITY_STEPS_MAX = 2_000_000;

/** Plays a plan: its actions with faults on, then the healing, then everything that must hold at the end. */
export function runPlan(plan: Plan, listener?: ClusterListener): RunResult {
  const cluster = new CoreCluster(plan.seed, plan.settings, listener);
  const performer = new Performer(cluster);
  for (const { atMs, action } of plan.actions) {
    if (!cluster.run(Math.max(0, atMs - cluster.nowMs))) break;
    performer.perform(action);
  }
  if (cluster.run(Math.max(0, plan.faultsMs - cluster.nowMs))) recover(cluster, plan);
  return conclude(cluster);
}

function conclude(cluster: CoreCluster): RunResult {
  const { violations } = cluster.ledger;
  const { operations } = cluster.clients.history;
  let isUndecided = false;
  if (violations.length === 0) {
    const checked = checkLinearizability(registerModel, operations, {
      stepsMax: LINEARIZABILITY_STEPS_MAX,
    });
    isUndecided = checked.verdict === "undecided";
    if (checked.verdict === "violated") {
      const picture = renderText(registerModel, checked.counterexample);
      cluster.ledger.report("linearizability", picture);
    }
  }
  return {
    violations,
    events: cluster.agenda.happened,
    virtualMs: cluster.nowMs,
    operations: operations.length,
    counters: cluster.counters,
    digest: cluster.digest(),
    isUndecided,
  };
}
