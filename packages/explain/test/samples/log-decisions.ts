import type { DecisionSamples } from "./decision-samples.ts";
import { at, perCase, progress } from "./samples.ts";

export const LOG_SAMPLES: Pick<
  DecisionSamples,
  | "commitAdvanced"
  | "commitWithheld"
  | "applyHandedOut"
  | "applyHeld"
  | "entriesApplied"
  | "entriesDurable"
  | "durableIgnored"
  | "durableOutdated"
> = {
  commitAdvanced: perCase(
    { quorum: true, append: true, heartbeat: true, snapshot: true, voteReply: true },
    (by) => ({
      type: "commitAdvanced",
      id: 1,
      term: 5,
      from: 28,
      to: by === "quorum" ? 29 : 31,
      by,
    }),
  ),
  commitWithheld: [{ type: "commitWithheld", id: 1, term: 5, index: 29, entryTerm: 2 }],
  applyHandedOut: [{ type: "applyHandedOut", id: 2, term: 5, first: 27, last: 29, bytes: 210 }],
  applyHeld: perCase({ quota: true, installingSnapshot: true }, (reason) => ({
    type: "applyHeld",
    id: 2,
    term: 5,
    reason,
    applying: 29,
    commit: 34,
  })),
  entriesApplied: [{ type: "entriesApplied", id: 2, term: 5, applied: 29 }],
  entriesDurable: [{ type: "entriesDurable", id: 2, term: 5, last: at(4, 33) }],
  durableIgnored: perCase({ missing: true, snapshot: true, termMismatch: true }, (reason) => ({
    type: "durableIgnored",
    id: 2,
    term: 5,
    acknowledged: at(3, 24),
    reason,
    existing: reason === "termMismatch" ? at(4, 24) : at(0, 0),
  })),
  durableOutdated: [
    { type: "durableOutdated", id: 2, term: 5, acknowledged: at(3, 24), workTerm: 3 },
  ],
};

export const SNAPSHOT_SAMPLES: Pick<
  DecisionSamples,
  | "snapshotNotSent"
  | "snapshotSent"
  | "replicationPaused"
  | "snapshotNoLongerNeeded"
  | "snapshotReported"
  | "snapshotRestoreStarted"
  | "snapshotRestored"
  | "snapshotAccepted"
  | "snapshotIgnored"
  | "snapshotNotForUs"
  | "commitFastForwarded"
> = {
  snapshotNotSent: perCase({ inactive: true, building: true }, (reason) => ({
    type: "snapshotNotSent",
    id: 1,
    term: 5,
    to: 2,
    reason,
  })),
  snapshotSent: [
    {
      type: "snapshotSent",
      id: 1,
      term: 5,
      to: 2,
      snapshot: at(4, 40),
      firstIndex: 33,
      commit: 45,
      progress: progress({ state: "probe", match: 0, next: 7 }),
    },
  ],
  replicationPaused: [
    {
      type: "replicationPaused",
      id: 1,
      term: 5,
      member: 2,
      progress: progress({ state: "snapshot", match: 0, next: 41, pendingSnapshot: 40 }),
    },
  ],
  snapshotNoLongerNeeded: [
    {
      type: "snapshotNoLongerNeeded",
      id: 1,
      term: 5,
      member: 2,
      progress: progress({ state: "snapshot", match: 40, next: 41, pendingSnapshot: 40 }),
    },
  ],
  snapshotReported: [
    {
      type: "snapshotReported",
      id: 1,
      term: 5,
      member: 2,
      delivered: true,
      progress: progress({ state: "probe", next: 41 }),
    },
    {
      type: "snapshotReported",
      id: 1,
      term: 5,
      member: 2,
      delivered: false,
      progress: progress({ state: "probe", match: 0, next: 1 }),
    },
  ],
  snapshotRestoreStarted: [
    {
      type: "snapshotRestoreStarted",
      id: 2,
      term: 5,
      snapshot: at(4, 40),
      commit: 22,
      applied: 19,
      applying: 21,
      tailOffset: 24,
      tailHandedOut: 26,
      tailCount: 6,
    },
  ],
  snapshotRestored: [
    {
      type: "snapshotRestored",
      id: 2,
      term: 5,
      snapshot: at(4, 40),
      commit: 40,
      last: at(4, 40),
    },
  ],
  snapshotAccepted: [
    { type: "snapshotAccepted", id: 2, term: 5, from: 1, snapshot: at(4, 40), commit: 40 },
  ],
  snapshotIgnored: perCase({ committedAlready: true, inLogAlready: true }, (reason) => ({
    type: "snapshotIgnored",
    id: 2,
    term: 5,
    from: 1,
    reason,
    snapshot: at(4, 40),
    commit: reason === "committedAlready" ? 43 : 36,
  })),
  snapshotNotForUs: [{ type: "snapshotNotForUs", id: 2, term: 5, from: 1, snapshot: at(4, 40) }],
  commitFastForwarded: [
    {
      type: "commitFastForwarded",
      id: 2,
      term: 5,
      snapshot: at(4, 40),
      commit: 36,
      last: at(5, 44),
    },
  ],
};
