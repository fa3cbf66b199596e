import { expect, test } from "vitest";
import type { Environment } from "../../src/environment/environment.ts";
import { TurnScheduler } from "../../src/host/turn-scheduler.ts";

function setUp(): { scheduler: TurnScheduler; deferred: (() => void)[]; seen: string[] } {
  const deferred: (() => void)[] = [];
  const seen: string[] = [];
  const environment = {
    defer: (run: () => void) => deferred.push(run),
  } as unknown as Environment;
  const scheduler: TurnScheduler = new TurnScheduler(environment, () => {
    seen.push(`after, running: ${scheduler.isRunning}`);
  });
  return { scheduler, deferred, seen };
}

test("whatever asked for a turn has one, then comes what sends", () => {
  const { scheduler, deferred, seen } = setUp();
  const taker = { turn: () => seen.push(`turn, running: ${scheduler.isRunning}`) };
  scheduler.schedule(taker);
  scheduler.schedule(taker);
  expect(scheduler.isRunning).toBe(false);
  expect(deferred).toHaveLength(1);
  deferred.shift()?.();
  expect(seen).toEqual(["turn, running: true", "after, running: false"]);
});

test("a turn that throws is no turn any more", () => {
  const { scheduler, deferred, seen } = setUp();
  scheduler.schedule({
    turn: () => {
      throw new RangeError("broken");
    },
  });
  expect(() => deferred.shift()?.()).toThrow("broken");
  expect(scheduler.isRunning).toBe(false);
  scheduler.schedule({ turn: () => seen.push("turn") });
  deferred.shift()?.();
  expect(seen).toEqual(["turn", "after, running: false"]);
});
