import type { HeartbeatMessage, HeartbeatOkMessage } from "../message.ts";
import type { Raft } from "../raft.ts";
import { answerConfirmedReads } from "../reads/answer-read.ts";
import type { MemberId } from "../types.ts";
import { commitTo } from "./commit.ts";
import { maybeSendAppend } from "./send-append.ts";

/** Begins a round of heartbeats: it keeps elections away, and its answers confirm waiting reads and the lease. */
export function broadcastHeartbeat(raft: Raft): void {
  const round = raft.reads.beginRound();
  const to: MemberId[] = [];
  for (const progress of raft.tracker.all) {
    if (progress.id === raft.id) {
      progress.heartbeatAnswered(round);
      continue;
    }
    // Only what it is known to hold: its log may differ after that, and then the commit index would cover
    // entries that are not the committed ones.
    const commit = Math.min(progress.match, raft.log.commit);
    raft.outbox.send({
      type: "heartbeat",
      from: raft.id,
      to: progress.id,
      term: raft.standing.term,
      commit,
      readSequence: round,
    });
    progress.sentHeartbeat(commit);
    to.push(progress.id);
  }
  raft.decide?.({
    type: "heartbeatsSent",
    id: raft.id,
    term: raft.standing.term,
    to,
    readSequence: round,
  });
  answerConfirmedReads(raft);
}

/** Follower. Returns what is wrong with the message. */
export function acceptHeartbeat(raft: Raft, message: HeartbeatMessage): string | undefined {
  if (message.commit > raft.log.lastIndex) {
    return `commit ${message.commit} is beyond our last entry ${raft.log.lastIndex}: entries we acknowledged are gone`;
  }
  commitTo(raft, message.commit, "heartbeat");
  raft.outbox.send({
    type: "heartbeatOk",
    from: raft.id,
    to: message.from,
    term: raft.standing.term,
    readSequence: message.readSequence,
  });
  return undefined;
}

/** Leader. Returns what is wrong with the message. */
export function countHeartbeatOk(raft: Raft, message: HeartbeatOkMessage): string | undefined {
  const progress = raft.tracker.find(message.from);
  if (progress === undefined) return undefined;
  if (message.readSequence > raft.reads.round) {
    return `answers round ${message.readSequence}, the newest is ${raft.reads.round}`;
  }
  progress.heartbeatAnswered(message.readSequence);
  if (progress.match < raft.log.lastIndex || progress.state === "probe") {
    maybeSendAppend(raft, progress, true);
  }
  answerConfirmedReads(raft);
  return undefined;
}
