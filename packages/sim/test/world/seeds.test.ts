import { expect, test } from "vitest";
import { FAULT_KINDS, FaultCounters, type FaultKind } from "../../src/faults/fault-counters.ts";
import { runNodes } from "../../src/hunt/run-nodes.ts";

const { QUORATE_NODE_SEEDS = "150", QUORATE_NODE_FIRST = "1" } = process.env;
/** Less than a minute of one processor; soaks say how many they want. */
const COUNT = Number(QUORATE_NODE_SEEDS);
const FIRST = Number(QUORATE_NODE_FIRST);

/** Faults of single messages between bare cores: these have a network of their own, see `cluster/seeds.test.ts`. */
const OF_CORES: ReadonlySet<FaultKind> = new Set([
  "messageLost",
  "messageDuplicated",
  "messageLate",
  "messageCut",
  "linkCutBothWays",
]);

test(`whatever happens to whole nodes, nothing is lost, repeated or made up (${COUNT} seeds from ${FIRST})`, async () => {
  const counters = new FaultCounters();
  const found: string[] = [];
  let answered = 0;
  let undecided = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed += 1) {
    const result = await runNodes(seed);
    const [violation] = result.violations;
    if (violation !== undefined) {
      found.push(`seed ${seed}: ${violation.checker}: ${violation.message}`);
    }
    counters.add(result.counters);
    answered += result.answered;
    undecided += result.isUndecided ? 1 : 0;
  }
  expect(found).toEqual([]);
  expect(undecided).toBe(0);
  expect(answered).toBeGreaterThan(COUNT * 50);
  const missing = FAULT_KINDS.filter((kind) => !OF_CORES.has(kind) && counters.get(kind) === 0);
  expect(missing).toEqual([]);
}, 600_000);
