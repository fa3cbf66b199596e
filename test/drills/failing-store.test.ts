import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LmdbStore } from "@quorate/kv/lmdb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FaultyDisk } from "../../drills/lib/fault-shim.mjs";

const hasCompiler =
  process.platform === "linux" && spawnSync("gcc", ["--version"]).error === undefined;
const STORE = fileURLToPath(new URL("../../packages/kv/dist/lmdb/index.js", import.meta.url));
const ROUNDS = 20;
const WRITE_FAILS = ["write data.mdb enospc", "write data.mdb eio", "write data.mdb full"];

/** Writes until the disk fails; then ends at once, or reads and closes as a host that goes on with other groups would. */
const PROGRAM = `
import { LmdbStore } from ${JSON.stringify(STORE)};
const [directory, mode] = process.argv.slice(1);
process.on("unhandledRejection", () => process.stdout.write("unhandled "));
const end = () => { if (mode === "end") process.kill(process.pid, "SIGKILL"); };
const store = LmdbStore.open({ directory, onFailedCommit: end });
const bytes = (text) => new TextEncoder().encode(text);
const alive = setInterval(() => {}, 1000);
const goOn = new Promise((resolve) => process.once("SIGUSR2", resolve));
const write = (round) =>
  store.write((batch) => {
    for (let i = 0; i < 40 + 37 * round; i += 1) batch.put(bytes("k" + i + "/" + round), new Uint8Array(500 + 90 * round));
    batch.put(bytes("round"), bytes(String(round)));
  });
for (let round = 1; ; round += 1) {
  try {
    await write(round);
    process.stdout.write("wrote" + round + " ");
    if (round === 3) await goOn;
  } catch (error) {
    const again = await store.write(() => {}).then(() => "taken", () => "refused");
    process.stdout.write("failed " + again + " ");
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    break;
  }
}
store.get(bytes("round"));
await store.close();
process.stdout.write("closed ");
process.kill(process.pid, "SIGKILL");
`;

interface Ended {
  readonly said: string;
  readonly errors: string;
  readonly signal: NodeJS.Signals | null;
}

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "quorate-store-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let runs = 0;
function run(rule: string, mode: "end" | "close"): Promise<Ended & { readonly directory: string }> {
  runs += 1;
  const directory = join(folder, `store-${runs}`);
  const disk = new FaultyDisk(folder, `disk-${runs}`);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM, directory, mode], {
      env: { ...process.env, ...disk.env },
    });
    let said = "";
    let errors = "";
    let isFailing = false;
    child.stdout.on("data", (text) => {
      said += String(text);
      if (isFailing || !said.includes("wrote3")) return;
      isFailing = true;
      disk.set(rule);
      child.kill("SIGUSR2");
    });
    child.stderr.on("data", (text) => {
      errors += String(text);
    });
    child.once("close", (_, signal) => resolve({ said, errors, signal, directory }));
  });
}

describe.runIf(hasCompiler)("a store whose disk fails in the middle of a commit", () => {
  test("a program that ends itself when it hears of it never gets to the memory that lmdb has damaged", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const rule = WRITE_FAILS[round % WRITE_FAILS.length] ?? "";
      const { said, errors, signal, directory } = await run(rule, "end");
      expect([said, signal]).toEqual(["wrote1 wrote2 wrote3 ", "SIGKILL"]);
      expect(errors).not.toMatch(/corrupted|free\(\)|malloc/);
      const store = LmdbStore.open({ directory });
      const last = store.get(new TextEncoder().encode("round"));
      expect(last && new TextDecoder().decode(last)).toBe("3");
      await store.close();
    }
  }, 120_000);

  // A failed write itself is left out: what it does to the memory may end the process anywhere.
  test.each(["sync data.mdb eio", "write data.mdb short"])(
    "after %s it takes nothing more, nothing is rejected unheard, and closing is safe",
    async (rule) => {
      const { said, signal } = await run(rule, "close");
      expect([said, signal]).toEqual(["wrote1 wrote2 wrote3 failed refused closed ", "SIGKILL"]);
    },
    60_000,
  );
});
