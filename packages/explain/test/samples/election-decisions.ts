import type { DecisionSamples } from "./decision-samples.ts";
import { at, perCase } from "./samples.ts";

export const ELECTION_SAMPLES: Pick<
  DecisionSamples,
  | "timeoutDrawn"
  | "becameFollower"
  | "becamePreCandidate"
  | "becameCandidate"
  | "becameLeader"
  | "campaignRefused"
  | "electionStarted"
  | "voteRequested"
  | "voteCounted"
  | "electionDecided"
  | "voteGranted"
  | "voteRefused"
  | "voteIgnored"
  | "higherTermSeen"
  | "lowerTermIgnored"
  | "staleLeaderAnswered"
  | "quorumLost"
  | "quorumConfirmed"
  | "leaderForgotten"
  | "forgetLeaderRefused"
> = {
  timeoutDrawn: [{ type: "timeoutDrawn", id: 2, term: 5, ticks: 13 }],
  becameFollower: [
    ...perCase(
      { follower: true, preCandidate: true, candidate: true, leader: true },
      (previous) => ({ type: "becameFollower", id: 2, term: 5, previous, leader: 1 }) as const,
    ),
    { type: "becameFollower", id: 2, term: 5, previous: "follower", leader: 0 },
    { type: "becameFollower", id: 2, term: 5, previous: "leader", leader: 0 },
  ],
  becamePreCandidate: [{ type: "becamePreCandidate", id: 2, term: 5 }],
  becameCandidate: [{ type: "becameCandidate", id: 2, term: 6 }],
  becameLeader: [{ type: "becameLeader", id: 2, term: 6, noop: 18 }],
  campaignRefused: perCase(
    {
      alreadyLeader: true,
      notMember: true,
      learner: true,
      installingSnapshot: true,
      membershipChangePending: true,
      leaderLease: true,
    },
    (reason) => ({
      type: "campaignRefused",
      id: 2,
      term: 5,
      campaign: reason === "learner" ? "timeout" : "requested",
      reason,
      pendingIndex: reason === "membershipChangePending" ? 14 : 0,
    }),
  ),
  electionStarted: [
    ...perCase(
      { timeout: true, requested: true, transfer: true, preVoteWon: true },
      (campaign) =>
        ({ type: "electionStarted", id: 2, term: 5, ballot: "vote", campaign }) as const,
    ),
    { type: "electionStarted", id: 2, term: 5, ballot: "preVote", campaign: "timeout" },
    { type: "electionStarted", id: 2, term: 5, ballot: "preVote", campaign: "requested" },
  ],
  voteRequested: [
    { type: "voteRequested", id: 2, term: 6, ballot: "vote", to: 3, last: at(4, 17) },
    { type: "voteRequested", id: 2, term: 5, ballot: "preVote", to: 3, last: at(4, 17) },
    { type: "voteRequested", id: 2, term: 1, ballot: "vote", to: 3, last: at(0, 0) },
  ],
  voteCounted: [
    voteCounted({ from: 3, granted: true, grants: 2, refusals: 0 }),
    voteCounted({ from: 2, granted: true, grants: 1, refusals: 0 }),
    voteCounted({ from: 3, granted: false, grants: 1, refusals: 1 }),
    voteCounted({ from: 3, granted: true, first: false, grants: 2, refusals: 0 }),
    voteCounted({ from: 3, ballot: "preVote", term: 5, granted: true, grants: 2, refusals: 0 }),
    voteCounted({ from: 3, ballot: "preVote", term: 5, granted: false, grants: 1, refusals: 1 }),
  ],
  electionDecided: [
    { type: "electionDecided", id: 2, term: 6, ballot: "vote", outcome: "won" },
    { type: "electionDecided", id: 2, term: 6, ballot: "vote", outcome: "lost" },
    { type: "electionDecided", id: 2, term: 5, ballot: "preVote", outcome: "won" },
    { type: "electionDecided", id: 2, term: 5, ballot: "preVote", outcome: "lost" },
  ],
  voteGranted: [
    voteGranted({ vote: 0 }),
    voteGranted({ vote: 3 }),
    voteGranted({ ballot: "preVote", term: 5 }),
    voteGranted({ candidateTerm: 1, term: 1, last: at(0, 0), candidateLast: at(0, 0) }),
  ],
  voteRefused: [
    ...perCase(
      { logBehind: true, votedForOther: true, leaderKnown: true, lowerTerm: true },
      (reason) => voteRefused({ reason, candidateTerm: reason === "lowerTerm" ? 3 : 5 }),
    ),
    voteRefused({ reason: "logBehind", candidateLast: at(3, 40) }),
    voteRefused({ reason: "logBehind", ballot: "preVote", candidateTerm: 6 }),
  ],
  voteIgnored: [
    voteIgnored({ leader: 1 }),
    voteIgnored({ leader: 1, ballot: "preVote", remainingTicks: 1 }),
    voteIgnored({ leader: 0 }),
  ],
  higherTermSeen: [
    { type: "higherTermSeen", id: 2, term: 5, from: 3, message: "vote", messageTerm: 7 },
    { type: "higherTermSeen", id: 2, term: 5, from: 3, message: "heartbeat", messageTerm: 7 },
  ],
  lowerTermIgnored: [
    { type: "lowerTermIgnored", id: 2, term: 5, from: 3, message: "voteReply", messageTerm: 4 },
  ],
  staleLeaderAnswered: perCase({ append: true, heartbeat: true }, (message) => ({
    type: "staleLeaderAnswered",
    id: 2,
    term: 5,
    from: 1,
    message,
    messageTerm: 4,
  })),
  quorumLost: [
    { type: "quorumLost", id: 1, term: 5, active: [1, 4] },
    { type: "quorumLost", id: 1, term: 5, active: [1] },
    { type: "quorumLost", id: 1, term: 5, active: [2] },
    { type: "quorumLost", id: 1, term: 5, active: [] },
  ],
  quorumConfirmed: [{ type: "quorumConfirmed", id: 1, term: 5, active: [1, 2, 4] }],
  leaderForgotten: [{ type: "leaderForgotten", id: 2, term: 5, leader: 1 }],
  forgetLeaderRefused: [{ type: "forgetLeaderRefused", id: 2, term: 5, reason: "leaseReads" }],
};

type Sample<T extends keyof DecisionSamples> = DecisionSamples[T][number];

function voteCounted(
  changes: Pick<Sample<"voteCounted">, "from" | "granted" | "grants" | "refusals"> &
    Partial<Sample<"voteCounted">>,
): Sample<"voteCounted"> {
  return { type: "voteCounted", id: 2, term: 6, ballot: "vote", first: true, ...changes };
}

function voteGranted(changes: Partial<Sample<"voteGranted">>): Sample<"voteGranted"> {
  return {
    type: "voteGranted",
    id: 2,
    term: 6,
    ballot: "vote",
    candidate: 3,
    candidateLast: at(5, 17),
    candidateTerm: 6,
    last: at(4, 21),
    vote: 0,
    ...changes,
  };
}

function voteRefused(
  changes: Pick<Sample<"voteRefused">, "reason"> & Partial<Sample<"voteRefused">>,
): Sample<"voteRefused"> {
  return {
    type: "voteRefused",
    id: 2,
    term: 5,
    ballot: "vote",
    candidate: 3,
    candidateLast: at(4, 12),
    candidateTerm: 5,
    last: at(4, 17),
    vote: changes.reason === "votedForOther" ? 4 : 0,
    leader: changes.reason === "leaderKnown" ? 1 : 0,
    ...changes,
  };
}

function voteIgnored(
  changes: Pick<Sample<"voteIgnored">, "leader"> & Partial<Sample<"voteIgnored">>,
): Sample<"voteIgnored"> {
  return {
    type: "voteIgnored",
    id: 2,
    term: 5,
    ballot: "vote",
    candidate: 3,
    candidateLast: at(4, 12),
    candidateTerm: 6,
    last: at(5, 17),
    vote: 1,
    remainingTicks: 4,
    ...changes,
  };
}
