import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { drawPlan } from "../../src/plan/draw-plan.ts";
import { runPlan } from "../../src/plan/run-plan.ts";
import { digestTable } from "../../src/share/digest-table.ts";

const TABLE = digestTable();

const root = join(import.meta.dirname, "../../../..");

// After a change of behaviour that was meant: npx vitest run packages/sim/test/determinism -u
test("runs and stories have the stored digests, whatever runs them", async () => {
  const text = `${JSON.stringify(TABLE, undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot("digests.json");
});

test("another process, with the built packages, finds the same", () => {
  const printed = execFileSync(process.execPath, ["scripts/digests.mjs", "--print"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(JSON.parse(printed)).toEqual(TABLE);
});

test("listening does not change a run, another seed does", () => {
  const plan = drawPlan(3);
  const quiet = runPlan(plan).digest;
  expect(runPlan(plan, () => undefined).digest).toBe(quiet);
  expect(runPlan({ ...plan, seed: 4 }).digest).not.toBe(quiet);
});
