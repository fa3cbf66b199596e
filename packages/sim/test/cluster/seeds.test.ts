import { expect, test } from "vitest";
import { FaultCounters } from "../../src/faults/fault-counters.ts";
import { drawPlan } from "../../src/plan/draw-plan.ts";
import { runPlan } from "../../src/plan/run-plan.ts";

const FIRST_SEED = 1;
const SEEDS = 200;

test("cores under faults: no violation in any run, and every kind of fault takes part", () => {
  const counters = new FaultCounters();
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
    const result = runPlan(drawPlan(seed));
    counters.add(result.counters);
    expect(result.violations, `seed ${seed}`).toEqual([]);
  }
  const happened = new Map(counters.entries());
  for (const kind of [
    "messageLost",
    "messageDuplicated",
    "messageLate",
    "messageCut",
    "linkCutBothWays",
    "linkCutOneWay",
    "partitionHalves",
    "partitionLeaderAlone",
    "partitionRing",
    "linkSlow",
    "memberCrashed",
    "allCrashed",
    "memberRestarted",
    "memberPaused",
    "unsyncedLost",
    "diskSlow",
    "clockRate",
    "membershipChanged",
    "leadershipTransferred",
    "campaignForced",
    "snapshotForced",
    "requestRepeated",
  ] as const) {
    expect(happened.get(kind), kind).toBeGreaterThan(0);
  }
}, 120_000);
