import { UNKNOWN_TERM } from "../log/raft-log.ts";
import type { AppendMessage } from "../message.ts";
import type { Raft } from "../raft.ts";
import type { Entry, LogIndex, LogPosition } from "../types.ts";
import { commitTo } from "./commit.ts";

/**
 * Follower: takes the leader's entries if the one before them is here. Returns what is wrong with the message.
 * Source: Raft Fig. 2, AppendEntries; §5.3.
 */
export function acceptAppend(raft: Raft, message: AppendMessage): string | undefined {
  const { log } = raft;
  const { previous, entries } = message;
  const contradiction = committedContradiction(raft, message);
  if (contradiction !== undefined) return contradiction;
  if (previous.index < log.commit) {
    raft.decide?.({
      type: "appendOutdated",
      id: raft.id,
      term: raft.standing.term,
      from: message.from,
      previous,
      commit: log.commit,
    });
    acknowledge(raft, message, log.commit);
    return undefined;
  }
  if (!log.matches(previous)) {
    refuse(raft, message);
    return undefined;
  }
  // Only what differs is replaced: a late, shorter message must not cut off entries that came after it.
  const offset = log.firstDifference(entries);
  const last = previous.index + entries.length;
  if (offset < entries.length) {
    putEntries(raft, offset === 0 ? entries : entries.slice(offset), entries[offset] as Entry);
  }
  raft.decide?.({
    type: "appendAccepted",
    id: raft.id,
    term: raft.standing.term,
    from: message.from,
    previous,
    count: entries.length,
    added: entries.length - offset,
    last,
  });
  const before = log.commit;
  // What follows `last` here may not be the leader's: it must not be covered by the leader's commit index.
  commitTo(raft, Math.min(message.commit, last), "append");
  // Told a newer commit index and nothing else, it has nothing to say: the entries themselves were answered. Should
  // that answer be lost, the same append comes again after a heartbeat, tells nothing new, and is answered.
  const saysNothing = entries.length === 0 && log.commit > before;
  if (saysNothing && !raft.options.answerCommits) return undefined;
  acknowledge(raft, message, last);
  return undefined;
}

/**
 * A leader holds every committed entry, so none of its places can differ from ours up to the commit index. If one does,
 * somebody lost or changed acknowledged entries, and following would only hide it. Source: Raft Fig. 3.
 */
function committedContradiction(raft: Raft, message: AppendMessage): string | undefined {
  const { log } = raft;
  const { previous, entries } = message;
  let place: LogPosition | undefined = previous;
  for (let next = 0; place !== undefined && place.index <= log.commit; next++) {
    const here = log.termAt(place.index);
    if (here !== UNKNOWN_TERM && here !== place.term) {
      return `${place.term}/${place.index} contradicts a committed entry of term ${here}`;
    }
    place = entries[next];
  }
  return undefined;
}

function putEntries(raft: Raft, entries: readonly Entry[], first: Entry): void {
  const { log } = raft;
  const { index } = first;
  const term = raft.standing.term;
  if (index <= log.lastIndex) {
    raft.decide?.({
      type: "conflictFound",
      id: raft.id,
      term,
      index,
      existingTerm: log.termAt(index),
      conflictingTerm: first.term,
    });
  }
  const change = log.put(entries);
  if (change === "replaced") raft.decide?.({ type: "tailReplaced", id: raft.id, term, index });
  if (change === "truncated") raft.decide?.({ type: "tailTruncated", id: raft.id, term, index });
}

function acknowledge(raft: Raft, message: AppendMessage, match: LogIndex): void {
  raft.outbox.sendAfterDurable({
    type: "appendOk",
    from: raft.id,
    to: message.from,
    term: raft.standing.term,
    match,
  });
}

function refuse(raft: Raft, message: AppendMessage): void {
  const { log } = raft;
  const { previous } = message;
  const hint = log.lastPositionNotAfter(Math.min(previous.index, log.lastIndex), previous.term);
  if (raft.decide !== undefined) {
    const termHere = log.termAt(previous.index);
    raft.decide({
      type: "appendRefused",
      id: raft.id,
      term: raft.standing.term,
      from: message.from,
      previous,
      termHere: termHere === UNKNOWN_TERM ? 0 : termHere,
      hint,
    });
  }
  raft.outbox.sendAfterDurable({
    type: "appendRejected",
    from: raft.id,
    to: message.from,
    term: raft.standing.term,
    probed: previous.index,
    hint,
  });
}
