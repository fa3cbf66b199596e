import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LmdbStore } from "../../src/lmdb/index.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";
import { MachineDriver } from "../model/machine-driver.ts";
import { commandAt } from "./crash-commands.ts";

// Beside the installed packages, so that the child finds lmdb.
const cache = fileURLToPath(new URL("../../../../node_modules/.cache/", import.meta.url));
mkdirSync(cache, { recursive: true });
const root = mkdtempSync(join(cache, "quorate-kv-crash-"));
const children: ChildProcess[] = [];

beforeAll(async () => {
  await build({
    root: fileURLToPath(new URL("../../", import.meta.url)),
    logLevel: "error",
    configFile: false,
    resolve: { conditions: ["@quorate/source"] },
    ssr: { resolve: { conditions: ["@quorate/source"] }, external: ["lmdb"] },
    build: {
      ssr: fileURLToPath(new URL("./crash-child.ts", import.meta.url)),
      outDir: root,
      emptyOutDir: false,
      target: "node20",
      minify: false,
      rollupOptions: { output: { entryFileNames: "child.mjs" } },
    },
  });
});

afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(root, { recursive: true, force: true });
});

/** Runs the child until it has said `lines` lines that begin with `word`, kills it, and returns all it said. */
async function runAndKill(
  directory: string,
  mode: string,
  until: { readonly word: string; readonly lines: number; readonly thenMs: number },
): Promise<[string, number][]> {
  const child = spawn(process.execPath, [join(root, "child.mjs"), directory, mode, "700"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const said: [string, number][] = [];
  let left = until.lines;
  const exited = once(child, "exit");
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [word, index] = line.split(" ") as [string, string];
    said.push([word, Number(index)]);
    if (word === until.word && --left === 0) {
      // Somewhere within what comes next.
      setTimeout(() => child.kill("SIGKILL"), until.thenMs);
    }
  });
  const [code, signal] = (await exited) as [number | null, string | null];
  expect([code, signal]).toEqual([null, "SIGKILL"]);
  return said;
}

/** What the store holds is exactly what the log makes of the first commands. */
async function checkStore(directory: string): Promise<{ index: number; companion: string }> {
  const store = LmdbStore.open({ directory });
  const driver = new MachineDriver(store);
  const opened = await driver.settle(driver.machine.open());
  const { index } = opened.position;
  const witness = new MachineDriver(new MemoryStore());
  for (let i = 1; i <= index; i++) witness.apply(commandAt(i));
  const [actual, expected] = [driver, witness].map((one) => one.machine.status());
  expect([actual?.revision, actual?.keys, actual?.leases, actual?.stateHash]).toEqual([
    expected?.revision,
    expected?.keys,
    expected?.leases,
    expected?.stateHash,
  ]);
  const hashes = await Promise.all(
    [driver, witness].map((one) =>
      one.settle(Promise.resolve(one.machine.query({ type: "hashKv", revision: 0 }))),
    ),
  );
  expect(hashes[0]).toEqual(hashes[1]);
  await driver.machine.close();
  return { index, companion: new TextDecoder().decode(opened.companion) };
}

test("a process that is killed while it writes finds what it flushed, whole, every time", async () => {
  const directory = join(root, "writes");
  let reached = 0;
  for (let round = 0; round < 6; round++) {
    const until = { word: "flushed", lines: 3 + 4 * round, thenMs: round * 3 };
    const said = await runAndKill(directory, "write", until);
    expect(said[0]).toEqual(["opened", reached]);
    const flushed = said.findLast(([word]) => word === "flushed")?.[1] ?? 0;
    const { index, companion } = await checkStore(directory);
    expect(index).toBeGreaterThanOrEqual(flushed);
    expect(companion).toBe(`companion of ${index}`);
    reached = index;
  }
});

test("a process that is killed while it restores finds the snapshot, whole, or nothing", async () => {
  const directory = join(root, "restores");
  await runAndKill(directory, "write", { word: "flushed", lines: 3, thenMs: 0 });
  // A restore that was killed before it began leaves the old state.
  let before = await checkStore(directory);
  const found = new Set<number>();
  for (let round = 0; round < 6; round++) {
    const word = round % 2 === 0 ? "restoring" : "restored";
    await runAndKill(directory, "restore", {
      word,
      lines: 1 + (round >> 1),
      thenMs: 2 + round * 4,
    });
    const after = await checkStore(directory);
    expect([0, 700, before.index]).toContain(after.index);
    expect(after.companion).toBe(after.index === 0 ? "" : `companion of ${after.index}`);
    found.add(after.index);
    before = after;
  }
  expect(found.size).toBeGreaterThan(0);
});
