import { type CoreStatus, type LogPosition, type MemberId, NOBODY } from "@quorate/core";
import { electoratesOf, isMember, isVoter } from "./electorate.ts";
import { type ExplainContext, type Finding, Findings } from "./finding.ts";
import { lastDecision } from "./recall.ts";
import { addLeaderless } from "./standing.ts";

/** Why does this member not lead, and could it? */
export function explainLeadership(
  status: CoreStatus,
  context: ExplainContext = {},
): readonly Finding[] {
  const findings = new Findings(context.nameOf);
  const { id: member, term, membership } = status;
  if (status.stopped !== undefined) {
    findings.add({ code: "stopped", member, invariant: status.stopped });
    return findings.all;
  }
  if (status.role === "leader") {
    findings.add({ code: "leadsAlready", member, term });
    return findings.all;
  }
  if (!isMember(membership, member)) {
    findings.add({ code: "outsideGroup", member });
    return findings.all;
  }
  if (!isVoter(membership, member)) {
    findings.add({ code: "learnerCannotLead", member, voters: membership.voters });
    return findings.all;
  }
  const obstacles = addBars(findings, status, context);
  if (status.leader === NOBODY) addLeaderless(findings, status);
  else addLeaderHeard(findings, status);
  if (obstacles === 0) findings.add({ code: "mayLead", member, term });
  return findings.all;
}

function addLeaderHeard(findings: Findings, status: CoreStatus): void {
  findings.add({
    code: "hearsLeader",
    member: status.id,
    leader: status.leader,
    term: status.term,
    elapsedTicks: status.electionElapsedTicks,
    timeoutTicks: status.electionTimeoutTicks,
  });
}

/** What would keep it from winning; returns how much was found. */
function addBars(findings: Findings, status: CoreStatus, context: ExplainContext): number {
  const before = findings.all.length;
  addNewerLogs(findings, status, context.others ?? []);
  const { id, term, applied } = status;
  const refused = lastDecision(
    context.decisions,
    (d) => d.type === "campaignRefused" && d.id === id && d.term === term,
  );
  // A change that has been applied since does not stand in the way any more.
  const isOver = refused?.type === "campaignRefused" && isSettled(refused.pendingIndex, applied);
  if (!isOver) findings.addDecision(refused);
  for (const voter of [...status.membership.voters, ...status.membership.outgoing]) {
    findings.addDecision(lastRefusal(context, voter, id, term));
  }
  return findings.all.length - before;
}

function isSettled(pendingIndex: number, applied: number): boolean {
  return pendingIndex > 0 && pendingIndex <= applied;
}

/** What a voter last said to this candidate in this term, if it was no. */
function lastRefusal(
  { decisions }: ExplainContext,
  voter: MemberId,
  candidate: MemberId,
  term: number,
): ReturnType<typeof lastDecision> {
  const answer = lastDecision(
    decisions,
    (d) =>
      (d.type === "voteGranted" || d.type === "voteRefused" || d.type === "voteIgnored") &&
      d.id === voter &&
      d.candidate === candidate &&
      d.candidateTerm >= term,
  );
  return answer?.type === "voteGranted" ? undefined : answer;
}

/** Source: Raft §5.4.1. */
function addNewerLogs(findings: Findings, status: CoreStatus, others: readonly CoreStatus[]): void {
  const { id: member, last } = status;
  const newer = others.filter((other) => isNewer(other.last, last)).map((other) => other.id);
  for (const { voters, needed } of electoratesOf(status.membership)) {
    const refusing = newer.filter((id) => voters.includes(id)).sort((a, b) => a - b);
    if (voters.length - refusing.length >= needed) continue;
    findings.add({ code: "logBehindMajority", member, last, newer: refusing, voters, needed });
    return;
  }
}

function isNewer(a: LogPosition, b: LogPosition): boolean {
  return a.term === b.term ? a.index > b.index : a.term > b.term;
}
