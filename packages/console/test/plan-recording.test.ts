import { decodeRun, drawPlan, encodeRun, replay, runPlan } from "@quorate/sim";
import { describe, expect, test } from "vitest";
import { Recording } from "../src/recording/recording.ts";

const PROFILE = { faultsMs: 1_500, operationEveryMs: 40, faultEveryMs: 150 };

function recorded(seed: number): Recording {
  const plan = drawPlan(seed, PROFILE);
  const events = runPlan(plan).events;
  const recording = new Recording({ type: "plan", plan, title: undefined });
  // The recovery is one turn of many events: nothing is let happen after it.
  while (recording.eventsHappened < events && recording.extend());
  return recording;
}

describe("a run drawn from a seed", () => {
  test.each([1, 2, 3, 4])("seed %i is recorded as it is run", (seed) => {
    const recording = recorded(seed);
    const result = runPlan(drawPlan(seed, PROFILE));
    expect(recording.digest()).toBe(result.digest);
    expect(recording.track.violations.map(({ checker }) => checker)).toEqual(
      result.violations.map(({ checker }) => checker),
    );
  });

  test("a branch in the middle of its recovery continues from there", () => {
    const recording = recorded(2);
    const moment = recording.last - 500;
    const branch = recording.fork(moment);
    expect(branch.track.frame(moment)).toEqual(recording.track.frame(moment));
    branch.perform({ type: "crashAll" });
    expect(branch.track.frame(branch.last).members.every(({ power }) => power === "down")).toBe(
      true,
    );
  });
});

test("what was done by hand is shared as a link that repeats it", () => {
  const recording = new Recording({ type: "free", seed: 9, settings: { members: 3 } });
  for (let count = 0; count < 400; count += 1) recording.extend();
  recording.perform({ type: "ask", client: 1, operation: { type: "write", key: "x", value: "1" } });
  for (let count = 0; count < 60; count += 1) recording.extend();
  recording.perform({ type: "crash", member: 1 });
  for (let count = 0; count < 500; count += 1) recording.extend();
  const plan = recording.plan();
  if (plan === undefined) throw new Error("a free run can always be shared");
  const link = encodeRun({ type: "plan", plan });
  expect(replay(decodeRun(link)).digest).toBe(recording.digest());
});
