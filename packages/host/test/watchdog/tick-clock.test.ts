import { expect, test } from "vitest";
import type { Environment } from "../../src/environment/environment.ts";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { TickClock } from "../../src/watchdog/tick-clock.ts";

interface Told {
  readonly ticks: number[];
  readonly stalls: number[];
  readonly jumps: number[];
}

function clock(environment: Environment): Told {
  const told: Told = { ticks: [], stalls: [], jumps: [] };
  new TickClock(environment, 100, {
    onTick: (nowMs) => told.ticks.push(nowMs),
    onStall: (forMs) => told.stalls.push(forMs),
    onClockJump: (byMs) => told.jumps.push(byMs),
  }).start();
  return told;
}

test("ticks come at even distances, small delays are made up for", async () => {
  const environment = memoryEnvironment();
  const told = clock({
    ...environment,
    setTimer: (afterMs, run) => environment.setTimer(afterMs + 7, run),
  });
  await environment.world.run(1_010);
  expect(told.ticks.length).toBe(10);
  expect(told.ticks[9]).toBeCloseTo(1_007);
  expect(told.stalls).toEqual([]);
});

test("after a stall there is one tick, and the stall is told", async () => {
  const environment = memoryEnvironment();
  let late = 0;
  const told = clock({
    ...environment,
    setTimer: (afterMs, run) => {
      const delay = late;
      late = 0;
      return environment.setTimer(afterMs + delay, run);
    },
  });
  await environment.world.run(250);
  late = 5_000;
  await environment.world.run(5_300);
  expect(told.ticks.map(Math.round)).toEqual([100, 200, 300, 5_400, 5_500]);
  expect(told.stalls.map(Math.round)).toEqual([5_000]);
});

test("a jump of the wall clock is told and moves no tick", async () => {
  const environment = memoryEnvironment();
  let shift = 0;
  const told = clock({ ...environment, wallClockMs: () => environment.wallClockMs() + shift });
  await environment.world.run(250);
  shift = 3_600_000;
  await environment.world.run(250);
  shift = 0;
  await environment.world.run(500);
  expect(told.ticks.length).toBe(10);
  expect(told.jumps).toEqual([3_600_000, -3_600_000]);
});
