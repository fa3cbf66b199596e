import { abortTransfer } from "../election/leadership-transfer.ts";
import { becomeFollower } from "../election/roles.ts";
import type { Raft } from "../raft.ts";
import { answerConfirmedReads } from "../reads/answer-read.ts";
import { startEarlyReads } from "../reads/read-index.ts";
import { maybeCommit } from "../replication/commit.ts";
import { broadcastAppend, broadcastMissing } from "../replication/send-append.ts";
import { type MemberId, NOBODY } from "../types.ts";
import type { Membership } from "./membership.ts";

/** Puts a membership in force. `fresh` members are new, or left and came back: nothing is known of their logs. */
export function switchMembership(
  raft: Raft,
  membership: Membership,
  fresh: readonly MemberId[],
): void {
  const roster = raft.membership.putInForce(membership);
  raft.decide?.({ type: "membershipSwitched", id: raft.id, term: raft.standing.term, membership });
  if (raft.standing.role !== "leader") return;
  raft.tracker.switchTo(roster, fresh, raft.log.lastIndex);

  if (!roster.includes(raft.id) || roster.isLearner(raft.id)) {
    // It has done its duty: the change that removed it is committed. Without stepping down it would go on leading
    // a group it does not belong to, and take no proposals. Source: Raft §6.
    if (!raft.options.stepDownOnRemoval) return;
    raft.decide?.({
      type: "removedLeaderSteppedDown",
      id: raft.id,
      term: raft.standing.term,
      membership,
    });
    becomeFollower(raft, raft.standing.term, NOBODY);
    return;
  }
  // With fewer voters less may be enough.
  if (maybeCommit(raft)) {
    startEarlyReads(raft);
    broadcastAppend(raft);
  } else {
    broadcastMissing(raft);
  }
  answerConfirmedReads(raft);
  if (!roster.isVoter(raft.transfer.target)) abortTransfer(raft, "targetNotVoter");
}
