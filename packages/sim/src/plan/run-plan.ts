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
  for (const { atMs, afterEvents, action } of plan.actions) {
    if (!runTo(cluster, atMs, afterEvents)) break;
    performer.perform(action);
  }
  if (runTo(cluster, plan.faultsMs, plan.faultEvents)) recover(cluster, plan);
  return conclude(cluster);
}

/** False when something went wrong on the way. */
export function runTo(
  cluster: CoreCluster,
  atMs: number,
  afterEvents: number | undefined,
): boolean {
  if (afterEvents === undefined) return cluster.run(Math.max(0, atMs - cluster.nowMs));
  while (cluster.agenda.happened < afterEvents) if (!cluster.step()) return false;
  cluster.agenda.passTo(atMs);
  return true;
}

function conclude(cluster: CoreCluster): RunResult {
  const { violations } = cluster.ledger;
  if (violations.length === 0) {
    cluster.ledger.trace?.finish((id) => cluster.members.get(id)?.core?.status());
  }
  const { operations } = cluster.clients.history;
  const isUndecided = violations.length === 0 && !checkClients(cluster);
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

/** Looks for an order that explains what the clients saw, and reports when there is none; false when it gave up. */
export function checkClients(cluster: CoreCluster): boolean {
  const { operations } = cluster.clients.history;
  const checked = checkLinearizability(registerModel, operations, {
    stepsMax: LINEARIZABILITY_STEPS_MAX,
  });
  if (checked.verdict === "violated") {
    cluster.ledger.report("linearizability", renderText(registerModel, checked.counterexample));
  }
  return checked.verdict !== "undecided";
}
