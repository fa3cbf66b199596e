import type { Decision, DecisionType } from "@quorate/core";
import { describe, expect, test } from "vitest";
import { explainDecision, type Language } from "../../src/index.ts";
import { DECISION_SAMPLES } from "../samples/decision-samples.ts";
import { numberLeaves } from "../support/number-leaves.ts";
import { expectSentence, nicknameOf, numbersIn } from "../support/text-checks.ts";

const LANGUAGES: readonly Language[] = ["en", "zh"];
const KINDS = Object.keys(DECISION_SAMPLES) as DecisionType[];

/**
 * Numbers that a sentence leaves out because they did not decide anything, or are said in other words (a position by
 * the entries that follow it, a campaign's new term by the old one). Every other number of a decision must be told.
 */
const UNTOLD: Readonly<Partial<Record<DecisionType, RegExp>>> = {
  appendHeld: /^progress\.(match|inflightBytes|inflightMessages)$/,
  applyHandedOut: /^term$/,
  applyHeld: /^term$|^applying$/,
  commitAdvanced: /^from$/,
  durableIgnored: /^term$/,
  entriesApplied: /^term$/,
  entriesDurable: /^term$/,
  memberUnreachable: /^progress\.inflight/,
  membershipChangeRefused: /^applied$|^membership\./,
  membershipChangeVoid: /^term$/,
  messageMalformed: /^term$/,
  peerUnknown: /^term$/,
  progressChanged: /^progress\.(match|next|inflightBytes|inflightMessages)$/,
  progressDecreased: /^progress\.inflight/,
  proposalRefused: /^uncommittedBytes/,
  refusalStale: /^progress\.inflight/,
  replicationPaused: /^progress\.inflight/,
  snapshotNoLongerNeeded: /^progress\.(next|inflightBytes|inflightMessages)$/,
  snapshotReported: /^progress\.(match|inflightBytes|inflightMessages)$/,
  snapshotSent: /^progress\.inflight/,
  timeoutDrawn: /^term$/,
  transferRefused: /^term$/,
  voteCounted: /^term$/,
  voteIgnored: /^vote$|^last\.|^candidateLast\./,
  voteRefused: /^term$|^last\.|^candidateLast\./,
};

function untold(decision: Decision, text: string): readonly string[] {
  const said = numbersIn(text);
  const left = UNTOLD[decision.type];
  return [...numberLeaves(decision)]
    .filter(([path, number]) => left?.test(path) !== true && !said.includes(number))
    .map(([path, number]) => `${path} ${number}`);
}

describe.each(KINDS)("%s", (kind) => {
  const samples: readonly Decision[] = DECISION_SAMPLES[kind];

  test.each(LANGUAGES)("is told in one clean sentence with its rule: %s", (language) => {
    for (const sample of samples) expectSentence(explainDecision(sample, { language }), language);
  });

  test("says the numbers that decided, the same in both languages", () => {
    for (const sample of samples) {
      const en = explainDecision(sample, { language: "en" }).statement;
      const zh = explainDecision(sample, { language: "zh" }).statement;
      expect(untold(sample, en), en).toEqual([]);
      expect(numbersIn(zh), zh).toEqual(numbersIn(en));
    }
  });

  test.each(LANGUAGES)("calls members by their names where they have some: %s", (language) => {
    for (const sample of samples) {
      const { statement } = explainDecision(sample, { language, nameOf: nicknameOf });
      expect(statement).toContain(nicknameOf(sample.id));
      expect(statement).not.toMatch(/[Mm]embers? \d|成员 ?\d|voters? \d|learners? \d|学习者 ?\d/);
    }
  });

  test("does not depend on the language for rule, section and importance", () => {
    for (const sample of samples) {
      const en = explainDecision(sample, { language: "en" });
      const zh = explainDecision(sample, { language: "zh" });
      expect([zh.rule, zh.section, zh.importance]).toEqual([en.rule, en.section, en.importance]);
    }
  });
});

test("the list of numbers left out holds nothing that is told everywhere", () => {
  for (const kind of Object.keys(UNTOLD) as DecisionType[]) {
    const texts = (DECISION_SAMPLES[kind] as readonly Decision[]).map((sample) => {
      const said = numbersIn(explainDecision(sample, { language: "en" }).statement);
      return [...numberLeaves(sample).values()].every((number) => said.includes(number));
    });
    expect(texts, kind).toContain(false);
  }
});

test("reasons that are told apart have different sentences", () => {
  for (const kind of KINDS) {
    const samples: readonly Decision[] = DECISION_SAMPLES[kind];
    for (const language of LANGUAGES) {
      const sentences = samples.map((sample) => explainDecision(sample, { language }).statement);
      expect(new Set(sentences).size, kind).toBe(sentences.length);
    }
  }
});

describe("the numbers of a reason", () => {
  const text = (decision: Decision): string =>
    explainDecision(decision, { language: "en" }).sentence;
  const sampleOf = <T extends DecisionType>(
    kind: T,
    matches: (d: Decision) => boolean,
  ): Decision => {
    const found = (DECISION_SAMPLES[kind] as readonly Decision[]).find(matches);
    if (found === undefined) throw new Error(`no such sample of ${kind}`);
    return found;
  };

  test("a vote refused for the log names both ends", () => {
    const refused = sampleOf("voteRefused", (d) => "reason" in d && d.reason === "logBehind");
    expect(text(refused)).toBe(
      "Member 2 refused its vote to member 3 in term 5: its own log ends later (term 4, index 17) than the candidate's (term 4, index 12) [Election restriction, Raft §5.4.1].",
    );
  });

  test("a vote given away names who has it", () => {
    const refused = sampleOf("voteRefused", (d) => "reason" in d && d.reason === "votedForOther");
    expect(text(refused)).toContain("already gave its vote in term 5 to member 4");
  });

  test("a full quota names what waits and the limit", () => {
    const refused = sampleOf(
      "proposalRefused",
      (d) => "reason" in d && d.reason === "quotaExceeded",
    );
    expect(numbersIn(text(refused))).toEqual(expect.arrayContaining([300, 900, 1024]));
  });

  test("a full window names messages and bytes", () => {
    const held = sampleOf("appendHeld", (d) => "reason" in d && d.reason === "windowFull");
    expect(numbersIn(text(held))).toEqual(expect.arrayContaining([2, 480]));
  });
});
