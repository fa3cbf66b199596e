import type { Fact, FactCode } from "../../src/index.ts";
import { at, JOINT, perCase, type Some, THREE_VOTERS } from "./samples.ts";

export type FactSamples = { readonly [C in FactCode]: Some<Extract<Fact, { code: C }>> };

const MAJORITY = { leader: 1, term: 5, first: 29, last: 31, voters: [1, 2, 3], needed: 2 } as const;
const READS = { leader: 1, term: 5, voters: [1, 2, 3], needed: 2 } as const;

/** Samples of every fact: a new one does not compile until it has one. */
export const FACT_SAMPLES: FactSamples = {
  stopped: [{ code: "stopped", member: 1, invariant: "commit within log" }],
  outsideGroup: [{ code: "outsideGroup", member: 4 }],
  leads: [{ code: "leads", member: 1, term: 5, commit: 28, applied: 26, last: at(5, 31) }],
  follows: [
    { code: "follows", member: 2, leader: 1, term: 5, commit: 28, applied: 26, last: at(5, 31) },
    { code: "follows", member: 2, leader: 1, term: 5, commit: 0, applied: 0, last: at(0, 0) },
  ],
  noLeaderKnown: [
    { code: "noLeaderKnown", member: 2, term: 5, elapsedTicks: 7, timeoutTicks: 13 },
    { code: "noLeaderKnown", member: 2, term: 5, elapsedTicks: 1, timeoutTicks: 13 },
  ],
  campaigning: [
    {
      code: "campaigning",
      member: 2,
      role: "candidate",
      term: 6,
      voters: [1, 2, 3],
      needed: 2,
      outgoing: [],
      outgoingNeeded: 0,
    },
    {
      code: "campaigning",
      member: 2,
      role: "preCandidate",
      term: 6,
      voters: [1, 2, 4],
      needed: 2,
      outgoing: [1, 2, 3, 5],
      outgoingNeeded: 3,
    },
  ],
  newerTermElsewhere: [{ code: "newerTermElsewhere", member: 1, term: 5, other: 3, otherTerm: 7 }],
  leaderNotLeading: [{ code: "leaderNotLeading", member: 2, leader: 1, term: 5, leaderTerm: 6 }],
  noMajorityTogether: [
    { code: "noMajorityTogether", voters: [1, 2, 3, 4, 5], needed: 3, together: [1, 2] },
    { code: "noMajorityTogether", voters: [1, 2, 3, 4, 5], needed: 3, together: [1] },
    { code: "noMajorityTogether", voters: [1, 2, 3, 4, 5], needed: 3, together: [] },
  ],
  everythingCommitted: [
    { code: "everythingCommitted", member: 1, commit: 31 },
    { code: "everythingCommitted", member: 1, commit: 0 },
  ],
  leaderDecides: [{ code: "leaderDecides", member: 2, leader: 1, first: 29, last: 31 }],
  waitsForMajority: [
    { code: "waitsForMajority", ...MAJORITY, half: "voters", holders: [1] },
    { code: "waitsForMajority", ...MAJORITY, half: "voters", holders: [] },
    { code: "waitsForMajority", ...MAJORITY, half: "outgoing", holders: [1] },
    {
      code: "waitsForMajority",
      ...MAJORITY,
      half: "voters",
      holders: [1, 4],
      voters: [1, 2, 3, 4, 5],
      needed: 3,
    },
  ],
  earlierTermWithheld: [{ code: "earlierTermWithheld", leader: 1, term: 5, index: 30 }],
  ownDiskBehind: [{ code: "ownDiskBehind", member: 1, durable: 28, last: 31 }],
  voterSilent: [{ code: "voterSilent", leader: 1, member: 3, match: 20 }],
  voterProbed: [{ code: "voterProbed", leader: 1, member: 3, match: 20, next: 24 }],
  voterOnSnapshot: [{ code: "voterOnSnapshot", leader: 1, member: 3, match: 7, snapshot: 20 }],
  voterWindowFull: [
    { code: "voterWindowFull", leader: 1, member: 3, match: 20, messages: 4, bytes: 512 },
  ],
  voterReceiving: [
    { code: "voterReceiving", leader: 1, member: 3, match: 20, messages: 4, bytes: 512 },
    { code: "voterReceiving", leader: 1, member: 3, match: 20, messages: 1, bytes: 128 },
  ],
  handoverRefusesProposals: [{ code: "handoverRefusesProposals", leader: 1, target: 2, term: 5 }],
  applyBehind: [{ code: "applyBehind", member: 2, first: 27, last: 30, handedOut: 29 }],
  leadsAlready: [{ code: "leadsAlready", member: 1, term: 5 }],
  learnerCannotLead: [{ code: "learnerCannotLead", member: 4, voters: [1, 2, 3] }],
  hearsLeader: [
    { code: "hearsLeader", member: 2, leader: 1, term: 5, elapsedTicks: 3, timeoutTicks: 13 },
  ],
  logBehindMajority: [
    {
      code: "logBehindMajority",
      member: 2,
      last: at(4, 17),
      newer: [1, 3],
      voters: [1, 2, 3],
      needed: 2,
    },
  ],
  mayLead: [{ code: "mayLead", member: 2, term: 5 }],
  noReadsWait: [{ code: "noReadsWait", member: 1, term: 5 }],
  readsWaitForMajority: [
    { code: "readsWaitForMajority", ...READS, count: 12, heard: [1], half: "voters" },
    { code: "readsWaitForMajority", ...READS, count: 1, heard: [1, 2], half: "voters" },
    { code: "readsWaitForMajority", ...READS, count: 12, heard: [], half: "outgoing" },
  ],
  readsWaitForOwnCommit: [
    { code: "readsWaitForOwnCommit", leader: 1, term: 5, count: 12, noop: 32, commit: 28 },
  ],
  readsAskLeader: [{ code: "readsAskLeader", member: 2, leader: 1, term: 5 }],
  readsNeedLeader: [{ code: "readsNeedLeader", member: 2, term: 5 }],
  callRefused: [
    ...perCase(
      {
        noLeader: true,
        notLeader: true,
        transferInProgress: true,
        notMember: true,
        quotaExceeded: true,
        leaseUnavailable: true,
        stopped: true,
      },
      (reason) =>
        ({
          code: "callRefused",
          member: 2,
          term: 5,
          reason,
          leader: reason === "notLeader" ? 1 : 0,
          transferee: reason === "transferInProgress" ? 3 : 0,
          uncommittedBytes: 900,
          inGroup: reason !== "notMember",
        }) as const,
    ),
    ...perCase(
      { notLeader: true, transferInProgress: true, notMember: true },
      (reason) =>
        ({
          code: "callRefused",
          member: 2,
          term: 5,
          reason,
          leader: 0,
          transferee: 0,
          uncommittedBytes: 0,
          inGroup: true,
        }) as const,
    ),
  ],
  changeRefused: [
    ...perCase(
      { changePending: true, mustLeaveJoint: true, notJoint: true, invalid: true },
      (reason) =>
        ({
          code: "changeRefused",
          member: 1,
          term: 5,
          reason,
          pendingIndex: reason === "changePending" ? 30 : 0,
          commit: 28,
          applied: 26,
          membership: reason === "mustLeaveJoint" ? JOINT : THREE_VOTERS,
        }) as const,
    ),
    ...([28, 26] as const).map(
      (pendingIndex) =>
        ({
          code: "changeRefused",
          member: 1,
          term: 5,
          reason: "changePending",
          pendingIndex,
          commit: 28,
          applied: 26,
          membership: THREE_VOTERS,
        }) as const,
    ),
  ],
  noElectionSeen: [{ code: "noElectionSeen", decisions: 64 }],
  leaderFellSilent: [
    { code: "leaderFellSilent", member: 2, leader: 1, ticks: 13 },
    { code: "leaderFellSilent", member: 2, leader: 1, ticks: 0 },
  ],
  noLeaderToHear: [
    { code: "noLeaderToHear", member: 2, term: 5, ticks: 13 },
    { code: "noLeaderToHear", member: 2, term: 5, ticks: 0 },
  ],
  candidateElsewhere: [{ code: "candidateElsewhere", candidate: 3, term: 6 }],
  severalCampaigns: [
    { code: "severalCampaigns", count: 4, candidates: [2, 3] },
    { code: "severalCampaigns", count: 7, candidates: [2] },
  ],
  electionOpen: [{ code: "electionOpen", member: 2, term: 6, grants: 1, refusals: 0 }],
};
