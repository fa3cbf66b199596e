import {
  type CoreStatus,
  type LogIndex,
  type MemberId,
  NOBODY,
  type ProgressStatus,
} from "@quorate/core";
import { type Electorate, electoratesOf } from "./electorate.ts";
import { type ExplainContext, type Finding, Findings } from "./finding.ts";
import { lastDecision } from "./recall.ts";
import { addApplyBehind, addLeaderless, addObstacles } from "./standing.ts";

/**
 * Why is nothing being committed, or what is it waiting for? Answers from one member's state; with the states of others
 * in the context it also tells what this member cannot see.
 */
export function explainCommit(
  status: CoreStatus,
  context: ExplainContext = {},
): readonly Finding[] {
  const findings = new Findings(context.nameOf);
  if (addObstacles(findings, status, context)) return findings.all;
  if (status.role === "leader") addLeaderView(findings, status, context);
  else if (status.leader === NOBODY) addLeaderless(findings, status);
  else addFollowerView(findings, status, context);
  addApplyBehind(findings, status);
  return findings.all;
}

function addFollowerView(findings: Findings, status: CoreStatus, context: ExplainContext): void {
  const { id: member, leader, commit, last } = status;
  if (last.index > commit) {
    findings.add({ code: "leaderDecides", member, leader, first: commit + 1, last: last.index });
  } else {
    findings.add({ code: "everythingCommitted", member, commit });
  }
  const leaderStatus = context.others?.find((other) => other.id === leader);
  if (leaderStatus?.role === "leader" && leaderStatus.stopped === undefined) {
    addLeaderView(findings, leaderStatus, context);
  }
}

function addLeaderView(findings: Findings, status: CoreStatus, context: ExplainContext): void {
  const { id: leader, term, commit, last, transferee } = status;
  if (transferee !== NOBODY) {
    findings.add({ code: "handoverRefusesProposals", leader, target: transferee, term });
  }
  findings.addDecision(
    lastDecision(
      context.decisions,
      (d) =>
        d.type === "proposalRefused" &&
        d.reason === "quotaExceeded" &&
        d.id === leader &&
        d.term === term,
    ),
  );
  if (last.index === commit) {
    findings.add({ code: "everythingCommitted", member: leader, commit });
    return;
  }
  const short = electoratesOf(status.membership).filter(
    (electorate) => holdersOf(status, electorate, commit + 1).length < electorate.needed,
  );
  for (const electorate of short) addMissingMajority(findings, status, electorate);
  const missing = new Set(short.flatMap(({ voters }) => voters));
  for (const member of [...missing].sort((a, b) => a - b)) addLaggard(findings, status, member);
  if (short.length === 0) {
    // A leader commits at once what it may: only an entry of an earlier term can stay like this.
    findings.add({ code: "earlierTermWithheld", leader, term, index: quorumIndex(status) });
  }
}

function addMissingMajority(
  findings: Findings,
  status: CoreStatus,
  { half, voters, needed }: Electorate,
): void {
  findings.add({
    code: "waitsForMajority",
    leader: status.id,
    term: status.term,
    first: status.commit + 1,
    last: status.last.index,
    half,
    holders: holdersOf(status, { half, voters, needed }, status.commit + 1),
    voters,
    needed,
  });
}

/** How far a voter's disk is known to hold the leader's log; the leader's own, up to what is durable. */
function matchOf(status: CoreStatus, member: MemberId): LogIndex {
  return member === status.id ? status.durable : (status.progress.get(member)?.match ?? 0);
}

function holdersOf(status: CoreStatus, { voters }: Electorate, index: LogIndex): MemberId[] {
  return voters.filter((member) => matchOf(status, member) >= index);
}

/** The highest index that every electorate's majority holds. */
function quorumIndex(status: CoreStatus): LogIndex {
  const reached = electoratesOf(status.membership).map(({ voters, needed }) => {
    const matches = voters.map((member) => matchOf(status, member)).sort((a, b) => b - a);
    return matches[needed - 1] ?? 0;
  });
  return Math.min(...reached);
}

/** Why this voter does not hold the first uncommitted entry, if it does not. */
function addLaggard(findings: Findings, status: CoreStatus, member: MemberId): void {
  const { id: leader, commit } = status;
  const match = matchOf(status, member);
  if (match > commit) return;
  if (member === leader) {
    findings.add({
      code: "ownDiskBehind",
      member,
      durable: status.durable,
      last: status.last.index,
    });
    return;
  }
  const progress = status.progress.get(member);
  if (progress === undefined || !progress.active) {
    findings.add({ code: "voterSilent", leader, member, match });
    return;
  }
  addReplication(findings, leader, member, progress);
}

function addReplication(
  findings: Findings,
  leader: MemberId,
  member: MemberId,
  progress: ProgressStatus,
): void {
  const { state, match, next, pendingSnapshot, windowFull } = progress;
  const messages = progress.inflightMessages;
  const bytes = progress.inflightBytes;
  if (state === "snapshot") {
    findings.add({ code: "voterOnSnapshot", leader, member, match, snapshot: pendingSnapshot });
  } else if (state === "probe") {
    findings.add({ code: "voterProbed", leader, member, match, next });
  } else {
    const code = windowFull ? "voterWindowFull" : "voterReceiving";
    findings.add({ code, leader, member, match, messages, bytes });
  }
}
