import type { PeerMessage, PeerMessageType } from "@quorate/core";
import { describe, expect, test } from "vitest";
import { explainMessage, type Language } from "../../src/index.ts";
import { MESSAGE_SAMPLES } from "../samples/message-samples.ts";
import { expectSentence, nicknameOf, numbersIn } from "../support/text-checks.ts";

const LANGUAGES: readonly Language[] = ["en", "zh"];
const KINDS = Object.keys(MESSAGE_SAMPLES) as PeerMessageType[];

describe.each(KINDS)("%s", (kind) => {
  const samples: readonly PeerMessage[] = MESSAGE_SAMPLES[kind];

  test.each(LANGUAGES)("is told in one clean sentence with its rule: %s", (language) => {
    for (const sample of samples) expectSentence(explainMessage(sample, { language }), language);
  });

  test("says both ends and the term, the same numbers in both languages", () => {
    for (const sample of samples) {
      const en = explainMessage(sample, { language: "en" }).statement;
      const zh = explainMessage(sample, { language: "zh" }).statement;
      const needed = [sample.from, sample.to, sample.term].filter((number) => number !== 0);
      expect(numbersIn(en), en).toEqual(expect.arrayContaining(needed));
      expect(numbersIn(zh), zh).toEqual(numbersIn(en));
    }
  });

  test.each(LANGUAGES)("calls members by their names where they have some: %s", (language) => {
    for (const sample of samples) {
      const { statement } = explainMessage(sample, { language, nameOf: nicknameOf });
      expect(statement).toContain(nicknameOf(sample.from));
      expect(statement).toContain(nicknameOf(sample.to));
      expect(statement).not.toMatch(/[Mm]ember \d|成员 ?\d/);
    }
  });
});

test("an append says where it stands and what it brings", () => {
  const { sentence } = explainMessage(MESSAGE_SAMPLES.append[0], { language: "en" });
  expect(sentence).toBe(
    "Member 1, the leader of term 3, asks member 2 to append entries 5–7 after (term 2, index 4), and says that everything up to index 4 is committed [Log replication, Raft §5.3].",
  );
});
