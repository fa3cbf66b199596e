import { leaveJointIfDue } from "../membership/auto-leave.ts";
import type { Raft } from "../raft.ts";
import type { Entry, LogIndex } from "../types.ts";
import type { PendingAppend } from "./pending-work.ts";
import { stepOwn } from "./step.ts";

/** A write is durable: now the own vote and the own acknowledgement in it count. */
export function appendDurable(raft: Raft, work: PendingAppend): void {
  raft.standing.durableTo(work.term, work.vote);
  for (const message of work.messages) if (message.to === raft.id) stepOwn(raft, message);
  entriesDurable(raft, work);
}

/** The entries and the snapshot of a write are durable. */
export function entriesDurable(raft: Raft, work: PendingAppend): void {
  const { last, snapshot } = work;
  const header = { id: raft.id, term: raft.standing.term };
  if (last !== undefined) {
    if (work.term < raft.standing.term) {
      raft.decide?.({
        type: "durableOutdated",
        ...header,
        acknowledged: last,
        workTerm: work.term,
      });
    } else {
      const existingTerm = raft.decide === undefined ? 0 : raft.log.termAt(last.index);
      const outcome = raft.log.stableTo(last);
      if (outcome === "stable") {
        raft.decide?.({ type: "entriesDurable", ...header, last });
      } else {
        const existing =
          outcome === "termMismatch"
            ? { term: existingTerm, index: last.index }
            : { term: 0, index: 0 };
        raft.decide?.({
          type: "durableIgnored",
          ...header,
          acknowledged: last,
          reason: outcome,
          existing,
        });
      }
    }
  }
  if (snapshot !== undefined) {
    raft.log.installed(snapshot.index);
    raft.membership.restored(snapshot.index);
    leaveJointIfDue(raft);
  }
}

/** The state machine has applied `entries`, the last of which is `last`. */
export function entriesApplied(
  raft: Raft,
  entries: readonly Entry[],
  last: LogIndex,
  weight: number,
): void {
  raft.log.appliedTo(last, weight);
  raft.decide?.({
    type: "entriesApplied",
    id: raft.id,
    term: raft.standing.term,
    applied: raft.log.applied,
  });
  if (raft.standing.role === "leader") raft.quota.applied(entries, raft.standing.term);
  leaveJointIfDue(raft);
}
