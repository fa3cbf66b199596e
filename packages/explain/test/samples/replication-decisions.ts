import type { DecisionSamples } from "./decision-samples.ts";
import { at, perCase, progress } from "./samples.ts";

export const REPLICATION_SAMPLES: Pick<
  DecisionSamples,
  | "entriesProposed"
  | "proposalRefused"
  | "proposalForwarded"
  | "senderUntracked"
  | "appendSent"
  | "appendHeld"
  | "progressAdvanced"
  | "progressChanged"
  | "appendRefusalReceived"
  | "progressDecreased"
  | "refusalStale"
  | "memberUnreachable"
  | "heartbeatsSent"
  | "appendAccepted"
  | "appendRefused"
  | "appendOutdated"
  | "conflictFound"
  | "tailReplaced"
  | "tailTruncated"
> = {
  entriesProposed: [
    { type: "entriesProposed", id: 1, term: 5, first: 20, count: 3, bytes: 96 },
    { type: "entriesProposed", id: 1, term: 5, first: 23, count: 1, bytes: 1 },
  ],
  proposalRefused: [
    ...perCase(
      {
        noLeader: true,
        notLeader: true,
        notMember: true,
        transferInProgress: true,
        quotaExceeded: true,
      },
      (reason) =>
        ({
          type: "proposalRefused",
          id: 2,
          term: 5,
          reason,
          leader: reason === "notLeader" ? 1 : 0,
          transferee: reason === "transferInProgress" ? 3 : 0,
          bytes: 300,
          uncommittedBytes: 900,
          uncommittedBytesMax: 1024,
        }) as const,
    ),
    {
      type: "proposalRefused",
      id: 2,
      term: 5,
      reason: "notLeader",
      leader: 0,
      transferee: 0,
      bytes: 300,
      uncommittedBytes: 0,
      uncommittedBytesMax: 1024,
    },
  ],
  proposalForwarded: [
    { type: "proposalForwarded", id: 2, term: 5, leader: 1, count: 3 },
    { type: "proposalForwarded", id: 2, term: 5, leader: 1, count: 1 },
  ],
  senderUntracked: [{ type: "senderUntracked", id: 1, term: 5, from: 9, message: "appendOk" }],
  appendSent: [
    {
      type: "appendSent",
      id: 1,
      term: 5,
      to: 2,
      previous: at(4, 30),
      count: 4,
      bytes: 128,
      commit: 28,
    },
    {
      type: "appendSent",
      id: 1,
      term: 5,
      to: 2,
      previous: at(4, 30),
      count: 0,
      bytes: 0,
      commit: 28,
    },
    {
      type: "appendSent",
      id: 1,
      term: 1,
      to: 2,
      previous: at(0, 0),
      count: 1,
      bytes: 0,
      commit: 0,
    },
  ],
  appendHeld: perCase(
    { probeOutstanding: true, windowFull: true, snapshotOutstanding: true, loading: true },
    (reason) => ({
      type: "appendHeld",
      id: 1,
      term: 5,
      to: 2,
      reason,
      progress: progress({
        state: reason === "snapshotOutstanding" ? "snapshot" : "probe",
        pendingSnapshot: reason === "snapshotOutstanding" ? 25 : 0,
      }),
    }),
  ),
  progressAdvanced: [
    { type: "progressAdvanced", id: 1, term: 5, member: 2, from: 28, match: 31 },
    { type: "progressAdvanced", id: 1, term: 5, member: 1, from: 28, match: 31 },
  ],
  progressChanged: perCase({ probe: true, replicate: true, snapshot: true }, (state) => ({
    type: "progressChanged",
    id: 1,
    term: 5,
    member: 2,
    previous: "probe",
    progress: progress({ state, pendingSnapshot: state === "snapshot" ? 25 : 0 }),
  })),
  appendRefusalReceived: [
    { type: "appendRefusalReceived", id: 1, term: 5, from: 2, probed: 30, hint: at(3, 12) },
  ],
  progressDecreased: [
    {
      type: "progressDecreased",
      id: 1,
      term: 5,
      member: 2,
      progress: progress({ match: 4, next: 13 }),
    },
  ],
  refusalStale: [
    { type: "refusalStale", id: 1, term: 5, member: 2, probed: 29, progress: progress() },
  ],
  memberUnreachable: [
    {
      type: "memberUnreachable",
      id: 1,
      term: 5,
      member: 2,
      progress: progress({ state: "probe", match: 31, next: 32 }),
    },
  ],
  heartbeatsSent: [{ type: "heartbeatsSent", id: 1, term: 5, to: [2, 3], readSequence: 7 }],
  appendAccepted: [
    {
      type: "appendAccepted",
      id: 2,
      term: 5,
      from: 1,
      previous: at(4, 30),
      count: 4,
      added: 3,
      last: 34,
    },
    {
      type: "appendAccepted",
      id: 2,
      term: 5,
      from: 1,
      previous: at(4, 30),
      count: 0,
      added: 0,
      last: 30,
    },
    {
      type: "appendAccepted",
      id: 2,
      term: 1,
      from: 1,
      previous: at(0, 0),
      count: 2,
      added: 2,
      last: 2,
    },
  ],
  appendRefused: [
    {
      type: "appendRefused",
      id: 2,
      term: 5,
      from: 1,
      previous: at(4, 30),
      termHere: 3,
      hint: at(3, 12),
    },
    {
      type: "appendRefused",
      id: 2,
      term: 5,
      from: 1,
      previous: at(4, 30),
      termHere: 0,
      hint: at(3, 12),
    },
    {
      type: "appendRefused",
      id: 2,
      term: 5,
      from: 1,
      previous: at(4, 30),
      termHere: 0,
      hint: at(0, 0),
    },
  ],
  appendOutdated: [
    { type: "appendOutdated", id: 2, term: 5, from: 1, previous: at(4, 22), commit: 28 },
  ],
  conflictFound: [
    {
      type: "conflictFound",
      id: 2,
      term: 5,
      index: 23,
      existingTerm: 3,
      conflictingTerm: 4,
    },
  ],
  tailReplaced: [{ type: "tailReplaced", id: 2, term: 5, index: 23 }],
  tailTruncated: [{ type: "tailTruncated", id: 2, term: 5, index: 23 }],
};
