import type { Decision, DecisionType } from "@quorate/core";
import { expect, test } from "vitest";
import {
  explainDecision,
  type Fact,
  type FactCode,
  RULES,
  type RuleId,
  sectionOf,
} from "../src/index.ts";
import { COMMIT_RULES } from "../src/rules/commit-rules.ts";
import { ELECTION_RULES } from "../src/rules/election-rules.ts";
import { MEMBERSHIP_RULES } from "../src/rules/membership-rules.ts";
import { READ_RULES } from "../src/rules/read-rules.ts";
import { REPLICATION_RULES } from "../src/rules/replication-rules.ts";
import { SNAPSHOT_RULES } from "../src/rules/snapshot-rules.ts";
import { STORAGE_RULES } from "../src/rules/storage-rules.ts";
import { findingOfFact } from "../src/status/finding.ts";
import { DECISION_SAMPLES } from "./samples/decision-samples.ts";
import { FACT_SAMPLES } from "./samples/fact-samples.ts";

const GROUPS: readonly (readonly [title: string, rules: object])[] = [
  ["Elections · 选举", ELECTION_RULES],
  ["Replication · 日志复制", REPLICATION_RULES],
  ["Commit and apply · 提交与应用", COMMIT_RULES],
  ["Snapshots · 快照", SNAPSHOT_RULES],
  ["Membership · 成员变更", MEMBERSHIP_RULES],
  ["Reads · 读取", READ_RULES],
  ["Storage and safety · 存储与安全", STORAGE_RULES],
];

/** Sample sentences shown under a rule, so that the page stays readable. */
const SENTENCES_PER_RULE = 3;

const INTRODUCTION = `# What Quorate says, and why

Every choice that the core makes is one event with the numbers that decided it. \`@quorate/explain\` turns each event into
one plain sentence, in English or Chinese, that ends with the rule it follows and where that rule is written down:

\`\`\`ts
import { explainCommit, explainDecision } from "@quorate/explain";

const core = createCore({ ...settings, onDecision: (decision) => {
  const { sentence, rule, section, importance } = explainDecision(decision, { language: "en" });
} }, restored, log);

for (const finding of explainCommit(core.status())) show(finding.code, finding.sentence.en);
\`\`\`

- \`explainDecision\` and \`explainMessage\` tell one decision, or one message on its way between two members.
- \`explainCommit\`, \`explainElection\`, \`explainRefusal\`, \`explainReads\` and \`explainLeadership\` answer questions from a member's
  state, \`explainStatus\` all of them at once. They return findings: a stable code, the numbers, the rule, and the sentence in both
  languages. What other members say of themselves, and the decisions that are remembered, make the answers better.
- \`RULES\` holds every rule with its name and a paragraph in both languages.
- \`importance\` is \`routine\` for what happens all the time, \`notable\` for a turn of the story, \`warning\` for what does not work
  as it should.

Sections are those of two texts: **Raft** is the extended version of "In Search of an Understandable Consensus Algorithm" by
Ongaro and Ousterhout, **Ongaro** is the thesis "Consensus: Bridging Theory and Practice".

This page is made from the code and checked against it. After a change of sentences, \`npx vitest run packages/explain -u\`
writes it anew together with the files in \`packages/explain/test/golden\`, whose differences are to be read before they are
committed.`;

function sampleLines(id: RuleId): readonly string[] {
  const lines: string[] = [];
  for (const kind of Object.keys(DECISION_SAMPLES) as DecisionType[]) {
    const sample = (DECISION_SAMPLES[kind] as readonly Decision[]).find(
      (one) => explainDecision(one, { language: "en" }).rule === id,
    );
    if (sample === undefined) continue;
    lines.push(
      `- \`${kind}\`: ${explainDecision(sample, { language: "en" }).statement}<br>${explainDecision(sample, { language: "zh" }).statement}`,
    );
    if (lines.length === SENTENCES_PER_RULE) break;
  }
  return lines;
}

function ruleLines(id: RuleId): readonly string[] {
  const { name, statement } = RULES[id];
  const samples = sampleLines(id);
  return [
    `### ${name.en} · ${name.zh}`,
    "",
    `\`${id}\`, ${sectionOf(id)}`,
    "",
    statement.en,
    "",
    statement.zh,
    "",
    ...(samples.length === 0 ? [] : [...samples, ""]),
  ];
}

function findingLines(): readonly string[] {
  const rows = (Object.keys(FACT_SAMPLES) as FactCode[]).map((code) => {
    const [sample] = FACT_SAMPLES[code] as readonly [Fact, ...Fact[]];
    const { statement, section } = findingOfFact(sample, undefined);
    return `| \`${code}\` | ${section} | ${statement.en}<br>${statement.zh} |`;
  });
  return [
    "## Findings · 诊断结论",
    "",
    "The codes that the questions are answered with, besides the types of remembered decisions.",
    "",
    "| code | rule in | example |",
    "|---|---|---|",
    ...rows,
  ];
}

test("the guide lists every rule and finding as they are in the code", async () => {
  const grouped = GROUPS.flatMap(([, rules]) => Object.keys(rules));
  expect([...grouped].sort()).toEqual(Object.keys(RULES).sort());
  const lines = [
    INTRODUCTION,
    "",
    ...GROUPS.flatMap(([title, rules]) => [
      `## ${title}`,
      "",
      ...(Object.keys(rules) as RuleId[]).flatMap(ruleLines),
    ]),
    ...findingLines(),
  ];
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../../../docs/explain.md");
});
