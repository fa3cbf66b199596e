import { type LogSlice, UNKNOWN_TERM } from "../log/raft-log.ts";
import type { Raft } from "../raft.ts";
import type { Progress } from "./progress.ts";
import { maybeSendSnapshot } from "./send-snapshot.ts";

const NOTHING: LogSlice = Object.freeze({ entries: Object.freeze([]), bytes: 0 });

/** Sends an append to everyone else, even without entries: it may carry the commit index. */
export function broadcastAppend(raft: Raft): void {
  const all = raft.tracker.all;
  for (let i = 0; i < all.length; i++) {
    const progress = all[i] as Progress;
    if (progress.id !== raft.id) maybeSendAppend(raft, progress, true);
  }
}

/** Sends everyone else what it lacks, if anything. */
export function broadcastMissing(raft: Raft): void {
  for (const progress of raft.tracker.all) {
    if (progress.id !== raft.id) maybeSendAppend(raft, progress, false);
  }
}

/**
 * Sends one append, or a snapshot where the log no longer reaches back far enough. Returns whether anything was sent,
 * so that a caller can go on until the window is full.
 */
export function maybeSendAppend(raft: Raft, progress: Progress, sendIfEmpty: boolean): boolean {
  const { log } = raft;
  if (progress.isPaused || progress.loading) {
    if (progress.next <= log.lastIndex) reportHeld(raft, progress);
    return false;
  }
  const previousIndex = progress.next - 1;
  const previousTerm = log.termAt(previousIndex);
  if (previousTerm === UNKNOWN_TERM) return maybeSendSnapshot(raft, progress);

  // A throttled follower gets empty appends only, so that a lost one is noticed.
  const throttled = progress.state === "replicate" && progress.windowFull;
  const slice = throttled ? NOTHING : log.sliceForAppend(progress.next, progress.id);
  if (slice === "loading") {
    progress.waitForLoading();
    reportHeld(raft, progress);
    return false;
  }
  if (slice === "compacted") return sendIfEmpty && maybeSendSnapshot(raft, progress);
  const { entries, bytes } = slice;
  if (entries.length === 0 && !sendIfEmpty) {
    if (throttled && progress.next <= log.lastIndex) reportHeld(raft, progress);
    return false;
  }
  raft.outbox.send({
    type: "append",
    from: raft.id,
    to: progress.id,
    term: raft.standing.term,
    previous: { term: previousTerm, index: previousIndex },
    entries,
    commit: log.commit,
  });
  progress.sentAppend(entries.length, bytes, log.commit);
  raft.decide?.({
    type: "appendSent",
    id: raft.id,
    term: raft.standing.term,
    to: progress.id,
    previous: { term: previousTerm, index: previousIndex },
    count: entries.length,
    bytes,
    commit: log.commit,
  });
  return true;
}

function reportHeld(raft: Raft, progress: Progress): void {
  raft.decide?.({
    type: "appendHeld",
    id: raft.id,
    term: raft.standing.term,
    to: progress.id,
    reason: heldReason(progress),
    progress: progress.status(raft.membership.roster.isLearner(progress.id)),
  });
}

function heldReason(
  progress: Progress,
): "snapshotOutstanding" | "loading" | "windowFull" | "probeOutstanding" {
  if (progress.state === "snapshot") return "snapshotOutstanding";
  if (progress.loading) return "loading";
  return progress.state === "replicate" ? "windowFull" : "probeOutstanding";
}
