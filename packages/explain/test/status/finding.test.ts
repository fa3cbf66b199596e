import { describe, expect, test } from "vitest";
import type { Fact, FactCode, Language } from "../../src/index.ts";
import { findingOfDecision, findingOfFact } from "../../src/status/finding.ts";
import { DECISION_SAMPLES } from "../samples/decision-samples.ts";
import { FACT_SAMPLES } from "../samples/fact-samples.ts";
import { numberLeaves } from "../support/number-leaves.ts";
import { expectCleanText, nicknameOf, numbersIn } from "../support/text-checks.ts";

const LANGUAGES: readonly Language[] = ["en", "zh"];
const CODES = Object.keys(FACT_SAMPLES) as FactCode[];

/** Numbers that a fact carries for programs and that its sentence says otherwise or does not need. */
const UNTOLD: Readonly<Partial<Record<FactCode, RegExp>>> = {
  callRefused: /^uncommittedBytes$/,
  changeRefused: /^applied$|^commit$|^membership\./,
};

describe.each(CODES)("%s", (code) => {
  const samples: readonly Fact[] = FACT_SAMPLES[code];

  test.each(LANGUAGES)("is told in one clean sentence with its rule: %s", (language) => {
    for (const sample of samples) {
      const finding = findingOfFact(sample, undefined);
      expect(finding.code).toBe(code);
      expect(finding.about).toBe(sample);
      expectCleanText(finding.sentence[language], language);
      expectCleanText(finding.statement[language], language);
      expect(finding.sentence[language]).toContain(finding.section);
      expect(finding.statement[language]).not.toContain(finding.section);
    }
  });

  test("says its numbers, the same in both languages", () => {
    for (const sample of samples) {
      const { en, zh } = findingOfFact(sample, undefined).statement;
      const said = numbersIn(en);
      const left = [...numberLeaves(sample)].filter(
        ([path, number]) => UNTOLD[code]?.test(path) !== true && !said.includes(number),
      );
      expect(left, en).toEqual([]);
      expect(numbersIn(zh), zh).toEqual(said);
    }
  });

  test.each(LANGUAGES)("calls members by their names where they have some: %s", (language) => {
    for (const sample of samples) {
      const text = findingOfFact(sample, nicknameOf).statement[language];
      expect(text).not.toMatch(/[Mm]embers? \d|成员 ?\d|[Vv]oters \d/);
    }
  });
});

test("a remembered decision is a finding under its own type", () => {
  const decision = DECISION_SAMPLES.quorumLost[0];
  const finding = findingOfDecision(decision, undefined);
  expect(finding.code).toBe("quorumLost");
  expect(finding.about).toBe(decision);
  expect(finding.importance).toBe("warning");
});
