import { SCENARIOS, ScenarioRun } from "@quorate/sim";
import { expect, test } from "vitest";
import { checkerWord, violationWord } from "../src/language/violation-words.ts";

const SABOTAGES = SCENARIOS.flatMap((scenario) =>
  (scenario.sabotage ?? []).map((sabotage, place) => ({ scenario, sabotage, place })),
);

test.each(SABOTAGES)(
  "what $scenario.id with rule $sabotage.broken switched off violates is told in Chinese",
  ({ scenario, sabotage }) => {
    const run = new ScenarioRun(scenario, { sabotage });
    run.play();
    const { violations } = run.cluster;
    expect(violations.length).toBeGreaterThan(0);
    for (const violation of violations) {
      const told = violationWord(violation, "zh", scenario);
      expect(told).not.toContain("client");
      // What a message says stays as it is, and so do keys and values.
      const [first = ""] = told.split("\n");
      const words = first.replace(/\{.*\}/, "").replace(/键 \S+/, "");
      expect(words).not.toMatch(/[a-z]{2,}/i);
      expect(words).toMatch(/[\u4e00-\u9fff]/);
      expect(checkerWord(violation.checker, "zh")).not.toMatch(/[a-z]/i);
      for (const number of violation.message.match(/^[^{]*/)?.[0].match(/\d+/g) ?? []) {
        if (number !== "0") expect(told).toContain(number);
      }
      expect(violationWord(violation, "en", scenario)).toBe(violation.message);
    }
  },
);
