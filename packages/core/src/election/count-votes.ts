import type { VoteReplyMessage } from "../message.ts";
import type { Raft } from "../raft.ts";
import { commitTo } from "../replication/commit.ts";
import { broadcastAppend } from "../replication/send-append.ts";
import { NOBODY } from "../types.ts";
import { askForVotes } from "./campaign.ts";
import { becomeFollower, becomeLeader } from "./roles.ts";

/** A candidate or pre-candidate counts an answer of its own kind of ballot. Source: Raft §5.2. */
export function countVote(raft: Raft, message: VoteReplyMessage): void {
  const { ballot, standing } = raft;
  const { roster } = raft.membership;
  const kind = message.type === "preVoteReply" ? "preVote" : "vote";
  const first = ballot.record(message.from, message.granted);
  raft.decide?.({
    type: "voteCounted",
    id: raft.id,
    term: standing.term,
    ballot: kind,
    from: message.from,
    granted: message.granted,
    first,
    grants: ballot.count(roster, true),
    refusals: ballot.count(roster, false),
  });
  learnCommitted(raft, message);
  const outcome = ballot.outcome(roster);
  if (outcome === "pending") return;
  // The own vote arrives here once term and vote are durable. Leading before that, on the others' votes alone, would let
  // a crash take the term back: elected in it once more by the same votes, we would write other entries under it.
  if (outcome === "won" && kind === "vote" && !ballot.has(raft.id)) return;
  raft.decide?.({
    type: "electionDecided",
    id: raft.id,
    term: standing.term,
    ballot: kind,
    outcome,
  });
  if (outcome === "lost") {
    becomeFollower(raft, standing.term, NOBODY);
  } else if (kind === "preVote") {
    askForVotes(raft, "vote", "preVoteWon");
  } else {
    becomeLeader(raft);
    broadcastAppend(raft);
  }
}

/**
 * A leader that was removed may be the only one that knows its removal to be committed. It takes no part in elections any
 * more, but the others still count with its vote, and cannot get it while its log is longer. What it says is committed
 * lets them apply the change and go on without it.
 */
function learnCommitted(raft: Raft, { committed }: VoteReplyMessage): void {
  const { log } = raft;
  if (committed === undefined || committed.index <= log.commit || !log.matches(committed)) return;
  if (log.firstChange(log.commit + 1, committed.index) === 0) return;
  commitTo(raft, committed.index, "voteReply");
}
