import type { Raft } from "../raft.ts";
import { NOBODY } from "../types.ts";

/** A follower that is told so stops counting on its leader: it may vote at once, for instance when a peer sees it die. */
export function forgetLeader(raft: Raft): void {
  const { standing } = raft;
  if (standing.role !== "follower") return;
  if (raft.options.readMode === "lease") {
    // The leader's lease counts on followers that do not vote.
    raft.decide?.({
      type: "forgetLeaderRefused",
      id: raft.id,
      term: standing.term,
      reason: "leaseReads",
    });
    return;
  }
  if (standing.leader === NOBODY) return;
  raft.decide?.({
    type: "leaderForgotten",
    id: raft.id,
    term: standing.term,
    leader: standing.leader,
  });
  standing.forgetLeader();
}
