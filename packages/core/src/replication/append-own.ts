import type { Raft } from "../raft.ts";
import type { Entry } from "../types.ts";

/**
 * Puts entries at the end of the leader's log. The leader's own acknowledgement waits for its disk like anybody's:
 * the writes of leader and followers run in parallel, and a leader that counted early would lose what only it held.
 * Source: Ongaro's thesis §10.2.1.
 */
export function appendOwn(raft: Raft, entries: readonly Entry[]): void {
  raft.log.put(entries);
  raft.outbox.sendAfterDurable({
    type: "appendOk",
    from: raft.id,
    to: raft.id,
    term: raft.standing.term,
    match: raft.log.lastIndex,
  });
}
