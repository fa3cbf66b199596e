import { describe, expect, test } from "vitest";
import { drawPlan } from "../../src/plan/draw-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { runPlan } from "../../src/plan/run-plan.ts";
import { SCENARIOS } from "../../src/scenarios/registry.ts";
import { ScenarioRun } from "../../src/scenarios/scenario-run.ts";
import { shrink } from "../../src/shrink/shrink.ts";
import type { RuleSwitch } from "../../src/switches/rule-switch.ts";
import { SWITCHES } from "../../src/switches/switches.ts";

/** The first drawn run that the broken rule harms. */
function findHarm(broken: RuleSwitch): Plan {
  for (let seed = 1; seed <= 120; seed += 1) {
    const drawn = drawPlan(seed);
    const settings = {
      ...drawn.settings,
      snapshotEvery: 0,
      checkpointEvery: 0,
      brokenRules: [broken],
      silentCheckers: SWITCHES[broken].restatedBy,
    };
    const plan = { ...drawn, settings };
    if (runPlan(plan).violations.length > 0) return plan;
  }
  throw new Error(`no run among 120 is harmed by ${broken}`);
}

const checkerOf = (plan: Plan): string | undefined => runPlan(plan).violations[0]?.checker;

const repaired = (plan: Plan): Plan => ({
  ...plan,
  settings: { ...plan.settings, brokenRules: [], silentCheckers: [] },
});

describe("shrinking", () => {
  test.each(["voteWithoutLogCheck", "answerBeforeSync", "forgetSessions"] as const)(
    "a run harmed by %s becomes short, with the same violation",
    (broken) => {
      const plan = findHarm(broken);
      let best = plan;
      let runs = 0;
      for (const progress of shrink(plan)) {
        best = progress.best;
        runs = progress.runs;
        if (best.actions.length <= 20) break;
      }
      expect(best.actions.length, `after ${runs} runs`).toBeLessThanOrEqual(20);
      expect(checkerOf(best)).toBe(checkerOf(plan));
      // The broken rule is to blame, not what was left out.
      expect(runPlan(repaired(best)).violations).toEqual([]);
    },
  );

  test("to the end, nothing more can be left out", () => {
    const search = shrink(findHarm("voteWithoutLogCheck"));
    let result = search.next();
    while (result.done !== true) result = search.next();
    const best = result.value;
    if (best === undefined) throw new Error("the run violates nothing");
    const checker = checkerOf(best);
    expect(checker).toBeDefined();
    for (let at = 0; at < best.actions.length; at += 1) {
      const actions = best.actions.filter((_, place) => place !== at);
      expect(checkerOf({ ...best, actions }), `without action ${at}`).not.toBe(checker);
    }
  });

  test("a story with a rule switched off is shortened, too", () => {
    const scenario = SCENARIOS.find(({ id }) => id === "figure-8");
    const sabotage = scenario?.sabotage?.find(({ showsHarm }) => showsHarm === true);
    if (scenario === undefined || sabotage === undefined) throw new Error("no such story");
    const run = new ScenarioRun(scenario, { sabotage });
    run.play();
    const plan = run.plan();
    let best = plan;
    for (const progress of shrink(plan)) best = progress.best;
    expect(best.actions.length).toBeLessThan(plan.actions.length);
    expect(checkerOf(best)).toBe("leader completeness");
  });

  test("there is nothing to shrink in a clean run", () => {
    expect(shrink(drawPlan(1)).next()).toEqual({ done: true, value: undefined });
  });
});
