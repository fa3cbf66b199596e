import { describe, expect, test } from "vitest";
import { READS_WAITING_MAX } from "../../src/reads/read-ledger.ts";
import { LoneMember } from "../support/lone-member.ts";

const logged = { terms: [1, 1], applied: 2 } as const;

/** 2, or whoever is named, answers the newest round. */
function answer(member: LoneMember, from = 2): void {
  member.hear({ type: "heartbeatOk", from, readSequence: member.raft.reads.round });
}

describe("a read on the leader", () => {
  test("is confirmed by a majority that answers a round begun after it", () => {
    const member = new LoneMember(logged).lead();
    member.tick();
    const old = member.raft.reads.round;
    expect(member.core.readIndex(7)).toEqual({ ok: true });
    member.settle();
    expect(member.core.status().pendingReads).toBe(1);
    member.hear({ type: "heartbeatOk", from: 2, readSequence: old });
    expect(member.confirmed).toEqual([]);
    answer(member, 3);
    expect(member.confirmed).toEqual([7]);
    expect(member.decided("readConfirmed")).toMatchObject([
      { requestId: 7, index: 3, by: "quorum" },
    ]);
    expect(member.core.status().pendingReads).toBe(0);
  });

  test("gets the commit index of the moment it was asked for", () => {
    const member = new LoneMember(logged).lead();
    member.core.readIndex(7);
    member.propose();
    member.acknowledge();
    expect(member.core.status().commit).toBe(4);
    answer(member);
    expect(member.decided("readConfirmed")).toMatchObject([{ index: 3 }]);
  });

  test("waits for the first commit of the term", () => {
    const member = new LoneMember({ ...logged, settings: { preVote: false } });
    member.core.campaign();
    member.settle();
    member.hear({ type: "voteReply", granted: true });
    member.core.readIndex(7);
    member.settle();
    member.tick();
    answer(member);
    expect(member.confirmed).toEqual([]);
    expect(member.decided("readQueued")).toHaveLength(1);
    member.acknowledge();
    answer(member);
    expect(member.decided("readConfirmed")).toMatchObject([{ requestId: 7, index: 3 }]);
  });

  test("of a group of one needs nobody", () => {
    const member = new LoneMember({ ...logged, membership: { voters: [1] } }).lead();
    member.core.readIndex(7);
    member.settle();
    expect(member.confirmed).toEqual([7]);
  });

  test("in a joint state needs both halves", () => {
    const member = new LoneMember({
      ...logged,
      membership: { voters: [1, 2, 3], outgoing: [1, 4, 5] },
      settings: { preVote: false },
    });
    member.core.campaign();
    member.settle();
    for (const from of [2, 4]) member.hear({ type: "voteReply", from, granted: true });
    for (const from of [2, 4]) member.acknowledge(from);
    member.core.readIndex(7);
    member.settle();
    answer(member, 2);
    answer(member, 3);
    expect(member.confirmed).toEqual([]);
    answer(member, 5);
    expect(member.confirmed).toEqual([7]);
  });

  test("is confirmed when a change makes the answers enough", () => {
    const member = new LoneMember({ ...logged, membership: { voters: [1, 2, 3, 4] } });
    member.core.campaign();
    member.settle();
    for (const from of [2, 3]) member.hear({ type: "preVoteReply", from, term: 2, granted: true });
    for (const from of [2, 3]) member.hear({ type: "voteReply", from, granted: true });
    for (const from of [2, 3]) member.acknowledge(from);
    member.change("auto", ["remove", 4]);
    member.core.readIndex(7);
    member.settle();
    answer(member, 2);
    expect(member.confirmed).toEqual([]);
    for (const from of [2, 3]) member.acknowledge(from);
    expect(member.confirmed).toEqual([7]);
  });

  test("is given up with the leadership", () => {
    const member = new LoneMember(logged).lead();
    member.core.readIndex(7);
    member.core.readIndex(8);
    member.settle();
    member.hear({ type: "heartbeat", term: 9, commit: 0, readSequence: 1 });
    expect(member.decided("readsAbandoned")).toMatchObject([{ count: 2 }]);
    expect([member.confirmed, member.core.status().pendingReads]).toEqual([[], 0]);
  });

  test("is refused when too many wait", () => {
    const member = new LoneMember(logged).lead();
    for (let i = 0; i < READS_WAITING_MAX; i++) member.core.readIndex(i);
    expect(member.core.readIndex(1)).toEqual({ ok: false, reason: "quotaExceeded", leader: 1 });
  });
});

describe("a read elsewhere", () => {
  test("is passed on to the leader and confirmed by its answer", () => {
    const member = new LoneMember(logged);
    member.hear({ type: "heartbeat", term: 2, commit: 0, readSequence: 1 });
    member.takeSent();
    expect(member.core.readIndex(7)).toEqual({ ok: true });
    member.settle();
    expect(member.takeSent()).toMatchObject([{ type: "readIndex", to: 2, term: 0, requestId: 7 }]);
    member.hear({ type: "readIndexReply", requestId: 7, index: 9 });
    expect(member.confirmed).toEqual([7]);
    expect(member.decided("readConfirmed")).toMatchObject([{ index: 9, by: "leaderReply" }]);
  });

  test("is not confirmed by a leader of the past", () => {
    const member = new LoneMember(logged);
    member.hear({ type: "heartbeat", term: 4, commit: 0, readSequence: 1 });
    member.hear({ type: "readIndexReply", from: 3, term: 3, requestId: 7, index: 9 });
    expect(member.confirmed).toEqual([]);
  });

  test("is refused where no leader is known", () => {
    const member = new LoneMember(logged);
    const refused = { ok: false, reason: "noLeader", leader: 0 };
    expect(member.core.readIndex(7)).toEqual(refused);
    member.core.campaign();
    expect(member.core.readIndex(7)).toEqual(refused);
    expect(member.decided("readRefused")).toHaveLength(2);
  });

  test("of a follower is answered by the leader, under its own number", () => {
    const member = new LoneMember(logged).lead();
    member.hear({ type: "readIndex", from: 3, term: 0, requestId: 7 });
    member.hear({ type: "readIndex", from: 2, term: 0, requestId: 7 });
    answer(member);
    const replies = member.takeSent().filter(({ type }) => type === "readIndexReply");
    expect(replies).toMatchObject([
      { to: 3, requestId: 7, index: 3, term: 2 },
      { to: 2, requestId: 7, index: 3, term: 2 },
    ]);
    expect(member.confirmed).toEqual([]);
  });

  test("that reaches somebody who does not lead is dropped", () => {
    const member = new LoneMember(logged);
    member.hear({ type: "readIndex", term: 0, requestId: 7 });
    member.hear({ type: "heartbeat", term: 2, commit: 0, readSequence: 1 });
    member.hear({ type: "readIndex", from: 3, term: 0, requestId: 7 });
    expect(member.decided("readRefused")).toMatchObject([
      { reason: "noLeader", from: 2 },
      { reason: "notLeader", from: 3 },
    ]);
  });
});

describe("a lease", () => {
  const leases = { ...logged, settings: { readMode: "lease" } } as const;

  test("answers at once while a majority answered a recent round", () => {
    const member = new LoneMember(leases).lead();
    member.tick();
    answer(member);
    member.core.readIndex(7);
    expect(member.core.takeEffects()).toMatchObject({
      reads: [{ requestId: 7, index: 3 }],
      send: [],
    });
    member.tick(7);
    member.core.readIndex(8);
    expect(member.core.takeEffects().reads).toEqual([{ requestId: 8, index: 3 }]);
    member.tick();
    member.core.readIndex(9);
    expect(member.core.takeEffects().reads).toEqual([]);
  });

  test("is not used for who asks for a quorum, nor for followers", () => {
    const member = new LoneMember(leases).lead();
    member.tick();
    answer(member);
    member.core.readIndex(7, "quorum");
    member.hear({ type: "readIndex", from: 3, term: 0, requestId: 8 });
    expect(member.confirmed).toEqual([]);
    expect(member.core.status().pendingReads).toBe(2);
    answer(member);
    expect(member.confirmed).toEqual([7]);
  });

  test("waits for the first commit of the term like every read", () => {
    const member = new LoneMember(leases);
    member.tick(10);
    member.hear({ type: "preVoteReply", term: 2, granted: true });
    member.hear({ type: "voteReply", granted: true });
    member.tick();
    answer(member);
    expect(member.core.status().role).toBe("leader");
    member.core.readIndex(7);
    member.settle();
    expect([member.confirmed, member.core.status().pendingReads]).toEqual([[], 1]);
  });

  test("ends while leadership is handed over, and for the whole term once somebody was told", () => {
    const member = new LoneMember(leases).lead();
    member.tick();
    answer(member);
    // 3 has to catch up first.
    member.core.transferLeadership(3);
    member.settle();
    member.core.readIndex(7);
    expect(member.core.takeEffects().reads).toEqual([]);
    member.tick(3);
    answer(member);
    expect(member.confirmed).toEqual([7]);
    for (let i = 0; i < 7; i++) {
      member.tick();
      answer(member);
    }
    expect(member.core.status().transferee).toBe(0);
    member.core.readIndex(8);
    expect(member.core.takeEffects().reads).toEqual([{ requestId: 8, index: 3 }]);
    member.core.transferLeadership(2);
    for (let i = 0; i < 12; i++) {
      member.tick();
      answer(member);
    }
    expect(member.core.status().transferee).toBe(0);
    member.core.readIndex(9);
    expect(member.core.takeEffects().reads).toEqual([]);
  });

  test("is not there where it is not configured", () => {
    const member = new LoneMember(logged).lead();
    expect(member.core.readIndex(7, "lease")).toEqual({
      ok: false,
      reason: "leaseUnavailable",
      leader: 1,
    });
    const follower = new LoneMember(logged);
    expect(follower.core.readIndex(7, "lease")).toMatchObject({ reason: "leaseUnavailable" });
  });
});

test("what becomes of a read is told step by step", () => {
  const follower = new LoneMember(logged);
  follower.hear({ type: "heartbeat", term: 2, commit: 2, readSequence: 1 });
  follower.core.readIndex(5);
  expect(follower.decided("readForwarded")).toMatchObject([{ requestId: 5, leader: 2 }]);

  const leader = new LoneMember(logged).lead();
  const round = leader.raft.reads.round;
  leader.core.readIndex(6);
  expect(leader.decided("readStarted")).toMatchObject([
    { requestId: 6, from: 1, index: 3, readSequence: round + 1 },
  ]);
});
