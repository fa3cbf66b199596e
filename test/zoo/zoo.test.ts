import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

function run(...args: readonly string[]): {
  readonly lines: readonly string[];
  readonly status: number;
} {
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
  });
  return { lines: `${stdout}${stderr}`.trim().split("\n"), status: status ?? -1 };
}

/** Mistakes that these engines find at once; processor time is bounded per mistake, not by the clock on the wall. */
const BY_CORES = ["CM1", "CM3", "EL2", "EL3", "LR2", "LR5", "MB5", "RD2"];
const BY_MACHINES = ["CM5", "KV2", "KV3", "KV6", "KV9", "KV14"];

test.each([
  ["cores", BY_CORES],
  ["machines", BY_MACHINES],
])(
  "planted mistakes are found by %s, each with the check, the seed and the time it took",
  (engine, names) => {
    const only = names.join(",");
    const { lines, status } = run("zoo/run.mjs", "--only", only, "--engines", engine);
    const found = lines.filter((line) => line.startsWith("killed"));
    expect(found.sort()).toEqual(
      names
        .toSorted()
        .map((name) =>
          expect.stringMatching(new RegExp(`^killed ${name} by .+ seed \\d+ \\d+\\.\\d s$`)),
        ),
    );
    expect(status).toBe(0);
  },
  240_000,
);

test("a folder of patches is judged line by line: one that does nothing survives, one that does not apply is broken", () => {
  const folder = mkdtempSync(join(tmpdir(), "quorate-patches-"));
  const harmless = `a comment more
--- a/packages/core/src/raft.ts
+++ b/packages/core/src/raft.ts
@@ -1,1 +1,2 @@
+// A comment.
 import type { DecisionListener } from "./decisions/decision.ts";
`;
  writeFileSync(join(folder, "nothing.patch"), harmless);
  writeFileSync(join(folder, "elsewhere.patch"), harmless.replaceAll("raft.ts", "nowhere.ts"));
  const { lines, status } = run(
    ...["zoo/run.mjs", "--patches", folder, "--seconds", "1", "--tests", "0"],
  );
  rmSync(folder, { recursive: true });
  expect(lines).toContainEqual(expect.stringMatching(/^survived nothing\b/));
  expect(lines).toContainEqual(expect.stringMatching(/^broken elsewhere\b/));
  expect(status).toBe(1);
}, 120_000);

test("visiting every state finds them as well", () => {
  const { lines, status } = run("zoo/run.mjs", "--only", "CM1,EL2,MB5", "--engines", "exhaustive");
  expect(lines.at(-1)).toBe("3 passed, 0 failed");
  expect(status).toBe(0);
}, 240_000);

test("every state of small clusters is right", () => {
  const names = ["figure 8", "joint change", "snapshot", "learner"];
  const { lines, status } = run("zoo/exhaustive.mjs", ...names);
  for (const name of names) {
    expect(
      lines.some((line) => line.startsWith(`ok      ${name}: complete`)),
      lines.join("\n"),
    ).toBe(true);
  }
  expect(status).toBe(0);
}, 240_000);
