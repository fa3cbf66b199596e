import { type CoreStatus, NOBODY } from "@quorate/core";
import { electoratesOf, isMember } from "./electorate.ts";
import type { ExplainContext, Findings } from "./finding.ts";

/**
 * What must be said before anything else can be, because it makes every other answer pointless. Returns true when it is
 * all there is to say.
 */
export function addObstacles(
  findings: Findings,
  status: CoreStatus,
  context: ExplainContext,
): boolean {
  const { id: member, term } = status;
  if (status.stopped !== undefined) {
    findings.add({ code: "stopped", member, invariant: status.stopped });
    return true;
  }
  if (!isMember(status.membership, member)) findings.add({ code: "outsideGroup", member });
  const newest = newestTerm(context.others ?? []);
  if (newest !== undefined && newest.term > term) {
    const { id: other, term: otherTerm } = newest;
    findings.add({ code: "newerTermElsewhere", member, term, other, otherTerm });
  }
  const leader = context.others?.find((other) => other.id === status.leader);
  if (leader !== undefined && leader.role !== "leader") {
    findings.add({
      code: "leaderNotLeading",
      member,
      leader: leader.id,
      term,
      leaderTerm: leader.term,
    });
  }
  addScattered(findings, status, context.others ?? []);
  return false;
}

/** A leader's word on a newer term says most. */
function newestTerm(others: readonly CoreStatus[]): CoreStatus | undefined {
  let newest: CoreStatus | undefined;
  for (const other of others) {
    const isNewer = newest === undefined || other.term > newest.term;
    const leadsIt = other.role === "leader" && other.term === newest?.term;
    if (isNewer || leadsIt) newest = other;
  }
  return newest;
}

/** With the views of several members it shows whether any leader has a majority behind it. */
function addScattered(findings: Findings, status: CoreStatus, others: readonly CoreStatus[]): void {
  if (others.length === 0) return;
  const all = [status, ...others].filter((one) => one.stopped === undefined);
  const leaders = all.filter((one) => one.role === "leader");
  for (const { voters, needed } of electoratesOf(status.membership)) {
    let together: readonly number[] = [];
    for (const leader of leaders) {
      const followers = all
        .filter((one) => one.term === leader.term && one.leader === leader.id)
        .map((one) => one.id)
        .filter((id) => voters.includes(id));
      if (followers.length > together.length) together = followers.toSorted((a, b) => a - b);
    }
    if (together.length < needed) {
      findings.add({ code: "noMajorityTogether", voters, needed, together });
      return;
    }
  }
}

/** A member that follows nobody waits or campaigns. */
export function addLeaderless(findings: Findings, status: CoreStatus): void {
  const { id: member, role, term, membership } = status;
  if (role === "follower") {
    findings.add({
      code: "noLeaderKnown",
      member,
      term,
      elapsedTicks: status.electionElapsedTicks,
      timeoutTicks: status.electionTimeoutTicks,
    });
    return;
  }
  if (role === "leader") return;
  const [incoming, outgoing] = electoratesOf(membership);
  findings.add({
    code: "campaigning",
    member,
    role,
    term: role === "preCandidate" ? term + 1 : term,
    voters: membership.voters,
    needed: incoming?.needed ?? 0,
    outgoing: membership.outgoing,
    outgoingNeeded: outgoing?.needed ?? 0,
  });
}

/** One line on where a member stands. */
export function addStanding(findings: Findings, status: CoreStatus): void {
  const { id: member, role, leader, term, commit, applied, last } = status;
  if (role === "leader") findings.add({ code: "leads", member, term, commit, applied, last });
  else if (leader === NOBODY) addLeaderless(findings, status);
  else findings.add({ code: "follows", member, leader, term, commit, applied, last });
}

export function addApplyBehind(findings: Findings, status: CoreStatus): void {
  const { id: member, commit, applied, applying } = status;
  if (commit <= applied) return;
  findings.add({
    code: "applyBehind",
    member,
    first: applied + 1,
    last: commit,
    handedOut: applying,
  });
}
