import { describe, expect, test } from "vitest";
import { Progress } from "../../src/replication/progress.ts";

const LIMITS = { messagesMax: 3, bytesMax: 1000 };

function probing(): Progress {
  return new Progress(2, 5, 11, true, LIMITS);
}
function replicating(): Progress {
  const progress = probing();
  progress.becomeReplicate();
  return progress;
}

describe("probe", () => {
  test("an append with entries waits for its answer, an empty one does not", () => {
    const progress = probing();
    progress.sentAppend(0, 0, 4);
    expect([progress.isPaused, progress.next, progress.sentCommit]).toEqual([false, 11, 4]);
    progress.sentAppend(3, 30, 4);
    expect([progress.isPaused, progress.next, progress.inflightMessages]).toEqual([true, 11, 0]);
    expect(() => progress.sentAppend(1, 1, 4)).toThrow("I15 sending within limits");
  });

  test("an acknowledgement moves match and lets the next append go", () => {
    const progress = probing();
    progress.sentAppend(3, 30, 0);
    expect(progress.acknowledged(12)).toBe(true);
    expect([progress.match, progress.next, progress.isPaused]).toEqual([12, 13, false]);
    expect(progress.acknowledged(12)).toBe(false);
    expect(progress.acknowledged(6)).toBe(false);
    expect(progress.match).toBe(12);
  });

  test("an acknowledgement behind next leaves next where it is", () => {
    const progress = probing();
    expect(progress.acknowledged(7)).toBe(true);
    expect([progress.match, progress.next]).toEqual([7, 11]);
  });

  test.each([
    { hint: 8, next: 9 },
    { hint: 20, next: 10 },
    { hint: 2, next: 6 },
  ])("a refusal with hint $hint goes back to $next, never behind match", ({ hint, next }) => {
    const progress = probing();
    progress.sentAppend(1, 1, 9);
    expect(progress.refused(10, hint)).toBe(true);
    expect([progress.next, progress.isPaused]).toEqual([next, false]);
    expect(progress.sentCommit).toBe(Math.min(9, next - 1));
  });

  test("a refusal of another probe is old", () => {
    const progress = probing();
    progress.sentAppend(1, 1, 0);
    expect(progress.refused(9, 3)).toBe(false);
    expect(progress.refused(11, 3)).toBe(false);
    expect([progress.next, progress.isPaused]).toEqual([11, true]);
  });
});

describe("replicate", () => {
  test("streams until the window is full", () => {
    const progress = replicating();
    expect(progress.next).toBe(6);
    progress.sentAppend(2, 20, 0);
    progress.sentAppend(1, 10, 0);
    expect([progress.next, progress.isPaused, progress.windowFull]).toEqual([9, false, false]);
    progress.sentAppend(1, 10, 0);
    expect([progress.next, progress.isPaused, progress.windowFull]).toEqual([10, true, true]);
    progress.freeWindow(7);
    expect([progress.inflightMessages, progress.inflightBytes]).toEqual([2, 20]);
  });

  test("an empty append takes no place in the window, and pauses when it is full", () => {
    const progress = replicating();
    progress.sentAppend(0, 0, 0);
    expect([progress.inflightMessages, progress.isPaused]).toEqual([0, false]);
    for (let i = 0; i < 3; i++) progress.sentAppend(1, 1, 0);
    progress.heartbeatAnswered(1);
    expect(progress.isPaused).toBe(false);
    progress.sentAppend(0, 0, 0);
    expect([progress.inflightMessages, progress.isPaused]).toEqual([3, true]);
  });

  test("a refusal goes back to match, whatever the hint; an old one changes nothing", () => {
    const progress = replicating();
    progress.sentAppend(3, 1, 8);
    expect(progress.refused(5, 1)).toBe(false);
    expect(progress.next).toBe(9);
    expect(progress.refused(6, 1)).toBe(true);
    expect([progress.next, progress.sentCommit]).toEqual([6, 5]);
  });
});

describe("snapshot", () => {
  function waiting(): Progress {
    const progress = replicating();
    progress.sentAppend(2, 2, 0);
    progress.becomeSnapshot(40);
    return progress;
  }

  test("sends nothing until it is over", () => {
    const progress = waiting();
    expect([progress.state, progress.next, progress.pendingSnapshot, progress.sentCommit]).toEqual([
      "snapshot",
      41,
      40,
      40,
    ]);
    expect([progress.isPaused, progress.inflightMessages]).toEqual([true, 0]);
    progress.heartbeatAnswered(1);
    expect(progress.isPaused).toBe(true);
  });

  test("continues after it when it arrived, after match when it failed", () => {
    const arrived = waiting();
    arrived.becomeProbe();
    expect([arrived.state, arrived.next, arrived.pendingSnapshot]).toEqual(["probe", 41, 0]);
    const failed = waiting();
    failed.snapshotFailed();
    expect([failed.state, failed.next, failed.pendingSnapshot, failed.sentCommit]).toEqual([
      "probe",
      6,
      0,
      5,
    ]);
  });

  test("continues after match when that is further", () => {
    const progress = waiting();
    progress.acknowledged(50);
    progress.becomeProbe();
    expect(progress.next).toBe(51);
  });

  test("waits for an answer that is on its way", () => {
    const progress = waiting();
    progress.becomeProbe();
    progress.awaitAnswer();
    expect(progress.isPaused).toBe(true);
  });
});

test("an unreachable follower is probed from its match on", () => {
  const progress = replicating();
  progress.sentAppend(3, 3, 8);
  progress.becomeProbe();
  expect([progress.state, progress.next, progress.inflightMessages, progress.isPaused]).toEqual([
    "probe",
    6,
    0,
    false,
  ]);
  expect(progress.sentCommit).toBe(5);
});

test("is active when heard from, until the quorum is checked", () => {
  const progress = new Progress(2, 0, 1, false, LIMITS);
  expect(progress.active).toBe(false);
  progress.heard();
  expect(progress.active).toBe(true);
  progress.markSilent();
  expect(progress.active).toBe(false);
  progress.heartbeatAnswered(7);
  expect([progress.active, progress.confirmedRound]).toEqual([true, 7]);
  progress.heartbeatAnswered(6);
  expect(progress.confirmedRound).toBe(7);
});

test("lacks a commit index that it was not told and could use", () => {
  const progress = replicating();
  progress.sentAppend(4, 4, 3);
  expect(progress.lacksCommit(3)).toBe(false);
  expect(progress.lacksCommit(4)).toBe(true);
  progress.sentHeartbeat(9);
  expect(progress.lacksCommit(12)).toBe(false);
});

test("waits while its entries are loaded, until they are or the place changes", () => {
  const progress = probing();
  progress.waitForLoading();
  expect(progress.loading).toBe(true);
  progress.loaded();
  expect(progress.loading).toBe(false);
  progress.waitForLoading();
  expect(progress.refused(10, 7)).toBe(true);
  expect(progress.loading).toBe(false);
  progress.waitForLoading();
  progress.becomeReplicate();
  expect(progress.loading).toBe(false);
});

test("tells its state", () => {
  const progress = replicating();
  for (let i = 0; i < 3; i++) progress.sentAppend(1, 10, 0);
  expect(progress.status(true)).toEqual({
    state: "replicate",
    match: 5,
    next: 9,
    learner: true,
    active: true,
    paused: true,
    pendingSnapshot: 0,
    inflightMessages: 3,
    inflightBytes: 30,
    windowFull: true,
  });
});
