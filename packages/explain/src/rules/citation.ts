import type { Language } from "../language/language.ts";
import type { RuleId } from "./rule-id.ts";
import { RULES } from "./rules.ts";

/** "Raft §5.4.1" or "Ongaro §9.6". */
export function sectionOf(id: RuleId): string {
  const { source, section } = RULES[id];
  return `${source} §${section}`;
}

/** What a sentence carries at its end. */
export function citationOf(id: RuleId, language: Language): string {
  const name = RULES[id].name[language];
  return language === "en" ? ` [${name}, ${sectionOf(id)}]` : `【${name}，${sectionOf(id)}】`;
}
