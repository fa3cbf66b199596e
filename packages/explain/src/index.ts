export { explainDecision } from "./decisions/explain-decision.ts";
export type { ExplainOptions, Explanation, Importance } from "./explanation.ts";
export type { Language, Translated } from "./language/language.ts";
export type { MemberNaming } from "./language/naming.ts";
export { explainMessage } from "./messages/explain-message.ts";
export { sectionOf } from "./rules/citation.ts";
export type { Rule, Source } from "./rules/rule.ts";
export type { RuleId } from "./rules/rule-id.ts";
export { RULES } from "./rules/rules.ts";
