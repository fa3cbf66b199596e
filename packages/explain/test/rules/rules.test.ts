import type { Decision, DecisionType, PeerMessage, PeerMessageType } from "@quorate/core";
import { describe, expect, test } from "vitest";
import {
  explainDecision,
  explainMessage,
  type Fact,
  type FactCode,
  type Language,
  RULES,
  type RuleId,
  sectionOf,
} from "../../src/index.ts";
import { findingOfFact } from "../../src/status/finding.ts";
import { DECISION_SAMPLES } from "../samples/decision-samples.ts";
import { FACT_SAMPLES } from "../samples/fact-samples.ts";
import { MESSAGE_SAMPLES } from "../samples/message-samples.ts";
import { expectCleanText } from "../support/text-checks.ts";

const IDS = Object.keys(RULES) as RuleId[];
const LANGUAGES: readonly Language[] = ["en", "zh"];

function usedRules(): ReadonlySet<RuleId> {
  const used = new Set<RuleId>();
  for (const kind of Object.keys(DECISION_SAMPLES) as DecisionType[]) {
    for (const sample of DECISION_SAMPLES[kind] as readonly Decision[]) {
      used.add(explainDecision(sample, { language: "en" }).rule);
    }
  }
  for (const kind of Object.keys(MESSAGE_SAMPLES) as PeerMessageType[]) {
    for (const sample of MESSAGE_SAMPLES[kind] as readonly PeerMessage[]) {
      used.add(explainMessage(sample, { language: "en" }).rule);
    }
  }
  for (const code of Object.keys(FACT_SAMPLES) as FactCode[]) {
    for (const sample of FACT_SAMPLES[code] as readonly Fact[]) {
      used.add(findingOfFact(sample, undefined).rule);
    }
  }
  return used;
}

test("every rule is used, and only rules are", () => {
  expect([...usedRules()].sort()).toEqual([...IDS].sort());
});

describe.each(IDS)("%s", (id) => {
  const rule = RULES[id];

  test("stands in a section of its source", () => {
    expect(rule.section).toMatch(/^\d+(\.\d+){0,2}$/);
    expect(sectionOf(id)).toBe(`${rule.source} §${rule.section}`);
  });

  test.each(LANGUAGES)("has a name and a clean paragraph: %s", (language) => {
    expectCleanText(rule.name[language], language);
    expectCleanText(rule.statement[language], language);
    expect(rule.statement[language]).toMatch(language === "en" ? /\.$/ : /。$/);
    expect(rule.statement[language].length).toBeGreaterThan(language === "en" ? 80 : 30);
  });
});

test("names tell rules apart", () => {
  for (const language of LANGUAGES) {
    const names = IDS.map((id) => RULES[id].name[language]);
    expect(new Set(names).size).toBe(names.length);
  }
});

test("sections exist in their source", () => {
  const chapters = { Raft: 10, Ongaro: 12 } as const;
  for (const id of IDS) {
    const chapter = Number.parseInt(RULES[id].section, 10);
    expect(chapter).toBeGreaterThan(0);
    expect(chapter).toBeLessThanOrEqual(chapters[RULES[id].source]);
  }
});
