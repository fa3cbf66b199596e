import { MemoryStore } from "@quorate/kv";
import { expect, test } from "vitest";
import { FaultCounters } from "../../src/faults/fault-counters.ts";
import { Random } from "../../src/random/random.ts";
import { Agenda } from "../../src/time/agenda.ts";
import { CrashableStore } from "../../src/world/crashable-store.ts";
import { NodeClock } from "../../src/world/node-clock.ts";
import { NodeDisk } from "../../src/world/node-disk.ts";
import { ProcessGate } from "../../src/world/process-gate.ts";

const key = Uint8Array.of(1);

function disk(): {
  readonly agenda: Agenda;
  readonly disk: NodeDisk;
  readonly counters: FaultCounters;
} {
  const agenda = new Agenda();
  const counters = new FaultCounters();
  const pace = { minMs: 5, maxMs: 5 };
  return { agenda, counters, disk: new NodeDisk(agenda, Random.fromSeed(1), counters, pace) };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await undefined;
}

test("a store keeps the batches that were durable when its process ended, whole, and no other", async () => {
  const { agenda, disk: machine } = disk();
  const gate = new ProcessGate();
  const store = machine.storeFor(gate);
  const written: number[] = [];
  for (const value of [1, 2, 3]) {
    void store
      .write((batch) => batch.put(key, Uint8Array.of(value)))
      .then(() => written.push(value));
  }
  for (let step = 0; step < 2; step += 1) {
    await settle();
    agenda.step();
  }
  await settle();
  expect(written).toEqual([1, 2]);
  gate.kill();
  while (agenda.step()) await settle();
  expect(machine.storeFor(new ProcessGate()).get(key)).toEqual(Uint8Array.of(2));
});

test("a batch that fails to be filled is refused and changes nothing", async () => {
  const store = new CrashableStore(
    new MemoryStore(),
    async () => undefined,
    () => false,
  );
  const failing = store.write((batch) => {
    batch.put(key, key);
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  await store.write(() => undefined);
  expect(store.get(key)).toBeUndefined();
});

test("the power takes what was not durable, and says so", async () => {
  const { agenda, disk: machine, counters } = disk();
  const files = machine.mount(
    new ProcessGate(),
    () => undefined,
    () => undefined,
  );
  const run = async <T>(work: Promise<T>): Promise<T> => {
    for (let step = 0; step < 20; step += 1) {
      await settle();
      agenda.step();
    }
    return work;
  };
  const handle = await run(files.open("/file", { mode: "create" }));
  await run(files.syncDirectory("/"));
  await run(handle.writeDurably(0, [new Uint8Array(2_000).fill(7)]));
  await run(handle.write(2_000, [new Uint8Array(4_000).fill(8)]));
  machine.powerLost();
  const left = machine.files.bytes("/file") ?? new Uint8Array(0);
  expect(left.subarray(0, 1_536).every((byte) => byte === 7)).toBe(true);
  expect(counters.get("unsyncedLost")).toBe(1);
});

test("damage hits bytes that were written, and is remembered", () => {
  const { disk: machine, counters } = disk();
  machine.files.put("/a/log/1", new Uint8Array(4_096).fill(3, 0, 2_048));
  expect(machine.rot((path) => path.includes("/log/"))).toContain("/a/log/1");
  expect(machine.ignore((path) => path.includes("/log/"))).toContain("writeIgnored");
  expect(machine.isDamaged).toBe(true);
  expect([counters.get("bitRot"), counters.get("writeIgnored")]).toEqual([1, 1]);
  expect(machine.rot((path) => path.includes("/snapshots/"))).toBeUndefined();
});

test("the monotonic clock runs fast or slow and never jumps; the wall clock does", () => {
  const agenda = new Agenda();
  const clock = new NodeClock(agenda, 1_000, 50_000);
  agenda.runUntil(100);
  clock.setRate(2);
  agenda.runUntil(200);
  expect(clock.nowMs()).toBe(1_300);
  clock.jumpWallClock(-3_600_000);
  expect([clock.nowMs(), clock.wallClockMs()]).toEqual([1_300, 51_300 - 3_600_000]);
  clock.setRate(0.5);
  agenda.runUntil(300);
  expect(clock.nowMs()).toBe(1_350);
});
