import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

function run(script: string, ...args: readonly string[]) {
  const result = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

const COMMANDS = [
  "scripts/start.mjs",
  "scripts/check.mjs",
  "scripts/crash-points.mjs",
  "scripts/measure-page.mjs",
  "scripts/pack.mjs",
  "scripts/pictures.mjs",
  "drills/run.mjs",
  "fuzz/run.mjs",
  "nemesis/run.mjs",
  "soak/run.mjs",
  "test/conformance/run.mjs",
  "zoo/exhaustive.mjs",
  "zoo/run.mjs",
  "bench/put.mjs",
] as const;

test.each(COMMANDS)("%s says what it takes, and begins nothing for what it does not", (script) => {
  const helped = run(script, "--help");
  expect(helped).toMatchObject({ status: 0, stderr: "" });
  expect(helped.stdout).toMatch(/npm|node/u);
  const refused = run(script, "--no-such-option");
  expect(refused.status).toBe(2);
  expect(refused.stdout).toBe("");
  expect(refused.stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
  expect(refused.stderr).not.toContain("    at ");
});

test.each([
  ["drills/run.mjs", "kill-the-leader", "--seed", "abc"],
  ["drills/run.mjs", "kill-the-leader", "--port", "abc"],
  ["soak/run.mjs", "--minutes", "0"],
  ["soak/run.mjs", "--minutes=-1"],
  ["zoo/exhaustive.mjs", "--states", "x"],
  ["zoo/run.mjs", "--seconds", "x"],
  ["zoo/run.mjs", "--only", "nosuch"],
  ["zoo/run.mjs", "--patches", "/no/such/folder"],
  ["scripts/start.mjs", "--port", "80"],
  ["test/conformance/run.mjs", "/no/such/folder"],
])("%s %s %s is refused with one sentence", (script, ...args) => {
  const { status, stderr } = run(script, ...args);
  expect(status).toBe(2);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).not.toContain("    at ");
});
