import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { KvCommand } from "../../src/command.ts";
import { LmdbStore } from "../../src/lmdb/index.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";
import type { OrderedStore } from "../../src/store/ordered-store.ts";
import { etcdHash } from "../model/etcd-hash.ts";
import { MachineDriver } from "../model/machine-driver.ts";
import { ReferenceKv } from "../model/reference-kv.ts";

const root = mkdtempSync(join(tmpdir(), "quorate-kv-cleaning-"));
let directories = 0;
afterAll(() => rmSync(root, { recursive: true, force: true }));

const encoder = new TextEncoder();
const ALL = { key: Uint8Array.of(0), rangeEnd: Uint8Array.of(0) };

/** Values fill a block with two to twenty rows, so that a few dozen changes make many blocks. */
const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constant("put" as const),
      key: fc.nat(25),
      length: fc.constantFrom(100, 200, 200, 900),
    }),
  },
  { weight: 5, arbitrary: fc.record({ type: fc.constant("delete" as const), key: fc.nat(25) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("deleteAll" as const) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("compact" as const), back: fc.nat(12) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("flush" as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("flushAndGoOn" as const) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("work" as const), turns: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("reopen" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function commandOf(step: Step, revision: number): KvCommand | undefined {
  switch (step.type) {
    case "put":
      return {
        type: "put",
        key: encoder.encode(`key ${step.key}`),
        value: new Uint8Array(step.length).fill(revision),
      };
    case "delete":
      return { type: "deleteRange", key: encoder.encode(`key ${step.key}`) };
    case "deleteAll":
      return { type: "deleteRange", ...ALL };
    case "compact":
      return { type: "compact", revision: revision - step.back };
    default:
      return undefined;
  }
}

function follow(reference: ReferenceKv, command: KvCommand): void {
  if (command.type === "put") reference.put(command);
  else if (command.type === "deleteRange") reference.deleteRange(command);
  else if (command.type === "compact") reference.compact(command.revision);
  reference.commit();
}

function line(kv: {
  key: Uint8Array;
  value: Uint8Array;
  modRevision: number;
  version: number;
}): string {
  return `${String.fromCharCode(...kv.key)} ${kv.value.length} ${kv.value[0]} ${kv.modRevision} ${kv.version}`;
}

/** All that can still be read is there, and nothing that was deleted. */
async function check(driver: MachineDriver, reference: ReferenceKv): Promise<void> {
  for (let at = Math.max(1, reference.compacted); at <= reference.revision; at++) {
    const request = { type: "range", ...ALL, revision: at } as const;
    const [actual, expected] = [driver.query(request), reference.range(request, false)];
    if (actual.type !== "range" || expected.type !== "range") throw new Error(actual.type);
    expect(actual.kvs.map(line)).toEqual(expected.kvs.map(line));
    expect(actual.count).toBe(expected.count);
  }
  expect(driver.machine.status().keys).toBe(reference.snapshot(reference.revision).length);
  const query = driver.machine.query({ type: "hashKv", revision: 0 });
  const hash = await driver.settle(Promise.resolve(query));
  expect(hash).toMatchObject({ hash: etcdHash(reference, reference.revision) });
}

async function run(steps: readonly Step[], open: () => OrderedStore): Promise<void> {
  let driver = await MachineDriver.open(open());
  const reference = new ReferenceKv();
  let flushing: Promise<void> = Promise.resolve();
  for (const step of steps) {
    const command = commandOf(step, reference.revision);
    if (command !== undefined) {
      follow(reference, command);
      driver.apply(command);
    } else if (step.type === "flush") await driver.flush();
    else if (step.type === "flushAndGoOn") flushing = driver.flush();
    else if (step.type === "work") for (let i = 0; i < step.turns; i++) driver.deferred.step();
    else {
      await driver.flush();
      await driver.machine.close();
      driver = await MachineDriver.open(open());
      await check(driver, reference);
    }
  }
  await flushing;
  await check(driver, reference);
  driver.deferred.drain();
  await driver.flush();
  await driver.machine.close();
  const again = await MachineDriver.open(open());
  await check(again, reference);
  await again.machine.close();
}

test("what compaction removes never comes back, however it is interrupted, in memory", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 120, size: "max" }), async (steps) => {
      const store = new MemoryStore();
      await run(steps, () => store.reopen());
    }),
    { numRuns: 150 },
  );
});

test("what compaction removes never comes back, however it is interrupted, on lmdb", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 100, size: "max" }), async (steps) => {
      const directory = join(root, String(directories++));
      await run(steps, () => LmdbStore.open({ directory, noSync: true }));
    }),
    { numRuns: 25 },
  );
});

test("a key stays deleted when its deletion could go before the put it undid", async () => {
  const store = new MemoryStore();
  const driver = new MachineDriver(store);
  const put = (key: string, length: number) =>
    driver.apply({ type: "put", key: encoder.encode(key), value: new Uint8Array(length) });
  // Blocks that hardly anything of dies, so that they are not written anew.
  for (let i = 0; i < 38; i++) put(`lasting ${i}`, 200);
  driver.apply({ type: "deleteRange", key: encoder.encode("lasting 3") });
  // Blocks that die nearly completely, the deletion among them.
  for (let i = 0; i < 60; i++) put("fleeting", 200);
  driver.apply({ type: "compact", revision: driver.machine.revision });
  for (let i = 0; i < 3; i++) {
    await driver.flush();
    driver.deferred.drain();
  }
  await driver.flush();
  expect(store.size().inUseBytes).toBeLessThan(50 * 230);
  const again = await MachineDriver.open(store);
  const request = { type: "range", key: encoder.encode("lasting 3") } as const;
  expect(again.query(request)).toMatchObject({ count: 0 });
  expect(again.machine.status().keys).toBe(38);
});

test("when everything is compacted and flushed, only what exists takes space", async () => {
  const store = new MemoryStore();
  const driver = new MachineDriver(store);
  for (let round = 0; round < 30; round++) {
    for (let i = 0; i < 200; i++) {
      const key = encoder.encode(`key ${i}`);
      driver.apply({ type: "put", key, value: new Uint8Array(300) });
    }
    driver.apply({ type: "compact", revision: driver.machine.revision });
    driver.deferred.drain();
    await driver.flush();
    driver.deferred.drain();
    await driver.flush();
  }
  expect(store.size().inUseBytes).toBeLessThan(1.6 * 200 * 300);
  driver.apply({ type: "deleteRange", ...ALL });
  // Deletions at a compaction stay until the next one, for watches that begin there.
  driver.apply({ type: "compact", revision: driver.machine.revision });
  driver.deferred.drain();
  driver.apply({ type: "put", key: encoder.encode("last"), value: new Uint8Array(1) });
  driver.apply({ type: "compact", revision: driver.machine.revision });
  for (let i = 0; i < 4; i++) {
    driver.deferred.drain();
    await driver.flush();
  }
  expect(store.size().inUseBytes).toBeLessThan(4080);
});
