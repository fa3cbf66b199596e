import { describe, expect, test } from "vitest";
import { command, entryAt, LoneMember } from "../support/lone-member.ts";

const logged = { terms: [1, 1], applied: 2 } as const;
const sentTo = (member: LoneMember, to: number): unknown[] =>
  member
    .takeSent()
    .filter((message) => message.to === to)
    .map((message) => message.type);

describe("committing", () => {
  test("needs a majority of disks, of which the own is one like any other", () => {
    const member = new LoneMember(logged).lead();
    member.core.propose([command()]);
    const { append } = member.core.takeEffects();
    member.log.append(append?.entries ?? []);
    member.core.step({ type: "appendOk", from: 2, to: 1, term: 2, match: 4 });
    expect(member.core.status().commit).toBe(3);
    member.core.step({ type: "appendOk", from: 3, to: 1, term: 2, match: 4 });
    expect(member.core.status().commit).toBe(4);
    member.core.appendDone(append?.id ?? 0);
    expect(member.core.status()).toMatchObject({ commit: 4, durable: 4 });
  });

  test("never counts copies of an earlier term", () => {
    const member = new LoneMember({ terms: [1, 1, 1], applied: 1, settings: { preVote: false } });
    member.core.campaign();
    member.settle();
    member.hear({ type: "voteReply", granted: true });
    member.hear({ type: "appendOk", match: 3 });
    expect(member.core.status().commit).toBe(1);
    expect(member.decided("commitWithheld")).toMatchObject([{ index: 3, entryTerm: 1 }]);
    member.hear({ type: "appendOk", match: 4 });
    expect(member.core.status().commit).toBe(4);
  });

  test("is not done by learners", () => {
    const member = new LoneMember({
      ...logged,
      membership: { voters: [1, 2, 3], learners: [4] },
    }).lead();
    member.propose();
    member.acknowledge(4);
    expect(member.core.status().commit).toBe(3);
    member.acknowledge(3);
    expect(member.core.status().commit).toBe(4);
  });
});

describe("sending", () => {
  test("tells a follower of a commit that it does not know, once", () => {
    const member = new LoneMember(logged).lead();
    member.acknowledge(3);
    member.propose();
    member.takeSent();
    member.acknowledge(2);
    expect(sentTo(member, 3)).toEqual(["append"]);
    member.acknowledge(2);
    member.acknowledge(3);
    expect(member.takeSent()).toEqual([]);
  });

  test("fills the window again with one answer", () => {
    const member = new LoneMember({
      ...logged,
      settings: { inflightMessagesMax: 2, appendBytesMax: 1 },
    }).lead();
    member.takeSent();
    for (let i = 0; i < 6; i++) member.propose();
    expect(sentTo(member, 2)).toEqual(["append", "append"]);
    expect(member.decided("appendHeld").at(-1)?.reason).toBe("probeOutstanding");
    expect(member.decided("appendHeld").some(({ reason }) => reason === "windowFull")).toBe(true);
    member.hear({ type: "appendOk", match: 5 });
    expect(sentTo(member, 2)).toEqual(["append", "append"]);
    expect(member.core.status().progress.get(2)).toMatchObject({ match: 5, next: 8, paused: true });
  });

  test("is held while a snapshot is on the way", () => {
    const member = new LoneMember(logged).lead();
    const { membership } = member.core.status();
    member.log.newest = { term: 2, index: 3, membership, id: "s", bytes: 0 };
    member.log.compact(3);
    member.hear({ type: "heartbeatOk", from: 3, readSequence: 0 });
    member.hear({ type: "appendRejected", from: 3, probed: 2, hint: { term: 0, index: 0 } });
    expect(member.core.status().progress.get(3)?.state).toBe("snapshot");
    member.takeSent();
    member.propose();
    expect(sentTo(member, 3)).toEqual([]);
    expect(member.decided("appendHeld").at(-1)).toMatchObject({
      to: 3,
      reason: "snapshotOutstanding",
    });
    member.hear({ type: "appendOk", from: 3, match: 3 });
    expect(member.core.status().progress.get(3)?.state).toBe("replicate");
    expect(sentTo(member, 3)).toEqual(["append"]);
  });

  test("does not leave the snapshot's state before the log reaches the follower", () => {
    const member = new LoneMember({ terms: [1, 1, 1, 1], applied: 4 }).lead();
    const { membership } = member.core.status();
    member.log.newest = { term: 1, index: 4, membership, id: "s", bytes: 0 };
    member.log.compact(4);
    member.hear({ type: "heartbeatOk", from: 3, readSequence: 0 });
    member.hear({ type: "appendRejected", from: 3, probed: 4, hint: { term: 0, index: 0 } });
    member.hear({ type: "appendOk", from: 3, match: 2 });
    expect(member.core.status().progress.get(3)).toMatchObject({ state: "snapshot", match: 2 });
    member.hear({ type: "appendOk", from: 3, match: 4 });
    expect(member.core.status().progress.get(3)?.state).toBe("replicate");
  });

  test("knows nothing of those who were reported and are not there", () => {
    const member = new LoneMember(logged).lead();
    const before = JSON.stringify([...member.core.status().progress]);
    member.core.reportUnreachable(9);
    member.core.reportSnapshot(9, true);
    expect(JSON.stringify([...member.core.status().progress])).toBe(before);
    expect(member.core.status().stopped).toBeUndefined();
  });

  test("begins with what a new member lacks", () => {
    const member = new LoneMember(logged).lead();
    member.takeSent();
    member.change("auto", ["learner", 7]);
    member.acknowledge(2);
    member.propose();
    expect(member.core.status().progress.get(7)).toMatchObject({
      state: "probe",
      learner: true,
      active: true,
    });
    expect(sentTo(member, 7)).toEqual(["append"]);
  });
});

describe("heartbeats", () => {
  test("say no more than the follower is known to hold", () => {
    const member = new LoneMember(logged).lead();
    member.takeSent();
    member.tick();
    expect(member.takeSent().filter(({ type }) => type === "heartbeat")).toMatchObject([
      { to: 2, commit: 3, readSequence: 1 },
      { to: 3, commit: 0, readSequence: 1 },
    ]);
  });

  test("make a follower commit, and are answered with their number", () => {
    const member = new LoneMember({ terms: [1, 1, 1], applied: 1 });
    member.hear({ type: "heartbeat", commit: 2, readSequence: 77 });
    expect(member.core.status()).toMatchObject({ commit: 2, leader: 2 });
    expect(member.takeSent()).toMatchObject([{ type: "heartbeatOk", to: 2, readSequence: 77 }]);
  });

  test("answered by who is behind bring an append", () => {
    const member = new LoneMember(logged).lead();
    member.acknowledge(3);
    member.core.reportUnreachable(3);
    member.takeSent();
    member.hear({ type: "heartbeatOk", from: 2, readSequence: 0 });
    expect(member.takeSent()).toEqual([]);
    member.hear({ type: "heartbeatOk", from: 3, readSequence: 0 });
    expect(sentTo(member, 3)).toEqual(["append"]);
  });
});

describe("a follower", () => {
  const append = (index: number, term: number, entries: readonly number[], commit = 0) =>
    ({
      type: "append",
      previous: { index, term },
      entries: entries.map((each, at) => entryAt(each, index + at + 1)),
      commit,
    }) as const;

  test("keeps what a late, shorter message does not contradict", () => {
    const member = new LoneMember({ terms: [1, 1], applied: 1 });
    member.hear(append(2, 1, [1, 1, 1]));
    member.hear(append(2, 1, [1]));
    expect(member.core.status().last.index).toBe(5);
    expect(member.takeSent()).toMatchObject([{ match: 5 }, { match: 3 }]);
  });

  test("commits no further than the message proves", () => {
    const member = new LoneMember({ terms: [1, 1, 1, 1], applied: 1 });
    member.hear({ ...append(2, 1, []), term: 3, commit: 4 });
    expect(member.core.status().commit).toBe(2);
  });

  test("names the newest place that may match", () => {
    const member = new LoneMember({ terms: [1, 1, 4, 4, 4], applied: 1 });
    member.hear({ ...append(4, 3, [3]), term: 5 });
    member.hear({ ...append(9, 5, []), term: 5 });
    expect(member.takeSent()).toMatchObject([
      { type: "appendRejected", probed: 4, hint: { term: 1, index: 2 } },
      { type: "appendRejected", probed: 9, hint: { term: 4, index: 5 } },
    ]);
    expect(member.decided("appendRefused")).toMatchObject([{ termHere: 4 }, { termHere: 0 }]);
  });

  test("replaces what is not the leader's", () => {
    const member = new LoneMember({ terms: [1, 2, 2], applied: 1 });
    member.hear({ ...append(1, 1, [3, 3]), term: 3 });
    expect(member.core.status().last).toEqual({ term: 3, index: 3 });
    expect(member.decided("conflictFound")).toMatchObject([
      { index: 2, existingTerm: 2, conflictingTerm: 3 },
    ]);
  });
});

describe("a removed leader", () => {
  test("steps down when its removal is applied", () => {
    const member = new LoneMember(logged).lead();
    member.change("auto", ["remove", 1]);
    expect(member.core.status().role).toBe("leader");
    member.acknowledge(2);
    expect(member.core.status()).toMatchObject({ role: "follower", leader: 0 });
    expect(member.decided("removedLeaderSteppedDown")).toHaveLength(1);
    member.core.checkInvariants();
  });

  test("that became a learner does so too", () => {
    const member = new LoneMember(logged).lead();
    member.change("auto", ["learner", 1]);
    member.acknowledge(2);
    expect(member.core.status().role).toBe("follower");
  });

  test("leads on where that is turned off, but commits without itself", () => {
    const member = new LoneMember({ ...logged, settings: { stepDownOnRemoval: false } }).lead();
    member.acknowledge(3);
    member.propose();
    member.change("auto", ["remove", 1]);
    member.acknowledge(2);
    expect(member.core.status()).toMatchObject({ role: "leader", commit: 5 });
    expect(member.core.status().progress.has(1)).toBe(false);
    member.tick();
    member.core.checkInvariants();
  });
});

test("the own acknowledgement of a leader that was removed meanwhile counts for nothing", () => {
  const member = new LoneMember({ ...logged, settings: { stepDownOnRemoval: false } }).lead();
  member.acknowledge(3);
  member.change("auto", ["remove", 1]);
  member.core.propose([command()]);
  const { append } = member.core.takeEffects();
  member.log.append(append?.entries ?? []);
  // The change is committed and applied before the disk is done with the entry after it.
  member.core.step({ type: "appendOk", from: 2, to: 1, term: 2, match: 4 });
  const { apply } = member.core.takeEffects();
  for (const entry of apply?.entries ?? []) member.core.applyMembership(entry);
  member.core.applyDone(apply?.id ?? 0);
  expect(member.core.status().progress.has(1)).toBe(false);
  member.core.appendDone(append?.id ?? 0);
  expect(member.decided("senderUntracked")).toMatchObject([{ from: 1, message: "appendOk" }]);
  expect(member.core.status()).toMatchObject({ role: "leader", durable: 5 });
});

describe("a joint state that ends by itself", () => {
  test("is left as soon as its beginning is applied", () => {
    const member = new LoneMember(logged).lead();
    member.change("auto", ["voter", 4], ["remove", 2], ["voter", 5], ["remove", 3]);
    member.acknowledge(2);
    expect(member.core.status().membership).toMatchObject({
      voters: [1, 4, 5],
      outgoing: [1, 2, 3],
    });
    expect(member.decided("autoLeaveProposed")).toHaveLength(1);
    member.acknowledge(2);
    expect(member.core.status().membership.outgoing).toEqual([1, 2, 3]);
    member.acknowledge(4);
    expect(member.core.status().membership).toMatchObject({ voters: [1, 4, 5], outgoing: [] });
  });

  test("is left by the next leader, if this one could not", () => {
    const member = new LoneMember({
      ...logged,
      membership: { voters: [1, 2], outgoing: [1, 3], autoLeave: true },
      settings: { preVote: false },
    });
    member.core.campaign();
    member.settle();
    for (const from of [2, 3]) member.hear({ type: "voteReply", from, granted: true });
    expect(member.decided("autoLeaveProposed")).toEqual([]);
    for (const from of [2, 3]) member.acknowledge(from);
    expect(member.decided("autoLeaveProposed")).toHaveLength(1);
    for (const from of [2, 3]) member.acknowledge(from);
    expect(member.core.status().membership).toMatchObject({ voters: [1, 2], outgoing: [] });
  });
});
