import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle } from "../../../../zoo/lib/bundle.mjs";

const folder = mkdtempSync(join(tmpdir(), "quorate-digest-"));
const file = join(folder, "sim.mjs");

beforeAll(async () => {
  await bundle(join(import.meta.dirname, "../../../.."), file);
}, 120_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs whole nodes in a process of their own and returns what they did, as fingerprints. */
function digestsInOwnProcess(seeds: readonly number[]): string {
  const program = `
    const { runNodes } = await import(${JSON.stringify(pathToFileURL(file).href)});
    const digests = [];
    for (const seed of ${JSON.stringify(seeds)}) digests.push((await runNodes(seed)).digest);
    process.stdout.write(digests.join(" "));
  `;
  return execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
  });
}

test("a seed decides everything: two processes do the same, whatever they did before", () => {
  const forwards = digestsInOwnProcess([1, 2, 3]).split(" ");
  const backwards = digestsInOwnProcess([3, 2, 1]).split(" ");
  expect(new Set(forwards).size).toBe(3);
  expect(backwards.reverse()).toEqual(forwards);
}, 120_000);
