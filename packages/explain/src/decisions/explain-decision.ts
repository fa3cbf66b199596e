import type { Decision, DecisionType } from "@quorate/core";
import { type ExplainOptions, type Explanation, type Telling, tell } from "../explanation.ts";
import { CAMPAIGN } from "./campaign.ts";
import { COMMITTING } from "./committing.ts";
import type { DecisionTellings } from "./decision-telling.ts";
import { LIFECYCLE } from "./lifecycle.ts";
import { MEMBERSHIP } from "./membership.ts";
import { PROPOSING } from "./proposing.ts";
import { READS } from "./reads.ts";
import { RECEIVING } from "./receiving.ts";
import { ROLES } from "./roles.ts";
import { SENDING } from "./sending.ts";
import { SNAPSHOT_RECEIVING, SNAPSHOT_SENDING } from "./snapshots.ts";
import { STORAGE } from "./storage.ts";
import { TRANSFER } from "./transfer.ts";
import { VOTING } from "./voting.ts";

/** A new kind of decision does not compile until it is told. */
const TELLINGS: DecisionTellings<DecisionType> = {
  ...LIFECYCLE,
  ...ROLES,
  ...CAMPAIGN,
  ...VOTING,
  ...TRANSFER,
  ...PROPOSING,
  ...SENDING,
  ...RECEIVING,
  ...COMMITTING,
  ...STORAGE,
  ...SNAPSHOT_SENDING,
  ...SNAPSHOT_RECEIVING,
  ...MEMBERSHIP,
  ...READS,
};

/** One plain sentence for a decision of the core, with its numbers, and the rule it was made by. */
export function explainDecision(decision: Decision, options: ExplainOptions): Explanation {
  // Type and decision belong together; the compiler loses that when it joins the tellings of all types.
  const telling = TELLINGS[decision.type] as Telling<Decision>;
  return tell(telling, decision, options);
}
