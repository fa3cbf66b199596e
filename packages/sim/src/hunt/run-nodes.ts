import { checkByRevision } from "../checkers/revision-checker.ts";
import type { Violation } from "../checkers/violation.ts";
import type { FaultCounters } from "../faults/fault-counters.ts";
import { checkLinearizability } from "../linearizability/check.ts";
import { registerModel } from "../linearizability/models/register.ts";
import { renderText } from "../linearizability/picture.ts";
import { Door } from "../workloads/door.ts";
import { KeyWorkload } from "../workloads/key-workload.ts";
import { OperationLog } from "../workloads/operation-log.ts";
import { NodeWorld, type NodeWorldListener } from "../world/node-world.ts";

/** What a run of whole nodes came to. */
export interface NodeRunResult {
  readonly violations: readonly Violation[];
  readonly counters: FaultCounters;
  readonly digest: string;
  readonly virtualMs: number;
  readonly events: number;
  readonly operations: number;
  readonly isUndecided: boolean;
}

export async function runNodes(seed: number, listener?: NodeWorldListener): Promise<NodeRunResult> {
  const world = new NodeWorld(seed, { members: 5 }, listener);
  const { random } = world;
  const door = new Door(world, random.split("door"), { delayMaxMs: 2, answerLossRate: 0 });
  const log = new OperationLog();
  const keys = new KeyWorkload(world, door, log, random.split("keys"), {
    clients: 6,
    everyMs: 50,
    patienceMs: 3_000,
    writes: 0.5,
    levels: ["linearizable", "sequential", "stale"],
    compacts: 0.01,
  });
  world.startAll();
  keys.start();
  await world.simulation.run(60_000);
  keys.stop();
  await world.simulation.run(5_000);
  return conclude(world, log, keys);
}

function conclude(world: NodeWorld, log: OperationLog, keys: KeyWorkload): NodeRunResult {
  const violations = [...world.violations];
  let isUndecided = false;
  if (violations.length === 0) {
    violations.push(...checkByRevision(log.operations, world.chronicle.history()));
    const checked = checkLinearizability(registerModel, keys.registers.operations, {
      stepsMax: 2_000_000,
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
    isUndecided,
  };
}
