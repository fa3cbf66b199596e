import type { CoreStatus, Refused, RefusedChange } from "@quorate/core";
import { isMember } from "./electorate.ts";
import { explainCommit } from "./explain-commit.ts";
import { type ExplainContext, type Finding, Findings } from "./finding.ts";
import { addLeaderless } from "./standing.ts";

/**
 * Why was a call refused, or a change of membership in a proposal? `status` should be taken soon after the refusal: what
 * it adds is as it is then.
 */
export function explainRefusal(
  refusal: Refused | RefusedChange,
  status: CoreStatus,
  context: ExplainContext = {},
): readonly Finding[] {
  const findings = new Findings(context.nameOf);
  if ("offset" in refusal) addChangeRefusal(findings, refusal, status, context);
  else addCallRefusal(findings, refusal, status, context);
  return findings.all;
}

function addCallRefusal(
  findings: Findings,
  { reason, leader }: Refused,
  status: CoreStatus,
  context: ExplainContext,
): void {
  const { id: member, term, transferee, uncommittedBytes } = status;
  const inGroup = isMember(status.membership, member);
  findings.add({
    code: "callRefused",
    member,
    term,
    reason,
    leader,
    transferee,
    uncommittedBytes,
    inGroup,
  });
  switch (reason) {
    case "noLeader":
      addLeaderless(findings, status);
      return;
    case "quotaExceeded":
      findings.addAll(explainCommit(status, context));
      return;
    case "stopped":
      if (status.stopped !== undefined) {
        findings.add({ code: "stopped", member, invariant: status.stopped });
      }
      return;
    case "notLeader":
    case "transferInProgress":
    case "notMember":
    case "leaseUnavailable":
      return;
    default:
      reason satisfies never;
  }
}

function addChangeRefusal(
  findings: Findings,
  { reason, pendingIndex }: RefusedChange,
  status: CoreStatus,
  context: ExplainContext,
): void {
  const { id: member, term, commit, applied, membership } = status;
  findings.add({
    code: "changeRefused",
    member,
    term,
    reason,
    pendingIndex,
    commit,
    applied,
    membership,
  });
  const isWaiting = reason === "changePending" && pendingIndex > applied;
  if (isWaiting || membership.outgoing.length > 0) findings.addAll(explainCommit(status, context));
}
