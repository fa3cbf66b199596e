import { violated } from "../invariants/invariant.ts";
import { INVARIANTS } from "../invariants/names.ts";
import type { Raft } from "../raft.ts";
import type { Progress } from "./progress.ts";

/**
 * Announces the newest snapshot to a follower whose next entry is compacted away. A silent follower gets none: it would
 * be read and sent for nothing. Source: Raft §7.
 */
export function maybeSendSnapshot(raft: Raft, progress: Progress): boolean {
  const { log } = raft;
  const term = raft.standing.term;
  if (!progress.active) {
    raft.decide?.({
      type: "snapshotNotSent",
      id: raft.id,
      term,
      to: progress.id,
      reason: "inactive",
    });
    return false;
  }
  const snapshot = log.snapshot();
  if (snapshot === "building") {
    raft.decide?.({
      type: "snapshotNotSent",
      id: raft.id,
      term,
      to: progress.id,
      reason: "building",
    });
    return false;
  }
  if (snapshot.index < log.firstIndex - 1) {
    violated(
      INVARIANTS.snapshotCovers,
      `snapshot ${snapshot.index}, first entry ${log.firstIndex}`,
    );
  }
  raft.decide?.({
    type: "snapshotSent",
    id: raft.id,
    term,
    to: progress.id,
    snapshot: { term: snapshot.term, index: snapshot.index },
    firstIndex: log.firstIndex,
    commit: log.commit,
    progress: progress.status(raft.membership.roster.isLearner(progress.id)),
  });
  progress.becomeSnapshot(snapshot.index);
  raft.decide?.({
    type: "replicationPaused",
    id: raft.id,
    term,
    member: progress.id,
    progress: progress.status(raft.membership.roster.isLearner(progress.id)),
  });
  raft.outbox.send({ type: "snapshot", from: raft.id, to: progress.id, term, snapshot });
  return true;
}

/** The transport says what became of the snapshot that was on its way. */
export function snapshotReported(raft: Raft, progress: Progress, delivered: boolean): void {
  if (progress.state !== "snapshot") return;
  if (delivered) progress.becomeProbe();
  else progress.snapshotFailed();
  raft.decide?.({
    type: "snapshotReported",
    id: raft.id,
    term: raft.standing.term,
    member: progress.id,
    delivered,
    progress: progress.status(raft.membership.roster.isLearner(progress.id)),
  });
  // The follower answers by itself once it has installed it; until a heartbeat answer, sending more is a waste.
  progress.awaitAnswer();
}
