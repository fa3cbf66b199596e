import type { Raft } from "../raft.ts";
import type { LogIndex } from "../types.ts";
import type { ReadRequest } from "./read-ledger.ts";

/** Tells whoever asked that a read may be served once `index` is applied there. */
export function answerRead(
  raft: Raft,
  request: ReadRequest,
  index: LogIndex,
  by: "quorum" | "lease",
): void {
  const { requestId, from } = request;
  const term = raft.standing.term;
  raft.decide?.({ type: "readConfirmed", id: raft.id, term, requestId, from, index, by });
  if (from === raft.id) {
    raft.outbox.confirm({ requestId, index });
  } else {
    raft.outbox.send({ type: "readIndexReply", from: raft.id, to: from, term, requestId, index });
  }
}

/** Answers the reads whose heartbeat round a quorum has answered. */
export function answerConfirmedReads(raft: Raft): void {
  if (raft.reads.pending === 0) return;
  const confirmed = raft.tracker.quorumRound();
  for (;;) {
    const read = raft.reads.nextConfirmed(confirmed);
    if (read === undefined) return;
    answerRead(raft, read, read.index, "quorum");
  }
}
