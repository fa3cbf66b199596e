import type { Membership } from "@quorate/core";
import { describe, expect, test } from "vitest";
import { EMPTY_MEMBERSHIP } from "../../src/membership/change.ts";
import { Roster } from "../../src/membership/roster.ts";
import type { Progress } from "../../src/replication/progress.ts";
import { Tracker } from "../../src/replication/tracker.ts";

const roster = (voters: readonly number[], rest: Partial<Membership> = {}): Roster =>
  new Roster({ ...EMPTY_MEMBERSHIP, voters, ...rest });

function tracking(of: Roster): Tracker {
  const tracker = new Tracker({ messagesMax: 10, bytesMax: 1000 });
  tracker.begin(of, 1, 8, 9);
  return tracker;
}
const known = (tracker: Tracker, id: number): Progress => {
  const progress = tracker.find(id);
  if (progress === undefined) throw new Error(`${id} is not tracked`);
  return progress;
};

test("at the begin of a leadership nothing is known but the own durable log", () => {
  const tracker = tracking(roster([1, 2, 3], { learners: [5] }));
  expect(tracker.all.map(({ id, match, next, active }) => [id, match, next, active])).toEqual([
    [1, 8, 10, true],
    [2, 0, 10, false],
    [3, 0, 10, false],
    [5, 0, 10, false],
  ]);
  expect(tracker.find(4)).toBeUndefined();
  tracker.clear();
  expect(tracker.all).toEqual([]);
  expect(tracker.quorumMatch()).toBe(Number.POSITIVE_INFINITY);
});

test("a switch keeps what is known of those who stay", () => {
  const tracker = tracking(roster([1, 2, 3]));
  known(tracker, 2).acknowledged(7);
  tracker.switchTo(roster([1, 2, 4, 6]), [4, 6], 20);
  expect(tracker.all.map(({ id, match, next, active }) => [id, match, next, active])).toEqual([
    [1, 8, 10, true],
    [2, 7, 10, false],
    [4, 0, 20, true],
    [6, 0, 20, true],
  ]);
  tracker.switchTo(roster([1, 2, 4]), [2], 0);
  expect(tracker.all.map(({ id, match, next }) => [id, match, next])).toEqual([
    [1, 8, 10],
    [2, 0, 1],
    [4, 0, 20],
  ]);
});

describe("what a quorum has", () => {
  test("is counted among voters only", () => {
    const tracker = tracking(roster([1, 2, 3], { learners: [5] }));
    known(tracker, 5).acknowledged(9);
    expect(tracker.quorumMatch()).toBe(0);
    known(tracker, 3).acknowledged(6);
    expect(tracker.quorumMatch()).toBe(6);
    known(tracker, 2).acknowledged(9);
    expect(tracker.quorumMatch()).toBe(8);
  });

  test("needs both halves of a joint membership", () => {
    const tracker = tracking(roster([1, 2, 3], { outgoing: [1, 4, 5] }));
    known(tracker, 2).acknowledged(9);
    expect(tracker.quorumMatch()).toBe(0);
    known(tracker, 4).acknowledged(5);
    expect(tracker.quorumMatch()).toBe(5);
    known(tracker, 5).acknowledged(9);
    expect(tracker.quorumMatch()).toBe(8);
  });

  test("is the newest round that a quorum answered", () => {
    const tracker = tracking(roster([1, 2, 3], { outgoing: [1, 4, 5] }));
    known(tracker, 1).heartbeatAnswered(4);
    known(tracker, 2).heartbeatAnswered(3);
    expect(tracker.quorumRound()).toBe(0);
    known(tracker, 5).heartbeatAnswered(2);
    expect(tracker.quorumRound()).toBe(2);
  });

  test("is active when heard from", () => {
    const tracker = tracking(roster([1, 2, 3], { outgoing: [1, 4, 5], learners: [6] }));
    known(tracker, 6).heard();
    known(tracker, 2).heard();
    expect(tracker.quorumActive()).toBe(false);
    known(tracker, 5).heard();
    expect(tracker.quorumActive()).toBe(true);
    known(tracker, 1).markSilent();
    expect(tracker.quorumActive()).toBe(false);
  });
});
