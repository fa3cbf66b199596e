import type { CoreStatus, Decision, DecisionType } from "@quorate/core";
import { explainDecision } from "../decisions/explain-decision.ts";
import { type Explanation, type Importance, type Telling, tell } from "../explanation.ts";
import type { Language, Translated } from "../language/language.ts";
import type { MemberNaming } from "../language/naming.ts";
import type { RuleId } from "../rules/rule-id.ts";
import { COMMIT_TELLINGS, type CommitFacts } from "./commit-facts.ts";
import { ELECTION_TELLINGS, type ElectionFacts } from "./election-facts.ts";
import type { FactTellings } from "./fact-telling.ts";
import { LEADERSHIP_TELLINGS, type LeadershipFacts } from "./leadership-facts.ts";
import { READ_TELLINGS, type ReadFacts } from "./read-facts.ts";
import { REFUSAL_TELLINGS, type RefusalFacts } from "./refusal-facts.ts";
import { STANDING_TELLINGS, type StandingFacts } from "./standing-facts.ts";

/** Everything that can be found out from a member's state, by its code. */
export interface FactByCode
  extends StandingFacts,
    CommitFacts,
    LeadershipFacts,
    ReadFacts,
    RefusalFacts,
    ElectionFacts {}

/** The name of a fact that explains a status. */
export type FactCode = keyof FactByCode;

/** A fact with its numbers. */
export type Fact = { [C in FactCode]: { readonly code: C } & FactByCode[C] }[FactCode];

/** An answer, or a part of one, to a question about a member or its group. */
export interface Finding {
  /** Stable, for programs: what was found, or the type of the decision that says it. */
  readonly code: FactCode | DecisionType;
  readonly rule: RuleId;
  readonly section: string;
  readonly importance: Importance;
  /** With the rule at the end. */
  readonly sentence: Translated;
  /** Without it. */
  readonly statement: Translated;
  /** The numbers behind the sentence: a fact, or a remembered decision. */
  readonly about: Fact | Decision;
}

/** What else is known when a question is asked. */
export interface ExplainContext {
  /** What other members say of themselves; those that did not answer are missing. */
  readonly others?: readonly CoreStatus[] | undefined;
  /** Remembered decisions, oldest first: of the member asked, or of several. */
  readonly decisions?: readonly Decision[] | undefined;
  readonly nameOf?: MemberNaming | undefined;
}

/** A new fact does not compile until it is told. */
const TELLINGS: FactTellings<FactByCode> = {
  ...STANDING_TELLINGS,
  ...COMMIT_TELLINGS,
  ...LEADERSHIP_TELLINGS,
  ...READ_TELLINGS,
  ...REFUSAL_TELLINGS,
  ...ELECTION_TELLINGS,
};

export function findingOfFact(fact: Fact, nameOf: MemberNaming | undefined): Finding {
  // Code and fact belong together; the compiler loses that when it joins the tellings of all codes.
  const telling = TELLINGS[fact.code] as Telling<Fact>;
  return finding(fact.code, fact, (language) => tell(telling, fact, { language, nameOf }));
}

export function findingOfDecision(decision: Decision, nameOf: MemberNaming | undefined): Finding {
  return finding(decision.type, decision, (language) =>
    explainDecision(decision, { language, nameOf }),
  );
}

function finding(
  code: Finding["code"],
  about: Finding["about"],
  explain: (language: Language) => Explanation,
): Finding {
  const en = explain("en");
  const zh = explain("zh");
  return {
    code,
    rule: en.rule,
    section: en.section,
    importance: en.importance,
    sentence: { en: en.sentence, zh: zh.sentence },
    statement: { en: en.statement, zh: zh.statement },
    about,
  };
}

/** Everything found, told in the order in which it was found. */
export class Findings {
  readonly #nameOf: MemberNaming | undefined;
  readonly #found: Finding[] = [];

  constructor(nameOf: MemberNaming | undefined) {
    this.#nameOf = nameOf;
  }

  get all(): readonly Finding[] {
    return this.#found;
  }

  add(fact: Fact): void {
    this.#found.push(findingOfFact(fact, this.#nameOf));
  }
  addDecision(decision: Decision | undefined): void {
    if (decision !== undefined) this.#found.push(findingOfDecision(decision, this.#nameOf));
  }
  addAll(findings: readonly Finding[]): void {
    this.#found.push(...findings);
  }
}
