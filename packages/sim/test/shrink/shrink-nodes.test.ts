import { expect, test } from "vitest";
import { planNodes, playNodes } from "../../src/hunt/run-nodes.ts";
import { leaveOut } from "../../src/shrink/leave-out.ts";
import { shrinkNodes } from "../../src/shrink/shrink-nodes.ts";

test("what is left out of a run of nodes does not happen, and the run is the same every time", async () => {
  const plan = planNodes(3);
  const whole = await playNodes(plan);
  expect(whole.result.violations).toEqual([]);
  const asks = new Set(whole.happened.asks.slice(0, 20));
  const less = { ...plan, leftOut: { ...plan.leftOut, asks } };
  const [one, other] = [await playNodes(less), await playNodes(less)];
  expect(one.result.violations).toEqual([]);
  for (const ask of asks) expect(one.happened.asks).not.toContain(ask);
  expect(one.result.digest).toBe(other.result.digest);
  expect(one.result.digest).not.toBe(whole.result.digest);
}, 60_000);

test("a run that violates nothing cannot be made smaller", async () => {
  const { value, done } = await shrinkNodes(planNodes(3)).next();
  expect(done).toBe(true);
  expect(value).toBeUndefined();
}, 60_000);

test("leaving out ends with what is needed", async () => {
  const needed = [3, 40, 41, 77];
  let items: readonly number[] = Array.from({ length: 100 }, (_, at) => at);
  let tries = 0;
  async function* fails(without: readonly number[]): AsyncGenerator<number, boolean> {
    tries += 1;
    yield tries;
    const left = items.filter((item) => !without.includes(item));
    if (!needed.every((item) => left.includes(item))) return false;
    items = left;
    return true;
  }
  for await (const _ of leaveOut(() => items, fails));
  expect(items).toEqual(needed);
  expect(tries).toBeLessThan(100);
});
