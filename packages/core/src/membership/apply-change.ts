import { violated } from "../invariants/invariant.ts";
import { INVARIANTS } from "../invariants/names.ts";
import type { Raft } from "../raft.ts";
import type { Entry } from "../types.ts";
import { changeMembership } from "./change.ts";
import { decodeMembershipChange } from "./codec.ts";
import type { Membership } from "./membership.ts";
import { switchMembership } from "./switch.ts";

/**
 * A committed change takes force while it is applied, not when it is logged: then every member that acts on it knows
 * that it cannot be undone. Returns what the changes up to this one lead to.
 */
export function applyChange(raft: Raft, entry: Entry): Membership {
  const { applied, applying } = raft.log;
  if (entry.kind !== "membership" || entry.index <= applied || entry.index > applying) {
    violated(
      INVARIANTS.changesInOrder,
      `${entry.kind} entry ${entry.index}, applied ${applied}, handed out ${applying}`,
    );
  }
  raft.membership.applying(entry.index);
  const change = decodeMembershipChange(entry.payload);
  if (change === undefined) {
    // Others may be able to read it. Going on without it would mean counting with another membership than they do.
    violated(INVARIANTS.changesReadable, `membership change at ${entry.index}`);
  }
  const current = raft.membership.applied;
  const changed = changeMembership(current, change);
  if (changed.ok) {
    raft.membership.changed(changed.membership);
    // Handed out before a snapshot came in that holds this change and those after it: put in force again it would bring
    // a membership back that the group has left.
    if (entry.index > raft.membership.restoredIndex) {
      switchMembership(raft, changed.membership, changed.fresh);
    }
    return changed.membership;
  }
  // Every member comes to the same verdict, because it depends on the log alone.
  raft.decide?.({
    type: "membershipChangeVoid",
    id: raft.id,
    term: raft.standing.term,
    index: entry.index,
    membership: current,
    detail: changed.error,
  });
  return current;
}
