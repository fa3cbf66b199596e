import { expect, test } from "vitest";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import type { MemoryEnvironment } from "../../src/environment/memory-environment.ts";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { readRefillMark, writeRefillMark } from "../../src/refill/refill-mark.ts";
import { KnownHosts } from "../../src/transport/known-hosts.ts";
import { sayDamage, Tally } from "./exhaustive.ts";

/** Damages every bit and every length of a file; `read` must refuse each with the code. */
async function everyDamage(
  what: string,
  environment: MemoryEnvironment,
  path: string,
  read: () => Promise<unknown>,
): Promise<void> {
  const { disk } = environment;
  const whole = disk.bytes(path) ?? new Uint8Array(0);
  expect(whole.length).toBeGreaterThan(10);
  const verdicts = new Tally();
  const judge = async (bytes: Uint8Array, how: string): Promise<void> => {
    disk.put(path, bytes);
    const code = await read().then(
      () => "taken in",
      (error: { code?: unknown }) => error.code,
    );
    expect([how, code]).toEqual([how, "CORRUPT_LOG"]);
    verdicts.add("noticed");
  };
  for (let bit = 0; bit < whole.length * 8; bit += 1) {
    const bytes = whole.slice();
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await judge(bytes, `bit ${bit}`);
  }
  for (let length = 0; length < whole.length; length += 1) {
    await judge(whole.slice(0, length), `cut at ${length}`);
  }
  sayDamage(`flipped bits and cuts of ${what}`, verdicts);
  disk.put(path, whole);
  await read();
}

test("a damaged mark of a refill is never taken for none, nor for another term", async () => {
  const environment = memoryEnvironment({ disk: new MemoryDisk() });
  await environment.files.makeDirectory("/data");
  await writeRefillMark(environment, "/data", "/data/refill", { type: "running", term: 300 });
  const read = (): Promise<unknown> => readRefillMark(environment, "/data/refill");
  await everyDamage("the mark of a refill", environment, "/data/refill", read);
  expect(await read()).toEqual({ type: "running", term: 300 });
});

test("a damaged memory of known hosts admits nobody", async () => {
  const environment = memoryEnvironment({ disk: new MemoryDisk() });
  await environment.files.makeDirectory("/data");
  const known = await KnownHosts.open(environment, "/data");
  for (const host of [2, 300]) {
    await new Promise((resolve) => known.admit(host, `data${host}`, 7, resolve));
  }
  const read = (): Promise<unknown> => KnownHosts.open(environment, "/data");
  await everyDamage("the known hosts", environment, "/data/known-hosts", read);
});
