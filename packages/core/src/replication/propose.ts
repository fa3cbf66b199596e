import { changeMembership, leavesJoint } from "../membership/change.ts";
import { decodeMembershipChange } from "../membership/codec.ts";
import type { MembershipChange } from "../membership/membership.ts";
import type { Raft } from "../raft.ts";
import type { Proposed, RefusalReason, RefusedChange } from "../raft-core.ts";
import { type Entry, NOBODY, type ProposedEntry } from "../types.ts";
import { appendOwn } from "./append-own.ts";
import { broadcastAppend } from "./send-append.ts";

const NO_PAYLOAD: Uint8Array = new Uint8Array(0);
const NO_CHANGES: readonly RefusedChange[] = Object.freeze([]);
const UNREADABLE: MembershipChange = Object.freeze({
  transition: "auto",
  steps: Object.freeze([]),
  context: NO_PAYLOAD,
});

/** Takes a proposal, passes it on, or refuses it as a whole. */
export function propose(raft: Raft, proposed: readonly ProposedEntry[]): Proposed {
  const { role, leader } = raft.standing;
  if (role === "leader") return proposeAsLeader(raft, proposed);
  if (role !== "follower" || leader === NOBODY) return refuse(raft, proposed, "noLeader");
  if (!raft.options.forwardProposals) return refuse(raft, proposed, "notLeader");
  raft.decide?.({
    type: "proposalForwarded",
    id: raft.id,
    term: raft.standing.term,
    leader,
    count: proposed.length,
  });
  raft.outbox.send({
    type: "forwardProposal",
    from: raft.id,
    to: leader,
    term: 0,
    entries: proposed,
  });
  return { ok: true, forwarded: true, leader };
}

function proposeAsLeader(raft: Raft, proposed: readonly ProposedEntry[]): Proposed {
  const { log, standing } = raft;
  if (!raft.membership.roster.includes(raft.id)) return refuse(raft, proposed, "notMember");
  if (raft.transfer.target !== NOBODY) return refuse(raft, proposed, "transferInProgress");
  const first = { term: standing.term, index: log.lastIndex + 1 };
  if (proposed.length === 0) return { ok: true, first, refusedChanges: NO_CHANGES };

  const entries: Entry[] = [];
  const { pendingIndex } = raft.membership;
  let refused: RefusedChange[] | undefined;
  let bytes = 0;
  for (let offset = 0; offset < proposed.length; offset++) {
    const { kind, payload } = proposed[offset] as ProposedEntry;
    const index = first.index + offset;
    if (kind === "membership") {
      const refusal = admitChange(raft, payload, index, offset);
      if (refusal !== undefined) {
        refused ??= [];
        refused.push(refusal);
        // It keeps its place, because the others' places have been counted, but says nothing.
        entries.push({ term: first.term, index, kind: "noop", payload: NO_PAYLOAD });
        continue;
      }
    }
    bytes += payload.length;
    entries.push({ term: first.term, index, kind, payload });
  }
  if (!raft.quota.admits(bytes)) {
    raft.membership.changePendingTo(pendingIndex);
    return refuse(raft, proposed, "quotaExceeded");
  }
  raft.quota.add(bytes);
  appendOwn(raft, entries);
  raft.decide?.({
    type: "entriesProposed",
    id: raft.id,
    term: standing.term,
    first: first.index,
    count: entries.length,
    bytes,
  });
  broadcastAppend(raft);
  return { ok: true, first, refusedChanges: refused ?? NO_CHANGES };
}

/**
 * May this change be logged at `index`? Two changes that are not applied yet could together leave no common majority
 * with the old membership, so that two leaders could be elected. Source: Raft §6; Ongaro's thesis §4.1.
 */
function admitChange(
  raft: Raft,
  payload: Uint8Array,
  index: number,
  offset: number,
): RefusedChange | undefined {
  const { membership, log } = raft;
  const change = decodeMembershipChange(payload);
  const reason = raft.options.validateMembership
    ? changeObstacle(raft, change)
    : change === undefined
      ? ({ reason: "invalid", detail: "unreadable" } as const)
      : undefined;
  if (reason === undefined) {
    membership.changePendingTo(index);
    return undefined;
  }
  raft.decide?.({
    type: "membershipChangeRefused",
    id: raft.id,
    term: raft.standing.term,
    change: change ?? UNREADABLE,
    membership: membership.roster.membership,
    reason: reason.reason,
    pendingIndex: membership.pendingIndex,
    applied: log.applied,
    detail: reason.detail,
  });
  return { offset, reason: reason.reason, pendingIndex: membership.pendingIndex };
}

function changeObstacle(
  raft: Raft,
  change: MembershipChange | undefined,
): { reason: RefusedChange["reason"]; detail: string } | undefined {
  const { roster, pendingIndex } = raft.membership;
  if (change === undefined) return { reason: "invalid", detail: "unreadable" };
  if (pendingIndex > raft.log.applied) return { reason: "changePending", detail: "" };
  const leaves = leavesJoint(change);
  if (roster.isJoint && !leaves) return { reason: "mustLeaveJoint", detail: "" };
  if (!roster.isJoint && leaves) return { reason: "notJoint", detail: "" };
  const changed = changeMembership(roster.membership, change);
  return changed.ok ? undefined : { reason: "invalid", detail: changed.error };
}

function refuse(
  raft: Raft,
  proposed: readonly ProposedEntry[],
  reason: RefusalReason &
    ("noLeader" | "notLeader" | "notMember" | "transferInProgress" | "quotaExceeded"),
): Proposed {
  const { leader, term } = raft.standing;
  if (raft.decide !== undefined) {
    let bytes = 0;
    for (const { payload } of proposed) bytes += payload.length;
    raft.decide({
      type: "proposalRefused",
      id: raft.id,
      term,
      reason,
      leader,
      transferee: raft.transfer.target,
      bytes,
      uncommittedBytes: raft.quota.bytes,
      uncommittedBytesMax: raft.quota.bytesMax,
    });
  }
  return { ok: false, reason, leader };
}
