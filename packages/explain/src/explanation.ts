import { Chinese, spaced } from "./language/chinese.ts";
import { English } from "./language/english.ts";
import type { Language } from "./language/language.ts";
import type { MemberNaming } from "./language/naming.ts";
import { citationOf, sectionOf } from "./rules/citation.ts";
import type { RuleId } from "./rules/rule-id.ts";
import { RULES } from "./rules/rules.ts";

/**
 * How much attention something deserves. `routine`: it happens all the time. `notable`: a turn of the story that an
 * operator may want to know. `warning`: something does not work as it should, or needs a person.
 */
export type Importance = "routine" | "notable" | "warning";

/** One plain sentence, and the rule of the algorithm behind it. */
export interface Explanation {
  /** The whole sentence, ending with the rule and its section: "… [Election restriction, Raft §5.4.1]." */
  readonly sentence: string;
  /** The sentence without the rule, for those who show it otherwise. */
  readonly statement: string;
  readonly rule: RuleId;
  /** The rule's name in the sentence's language. */
  readonly ruleName: string;
  /** "Raft §5.4.1" for the extended paper, "Ongaro §9.6" for the thesis; the same in all languages. */
  readonly section: string;
  readonly importance: Importance;
}

/** In which language to explain, and what to call the members. */
export interface ExplainOptions {
  readonly language: Language;
  /** Absent: members are called "member 2", "成员 2". */
  readonly nameOf?: MemberNaming | undefined;
}

/** How one kind of thing is told. The sentences have no full stop. */
export interface Telling<T> {
  readonly rule: RuleId | ((it: T) => RuleId);
  readonly importance: Importance | ((it: T) => Importance);
  readonly en: (it: T, words: English) => string;
  readonly zh: (it: T, words: Chinese) => string;
}

const ENGLISH: English = new English();
const CHINESE: Chinese = new Chinese();

/** Tells one thing in one language. */
export function tell<T>(telling: Telling<T>, it: T, options: ExplainOptions): Explanation {
  const { language, nameOf } = options;
  const rule = typeof telling.rule === "string" ? telling.rule : telling.rule(it);
  const { importance } = telling;
  const bare = language === "en" ? inEnglish(telling, it, nameOf) : inChinese(telling, it, nameOf);
  const stop = language === "en" ? "." : "。";
  return {
    sentence: `${bare}${citationOf(rule, language)}${stop}`,
    statement: `${bare}${stop}`,
    rule,
    ruleName: RULES[rule].name[language],
    section: sectionOf(rule),
    importance: typeof importance === "string" ? importance : importance(it),
  };
}

function inEnglish<T>(telling: Telling<T>, it: T, nameOf: MemberNaming | undefined): string {
  return telling.en(it, nameOf === undefined ? ENGLISH : new English(nameOf));
}

function inChinese<T>(telling: Telling<T>, it: T, nameOf: MemberNaming | undefined): string {
  return spaced(telling.zh(it, nameOf === undefined ? CHINESE : new Chinese(nameOf)));
}
