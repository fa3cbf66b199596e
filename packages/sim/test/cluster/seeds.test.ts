import { expect, test } from "vitest";
import { FaultCounters } from "../../src/faults/fault-counters.ts";
import { drawPlan } from "../../src/plan/draw-plan.ts";
import { runPlan } from "../../src/plan/run-plan.ts";

test("seeds", () => {
  const t0 = performance.now();
  let ev = 0;
  let ms = 0;
  let und = 0;
  let ops = 0;
  let bad = 0;
  const counters = new FaultCounters();
  const from = Number(process.env["SEED"] ?? 1);
  const to = Number(process.env["SEEDS"] ?? 200);
  for (let seed = from; seed < from + to; seed += 1) {
    const r = runPlan(drawPlan(seed));
    ev += r.events;
    ms += r.virtualMs;
    ops += r.operations;
    if (r.isUndecided) und += 1;
    counters.add(r.counters);
    if (r.violations.length > 0) {
      bad += 1;
      if (bad < 12)
        console.log(seed, r.violations[0]?.checker, r.violations[0]?.message.slice(0, 600));
    }
  }
  console.log({ bad, ev, ms, und, ops, wall: performance.now() - t0 });
  console.log(
    counters
      .entries()
      .filter(([, n]) => n > 0)
      .map(([k, n]) => `${k} ${n}`)
      .join(", "),
  );
  expect(bad).toBe(0);
}, 600000);
