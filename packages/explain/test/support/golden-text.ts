import type { Explanation, Language } from "../../src/index.ts";

/** One thing told in both languages, as three lines of a golden file. */
export function goldenLines(
  label: string,
  explain: (language: Language) => Explanation,
): readonly string[] {
  const en = explain("en");
  return [`# ${label} · ${en.importance}`, `  ${en.sentence}`, `  ${explain("zh").sentence}`];
}
