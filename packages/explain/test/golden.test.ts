import type { Decision, DecisionType, PeerMessage, PeerMessageType } from "@quorate/core";
import { expect, test } from "vitest";
import { explainDecision, explainMessage, type Fact, type FactCode } from "../src/index.ts";
import { findingOfFact } from "../src/status/finding.ts";
import { DECISION_SAMPLES } from "./samples/decision-samples.ts";
import { FACT_SAMPLES } from "./samples/fact-samples.ts";
import { MESSAGE_SAMPLES } from "./samples/message-samples.ts";
import { goldenLines } from "./support/golden-text.ts";

/** The cases by which sentences differ, so that a line of the file says what it shows. */
function caseOf(value: object): string {
  const keys = ["ballot", "campaign", "reason", "by", "outcome", "previous", "role"];
  const fields = value as Readonly<Record<string, unknown>>;
  return keys.flatMap((key) => (typeof fields[key] === "string" ? [fields[key]] : [])).join(" ");
}

test("every sentence for decisions is the reviewed one", async () => {
  const lines = (Object.keys(DECISION_SAMPLES) as DecisionType[]).flatMap((kind) =>
    (DECISION_SAMPLES[kind] as readonly Decision[]).flatMap((sample) =>
      goldenLines(`${kind} ${caseOf(sample)}`.trim(), (language) =>
        explainDecision(sample, { language }),
      ),
    ),
  );
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("golden/decisions.txt");
});

test("every sentence for messages is the reviewed one", async () => {
  const lines = (Object.keys(MESSAGE_SAMPLES) as PeerMessageType[]).flatMap((kind) =>
    (MESSAGE_SAMPLES[kind] as readonly PeerMessage[]).flatMap((sample) =>
      goldenLines(kind, (language) => explainMessage(sample, { language })),
    ),
  );
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("golden/messages.txt");
});

test("every sentence for findings is the reviewed one", async () => {
  const lines = (Object.keys(FACT_SAMPLES) as FactCode[]).flatMap((code) =>
    (FACT_SAMPLES[code] as readonly Fact[]).flatMap((sample) => {
      const { importance, sentence } = findingOfFact(sample, undefined);
      const label = `${code} ${caseOf(sample)}`.trim();
      return [`# ${label} · ${importance}`, `  ${sentence.en}`, `  ${sentence.zh}`];
    }),
  );
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("golden/findings.txt");
});
