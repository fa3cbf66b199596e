import type { Decision } from "@quorate/core";
import { describe, expect, test } from "vitest";
import { explainElection, type Finding } from "../../src/index.ts";
import { DECISION_SAMPLES } from "../samples/decision-samples.ts";

function codes(findings: readonly Finding[]): readonly string[] {
  return findings.map((finding) => finding.code);
}

const FOLLOWS: Decision = {
  type: "becameFollower",
  id: 2,
  term: 5,
  previous: "follower",
  leader: 1,
};
const DRAWN: Decision = { type: "timeoutDrawn", id: 2, term: 5, ticks: 13 };
const STARTED: Decision = {
  type: "electionStarted",
  id: 2,
  term: 5,
  ballot: "preVote",
  campaign: "timeout",
};
const WON_PRE_VOTE: Decision = {
  type: "electionDecided",
  id: 2,
  term: 5,
  ballot: "preVote",
  outcome: "won",
};
const CANDIDATE: Decision = { type: "becameCandidate", id: 2, term: 6 };
const REFUSED: Decision = { ...DECISION_SAMPLES.voteRefused[0], id: 4, candidate: 2, term: 6 };
const COUNTED: Decision = {
  type: "voteCounted",
  id: 2,
  term: 6,
  ballot: "vote",
  from: 3,
  granted: true,
  first: true,
  grants: 2,
  refusals: 1,
};
const WON: Decision = {
  type: "electionDecided",
  id: 2,
  term: 6,
  ballot: "vote",
  outcome: "won",
};
const LEADS: Decision = { type: "becameLeader", id: 2, term: 6, noop: 18 };

test("no decisions, no election", () => {
  const [finding] = explainElection([DRAWN, FOLLOWS]);
  expect(finding?.about).toMatchObject({ code: "noElectionSeen", decisions: 2 });
});

test("a silent leader, the course, the outcome", () => {
  const story = [FOLLOWS, DRAWN, STARTED, WON_PRE_VOTE, CANDIDATE, REFUSED, COUNTED, WON, LEADS];
  const findings = explainElection(story);
  expect(codes(findings)).toEqual([
    "leaderFellSilent",
    "electionStarted",
    "electionDecided",
    "voteRefused",
    "electionDecided",
    "becameLeader",
  ]);
  expect(findings[0]?.about).toMatchObject({ leader: 1, ticks: 13 });
});

test("an election started within the campaign is not another campaign", () => {
  const second: Decision = { ...STARTED, ballot: "vote", campaign: "preVoteWon" };
  const findings = explainElection([FOLLOWS, STARTED, WON_PRE_VOTE, second, CANDIDATE, WON, LEADS]);
  expect(codes(findings)[0]).toBe("leaderFellSilent");
  expect(codes(findings)).not.toContain("severalCampaigns");
});

describe("whom the candidate last followed", () => {
  const last = (decision: Decision): object | undefined =>
    explainElection([FOLLOWS, decision, STARTED])[0]?.about;

  test("is told by whatever names a leader", () => {
    const append: Decision = { ...DECISION_SAMPLES.appendAccepted[0], id: 2, from: 7 };
    expect(last(append)).toMatchObject({ code: "leaderFellSilent", leader: 7 });
    const read: Decision = { ...DECISION_SAMPLES.readForwarded[0], id: 2, leader: 8 };
    expect(last(read)).toMatchObject({ code: "leaderFellSilent", leader: 8 });
  });

  test("is nobody after a lost campaign or a start", () => {
    expect(last({ type: "becamePreCandidate", id: 2, term: 5 })).toMatchObject({
      code: "noLeaderToHear",
    });
    expect(last({ ...DECISION_SAMPLES.created[0], id: 2 })).toMatchObject({
      code: "noLeaderToHear",
      term: 5,
    });
  });

  test("is not told by other members", () => {
    const append: Decision = { ...DECISION_SAMPLES.appendAccepted[0], id: 3, from: 7 };
    expect(last(append)).toMatchObject({ leader: 1 });
  });
});

describe("the end of the last leadership, where it was seen", () => {
  test.each([
    DECISION_SAMPLES.quorumLost[0],
    DECISION_SAMPLES.removedLeaderSteppedDown[0],
    DECISION_SAMPLES.stopped[0],
    { ...FOLLOWS, id: 1, term: 6, previous: "leader", leader: 0 } satisfies Decision,
    { ...DECISION_SAMPLES.leaderForgotten[0], id: 2 } satisfies Decision,
  ])("$type", (end) => {
    expect(codes(explainElection([FOLLOWS, end, STARTED]))[0]).toBe(end.type);
  });

  test("ends before the last leader do not matter", () => {
    const lost = DECISION_SAMPLES.quorumLost[0];
    const leads: Decision = { type: "becameLeader", id: 1, term: 5, noop: 2 };
    expect(codes(explainElection([lost, leads, FOLLOWS, STARTED]))).not.toContain("quorumLost");
  });

  test("a handover needs no silent leader", () => {
    const told = DECISION_SAMPLES.timeoutNowSent[0];
    const started: Decision = { ...STARTED, ballot: "vote", campaign: "transfer" };
    expect(codes(explainElection([FOLLOWS, told, started, CANDIDATE, WON, LEADS]))).toEqual([
      "timeoutNowSent",
      "electionStarted",
      "electionDecided",
      "becameLeader",
    ]);
  });
});

test("campaigns without a leader in between are counted", () => {
  const other: Decision = { ...STARTED, id: 3 };
  const findings = explainElection([FOLLOWS, STARTED, other, STARTED]);
  const several = findings.find(({ code }) => code === "severalCampaigns");
  expect(several?.about).toMatchObject({ count: 3, candidates: [2, 3] });
});

test("a campaign without outcome says how far it came", () => {
  const findings = explainElection([FOLLOWS, STARTED, WON_PRE_VOTE, CANDIDATE, COUNTED]);
  expect(findings.at(-1)?.about).toMatchObject({
    code: "electionOpen",
    term: 6,
    grants: 2,
    refusals: 1,
  });
  const lost: Decision = { ...WON, outcome: "lost" };
  expect(codes(explainElection([STARTED, CANDIDATE, lost])).at(-1)).toBe("electionDecided");
});

test("a candidate that finds a leader gives up", () => {
  const yields: Decision = { ...FOLLOWS, term: 6, previous: "candidate", leader: 3 };
  const findings = explainElection([FOLLOWS, STARTED, CANDIDATE, yields]);
  expect(codes(findings).at(-1)).toBe("becameFollower");
  expect(codes(findings)).not.toContain("electionOpen");
});

test("a voter that saw only the requests tells what it answered and whom it follows now", () => {
  const granted: Decision = { ...DECISION_SAMPLES.voteGranted[0], id: 2, candidate: 3 };
  const follows: Decision = { ...FOLLOWS, term: 6, leader: 3 };
  const findings = explainElection([FOLLOWS, granted, follows]);
  expect(codes(findings)).toEqual(["candidateElsewhere", "voteGranted", "becameFollower"]);
  expect(findings[0]?.about).toMatchObject({ candidate: 3, term: 6 });
  const leads: Decision = { type: "becameLeader", id: 3, term: 6, noop: 18 };
  expect(codes(explainElection([granted, leads]))).toEqual([
    "candidateElsewhere",
    "voteGranted",
    "becameLeader",
  ]);
  const ownLater: Decision = { ...STARTED, term: 6 };
  expect(codes(explainElection([granted, ownLater]))).toContain("electionStarted");
});
