import { describe, expect, test } from "vitest";
import { runPlan } from "../../src/plan/run-plan.ts";
import { ScenarioRun } from "../../src/scenarios/scenario-run.ts";
import { demonstrationsOf } from "../../src/switches/demonstrations.ts";
import type { RuleSwitch } from "../../src/switches/rule-switch.ts";
import { SWITCHES } from "../../src/switches/switches.ts";

const RULES = Object.keys(SWITCHES) as RuleSwitch[];

describe.each(RULES)("%s", (rule) => {
  test("has a run that shows it, and the same actions are clean with the rule on", () => {
    const demonstrations = demonstrationsOf(rule);
    expect(demonstrations.length).toBeGreaterThan(0);
    for (const { scenario, sabotage } of demonstrations) {
      const run = new ScenarioRun(scenario, { sabotage });
      run.play();
      const plan = run.plan();
      const healthy = { ...plan.settings, brokenRules: [], silentCheckers: [] };
      expect(runPlan({ ...plan, settings: healthy }).violations).toEqual([]);
    }
  });

  test("is explained in both languages", () => {
    const { title, text, id } = SWITCHES[rule];
    expect(id).toBe(rule);
    expect(title.en).not.toBe("");
    expect(text.en).toMatch(/\.$/);
    expect(text.zh).toMatch(/。$/);
    expect(title.zh).toMatch(/\p{Script=Han}/u);
  });

  test("its harm is reported by somebody who does not merely restate the rule", () => {
    const { restatedBy } = SWITCHES[rule];
    const reporters = demonstrationsOf(rule).flatMap(({ sabotage }) => sabotage.turnsRed);
    expect(reporters.some((checker) => !restatedBy.includes(checker))).toBe(true);
  });
});
