import type { Raft } from "../raft.ts";
import { propose } from "../replication/propose.ts";

const LEAVE: Uint8Array = new Uint8Array(0);

/**
 * A leader whose joint state was meant to end by itself proposes that as soon as everything that led to it is applied.
 * Called after each apply, and again when a transfer that stood in the way ended.
 */
export function leaveJointIfDue(raft: Raft): void {
  const { membership } = raft.membership.roster;
  if (!membership.autoLeave || raft.standing.role !== "leader") return;
  if (raft.log.applied < raft.membership.pendingIndex) return;
  const index = raft.log.lastIndex + 1;
  const proposed = propose(raft, [{ kind: "membership", payload: LEAVE }]);
  const header = { id: raft.id, term: raft.standing.term, membership };
  if (proposed.ok) raft.decide?.({ type: "autoLeaveProposed", ...header, index });
  else raft.decide?.({ type: "autoLeaveRefused", ...header, reason: proposed.reason });
}
