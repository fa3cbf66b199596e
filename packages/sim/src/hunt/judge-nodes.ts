import { checkExactlyOnce } from "../checkers/exactly-once.ts";
import type { KeyChange } from "../checkers/key-history.ts";
import { validateLease } from "../checkers/lease-validator.ts";
import { checkByRevision } from "../checkers/revision-checker.ts";
import type { Violation } from "../checkers/violation.ts";
import { validateWatch } from "../checkers/watch-validator.ts";
import { checkLinearizability } from "../linearizability/check.ts";
import { registerModel } from "../linearizability/models/register.ts";
import { renderText } from "../linearizability/picture.ts";
import { textOf } from "../oracles/reference-store.ts";
import { SESSION_PREFIX } from "../workloads/session-workload.ts";
import type { NodeCast, NodeRunResult } from "./run-nodes.ts";

/** Histories of a run are easy; one that is not must not stop the show. */
const LINEARIZABILITY_STEPS_MAX = 1_000_000;

/** Holds everything that clients saw against what really happened. */
export function judge(cast: NodeCast): NodeRunResult {
  const { world, log, keys } = cast;
  if (!world.hasViolation) {
    world.ledger.trace?.finish((id) => world.nodes.get(id)?.record.core?.status());
  }
  const violations = [...world.violations];
  let isUndecided = false;
  if (violations.length === 0) {
    violations.push(...judgeClients(cast));
    const checked = checkLinearizability(registerModel, keys.registers.operations, {
      stepsMax: LINEARIZABILITY_STEPS_MAX,
    });
    isUndecided = checked.verdict === "undecided";
    if (checked.verdict === "violated") {
      const message = renderText(registerModel, checked.counterexample);
      violations.push({ checker: "linearizability", message });
    }
  }
  return {
    violations,
    counters: world.counters,
    digest: world.digest(),
    virtualMs: world.nowMs,
    events: world.simulation.agenda.happened,
    operations: log.operations.length,
    answered: log.answered,
    isUndecided,
  };
}

function judgeClients({ world, run, log, watches, leases, sessions }: NodeCast): Violation[] {
  const history = world.chronicle.history();
  const violations = [...checkByRevision(log.operations, history, isInternal)];
  for (const record of watches.records) violations.push(...validateWatch(record, history));
  const bounds = { clockRateMax: run.clockRateMax, graceMs: Number.POSITIVE_INFINITY };
  for (const record of leases.records) violations.push(...validateLease(record, bounds));
  const effects: string[] = [];
  for (const { command } of world.chronicle.deeds) {
    if (command.type !== "put") continue;
    if (textOf(command.key).startsWith(SESSION_PREFIX)) effects.push(textOf(command.value));
  }
  const known = new Set(sessions.outcomes.map(({ id }) => id));
  // What is still under way at the end belongs to nobody yet.
  const settled = effects.filter((id) => known.has(id));
  violations.push(...checkExactlyOnce(sessions.outcomes, settled));
  return violations;
}

/** Leases end by themselves, and somebody writes until the group serves again. */
function isInternal({ key, value }: KeyChange): boolean {
  return key === "z" || (value === null && key.startsWith("l"));
}
