import type { Raft } from "./raft.ts";
import type { CoreStatus, ProgressStatus } from "./status.ts";
import type { MemberId } from "./types.ts";

/** A copy of everything worth knowing about a member. */
export function statusOf(raft: Raft, stopped: string | undefined): CoreStatus {
  const { standing, log, timer } = raft;
  const { roster } = raft.membership;
  const progress = new Map<MemberId, ProgressStatus>();
  for (const each of raft.tracker.all)
    progress.set(each.id, each.status(roster.isLearner(each.id)));
  return {
    id: raft.id,
    role: standing.role,
    leader: standing.leader,
    term: standing.term,
    vote: standing.vote,
    commit: log.commit,
    applied: log.applied,
    applying: log.applying,
    last: log.last,
    durable: log.durable,
    membership: roster.membership,
    transferee: raft.transfer.target,
    uncommittedBytes: raft.quota.bytes,
    pendingReads: raft.reads.pending,
    electionElapsedTicks: timer.electionElapsed,
    electionTimeoutTicks: timer.timeoutTicks,
    progress,
    stopped,
  };
}
