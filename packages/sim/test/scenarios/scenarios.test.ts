import { describe, expect, test } from "vitest";
import { runPlan } from "../../src/plan/run-plan.ts";
import { SCENARIOS } from "../../src/scenarios/registry.ts";
import { fillIn, ScenarioRun } from "../../src/scenarios/scenario-run.ts";
import { SWITCHES } from "../../src/switches/switches.ts";

/** Other delays, other draws, the same story. */
const OTHER_SEEDS = [101, 102, 103, 104, 105];

describe.each(SCENARIOS.map((scenario) => [scenario.id, scenario] as const))(
  "%s",
  (_, scenario) => {
    test("is played to its goal", () => {
      const run = new ScenarioRun(scenario);
      expect(run.play()).toEqual({ type: "goalReached" });
    });

    test.each(OTHER_SEEDS)("is played to its goal with seed %i", (seed) => {
      const weather = { delayMinMs: 0.5, delayMaxMs: 4 + (seed % 5) };
      const run = new ScenarioRun(scenario, { seed, weather });
      expect(run.play()).toEqual({ type: "goalReached" });
    });

    test("does not reach its goal when its key action is left out", () => {
      const run = new ScenarioRun(scenario, { leaveOut: scenario.keyStep });
      const state = run.play();
      expect(state.type === "playing" || state.type === "goalReached").toBe(false);
      expect(run.isGoalReached()).toBe(false);
    });

    test("its plan repeats the run", () => {
      const run = new ScenarioRun(scenario);
      run.play();
      const repeated = runPlan(run.plan());
      expect(repeated.digest).toBe(run.cluster.digest());
      expect(repeated.violations).toEqual([]);
    });

    test("tells everything in both languages", () => {
      const captions: string[] = [];
      const told = new ScenarioRun(scenario, {
        onStep: (step) => void captions.push(String(step)),
      });
      told.play();
      expect(captions).toHaveLength(scenario.steps.length);
      const texts = [
        scenario.title,
        scenario.story,
        scenario.goal.text,
        ...scenario.steps.map(({ caption }) => caption),
        ...(scenario.sabotage ?? []).map(({ text }) => text),
      ];
      for (const text of texts) {
        expect(text.en).toMatch(/^[A-Z0-9{]/);
        expect(text.zh).toMatch(/\p{Script=Han}/u);
        // Every member that is named has a name by the end, the same in both languages.
        expect(fillIn(text, "en", told.names)).not.toContain("{");
        expect(fillIn(text, "zh", told.names)).not.toContain("{");
      }
    });

    for (const [at, sabotage] of (scenario.sabotage ?? []).entries()) {
      const harm = sabotage.showsHarm === true ? ", to the harm" : "";
      test(`turns red without ${sabotage.broken}${harm} (${at})`, () => {
        const run = new ScenarioRun(scenario, { sabotage });
        const state = run.play();
        expect(state.type).toBe("violated");
        if (state.type === "violated") expect(sabotage.turnsRed).toContain(state.violation.checker);
        expect(SWITCHES[sabotage.broken].id).toBe(sabotage.broken);
      });

      if (sabotage.steps !== undefined) {
        test(`the sabotage's own steps are clean with all rules on (${at})`, () => {
          const { steps } = sabotage;
          const run = new ScenarioRun({ ...scenario, ...(steps && { steps }) }, { leaveOut: -1 });
          expect(run.play().type).not.toBe("violated");
        });
      }
    }
  },
);
