import { describe, expect, test } from "vitest";
import { command, LoneMember } from "../support/lone-member.ts";

const logged = { terms: [1, 1], applied: 2 } as const;

/** Somebody asks in a higher term, and is refused: the member follows nobody in it. */
function hearHigherTerm(member: LoneMember): void {
  const { term } = member.core.status();
  member.tick(10);
  member.hear({
    type: "vote",
    from: 3,
    term: term + 5,
    last: { term: 0, index: 0 },
    transfer: true,
  });
  expect(member.core.status()).toMatchObject({ role: "follower", term: term + 5 });
}

describe("whatever belongs to one role in one term ends with it", () => {
  test("the count towards an election starts again, with a new time-out", () => {
    let chance = 0.1;
    const member = new LoneMember({ ...logged, settings: { random: () => chance } });
    member.tick(5);
    expect(member.core.status()).toMatchObject({
      electionElapsedTicks: 5,
      electionTimeoutTicks: 11,
    });
    chance = 0.9;
    member.hear({ type: "heartbeat", term: 2, commit: 0, readSequence: 1 });
    expect(member.core.status()).toMatchObject({
      electionElapsedTicks: 0,
      electionTimeoutTicks: 19,
    });
    expect(member.decided("timeoutDrawn").at(-1)).toMatchObject({ ticks: 19, term: 1 });
  });

  test("a leader's first check of the quorum comes a whole time-out after its election", () => {
    const member = new LoneMember({ ...logged, settings: { preVote: false } });
    member.core.campaign();
    member.settle();
    member.tick(6);
    expect(member.core.status()).toMatchObject({ role: "candidate", electionElapsedTicks: 6 });
    member.hear({ type: "voteReply", granted: true });
    expect(member.core.status()).toMatchObject({ role: "leader", electionElapsedTicks: 0 });
  });

  test("bytes that were counted in an earlier leadership do not count in the next", () => {
    const member = new LoneMember({ ...logged, settings: { uncommittedBytesMax: 10 } }).lead();
    member.propose(command(10));
    expect(member.core.propose([command(1)])).toMatchObject({ reason: "quotaExceeded" });
    hearHigherTerm(member);
    expect(member.core.status().uncommittedBytes).toBe(0);
    member.lead();
    expect(member.core.propose([command(10)])).toMatchObject({ ok: true });
  });

  test("a second round of questions before an election begins with no answers", () => {
    const member = new LoneMember(logged);
    member.core.campaign();
    member.settle();
    expect(member.core.status().role).toBe("preCandidate");
    const { term } = member.core.status();
    member.hear({ type: "preVoteReply", granted: false, term });
    member.core.campaign();
    member.settle();
    member.hear({ type: "preVoteReply", granted: true, term: term + 1 });
    expect(member.core.status()).toMatchObject({ role: "candidate", term: term + 1 });
  });

  test("a new leader sends to itself without probing", () => {
    const member = new LoneMember({ ...logged, settings: { preVote: false } });
    member.core.campaign();
    const { append } = member.core.takeEffects();
    member.core.appendDone(append?.id ?? 0);
    member.core.step({ type: "voteReply", from: 2, to: 1, term: 2, granted: true });
    expect(member.core.status().progress.get(1)?.state).toBe("replicate");
    expect(member.decided("progressChanged")).toEqual([]);
  });
});

describe("a lease of an earlier leadership", () => {
  const leased = { ...logged, settings: { readMode: "lease" as const } };
  const answer = (member: LoneMember) =>
    member.hear({ type: "heartbeatOk", readSequence: member.raft.reads.round });

  test("neither holds nor hinders the next", () => {
    const member = new LoneMember(leased).lead();
    for (let i = 0; i < 30; i++) {
      member.tick();
      answer(member);
    }
    hearHigherTerm(member);
    member.lead();
    expect(member.core.readIndex(1)).toEqual({ ok: true });
    expect(member.confirmed).toEqual([]);
    member.tick();
    answer(member);
    member.core.readIndex(2);
    member.settle();
    expect(member.decided("readConfirmed").at(-1)).toMatchObject({ requestId: 2, by: "lease" });
  });

  test("ended by a transfer is there again in the next", () => {
    const member = new LoneMember(leased).lead();
    member.core.transferLeadership(2);
    member.settle();
    expect(member.decided("timeoutNowSent")).toHaveLength(1);
    hearHigherTerm(member);
    member.lead();
    member.tick();
    answer(member);
    member.core.readIndex(2);
    member.settle();
    expect(member.decided("readConfirmed").at(-1)).toMatchObject({ requestId: 2, by: "lease" });
  });
});

describe("a transfer", () => {
  test("has a whole election time-out, whenever it begins", () => {
    const member = new LoneMember(logged).lead();
    member.tick(7);
    member.core.transferLeadership(3);
    member.tick(9);
    expect(member.core.status().transferee).toBe(3);
    member.hear({ type: "heartbeatOk", readSequence: 0 });
    member.tick();
    expect(member.core.status().transferee).toBe(0);
    expect(member.decided("transferAborted")).toMatchObject([{ target: 3, reason: "timedOut" }]);
  });

  test("that never began is not called off by a change of the membership", () => {
    const member = new LoneMember(logged).lead();
    member.change("auto", ["learner", 4]);
    member.acknowledge();
    expect(member.core.status().membership.learners).toEqual([4]);
    expect(member.decided("transferAborted")).toEqual([]);
  });
});
