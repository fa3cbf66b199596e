import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fuzzTarget } from "../../fuzz/lib/fuzz-target.mjs";

const TARGETS = join(import.meta.dirname, "../../fuzz/targets");

function fuzz(name: string, seed = 1, inputsMax = 200) {
  const path = join(import.meta.dirname, "broken", `${name}.mjs`);
  return fuzzTarget({ path, name, seed, cpuMs: 20_000, inputsMax, hangCpuMs: 1500 });
}

test.each([
  ["crashes", "not foreseen"],
  ["hangs", "does not come to an end"],
  ["waits", "never comes"],
  ["holds", "still held"],
  ["allocates", "allocated buffers"],
])("a target that %s is found out, with the number of the input", async (name, words) => {
  const { problem } = await fuzz(name);
  expect(problem?.text).toContain(words);
  expect(problem?.number).toBeGreaterThanOrEqual(0);
});

test("the same seed makes the same inputs, another seed others", async () => {
  const inputs = async (seed: number) =>
    (await fuzz("sound", seed, 20)).outcomes.map(([text]) => text);
  const first = await inputs(1);
  expect(first).toHaveLength(20);
  expect(await inputs(1)).toEqual(first);
  expect(await inputs(2)).not.toEqual(first);
});

test("a single input can be played again", async () => {
  const { problem } = await fuzz("crashes");
  const path = join(import.meta.dirname, "broken", "crashes.mjs");
  const again = await fuzzTarget({
    path,
    name: "crashes",
    seed: 1,
    cpuMs: 1000,
    inputsMax: 1,
    only: problem?.number ?? -1,
  });
  expect(again.problem).toEqual(problem);
});

test.each(readdirSync(TARGETS))("%s finds its way through some inputs", async (file) => {
  const name = file.replace(".mjs", "");
  const run = await fuzzTarget({
    path: join(TARGETS, file),
    name,
    seed: 7,
    cpuMs: 20_000,
    inputsMax: 300,
  });
  expect(run.problem).toBeUndefined();
  expect(run.inputs).toBe(300);
  // Inputs that are all refused at the door test the door.
  expect(run.outcomes.length).toBeGreaterThan(1);
  expect(run.covered?.reached).toBeGreaterThan((run.covered?.all ?? 0) / 3);
});
