import type { ReadIndexMessage, ReadIndexReplyMessage } from "../message.ts";
import type { ReadMode } from "../options.ts";
import type { Raft } from "../raft.ts";
import type { Accepted, RefusalReason } from "../raft-core.ts";
import { NOBODY } from "../types.ts";
import { answerRead } from "./answer-read.ts";
import type { ReadRequest } from "./read-ledger.ts";

/** A caller on this member wants to read. Source: Raft §8; Ongaro's thesis §6.4. */
export function requestRead(raft: Raft, requestId: number, mode: ReadMode): Accepted {
  const { role, leader } = raft.standing;
  const request = { requestId, from: raft.id };
  if (mode === "lease" && !leasesAllowed(raft))
    return refuse(raft, request, mode, "leaseUnavailable");
  if (role === "leader") return leaderRead(raft, request, mode);
  if (role !== "follower" || leader === NOBODY) return refuse(raft, request, mode, "noLeader");
  raft.decide?.({
    type: "readForwarded",
    id: raft.id,
    term: raft.standing.term,
    requestId,
    leader,
  });
  raft.outbox.send({ type: "readIndex", from: raft.id, to: leader, term: 0, requestId });
  return { ok: true };
}

/** Leases need a quorum that ignores other candidates, which only `checkQuorum` makes it do. */
function leasesAllowed(raft: Raft): boolean {
  return raft.options.readMode === "lease" && raft.options.checkQuorum;
}

/**
 * May the leader answer without asking? Not while leadership is being handed over, and never again in a term in which
 * somebody was told to campaign: that election does not wait for the lease.
 */
export function leaseHolds(raft: Raft): boolean {
  return (
    raft.standing.role === "leader" &&
    leasesAllowed(raft) &&
    raft.transfer.target === NOBODY &&
    !raft.transfer.timeoutNowSent &&
    raft.lease.holds(raft.tracker.quorumRound())
  );
}

/** Is the leader's first entry committed? Before that older commits may be unknown to it. Source: Raft §8. */
function knowsCommitted(raft: Raft): boolean {
  return raft.log.commit >= raft.reads.opening;
}

function leaderRead(raft: Raft, request: ReadRequest, mode: ReadMode): Accepted {
  if (raft.reads.isFull) return refuse(raft, request, mode, "quotaExceeded");
  const { requestId, from } = request;
  const term = raft.standing.term;
  if (!knowsCommitted(raft)) {
    raft.reads.queueEarly(request);
    raft.decide?.({ type: "readQueued", id: raft.id, term, requestId, from });
    return { ok: true };
  }
  if (mode === "lease" && leaseHolds(raft)) {
    answerRead(raft, request, raft.log.commit, "lease");
    return { ok: true };
  }
  waitForQuorum(raft, request);
  return { ok: true };
}

function waitForQuorum(raft: Raft, request: ReadRequest): void {
  const index = raft.log.commit;
  raft.reads.wait(request, index);
  raft.decide?.({
    type: "readStarted",
    id: raft.id,
    term: raft.standing.term,
    requestId: request.requestId,
    from: request.from,
    index,
    readSequence: raft.reads.round + 1,
  });
}

/** The first entry of the term is committed: reads that came before it can start. */
export function startEarlyReads(raft: Raft): void {
  if (raft.reads.pending === 0 || !knowsCommitted(raft)) return;
  for (const request of raft.reads.takeEarly()) waitForQuorum(raft, request);
}

/** Leader: a follower wants to read. It is always confirmed by a quorum. */
export function readForFollower(raft: Raft, message: ReadIndexMessage): void {
  leaderRead(raft, { requestId: message.requestId, from: message.from }, "quorum");
}

/** Not the leader, and somebody asks us for a read index: the sender will ask again when it knows better. */
export function refuseForwardedRead(raft: Raft, message: ReadIndexMessage): void {
  const { requestId, from } = message;
  refuse(
    raft,
    { requestId, from },
    "quorum",
    raft.standing.leader === NOBODY ? "noLeader" : "notLeader",
  );
}

/** Follower: the leader of our term answered. */
export function acceptReadReply(raft: Raft, message: ReadIndexReplyMessage): void {
  const { requestId, index } = message;
  raft.decide?.({
    type: "readConfirmed",
    id: raft.id,
    term: raft.standing.term,
    requestId,
    from: raft.id,
    index,
    by: "leaderReply",
  });
  raft.outbox.confirm({ requestId, index });
}

function refuse(
  raft: Raft,
  request: ReadRequest,
  mode: ReadMode,
  reason: RefusalReason & ("noLeader" | "notLeader" | "leaseUnavailable" | "quotaExceeded"),
): Accepted {
  const { leader, term } = raft.standing;
  raft.decide?.({ type: "readRefused", id: raft.id, term, ...request, mode, reason, leader });
  return { ok: false, reason, leader };
}
