import type { Raft } from "../raft.ts";
import type { Accepted, RefusalReason } from "../raft-core.ts";
import type { Progress } from "../replication/progress.ts";
import { maybeSendAppend } from "../replication/send-append.ts";
import { type MemberId, NOBODY } from "../types.ts";

const ACCEPTED: Accepted = Object.freeze({ ok: true });

/** Anyone may ask; who does not lead passes it on. */
export function requestTransfer(raft: Raft, target: MemberId): Accepted {
  const { role, leader, term } = raft.standing;
  if (role === "leader") return startTransfer(raft, target);
  if (leader === NOBODY) return refuse(raft, target, "noLeader", "noLeader");
  raft.decide?.({ type: "transferForwarded", id: raft.id, term, target, leader });
  raft.outbox.send({ type: "forwardTransfer", from: raft.id, to: leader, term, target });
  return ACCEPTED;
}

/**
 * Leader: stop taking proposals, let the target catch up, then tell it to campaign at once. Ends after an election
 * time-out at the latest. Source: Ongaro's thesis §3.10.
 */
export function startTransfer(raft: Raft, target: MemberId): Accepted {
  const { transfer } = raft;
  const progress = raft.tracker.find(target);
  if (progress === undefined) return refuse(raft, target, "notMember", "notMember");
  if (!raft.membership.roster.isVoter(target)) {
    return refuse(raft, target, "targetIsLearner", "notMember");
  }
  if (transfer.target === target) {
    decideRefused(raft, target, "alreadyRunning");
    return ACCEPTED;
  }
  if (transfer.target !== NOBODY) abortTransfer(raft, "replaced");
  if (target === raft.id) {
    decideRefused(raft, target, "targetIsLeader");
    return ACCEPTED;
  }
  const upToDate = progress.match === raft.log.lastIndex;
  raft.decide?.({
    type: "transferStarted",
    id: raft.id,
    term: raft.standing.term,
    target,
    upToDate,
  });
  raft.timer.restartElection();
  transfer.start(target);
  if (upToDate) sendTimeoutNow(raft, target, "upToDate");
  else maybeSendAppend(raft, progress, true);
  return ACCEPTED;
}

/** The transfer's target answered: if that was all it lacked, it may campaign. */
export function continueTransfer(raft: Raft, progress: Progress): void {
  if (progress.id !== raft.transfer.target || progress.match !== raft.log.lastIndex) return;
  sendTimeoutNow(raft, progress.id, "caughtUp");
}

export function abortTransfer(
  raft: Raft,
  reason: "replaced" | "timedOut" | "targetNotVoter",
): void {
  const { target } = raft.transfer;
  if (target === NOBODY) return;
  raft.decide?.({
    type: "transferAborted",
    id: raft.id,
    term: raft.standing.term,
    target,
    reason,
  });
  raft.transfer.abort();
}

function sendTimeoutNow(raft: Raft, to: MemberId, reason: "upToDate" | "caughtUp"): void {
  const { term } = raft.standing;
  raft.decide?.({ type: "timeoutNowSent", id: raft.id, term, to, reason });
  raft.transfer.markTimeoutNowSent();
  raft.outbox.send({ type: "timeoutNow", from: raft.id, to, term });
}

function refuse(
  raft: Raft,
  target: MemberId,
  why: "noLeader" | "notMember" | "targetIsLearner",
  reason: RefusalReason,
): Accepted {
  decideRefused(raft, target, why);
  return { ok: false, reason, leader: raft.standing.leader };
}

function decideRefused(
  raft: Raft,
  target: MemberId,
  reason: "noLeader" | "notMember" | "targetIsLearner" | "targetIsLeader" | "alreadyRunning",
): void {
  raft.decide?.({
    type: "transferRefused",
    id: raft.id,
    term: raft.standing.term,
    target,
    reason,
  });
}
