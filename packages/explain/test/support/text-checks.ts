import { expect } from "vitest";
import type { Explanation, Language } from "../../src/index.ts";

/** Names that Chinese writes in Latin letters too. */
const PROPER_NAMES = /Raft|Ongaro|Quorate/g;
/** What the core says in English for people: quoted as it is. */
const QUOTED = /“[^”]*”/g;
const CHINESE = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u;

/** Every number of a text, once each, ascending. */
export function numbersIn(text: string): readonly number[] {
  return [...new Set([...text.matchAll(/\d+/g)].map((match) => Number(match[0])))].sort(
    (a, b) => a - b,
  );
}

/** Nothing of the other language, no hole, no clumsy spacing. */
export function expectCleanText(text: string, language: Language): void {
  expect(text).not.toMatch(/undefined|NaN|null|\[object|\s\s|\s$|^\s/);
  const own = text.replace(QUOTED, "“”");
  if (language === "en") {
    expect(own).not.toMatch(CHINESE);
    expect(own).not.toMatch(/ [,.;:)]|\( |[,;:][^\s\d]/);
  } else {
    expect(own.replace(PROPER_NAMES, "")).not.toMatch(/[A-Za-z]/);
    expect(own).not.toMatch(/[,;:()!?]|\p{Script=Han}\d|\d\p{Script=Han}/u);
    expect(own).not.toMatch(/[，。；：（）、！？“”【】] | [，。；：（）、！？“”【】]/);
  }
}

/** What holds for a sentence in any language. */
export function expectSentence(explanation: Explanation, language: Language): void {
  const { sentence, statement, ruleName, section } = explanation;
  expectCleanText(sentence, language);
  const [stop, citation] =
    language === "en" ? [".", ` [${ruleName}, ${section}]`] : ["。", `【${ruleName}，${section}】`];
  expect(statement.endsWith(stop)).toBe(true);
  expect(sentence).toBe(`${statement.slice(0, -1)}${citation}${stop}`);
  expect(statement.slice(0, -1)).not.toMatch(/[.。]/);
}

/** Called by other names, nobody is called by a number any more. */
export function nicknameOf(member: number): string {
  return `ⓜ${String.fromCodePoint("a".charCodeAt(0) + member)}`;
}
