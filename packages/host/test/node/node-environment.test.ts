import { expect, test } from "vitest";
import { nodeEnvironment } from "../../src/node/index.ts";

test("timers never fire early and can be cancelled; deferred calls come after what is due", async () => {
  const environment = nodeEnvironment();
  const startMs = environment.nowMs();
  const cancelled = environment.setTimer(1, () => {
    throw new Error("a cancelled timer fired");
  });
  cancelled.cancel();
  const firedMs = await new Promise<number>((resolve) => {
    environment.setTimer(4.5, () => resolve(environment.nowMs()));
  });
  expect(firedMs - startMs).toBeGreaterThanOrEqual(4.5);
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    environment.defer(() => {
      order.push("deferred");
      resolve();
    });
    void Promise.resolve().then(() => order.push("promise"));
  });
  expect(order).toEqual(["promise", "deferred"]);
});

test("random numbers stay in [0, 1) and the wall clock is the system's", () => {
  const environment = nodeEnvironment();
  const draws = Array.from({ length: 1_000 }, () => environment.random());
  expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...draws)).toBeLessThan(1);
  expect(new Set(draws).size).toBe(1_000);
  expect(Math.abs(environment.wallClockMs() - Date.now())).toBeLessThan(60_000);
});
