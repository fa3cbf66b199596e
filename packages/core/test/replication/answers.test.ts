import { describe, expect, test } from "vitest";
import { entryAt, LoneMember } from "../support/lone-member.ts";

describe("answers that a leader gets", () => {
  test("a follower that asks for a snapshot still needs it while its answers lie before the log", () => {
    const member = new LoneMember({ terms: [1, 1, 1, 1], applied: 4 }).lead();
    member.log.compact(4);
    const { membership } = member.core.status();
    member.log.newest = { term: 1, index: 4, membership, id: "s", bytes: 0 };
    member.hear({ type: "heartbeatOk", from: 3, readSequence: 0 });
    member.hear({ type: "appendRejected", from: 3, probed: 4, hint: { term: 0, index: 0 } });
    expect(member.core.status().progress.get(3)?.state).toBe("snapshot");
    member.hear({ type: "appendOk", from: 3, match: 2 });
    expect(member.core.status().progress.get(3)).toMatchObject({ state: "snapshot", match: 2 });
    member.hear({ type: "appendOk", from: 3, match: 4 });
    expect(member.core.status().progress.get(3)).toMatchObject({
      state: "replicate",
      match: 4,
      pendingSnapshot: 0,
    });
  });

  test("a follower that needs a snapshot waits while there is none, and nothing is tried again at once", () => {
    const member = new LoneMember({ terms: [1, 1, 1, 1], applied: 4 }).lead();
    member.log.compact(4);
    member.takeSent();
    member.hear({ type: "appendOk", from: 3, match: 2 });
    expect(member.decided("snapshotNotSent").at(-1)).toMatchObject({ to: 3, reason: "building" });
    expect(member.takeSent()).toEqual([]);
  });

  test("a follower that fell silent while its entries were loaded gets no snapshot either", () => {
    const member = new LoneMember({ terms: [1, 1, 1, 1], applied: 4 }).lead();
    const progress = member.raft.tracker.find(3);
    progress?.acknowledged(2);
    progress?.becomeReplicate();
    progress?.waitForLoading();
    progress?.markSilent();
    member.log.compact(4);
    member.core.entriesLoaded(3);
    expect(member.decided("snapshotNotSent").at(-1)).toMatchObject({ to: 3, reason: "inactive" });
  });

  test("a follower that does not know the term of its place is probed at that place", () => {
    const member = new LoneMember({ terms: [1, 1, 1, 1], applied: 1 }).lead();
    member.takeSent();
    member.hear({ type: "appendRejected", from: 3, probed: 4, hint: { term: 0, index: 2 } });
    expect(member.takeSent()).toMatchObject([{ type: "append", to: 3, previous: { index: 2 } }]);
  });

  test("a refusal of something else than was asked last is told and changes nothing", () => {
    const member = new LoneMember({ terms: [1, 1, 1, 1], applied: 1 }).lead();
    const before = member.core.status().progress.get(3);
    member.hear({ type: "appendRejected", from: 3, probed: 2, hint: { term: 1, index: 1 } });
    expect(member.decided("refusalStale")).toMatchObject([{ member: 3, probed: 2 }]);
    expect(member.core.status().progress.get(3)).toEqual({ ...before, active: true });
  });

  test("a broken connection is told with the way of sending that follows", () => {
    const member = new LoneMember({ terms: [1, 1], applied: 1 }).lead();
    member.core.reportUnreachable(2);
    expect(member.decided("progressChanged").at(-1)).toMatchObject({
      member: 2,
      previous: "replicate",
      progress: { state: "probe" },
    });
    expect(member.decided("memberUnreachable")).toMatchObject([{ member: 2 }]);
  });

  test("a heartbeat is told with its receivers, and the commit index in it is not sent again", () => {
    const member = new LoneMember({ terms: [1, 1], applied: 1 }).lead();
    member.acknowledge(3);
    member.tick();
    expect(member.decided("heartbeatsSent").at(-1)).toMatchObject({ to: [2, 3] });
    member.takeSent();
    member.acknowledge(3);
    expect(member.takeSent()).toEqual([]);
  });
});

describe("a follower", () => {
  test("does not campaign while it hears its leader, and begins to count anew each time", () => {
    const member = new LoneMember({ terms: [1], applied: 1 });
    for (const message of [
      { type: "heartbeat", commit: 1, readSequence: 1 },
      { type: "append", previous: { term: 1, index: 1 }, entries: [], commit: 1 },
      { type: "heartbeat", commit: 1, readSequence: 2 },
    ] as const) {
      member.hear({ ...message, term: 2 });
      expect(member.core.status().electionElapsedTicks).toBe(0);
      member.tick(9);
      expect(member.core.status()).toMatchObject({ role: "follower", electionElapsedTicks: 9 });
    }
  });

  test("takes whoever leads a higher term for its leader at once", () => {
    const membership = new LoneMember().core.status().membership;
    const snapshot = { term: 1, index: 5, membership, id: "s", bytes: 0 };
    for (const message of [
      { type: "heartbeat", commit: 1, readSequence: 1 },
      { type: "append", previous: { term: 1, index: 1 }, entries: [], commit: 1 },
      { type: "snapshot", snapshot },
    ] as const) {
      const member = new LoneMember({ terms: [1], applied: 1 });
      member.hear({ ...message, term: 7 });
      expect(member.decided("becameFollower").at(-1)).toMatchObject({ term: 7, leader: 2 });
    }
    const asked = new LoneMember({ terms: [1], applied: 1 });
    asked.hear({ type: "vote", term: 7, last: { term: 1, index: 1 }, transfer: false });
    expect(asked.decided("becameFollower").at(-1)).toMatchObject({ term: 7, leader: 0 });
  });

  test("that asked around waits a whole time-out before it asks again", () => {
    const member = new LoneMember({ terms: [1], applied: 1 });
    member.tick(10);
    expect(member.decided("electionStarted")).toHaveLength(1);
    member.tick(9);
    expect(member.decided("electionStarted")).toHaveLength(1);
    member.tick();
    expect(member.decided("electionStarted")).toHaveLength(2);
  });
});

test("what is written, handed out, held back and applied is told", () => {
  const member = new LoneMember({ terms: [1], applied: 1, settings: { applyBytesMax: 1 } });
  member.core.step({
    type: "append",
    ...{ from: 2, to: 1, term: 1 },
    previous: { term: 1, index: 1 },
    entries: [entryAt(1, 2), entryAt(1, 3)],
    commit: 3,
  });
  const { append } = member.core.takeEffects();
  member.log.append(append?.entries ?? []);
  member.core.appendDone(append?.id ?? 0);
  expect(member.decided("entriesDurable")).toMatchObject([{ last: { term: 1, index: 3 } }]);
  const { apply } = member.core.takeEffects();
  expect(member.decided("applyHandedOut")).toMatchObject([{ first: 2, last: 2, bytes: 1 }]);
  expect(member.decided("applyHeld")).toEqual([]);
  member.core.takeEffects();
  expect(member.decided("applyHeld")).toMatchObject([{ reason: "quota", applying: 2, commit: 3 }]);
  member.core.applyDone(apply?.id ?? 0);
  expect(member.decided("entriesApplied")).toMatchObject([{ applied: 2 }]);
  const next = member.core.takeEffects();
  member.core.applyDone(next.apply?.id ?? 0);
  member.core.takeEffects();
  expect(member.decided("applyHeld")).toHaveLength(1);
});
