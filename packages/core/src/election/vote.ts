import type { VoteRequestMessage } from "../message.ts";
import type { Raft } from "../raft.ts";
import { NOBODY } from "../types.ts";
import { isLeaderAlive } from "./roles.ts";

/**
 * Answers a request for a vote, in any role. Learners answer too: a member that was just promoted may not know it yet,
 * and without its vote an election could be impossible. Source: Raft §5.2, §5.4.1.
 */
export function answerVoteRequest(raft: Raft, message: VoteRequestMessage): void {
  const { standing, log } = raft;
  const isPreVote = message.type === "preVote";
  const mayVote =
    standing.vote === message.from ||
    (standing.vote === NOBODY && standing.leader === NOBODY) ||
    (isPreVote && message.term > standing.term);
  const upToDate = log.isUpToDate(message.last);
  if (mayVote && upToDate) grant(raft, message);
  else refuse(raft, message, upToDate ? undefined : "logBehind");
}

function grant(raft: Raft, message: VoteRequestMessage): void {
  const { standing } = raft;
  raft.decide?.({
    type: "voteGranted",
    id: raft.id,
    term: standing.term,
    ballot: message.type,
    candidate: message.from,
    candidateLast: message.last,
    candidateTerm: message.term,
    last: raft.log.last,
    vote: standing.vote,
  });
  // The answer carries the term that was asked about: for a pre-vote that is not ours yet, and with ours the
  // candidate would take the grant for one of a past term.
  raft.outbox.sendAfterDurable({
    type: message.type === "preVote" ? "preVoteReply" : "voteReply",
    from: raft.id,
    to: message.from,
    term: message.term,
    granted: true,
  });
  if (message.type === "vote") {
    raft.timer.restartElection();
    standing.voteFor(message.from);
  }
}

/** Says no, in our own term, so that a candidate of an older one learns of it. */
export function refuse(
  raft: Raft,
  message: VoteRequestMessage,
  cause: "logBehind" | "lowerTerm" | undefined,
): void {
  const { standing } = raft;
  raft.decide?.({
    type: "voteRefused",
    id: raft.id,
    term: standing.term,
    ballot: message.type,
    reason: cause ?? (standing.vote === NOBODY ? "leaderKnown" : "votedForOther"),
    candidate: message.from,
    candidateLast: message.last,
    candidateTerm: message.term,
    last: raft.log.last,
    vote: standing.vote,
    leader: standing.leader,
  });
  raft.outbox.sendAfterDurable({
    type: message.type === "preVote" ? "preVoteReply" : "voteReply",
    from: raft.id,
    to: message.from,
    term: standing.term,
    granted: false,
    committed: { term: raft.log.termAt(raft.log.commit), index: raft.log.commit },
  });
}

/** A request of a higher term that a member with a live leader does not even answer. */
export function ignoresForLeader(raft: Raft, message: VoteRequestMessage): boolean {
  if (message.transfer || !isLeaderAlive(raft)) return false;
  const { standing } = raft;
  raft.decide?.({
    type: "voteIgnored",
    id: raft.id,
    term: standing.term,
    ballot: message.type,
    candidate: message.from,
    candidateLast: message.last,
    candidateTerm: message.term,
    last: raft.log.last,
    vote: standing.vote,
    leader: standing.leader,
    remainingTicks: raft.timer.stickyTicksLeft,
  });
  return true;
}
