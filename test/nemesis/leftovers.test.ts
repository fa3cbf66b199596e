import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import { clearLeftovers, runFolder } from "./modules.ts";

test("what a killed run left is removed, what belongs to a running one is not", () => {
  const { pid: gone } = spawnSync(process.execPath, ["--version"]);
  const left = runFolder(gone);
  const ours = runFolder(process.pid);
  clearLeftovers();
  expect(existsSync(left)).toBe(false);
  expect(existsSync(ours)).toBe(true);
  rmSync(ours, { recursive: true });
});
