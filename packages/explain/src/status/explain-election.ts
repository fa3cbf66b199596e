import { type Decision, type MemberId, NOBODY } from "@quorate/core";
import { type ExplainContext, type Finding, Findings } from "./finding.ts";
import { lastIndexBefore } from "./recall.ts";

type VoteAnswer = Extract<Decision, { type: "voteGranted" | "voteRefused" }>;
type ElectionStarted = Extract<Decision, { type: "electionStarted" }>;

/**
 * Why was there an election, and how did it go? Looks at the newest one among the decisions, oldest first, of one member
 * or of several in the order in which they happened.
 */
export function explainElection(
  decisions: readonly Decision[],
  context: Pick<ExplainContext, "nameOf"> = {},
): readonly Finding[] {
  const findings = new Findings(context.nameOf);
  const start = lastIndexBefore(decisions, decisions.length, isNewCampaign);
  const begun = decisions[start];
  const own = begun?.type === "electionStarted" ? begun : undefined;
  const answer = newestAnswer(decisions);
  if (answer !== undefined && answer.candidateTerm > (own === undefined ? 0 : own.term + 1)) {
    addElsewhere(findings, decisions, answer);
  } else if (own === undefined) {
    findings.add({ code: "noElectionSeen", decisions: decisions.length });
  } else {
    addCauses(findings, decisions, start, own);
    findings.addDecision(own);
    addEarlierCampaigns(findings, decisions, start);
    addCourse(findings, decisions.slice(start + 1), own);
  }
  return findings.all;
}

/** The election that follows a won pre-vote belongs to the same campaign. */
function isNewCampaign(decision: Decision): boolean {
  return decision.type === "electionStarted" && decision.campaign !== "preVoteWon";
}

/** A vote that was given or refused to somebody, for the newest term there was. */
function newestAnswer(decisions: readonly Decision[]): VoteAnswer | undefined {
  let newest: VoteAnswer | undefined;
  for (const decision of decisions) {
    if (decision.type !== "voteGranted" && decision.type !== "voteRefused") continue;
    if (newest === undefined || decision.candidateTerm >= newest.candidateTerm) newest = decision;
  }
  return newest;
}

/** An election of which only the voters' side was seen. */
function addElsewhere(
  findings: Findings,
  decisions: readonly Decision[],
  { candidate, candidateTerm: term }: VoteAnswer,
): void {
  findings.add({ code: "candidateElsewhere", candidate, term });
  for (const decision of decisions) {
    switch (decision.type) {
      case "voteGranted":
      case "voteRefused":
      case "voteIgnored":
        if (decision.candidateTerm === term) findings.addDecision(decision);
        break;
      case "becameFollower":
      case "becameLeader":
        if (decision.term === term) findings.addDecision(decision);
        break;
      default:
        break;
    }
  }
}

/** What ended the last leadership, as far as it was seen, and what the candidate last heard. */
function addCauses(
  findings: Findings,
  decisions: readonly Decision[],
  start: number,
  begun: ElectionStarted,
): void {
  const since = lastIndexBefore(decisions, start, (d) => d.type === "becameLeader");
  const ends = decisions.slice(since + 1, start).filter((d) => endsLeadership(d, begun.id));
  for (const end of ends) findings.addDecision(end);
  if (begun.campaign !== "timeout") return;
  const { id: member, term } = begun;
  const ticks = timeoutOf(decisions, start, member);
  const leader = leaderBefore(decisions, start, member);
  if (leader === NOBODY) findings.add({ code: "noLeaderToHear", member, term, ticks });
  else findings.add({ code: "leaderFellSilent", member, leader, ticks });
}

function endsLeadership(decision: Decision, candidate: MemberId): boolean {
  switch (decision.type) {
    case "quorumLost":
    case "removedLeaderSteppedDown":
    case "timeoutNowSent":
    case "stopped":
      return true;
    case "becameFollower":
      return decision.previous === "leader";
    case "leaderForgotten":
      return decision.id === candidate;
    default:
      return false;
  }
}

function timeoutOf(decisions: readonly Decision[], end: number, member: MemberId): number {
  const drawn =
    decisions[lastIndexBefore(decisions, end, (d) => d.type === "timeoutDrawn" && d.id === member)];
  return drawn?.type === "timeoutDrawn" ? drawn.ticks : 0;
}

/** Whom the member took for its leader just before, 0 for nobody or unknown. */
function leaderBefore(decisions: readonly Decision[], end: number, member: MemberId): MemberId {
  const told = lastIndexBefore(
    decisions,
    end,
    (d) => d.id === member && leaderToldBy(d) !== undefined,
  );
  const decision = decisions[told];
  return decision === undefined ? NOBODY : (leaderToldBy(decision) ?? NOBODY);
}

/** The leader that a decision shows its member to have, 0 for none; undefined when it says nothing about that. */
function leaderToldBy(decision: Decision): MemberId | undefined {
  switch (decision.type) {
    case "becameFollower":
    case "proposalForwarded":
    case "readForwarded":
    case "transferForwarded":
      return decision.leader;
    case "appendAccepted":
    case "appendOutdated":
    case "appendRefused":
    case "snapshotAccepted":
      return decision.from;
    case "created":
    case "leaderForgotten":
    case "becamePreCandidate":
    case "becameCandidate":
    case "becameLeader":
      return NOBODY;
    default:
      return undefined;
  }
}

/** Campaigns since the last leader, this one included. */
function addEarlierCampaigns(
  findings: Findings,
  decisions: readonly Decision[],
  start: number,
): void {
  const since = lastIndexBefore(decisions, start, (d) => d.type === "becameLeader");
  const campaigns = decisions.slice(since + 1, start + 1).filter(isNewCampaign);
  if (campaigns.length < 2) return;
  const candidates = [...new Set(campaigns.map((d) => d.id))].sort((a, b) => a - b);
  findings.add({ code: "severalCampaigns", count: campaigns.length, candidates });
}

/** Refusals, the last count, and the outcome. */
function addCourse(findings: Findings, after: readonly Decision[], begun: ElectionStarted): void {
  const { id: candidate } = begun;
  let grants = 0;
  let refusals = 0;
  let term = begun.term + 1;
  let isOver = false;
  for (const decision of after) {
    switch (decision.type) {
      case "voteRefused":
      case "voteIgnored":
        if (decision.candidate === candidate) findings.addDecision(decision);
        break;
      case "voteCounted":
        if (decision.id !== candidate) break;
        grants = decision.grants;
        refusals = decision.refusals;
        break;
      case "becameCandidate":
        if (decision.id !== candidate) break;
        grants = 0;
        refusals = 0;
        term = decision.term;
        break;
      case "electionDecided":
        if (decision.id !== candidate || isOver) break;
        findings.addDecision(decision);
        isOver = decision.outcome === "lost";
        break;
      case "becameLeader":
        findings.addDecision(decision);
        isOver = true;
        break;
      case "becameFollower":
        if (decision.id !== candidate || isOver) break;
        findings.addDecision(decision);
        isOver = true;
        break;
      default:
        break;
    }
  }
  if (!isOver) findings.add({ code: "electionOpen", member: candidate, term, grants, refusals });
}
