import { describe, expect, test } from "vitest";
import { ElectionTimer } from "../../src/election/election-timer.ts";

/** A timer whose chance is `random`. */
const timer = (random: number, priority = 1, recovering = false): ElectionTimer =>
  new ElectionTimer(10, 2, priority, () => random, recovering);

describe("the time-out is drawn", () => {
  test.each([
    [0, 1, 10],
    [0.999, 1, 19],
    [0.5, 1, 15],
    [0.999, 2, 14],
    [0.999, 3, 13],
    [0.999, 10, 10],
    [0.999, 1000, 10],
    [0.999, 0, 19],
  ])("by chance %d and priority %i: %i ticks", (random, priority, ticks) => {
    expect(timer(random, priority).timeoutTicks).toBe(ticks);
  });

  test("anew at every reset", () => {
    const chances = [0, 0.5, 0.9];
    const drawn = new ElectionTimer(10, 2, 1, () => chances.shift() ?? 0, false);
    expect(drawn.timeoutTicks).toBe(10);
    drawn.reset();
    expect(drawn.timeoutTicks).toBe(15);
    drawn.setTimeoutTicks(12);
    expect(drawn.timeoutTicks).toBe(12);
    drawn.restartElection();
    expect(drawn.timeoutTicks).toBe(12);
    drawn.reset();
    expect(drawn.timeoutTicks).toBe(19);
  });
});

test("a follower's count passes at the time-out and goes on", () => {
  const it = timer(0.1);
  const passed = Array.from({ length: 12 }, () => it.tickFollower());
  expect(passed.indexOf(true)).toBe(10);
  expect(passed.at(-1)).toBe(true);
  expect(it.electionElapsed).toBe(12);
  it.restartElection();
  expect([it.electionElapsed, it.stickyTicksLeft]).toEqual([0, 10]);
  it.tickFollower();
  expect(it.stickyTicksLeft).toBe(9);
});

test("a leader checks the quorum every election time-out and beats in between", () => {
  const it = timer(0.9);
  const checks: number[] = [];
  const beats: number[] = [];
  for (let tick = 1; tick <= 21; tick++) {
    if (it.tickLeader()) checks.push(tick);
    if (it.heartbeatDue()) beats.push(tick);
  }
  expect(checks).toEqual([10, 20]);
  expect(beats).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
});

test("who restarted may have promised something, for an election time-out", () => {
  const it = timer(0.9, 1, true);
  for (let tick = 1; tick <= 9; tick++) it.tickFollower();
  expect(it.recovering).toBe(true);
  it.tickFollower();
  expect(it.recovering).toBe(false);
  expect(timer(0).recovering).toBe(false);
});

test("a reset starts both counts again", () => {
  const counted = timer(0);
  for (let i = 0; i < 5; i++) counted.tickLeader();
  counted.reset();
  expect(counted.electionElapsed).toBe(0);
  expect(counted.heartbeatDue()).toBe(false);
});
