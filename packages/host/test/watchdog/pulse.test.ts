import { expect, test } from "vitest";
import { Pulse } from "../../src/watchdog/pulse.ts";

function beat(pulse: Pulse, fromMs: number, ticks: number): number {
  let nowMs = fromMs;
  for (let tick = 0; tick < ticks; tick++) {
    nowMs += 100;
    pulse.tick(nowMs);
  }
  return nowMs;
}

test("it is steady after an election time-out of punctual ticks", () => {
  const pulse = new Pulse(100, 10, 0);
  expect(pulse.isSteady(beat(pulse, 0, 9))).toBe(false);
  expect(pulse.isSteady(beat(pulse, 900, 1))).toBe(true);
});

test("an overdue tick and a late one make it unsteady for an election time-out", () => {
  const pulse = new Pulse(100, 10, 0);
  const steady = beat(pulse, 0, 10);
  expect(pulse.isSteady(steady + 140)).toBe(true);
  expect(pulse.isSteady(steady + 160)).toBe(false);
  pulse.tick(steady + 160);
  expect(pulse.isSteady(steady + 170)).toBe(false);
  expect(pulse.isSteady(beat(pulse, steady + 160, 9))).toBe(false);
  expect(pulse.isSteady(beat(pulse, steady + 1_060, 1))).toBe(true);
});

test("a reported stall makes it unsteady", () => {
  const pulse = new Pulse(100, 10, 0);
  const steady = beat(pulse, 0, 10);
  pulse.stalled();
  expect(pulse.isSteady(steady)).toBe(false);
});
