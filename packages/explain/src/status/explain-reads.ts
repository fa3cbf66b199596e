import {
  type CoreStatus,
  type Decision,
  type LogIndex,
  type MemberId,
  NOBODY,
} from "@quorate/core";
import { electoratesOf } from "./electorate.ts";
import { type ExplainContext, type Finding, Findings } from "./finding.ts";
import { lastDecision } from "./recall.ts";
import { addApplyBehind, addObstacles } from "./standing.ts";

/** Why does a read wait, or why was it refused? */
export function explainReads(status: CoreStatus, context: ExplainContext = {}): readonly Finding[] {
  const findings = new Findings(context.nameOf);
  if (addObstacles(findings, status, context)) return findings.all;
  const { id: member, term, leader } = status;
  findings.addDecision(lastFailure(status, context.decisions));
  if (status.role === "leader") addLeaderView(findings, status, context.decisions);
  else if (leader === NOBODY) findings.add({ code: "readsNeedLeader", member, term });
  else addFollowerView(findings, status, context);
  addApplyBehind(findings, status);
  return findings.all;
}

/** The last read that was refused or given up in this term, unless one was answered since. */
function lastFailure(
  { id, term }: CoreStatus,
  decisions: readonly Decision[] | undefined,
): Decision | undefined {
  const last = lastDecision(
    decisions,
    (d) =>
      (d.type === "readRefused" || d.type === "readsAbandoned" || d.type === "readConfirmed") &&
      d.id === id &&
      d.term === term,
  );
  return last?.type === "readConfirmed" ? undefined : last;
}

function addFollowerView(findings: Findings, status: CoreStatus, context: ExplainContext): void {
  const { id: member, term, leader } = status;
  findings.add({ code: "readsAskLeader", member, leader, term });
  const leaderStatus = context.others?.find((other) => other.id === leader);
  if (leaderStatus?.role === "leader") addLeaderView(findings, leaderStatus, context.decisions);
}

function addLeaderView(
  findings: Findings,
  status: CoreStatus,
  decisions: readonly Decision[] | undefined,
): void {
  const { id: leader, term, commit, pendingReads: count } = status;
  if (count === 0) {
    findings.add({ code: "noReadsWait", member: leader, term });
    return;
  }
  const noop = openingEntry(decisions, leader, term);
  if (noop > commit) {
    findings.add({ code: "readsWaitForOwnCommit", leader, term, count, noop, commit });
    return;
  }
  for (const { half, voters, needed } of electoratesOf(status.membership)) {
    const heard = voters.filter((voter) => isHeard(status, voter));
    findings.add({
      code: "readsWaitForMajority",
      leader,
      term,
      count,
      heard,
      half,
      voters,
      needed,
    });
  }
}

function isHeard(status: CoreStatus, voter: MemberId): boolean {
  return voter === status.id || status.progress.get(voter)?.active === true;
}

/** Where the leader's empty entry stands, 0 when its election is not remembered. */
function openingEntry(
  decisions: readonly Decision[] | undefined,
  leader: MemberId,
  term: number,
): LogIndex {
  const became = lastDecision(
    decisions,
    (d) => d.type === "becameLeader" && d.id === leader && d.term === term,
  );
  return became?.type === "becameLeader" ? became.noop : 0;
}
