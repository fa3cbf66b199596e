import type { CommitAdvanced } from "../decisions/replication-decision.ts";
import type { Raft } from "../raft.ts";

/**
 * Commits what a quorum holds, if the last of it is of the leader's own term: an entry of an earlier term may still be
 * replaced although a majority holds it. Returns whether the commit index moved. Source: Raft §5.4.2, Fig. 8.
 */
export function maybeCommit(raft: Raft): boolean {
  const { log, standing } = raft;
  const index = raft.tracker.quorumMatch();
  if (index <= log.commit || !Number.isFinite(index)) return false;
  const entryTerm = log.termAt(index);
  if (entryTerm !== standing.term) {
    raft.decide?.({
      type: "commitWithheld",
      id: raft.id,
      term: standing.term,
      index,
      entryTerm,
    });
    return false;
  }
  commitTo(raft, index, "quorum");
  return true;
}

export function commitTo(raft: Raft, index: number, by: CommitAdvanced["by"]): void {
  const from = raft.log.commit;
  if (!raft.log.commitTo(index)) return;
  raft.decide?.({
    type: "commitAdvanced",
    id: raft.id,
    term: raft.standing.term,
    from,
    to: index,
    by,
  });
}
