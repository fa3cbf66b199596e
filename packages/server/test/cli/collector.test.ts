import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { COLLECTOR_FLAGS } from "../../src/cli/collector.ts";

test("this Node knows the flags that a member sets for its collector", () => {
  const { status, stderr } = spawnSync(process.execPath, [...COLLECTOR_FLAGS, "-e", ""], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
});
