import { UNKNOWN_TERM } from "../log/raft-log.ts";
import { Roster } from "../membership/roster.ts";
import { switchMembership } from "../membership/switch.ts";
import type { SnapshotInfo, SnapshotMessage } from "../message.ts";
import type { Raft } from "../raft.ts";
import type { MemberId } from "../types.ts";
import { commitTo } from "./commit.ts";

/**
 * Follower: a snapshot is here, complete and checked. Takes it unless the log is already as far. Returns what is wrong with
 * the message. Source: Raft §7.
 */
export function acceptSnapshot(raft: Raft, message: SnapshotMessage): string | undefined {
  const { log } = raft;
  const { from } = message;
  const snapshot = { term: message.snapshot.term, index: message.snapshot.index };
  const here = log.termAt(snapshot.index);
  if (snapshot.index <= log.commit && here !== UNKNOWN_TERM && here !== snapshot.term) {
    return `snapshot ${snapshot.term}/${snapshot.index} contradicts a committed entry of term ${here}`;
  }
  const obstacle = restore(raft, from, message.snapshot);
  const header = { id: raft.id, term: raft.standing.term, from, snapshot, commit: log.commit };
  if (obstacle === undefined) {
    raft.decide?.({ type: "snapshotAccepted", ...header });
  } else {
    raft.decide?.({ type: "snapshotIgnored", ...header, reason: obstacle });
  }
  raft.outbox.sendAfterDurable({
    type: "appendOk",
    from: raft.id,
    to: from,
    term: raft.standing.term,
    match: obstacle === undefined ? log.lastIndex : log.commit,
  });
  return undefined;
}

function restore(
  raft: Raft,
  from: MemberId,
  info: SnapshotInfo,
): "committedAlready" | "inLogAlready" | undefined {
  const { log } = raft;
  const { membership } = info;
  const snapshot = { term: info.term, index: info.index };
  const header = { id: raft.id, term: raft.standing.term, snapshot };
  if (info.index <= log.commit) return "committedAlready";
  if (!new Roster(membership).includes(raft.id)) {
    // Taken all the same: the entry that adds us, or tells that we were removed, comes after it. Refusing it would leave
    // a new member waiting until the leader happens to make a newer snapshot.
    raft.decide?.({ type: "snapshotNotForUs", ...header, from });
  }
  if (log.matches(info)) {
    // Our log reaches the snapshot and goes on after it: replacing it would throw entries away that we acknowledged.
    const { commit, last } = log;
    raft.decide?.({ type: "commitFastForwarded", ...header, commit, last });
    commitTo(raft, info.index, "snapshot");
    return "inLogAlready";
  }
  raft.decide?.({
    type: "snapshotRestoreStarted",
    ...header,
    commit: log.commit,
    applied: log.applied,
    applying: log.applying,
    tailOffset: log.tailOffset,
    tailHandedOut: log.tailHandedOut,
    tailCount: log.tailCount,
  });
  log.restore(info);
  raft.membership.restoring(info.index);
  switchMembership(raft, membership, []);
  const { commit, last } = log;
  raft.decide?.({ type: "snapshotRestored", ...header, commit, last });
  return undefined;
}
