import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LocalCluster } from "../../scripts/local-cluster.mjs";

test("whoever waits for a member is told which one it is, once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "quorate-waiting-"));
  const told: string[] = [];
  const cluster = new LocalCluster({
    program: [process.execPath, "-e", 'console.log("thinking"); setInterval(() => {}, 1000)', "--"],
    folder,
    basePort: 26_480,
    size: 1,
    onWaiting: ({ name }, lastLines) => told.push(`${name}: ${lastLines.join()}`),
  });
  cluster.startAll();
  try {
    await expect(cluster.allReady(4000)).rejects.toThrow("Member n1 was not ready");
    expect(told).toEqual(["n1: thinking"]);
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
