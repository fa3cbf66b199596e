import type { Raft } from "../raft.ts";
import { type MemberId, NOBODY } from "../types.ts";
import { becomeFollower } from "./roles.ts";

/**
 * A leader that heard from no quorum for an election time-out gives up: it can commit nothing, and its clients should
 * look for the leader that the others may have elected. Source: Ongaro's thesis §6.2.
 */
export function checkQuorum(raft: Raft): void {
  const held = raft.tracker.quorumActive();
  if (raft.decide !== undefined) {
    raft.decide({
      type: held ? "quorumConfirmed" : "quorumLost",
      id: raft.id,
      term: raft.standing.term,
      active: activeVoters(raft),
    });
  }
  if (!held) {
    becomeFollower(raft, raft.standing.term, NOBODY);
    return;
  }
  for (const progress of raft.tracker.all) if (progress.id !== raft.id) progress.markSilent();
}

function activeVoters(raft: Raft): MemberId[] {
  const { roster } = raft.membership;
  const active: MemberId[] = [];
  for (const progress of raft.tracker.all) {
    if (progress.active && roster.isVoter(progress.id)) active.push(progress.id);
  }
  return active;
}
