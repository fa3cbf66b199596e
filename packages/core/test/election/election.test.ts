import { describe, expect, test } from "vitest";
import { entryAt, LoneMember } from "../support/lone-member.ts";

const LAST = { term: 1, index: 2 };
const logged = { terms: [1, 1], applied: 2 } as const;
const vote = (term: number, from = 2) =>
  ({ type: "vote", from, term, last: { term, index: 9 }, transfer: false }) as const;

describe("campaigning", () => {
  test("begins by itself after the time-out", () => {
    const member = new LoneMember(logged);
    member.tick(9);
    expect(member.core.status().role).toBe("follower");
    member.tick();
    expect(member.core.status().role).toBe("preCandidate");
    expect(member.takeSent()).toMatchObject([
      { type: "preVote", to: 2, term: 2, last: LAST, transfer: false },
      { type: "preVote", to: 3, term: 2 },
    ]);
    expect(member.decided("electionStarted")).toMatchObject([
      { campaign: "timeout", ballot: "preVote" },
    ]);
  });

  test("does not begin by itself without priority, but on request", () => {
    const member = new LoneMember({ ...logged, settings: { priority: 0 } });
    member.tick(100);
    expect(member.core.status().role).toBe("follower");
    member.core.campaign();
    expect(member.core.status().role).toBe("preCandidate");
  });

  test.each([
    ["no member", { membership: { voters: [2, 3] } }, "notMember"],
    ["a learner", { membership: { voters: [2, 3], learners: [1] } }, "learner"],
  ] as const)("is not for %s", (_, beginning, reason) => {
    const member = new LoneMember({ ...logged, ...beginning });
    member.tick(100);
    expect(member.core.status().role).toBe("follower");
    expect(member.decided("campaignRefused")).toEqual([]);
    member.core.campaign();
    expect(member.decided("campaignRefused")).toMatchObject([{ reason, campaign: "requested" }]);
  });

  test("waits while what is to be applied has to be loaded: it may hold a change", () => {
    const member = new LoneMember({ terms: [1, 1, 1], applied: 1, hardState: { commit: 1 } });
    member.log.slowEvery = 1;
    member.hear({ type: "heartbeat", commit: 3, readSequence: 1 });
    member.core.campaign();
    expect(member.decided("campaignRefused")).toMatchObject([
      { reason: "membershipChangePending", pendingIndex: 2 },
    ]);
    member.log.slowEvery = 0;
    member.core.entriesLoaded(1);
    member.settle();
    member.core.campaign();
    expect(member.core.status().role).toBe("preCandidate");
  });

  test("at the leader's wish asks for real votes at once, and says so", () => {
    const member = new LoneMember(logged);
    member.hear({ type: "heartbeat", commit: 0, readSequence: 1 });
    member.takeSent();
    member.hear({ type: "timeoutNow" });
    expect(member.takeSent()).toMatchObject([
      { type: "vote", to: 2, term: 2, transfer: true },
      { type: "vote", to: 3, term: 2, transfer: true },
    ]);
  });

  test("is won in two steps, and each answer counts once", () => {
    const member = new LoneMember({ ...logged, membership: { voters: [1, 2, 3, 4, 5] } });
    member.core.campaign();
    member.settle();
    member.hear({ type: "preVoteReply", from: 2, term: 2, granted: true });
    member.hear({ type: "preVoteReply", from: 2, term: 2, granted: true });
    expect(member.core.status().role).toBe("preCandidate");
    expect(member.decided("voteCounted").at(-1)).toMatchObject({ first: false, grants: 2 });
    member.hear({ type: "preVoteReply", from: 3, term: 2, granted: true });
    expect(member.core.status()).toMatchObject({ role: "candidate", term: 2, vote: 1 });
    member.hear({ type: "voteReply", from: 4, granted: false });
    member.hear({ type: "voteReply", from: 4, granted: true });
    member.hear({ type: "voteReply", from: 5, granted: true });
    expect(member.core.status().role).toBe("candidate");
    member.hear({ type: "voteReply", from: 3, granted: true });
    expect(member.core.status()).toMatchObject({ role: "leader", leader: 1, term: 2 });
  });

  test("is lost when a majority refuses", () => {
    const member = new LoneMember(logged);
    member.core.campaign();
    member.settle();
    member.hear({ type: "preVoteReply", from: 2, granted: false });
    member.hear({ type: "preVoteReply", from: 3, granted: false });
    expect(member.core.status()).toMatchObject({ role: "follower", term: 1 });
    expect(member.decided("electionDecided")).toMatchObject([
      { ballot: "preVote", outcome: "lost" },
    ]);
  });

  test("in a joint state needs both halves", () => {
    const member = new LoneMember({
      ...logged,
      membership: { voters: [1, 2, 3], outgoing: [1, 4, 5] },
      settings: { preVote: false },
    });
    member.core.campaign();
    member.settle();
    member.hear({ type: "voteReply", from: 2, granted: true });
    member.hear({ type: "voteReply", from: 3, granted: true });
    expect(member.core.status().role).toBe("candidate");
    member.hear({ type: "voteReply", from: 5, granted: true });
    expect(member.core.status().role).toBe("leader");
  });

  test("does not count learners", () => {
    const member = new LoneMember({
      ...logged,
      membership: { voters: [1, 2, 3], learners: [4, 5] },
      settings: { preVote: false },
    });
    member.core.campaign();
    member.settle();
    member.hear({ type: "voteReply", from: 4, granted: true });
    member.hear({ type: "voteReply", from: 5, granted: true });
    expect(member.core.status().role).toBe("candidate");
    expect(member.decided("voteCounted").at(-1)).toMatchObject({ grants: 1, refusals: 0 });
  });
});

describe("a refusal that knows more", () => {
  function candidate(kind: "membership" | "command"): LoneMember {
    const member = new LoneMember({ terms: [1], applied: 1 });
    const payload = kind === "membership" ? Uint8Array.of(1, 0, 1, 3, 3) : new Uint8Array(1);
    member.hear({
      type: "append",
      term: 1,
      previous: { term: 1, index: 1 },
      entries: [{ ...entryAt(1, 2, kind), payload }],
      commit: 1,
    });
    member.tick(10);
    return member;
  }

  test("tells a candidate that a change is committed", () => {
    const member = candidate("membership");
    member.hear({ type: "preVoteReply", granted: false, committed: { term: 1, index: 2 } });
    expect(member.core.status()).toMatchObject({ commit: 2, applied: 2 });
    expect(member.core.status().membership.voters).toEqual([1, 2]);
    expect(member.decided("commitAdvanced").at(-1)).toMatchObject({ by: "voteReply", to: 2 });
  });

  test.each([
    ["nothing about a change", "command", { term: 1, index: 2 }],
    ["a place that is not here", "membership", { term: 1, index: 3 }],
    ["another entry", "membership", { term: 2, index: 2 }],
    ["what is known", "membership", { term: 1, index: 1 }],
    ["nothing at all", "membership", undefined],
  ] as const)("tells nothing when it knows %s", (_, kind, committed) => {
    const member = candidate(kind);
    const reply = { type: "preVoteReply", term: 2, granted: false } as const;
    member.core.step({ from: 2, to: 1, ...reply, term: 1, ...(committed && { committed }) });
    expect(member.core.status().commit).toBe(1);
  });

  test("comes from a voter that refuses", () => {
    const member = new LoneMember(logged);
    member.hear({ type: "vote", term: 2, last: { term: 0, index: 0 }, transfer: false });
    expect(member.takeSent()).toMatchObject([
      { type: "voteReply", granted: false, term: 2, committed: { term: 1, index: 2 } },
    ]);
  });
});

describe("voting", () => {
  test.each([
    ["logBehind", { last: { term: 1, index: 1 } }],
    ["votedForOther", { from: 3 }],
  ] as const)("is refused: %s", (reason, change) => {
    const member = new LoneMember(logged);
    member.hear(vote(2));
    member.hear({ ...vote(2), ...change });
    expect(member.takeSent().at(-1)).toMatchObject({ type: "voteReply", granted: false });
    expect(member.decided("voteRefused")).toMatchObject([{ reason }]);
  });

  test("is refused by who knows the leader of the term", () => {
    const member = new LoneMember(logged);
    member.hear({ type: "heartbeat", term: 2, commit: 0, readSequence: 1 });
    member.hear(vote(2, 3));
    expect(member.decided("voteRefused")).toMatchObject([{ reason: "leaderKnown" }]);
  });

  test("is given again to the same candidate", () => {
    const member = new LoneMember(logged);
    member.hear(vote(2));
    member.hear(vote(2));
    expect(member.takeSent()).toMatchObject([
      { type: "voteReply", granted: true, term: 2 },
      { type: "voteReply", granted: true, term: 2 },
    ]);
  });

  test("is given by a learner that may have been promoted", () => {
    const member = new LoneMember({ ...logged, membership: { voters: [2, 3], learners: [1] } });
    member.hear(vote(2));
    expect(member.takeSent()).toMatchObject([{ granted: true }]);
  });

  test("for a pre-vote gives nothing away", () => {
    const member = new LoneMember(logged);
    member.hear({ type: "preVote", from: 2, term: 2, last: LAST, transfer: false });
    member.hear({ type: "preVote", from: 3, term: 2, last: LAST, transfer: false });
    expect(member.takeSent()).toMatchObject([
      { type: "preVoteReply", to: 2, granted: true, term: 2 },
      { type: "preVoteReply", to: 3, granted: true, term: 2 },
    ]);
    expect(member.core.status()).toMatchObject({ term: 1, vote: 0 });
  });
});

describe("a leader that is heard", () => {
  function following(settings = {}): LoneMember {
    const member = new LoneMember({ ...logged, settings });
    member.hear({ type: "heartbeat", term: 2, commit: 0, readSequence: 1 });
    member.takeSent();
    return member;
  }

  test("keeps others from getting votes, for an election time-out", () => {
    const member = following({ random: () => 0.99 });
    member.tick(9);
    member.hear(vote(3, 3));
    expect(member.takeSent()).toEqual([]);
    expect(member.decided("voteIgnored")).toMatchObject([{ remainingTicks: 1, leader: 2 }]);
    member.tick();
    member.hear(vote(3, 3));
    expect(member.takeSent()).toMatchObject([{ type: "voteReply", granted: true, term: 3 }]);
  });

  test("does not, when it asked for the election, when it is forgotten, or without quorum checks", () => {
    const asked = following();
    asked.hear({ ...vote(3, 3), transfer: true });
    expect(asked.takeSent()).toMatchObject([{ granted: true }]);
    const forgotten = following();
    forgotten.core.forgetLeader();
    forgotten.core.forgetLeader();
    expect(forgotten.decided("leaderForgotten")).toMatchObject([{ leader: 2 }]);
    forgotten.hear(vote(3, 3));
    expect(forgotten.takeSent()).toMatchObject([{ granted: true }]);
    const unchecked = following({ checkQuorum: false });
    unchecked.hear(vote(3, 3));
    expect(unchecked.takeSent()).toMatchObject([{ granted: true }]);
  });

  test("is told of a newer term, if it is of an older one", () => {
    const member = following();
    member.hear({ type: "heartbeat", from: 3, term: 1, commit: 0, readSequence: 1 });
    expect(member.takeSent()).toMatchObject([{ type: "appendOk", to: 3, term: 2, match: 0 }]);
    const silent = following({ checkQuorum: false, preVote: false });
    silent.hear({ type: "heartbeat", from: 3, term: 1, commit: 0, readSequence: 1 });
    expect(silent.takeSent()).toEqual([]);
    expect(silent.decided("lowerTermIgnored")).toHaveLength(1);
    const onlyPreVote = following({ checkQuorum: false });
    onlyPreVote.hear({ type: "heartbeat", from: 3, term: 1, commit: 0, readSequence: 1 });
    expect(onlyPreVote.takeSent()).toHaveLength(1);
  });
});

describe("with leases", () => {
  const leases = { readMode: "lease" } as const;

  test("who restarted votes for nobody during an election time-out", () => {
    const member = new LoneMember({ ...logged, settings: { ...leases, random: () => 0.99 } });
    member.hear(vote(2));
    expect(member.decided("voteIgnored")).toMatchObject([{ leader: 0, remainingTicks: 10 }]);
    member.hear({ ...vote(2), transfer: true });
    expect(member.takeSent()).toMatchObject([{ granted: true }]);
    const patient = new LoneMember({ ...logged, settings: { ...leases, random: () => 0.99 } });
    patient.tick(10);
    patient.hear(vote(2));
    expect(patient.takeSent()).toMatchObject([{ granted: true }]);
  });

  test("who never was in any term votes at once", () => {
    const member = new LoneMember({ settings: leases });
    member.hear(vote(1));
    expect(member.takeSent()).toMatchObject([{ granted: true }]);
  });

  test("nobody campaigns on request against a leader that is heard", () => {
    const member = new LoneMember({ ...logged, settings: { ...leases, random: () => 0.99 } });
    member.hear({ type: "heartbeat", term: 2, commit: 0, readSequence: 1 });
    member.core.campaign();
    expect(member.decided("campaignRefused")).toMatchObject([{ reason: "leaderLease" }]);
    member.tick(10);
    member.core.campaign();
    expect(member.core.status().role).toBe("preCandidate");
  });

  test("nobody forgets its leader", () => {
    const member = new LoneMember({ ...logged, settings: leases });
    member.hear({ type: "heartbeat", term: 2, commit: 0, readSequence: 1 });
    member.core.forgetLeader();
    expect(member.core.status().leader).toBe(2);
    expect(member.decided("forgetLeaderRefused")).toHaveLength(1);
  });
});

test("only followers have a leader to forget", () => {
  const member = new LoneMember(logged).lead();
  member.core.forgetLeader();
  expect(member.core.status().leader).toBe(1);
  expect(new LoneMember(logged).decided("leaderForgotten")).toEqual([]);
});

describe("a leader that reaches nobody", () => {
  test("steps down after an election time-out", () => {
    const member = new LoneMember(logged).lead();
    member.tick(10);
    expect(member.core.status().role).toBe("leader");
    expect(member.decided("quorumConfirmed")).toMatchObject([{ active: [1, 2] }]);
    member.tick(9);
    expect(member.core.status().role).toBe("leader");
    member.tick();
    expect(member.core.status()).toMatchObject({ role: "follower", leader: 0, term: 2 });
    expect(member.decided("quorumLost")).toMatchObject([{ active: [1] }]);
  });

  test("leads on where that is not checked", () => {
    const member = new LoneMember({ ...logged, settings: { checkQuorum: false } }).lead();
    member.tick(50);
    expect(member.core.status().role).toBe("leader");
  });
});

describe("handing leadership over", () => {
  test("tells a target that is up to date at once", () => {
    const member = new LoneMember(logged).lead();
    member.takeSent();
    expect(member.core.transferLeadership(2)).toEqual({ ok: true });
    member.settle();
    expect(member.takeSent()).toMatchObject([{ type: "timeoutNow", to: 2, term: 2 }]);
    expect(member.core.status().transferee).toBe(2);
    expect(member.core.propose([])).toEqual({ ok: false, reason: "transferInProgress", leader: 1 });
  });

  test("lets another one catch up first", () => {
    const member = new LoneMember(logged).lead();
    member.acknowledge(3);
    member.propose();
    member.takeSent();
    member.core.transferLeadership(3);
    member.settle();
    expect(member.takeSent().map(({ type }) => type)).not.toContain("timeoutNow");
    member.acknowledge(2);
    expect(member.takeSent().map(({ type }) => type)).not.toContain("timeoutNow");
    member.acknowledge(3);
    expect(member.takeSent()).toMatchObject([{ type: "timeoutNow", to: 3 }]);
    expect(member.decided("timeoutNowSent")).toMatchObject([{ reason: "caughtUp" }]);
  });

  test("is over after an election time-out", () => {
    const member = new LoneMember(logged).lead();
    member.core.transferLeadership(3);
    member.tick(10);
    expect(member.core.status().transferee).toBe(0);
    expect(member.decided("transferAborted")).toMatchObject([{ target: 3, reason: "timedOut" }]);
    expect(member.core.propose([])).toMatchObject({ ok: true });
  });

  test("is over when the target is no voter any more", () => {
    const member = new LoneMember(logged).lead();
    member.acknowledge(3);
    member.change("auto", ["learner", 3]);
    member.core.transferLeadership(3);
    member.acknowledge(2);
    expect(member.decided("transferAborted")).toMatchObject([
      { target: 3, reason: "targetNotVoter" },
    ]);
  });

  test.each([
    ["to a stranger", 9, { ok: false, reason: "notMember", leader: 1 }, "notMember"],
    ["to a learner", 4, { ok: false, reason: "notMember", leader: 1 }, "targetIsLearner"],
    ["to itself", 1, { ok: true }, "targetIsLeader"],
  ] as const)("is nothing %s", (_, to, answer, reason) => {
    const member = new LoneMember({
      ...logged,
      membership: { voters: [1, 2, 3], learners: [4] },
    }).lead();
    expect(member.core.transferLeadership(to)).toEqual(answer);
    expect(member.decided("transferRefused")).toMatchObject([{ reason, target: to }]);
    expect(member.core.status().transferee).toBe(0);
  });

  test("asked for twice runs once, asked for another target begins anew", () => {
    const member = new LoneMember(logged).lead();
    member.core.transferLeadership(3);
    expect(member.core.transferLeadership(3)).toEqual({ ok: true });
    expect(member.decided("transferStarted")).toHaveLength(1);
    member.core.transferLeadership(2);
    expect(member.decided("transferAborted")).toMatchObject([{ target: 3, reason: "replaced" }]);
    expect(member.core.status().transferee).toBe(2);
  });

  test("can be asked of a follower, which passes it on to its leader but not back", () => {
    const member = new LoneMember(logged);
    expect(member.core.transferLeadership(3)).toEqual({ ok: false, reason: "noLeader", leader: 0 });
    member.hear({ type: "heartbeat", term: 2, commit: 0, readSequence: 1 });
    member.takeSent();
    expect(member.core.transferLeadership(3)).toEqual({ ok: true });
    member.settle();
    expect(member.takeSent()).toMatchObject([
      { type: "forwardTransfer", to: 2, term: 2, target: 3 },
    ]);
    member.hear({ type: "forwardTransfer", from: 3, target: 3 });
    expect(member.takeSent()).toHaveLength(1);
    member.hear({ type: "forwardTransfer", from: 2, target: 3 });
    expect(member.takeSent()).toEqual([]);
  });
});
