import type { CoreStatus } from "@quorate/core";
import { explainCommit } from "./explain-commit.ts";
import { explainElection } from "./explain-election.ts";
import { explainLeadership } from "./explain-leadership.ts";
import { explainReads } from "./explain-reads.ts";
import { type ExplainContext, type Finding, Findings } from "./finding.ts";
import { addObstacles, addStanding } from "./standing.ts";

/** The answers to everything that is usually asked about a member, each question by itself. */
export interface StatusExplanation {
  /** Where does it stand? */
  readonly standing: readonly Finding[];
  /** Why is nothing being committed? */
  readonly commit: readonly Finding[];
  /** Why does a read wait? */
  readonly reads: readonly Finding[];
  /** Why does it not lead? */
  readonly leadership: readonly Finding[];
  /** Why was there an election? Empty when no decisions are at hand. */
  readonly election: readonly Finding[];
}

/** Says in plain sentences how a member is doing and what keeps it from doing better. */
export function explainStatus(status: CoreStatus, context: ExplainContext = {}): StatusExplanation {
  const standing = new Findings(context.nameOf);
  if (!addObstacles(standing, status, context)) addStanding(standing, status);
  const { decisions } = context;
  return {
    standing: standing.all,
    commit: explainCommit(status, context),
    reads: explainReads(status, context),
    leadership: explainLeadership(status, context),
    election: decisions === undefined ? [] : explainElection(decisions, context),
  };
}
