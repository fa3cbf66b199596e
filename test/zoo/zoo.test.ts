import { spawnSync } from "node:child_process";
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

test("planted mistakes are found, each with the check, the seed and the time it took", () => {
  const { lines, status } = run("zoo/run.mjs", "--only", "CM1,CM3,EL2", "--engines", "cores");
  expect(lines.slice(0, 3).sort()).toEqual([
    expect.stringMatching(/^killed CM1 by .+ seed \d+ \d+\.\d s$/),
    expect.stringMatching(/^killed CM3 by .+ seed \d+ \d+\.\d s$/),
    expect.stringMatching(/^killed EL2 by .+ seed \d+ \d+\.\d s$/),
  ]);
  expect(status).toBe(0);
}, 240_000);

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
