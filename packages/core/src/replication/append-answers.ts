import { continueTransfer } from "../election/leadership-transfer.ts";
import type { AppendOkMessage, AppendRejectedMessage } from "../message.ts";
import type { Raft } from "../raft.ts";
import { startEarlyReads } from "../reads/read-index.ts";
import type { LogIndex } from "../types.ts";
import { maybeCommit } from "./commit.ts";
import type { Progress } from "./progress.ts";
import { broadcastAppend, maybeSendAppend } from "./send-append.ts";

/** Leader: a member holds everything up to `match`. Returns what is wrong with the message. Source: Raft §5.3. */
export function countAppendOk(raft: Raft, message: AppendOkMessage): string | undefined {
  const { log } = raft;
  const progress = raft.tracker.find(message.from);
  if (progress === undefined) return untracked(raft, message);
  if (message.match > log.lastIndex) {
    return `holds ${message.match}, but our last entry is ${log.lastIndex}`;
  }
  progress.heard();
  const before = progress.match;
  const advanced = progress.acknowledged(message.match);
  const foundMatch = progress.match === message.match && progress.state === "probe";
  if (!advanced && !foundMatch) return undefined;
  if (advanced) {
    raft.decide?.({
      type: "progressAdvanced",
      id: raft.id,
      term: raft.standing.term,
      member: progress.id,
      from: before,
      match: progress.match,
    });
  }
  continueReplication(raft, progress, message.match);

  const self = progress.id === raft.id;
  if (maybeCommit(raft)) {
    startEarlyReads(raft);
    broadcastAppend(raft);
  } else if (!self && progress.lacksCommit(log.commit)) {
    maybeSendAppend(raft, progress, true);
  }
  if (self) return undefined;
  // One answer may make room for several appends.
  while (maybeSendAppend(raft, progress, false));
  continueTransfer(raft, progress);
  return undefined;
}

/** What an accepted append says about the way of sending. */
function continueReplication(raft: Raft, progress: Progress, match: LogIndex): void {
  if (progress.state === "replicate") {
    progress.freeWindow(match);
    return;
  }
  const previous = progress.state;
  if (previous === "snapshot") {
    // The follower may have caught up by other means than the snapshot we wait for: what counts is our log.
    if (progress.match + 1 < raft.log.firstIndex) return;
    raft.decide?.({
      type: "snapshotNoLongerNeeded",
      id: raft.id,
      term: raft.standing.term,
      member: progress.id,
      progress: progress.status(raft.membership.roster.isLearner(progress.id)),
    });
    progress.becomeProbe();
  }
  progress.becomeReplicate();
  raft.decide?.({
    type: "progressChanged",
    id: raft.id,
    term: raft.standing.term,
    member: progress.id,
    previous,
    progress: progress.status(raft.membership.roster.isLearner(progress.id)),
  });
}

/** Leader: a follower's log does not match. Returns what is wrong with the message. Source: Raft §5.3. */
export function countAppendRejected(
  raft: Raft,
  message: AppendRejectedMessage,
): string | undefined {
  const { log } = raft;
  const progress = raft.tracker.find(message.from);
  if (progress === undefined) return untracked(raft, message);
  const { probed, hint } = message;
  if (probed > log.lastIndex) return `refuses ${probed}, but our last entry is ${log.lastIndex}`;
  progress.heard();
  raft.decide?.({
    type: "appendRefusalReceived",
    id: raft.id,
    term: raft.standing.term,
    from: message.from,
    probed,
    hint,
  });
  // The follower named its newest entry that may match. Ours that may match it cannot have a higher term, so whole
  // terms are stepped over instead of single entries.
  const next = hint.term > 0 ? log.lastPositionNotAfter(hint.index, hint.term).index : hint.index;
  const moved = progress.refused(probed, next);
  const { state } = progress;
  if (raft.decide !== undefined) {
    const header = { id: raft.id, term: raft.standing.term, member: progress.id };
    const status = progress.status(raft.membership.roster.isLearner(progress.id));
    if (moved) raft.decide({ type: "progressDecreased", ...header, progress: status });
    else raft.decide({ type: "refusalStale", ...header, probed, progress: status });
  }
  if (!moved) return undefined;
  if (state === "replicate") becomeProbe(raft, progress);
  maybeSendAppend(raft, progress, true);
  return undefined;
}

/** The transport lost the connection: what is on the way is probably lost, so look for the match point again. */
export function markUnreachable(raft: Raft, progress: Progress): void {
  if (progress.state === "replicate") becomeProbe(raft, progress);
  raft.decide?.({
    type: "memberUnreachable",
    id: raft.id,
    term: raft.standing.term,
    member: progress.id,
    progress: progress.status(raft.membership.roster.isLearner(progress.id)),
  });
}

function becomeProbe(raft: Raft, progress: Progress): void {
  const previous = progress.state;
  progress.becomeProbe();
  raft.decide?.({
    type: "progressChanged",
    id: raft.id,
    term: raft.standing.term,
    member: progress.id,
    previous,
    progress: progress.status(raft.membership.roster.isLearner(progress.id)),
  });
}

function untracked(raft: Raft, message: AppendOkMessage | AppendRejectedMessage): undefined {
  raft.decide?.({
    type: "senderUntracked",
    id: raft.id,
    term: raft.standing.term,
    from: message.from,
    message: message.type,
  });
  return undefined;
}
