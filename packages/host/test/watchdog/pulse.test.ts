import { expect, test } from "vitest";
import { Pulse } from "../../src/watchdog/pulse.ts";

function beat(pulse: Pulse, fromMs: number, ticks: number): number {
  let nowMs = fromMs;
  for (let tick = 0; tick < ticks; tick++) {
    nowMs += 100;
    pulse.tick(nowMs, nowMs);
  }
  return nowMs;
}

/** The wall clock goes with the monotonic one unless it is said where it is. */
function isSteady(pulse: Pulse, nowMs: number, wallClockMs: number = nowMs): boolean {
  return pulse.isSteady(nowMs, wallClockMs);
}

test("it is steady after an election time-out of punctual ticks", () => {
  const pulse = new Pulse(100, 10, 0, 0);
  expect(isSteady(pulse, beat(pulse, 0, 9))).toBe(false);
  expect(isSteady(pulse, beat(pulse, 900, 1))).toBe(true);
});

test("an overdue tick and a late one make it unsteady for an election time-out", () => {
  const pulse = new Pulse(100, 10, 0, 0);
  const steady = beat(pulse, 0, 10);
  expect(isSteady(pulse, steady + 140)).toBe(true);
  expect(isSteady(pulse, steady + 160)).toBe(false);
  pulse.tick(steady + 160, steady + 160);
  expect(isSteady(pulse, steady + 170)).toBe(false);
  expect(isSteady(pulse, beat(pulse, steady + 160, 9))).toBe(false);
  expect(isSteady(pulse, beat(pulse, steady + 1_060, 1))).toBe(true);
});

test("a reported stall makes it unsteady", () => {
  const pulse = new Pulse(100, 10, 0, 0);
  const steady = beat(pulse, 0, 10);
  pulse.stalled();
  expect(isSteady(pulse, steady)).toBe(false);
});

test("time that only the wall clock has seen makes it unsteady: the machine was suspended", () => {
  const pulse = new Pulse(100, 10, 0, 0);
  const steady = beat(pulse, 0, 10);
  expect(isSteady(pulse, steady, steady + 150)).toBe(true);
  expect(isSteady(pulse, steady, steady + 160)).toBe(false);
  pulse.tick(steady + 100, steady + 60_100);
  expect(isSteady(pulse, steady + 100, steady + 60_100)).toBe(false);
});

test("a wall clock that is set back is no lost time", () => {
  const pulse = new Pulse(100, 10, 0, 0);
  const steady = beat(pulse, 0, 10);
  expect(isSteady(pulse, steady + 10, steady - 3_600_000)).toBe(true);
});
