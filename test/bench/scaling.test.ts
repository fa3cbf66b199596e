import { expect, test } from "vitest";
import { boundApart, boundOf, handOver, type ThreadUse } from "../../bench/lib/scaling.mjs";

const LEADER: readonly ThreadUse[] = [
  ["leader", 0.02],
  ["its pool", 0.01],
];
const FOLLOWER: readonly ThreadUse[] = [["follower", 0.01]];
const ALL = [...LEADER, ...FOLLOWER];

test("few cores bound all threads together, many the busiest of them", () => {
  expect(boundOf(ALL, 1)).toEqual({ boundBy: "all cores", perSecond: 25 });
  expect(boundOf(ALL, 8)).toEqual({ boundBy: "leader", perSecond: 50 });
});

test("on machines of their own the slowest of them decides", () => {
  const bound = boundApart([LEADER, FOLLOWER], 1);
  expect(bound.boundBy).toBe("all cores");
  expect(bound.perSecond).toBeCloseTo(1 / 0.03);
});

test("work that is handed over leaves its thread, and the hand-over costs both sides", () => {
  const after = handOver(LEADER, "leader", { seconds: 0.012, hopSeconds: 0.002, workers: 2 });
  expect(after.map(([name]) => name)).toEqual([
    "leader",
    "leader, front 1",
    "leader, front 2",
    "its pool",
  ]);
  expect(after.map(([, seconds]) => seconds)).toEqual([
    expect.closeTo(0.01),
    expect.closeTo(0.007),
    expect.closeTo(0.007),
    0.01,
  ]);
});
