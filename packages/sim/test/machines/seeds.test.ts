import { expect, test } from "vitest";
import { runMachines } from "../../src/machines/run-machines.ts";

const SEEDS = 150;

test(`machines at different paces answer alike, and as the reference does (${SEEDS} seeds)`, async () => {
  const sums = { commands: 0, restarts: 0, restores: 0, watched: 0, renewals: 0 };
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const result = await runMachines(seed);
    expect(result.violations, `seed ${seed}`).toEqual([]);
    for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += result[name];
  }
  expect(sums.commands).toBeGreaterThan(SEEDS * 50);
  expect(sums.restarts).toBeGreaterThan(SEEDS);
  expect(sums.restores).toBeGreaterThan(SEEDS);
  expect(sums.watched).toBeGreaterThan(SEEDS);
  expect(sums.renewals).toBeGreaterThan(SEEDS);
}, 240_000);
