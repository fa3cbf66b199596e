import { expect, test } from "vitest";
import type { FileOperation } from "../../src/environment/file-faults.ts";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { createLog } from "../../src/log/open-log.ts";
import { batches, bytesOf, segments } from "./damage.ts";
import {
  batchOf,
  contents,
  create,
  DIRECTORY,
  entries,
  mount,
  open,
  SETTINGS,
  SMALL_SEGMENTS,
} from "./log-fixture.ts";

async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await undefined;
}

test("appends of one turn share one batch and one durable write", async () => {
  const disk = new MemoryDisk();
  const writes: FileOperation[] = [];
  const environment = mount(disk, {
    trace: (operation) => {
      if (operation.kind === "writeDurably") writes.push(operation);
    },
  });
  const { store } = await createLog(environment, DIRECTORY, SETTINGS);
  writes.length = 0;
  const appends = [1, 2, 3].map((index) => store.append(batchOf(entries(index, index, index))));
  await Promise.all(appends);
  expect(writes.length).toBe(1);
  expect(batches(disk, 1).length).toBe(2);
  disk.crash();
  expect((await open(disk)).recovered.last).toEqual({ index: 3, term: 3 });
});

test("every batch says how far the log was durable when it was written", async () => {
  const disk = new MemoryDisk();
  const { store } = await create(disk, SMALL_SEGMENTS);
  for (let index = 1; index <= 90; index += 1)
    await store.append(batchOf(entries(index, index, 1, 90)));
  const all = segments(disk).flatMap((segment) => batches(disk, segment));
  expect(all.length).toBeGreaterThan(90);
  for (const [place, { header }] of all.entries()) {
    expect([header.sequence, header.durableThrough]).toEqual([place + 1, place]);
    expect(header.previousCrc).toBe(all[place - 1]?.header.headerCrc ?? 0);
  }
});

test("a moved commit index is not written by itself, but with the next batch or when the log goes idle", async () => {
  const disk = new MemoryDisk();
  const { store, environment } = await create(disk);
  await store.append(batchOf(entries(1, 5, 1)));
  const before = batches(disk, 1).length;
  for (let commit = 1; commit <= 5; commit += 1) {
    await store.append(batchOf([], { sync: false, hardState: { term: 1, vote: 0, commit } }));
  }
  await settle();
  expect(batches(disk, 1).length).toBe(before);
  await environment.world.run(1_000);
  expect(batches(disk, 1).length).toBe(before + 1);
  disk.crash();
  expect((await open(disk)).recovered.hardState.commit).toBe(5);
});

test("an idle log gets one mark and then rests", async () => {
  const disk = new MemoryDisk();
  const { store, environment } = await create(disk);
  await store.append(batchOf(entries(1, 1, 1)));
  await environment.world.run(150);
  await store.append(batchOf(entries(2, 2, 1)));
  await environment.world.run(150);
  expect(batches(disk, 1).length).toBe(3);
  await environment.world.run(60_000);
  expect(batches(disk, 1).length).toBe(4);
  expect(environment.world.pendingEvents).toBe(0);
  await store.append(batchOf(entries(3, 3, 1)));
  await environment.world.run(60_000);
  expect(batches(disk, 1).length).toBe(6);
});

test("lazy appends are written once there are many bytes of them, asked for or not", async () => {
  const disk = new MemoryDisk();
  const { store } = await create(disk);
  for (let index = 1; index <= 40; index += 1) {
    await store.append(batchOf(entries(index, index, 1, 10_000), { sync: false }));
  }
  await settle();
  expect(store.durableIndex).toBeGreaterThan(20);
  disk.crash();
  expect((await open(disk)).recovered.last.index).toBeGreaterThan(20);
});

test("an append larger than a segment gets one of its own and survives", async () => {
  const disk = new MemoryDisk();
  const { store } = await create(disk, SMALL_SEGMENTS);
  await store.append(batchOf(entries(1, 3, 1, 100)));
  await store.append(batchOf(entries(4, 4, 1, 50_000)));
  await store.append(batchOf(entries(5, 8, 1, 100)));
  await store.append(batchOf(entries(9, 9, 1, 9_000)));
  const before = await contents(store);
  disk.crash();
  const again = await open(disk, SMALL_SEGMENTS);
  expect(await contents(again.store)).toEqual(before);
  expect(before.length).toBe(9);
});

test("a log that hardly writes takes little of the disk; one that writes much prepares ahead", async () => {
  const disk = new MemoryDisk();
  const { store } = await create(disk);
  expect(store.diskBytes).toBe(1 << 20);
  for (let index = 1; index <= 60; index += 1) {
    await store.append(batchOf(entries(index, index, 1, 50_000)));
    await settle();
  }
  expect(store.diskBytes).toBeGreaterThan(3 << 20);
  expect(store.diskBytes).toBeLessThanOrEqual(8 << 20);
  expect(bytesOf(disk, 1).length).toBe(store.diskBytes);
});

test("the cache stays within its bytes and keeps what is not durable", async () => {
  const disk = new MemoryDisk();
  const environment = mount(disk);
  const settings = { ...SETTINGS, cacheBytes: 10_000 };
  const { store } = await createLog(environment, DIRECTORY, settings);
  await store.append(batchOf(entries(1, 100, 1, 1_000)));
  expect(store.cached(1, 2, 1)).toBe("loading");
  expect(store.cached(95, 101, 100_000)).toHaveLength(6);
  const waiting = store.append(batchOf(entries(101, 200, 1, 1_000)));
  expect(store.cached(101, 201, 1_000_000)).toHaveLength(100);
  await waiting;
  expect(store.cached(101, 201, 1_000_000)).toBe("loading");
});

test("what was read from the disk is there for the question that follows", async () => {
  const disk = new MemoryDisk();
  const settings = { ...SETTINGS, cacheBytes: 0 };
  const environment = mount(disk);
  const { store } = await createLog(environment, DIRECTORY, settings);
  for (let index = 1; index <= 50; index += 1)
    await store.append(batchOf(entries(index, index, 1, 100)));
  expect(store.cached(10, 12, 1_000)).toBe("loading");
  await store.read(10, 12, 1_000);
  expect(store.cached(10, 12, 1_000)).toHaveLength(2);
  const operations = environment.files.operations;
  await store.read(12, 50, 1_000);
  expect(environment.files.operations).toBe(operations);
  await store.append(batchOf(entries(12, 12, 2, 100)));
  expect(store.cached(10, 12, 1_000)).toBe("loading");
});

test("cached entries are views of the batch that was written, not of what the caller passed", async () => {
  const { store } = await create();
  const frame = new Uint8Array(1 << 20);
  const payload = frame.subarray(100, 110);
  await store.append(batchOf([{ index: 1, term: 1, kind: "command", payload }]));
  const cached = store.cached(1, 2, 100);
  const held = typeof cached === "string" ? undefined : cached[0]?.payload;
  expect(held).toEqual(payload);
  expect(held?.buffer).not.toBe(frame.buffer);
});

test("a read under way while the log is cut or compacted gives no stale entry", async () => {
  const disk = new MemoryDisk();
  const settings = { ...SMALL_SEGMENTS, cacheBytes: 0, readCacheBytes: 0 };
  const { store } = await create(disk, settings);
  for (let index = 1; index <= 60; index += 1)
    await store.append(batchOf(entries(index, index, 1, 100)));
  const reading = store.read(20, 61, 100_000);
  const cutting = store.append(batchOf(entries(10, 70, 2, 100)));
  const [read] = await Promise.all([reading, cutting]);
  expect(new Set(read.map((entry) => entry.term))).toEqual(new Set([2]));
});

test("settings that cannot be are refused", async () => {
  for (const wrong of [
    { segmentBytes: 100 },
    { segmentBytes: 2 ** 31 },
    { groupId: -1 },
    { groupId: 2 ** 32 },
    { memberId: 0 },
    { memberId: 1.5 },
  ]) {
    const environment = mount(new MemoryDisk());
    const settings = { ...SETTINGS, ...wrong };
    await expect(createLog(environment, DIRECTORY, settings)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  }
});

test("a log is created once", async () => {
  const disk = new MemoryDisk();
  await create(disk);
  await expect(create(disk)).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
  await expect(open(new MemoryDisk())).rejects.toMatchObject({ code: "IDENTITY_MISSING" });
});

test("without a guard the caller alone says what may be purged", async () => {
  const disk = new MemoryDisk();
  const settings = { ...SMALL_SEGMENTS, guardSnapshots: false };
  const { store } = await create(disk, settings);
  for (let index = 1; index <= 100; index += 1) {
    await store.append(batchOf(entries(index, index, 1, 100)));
  }
  const first = await store.compact(80);
  expect(first).toBeGreaterThan(50);
  expect(first).toBeLessThanOrEqual(81);
  disk.crash();
  const again = await open(disk, settings);
  expect(again.recovered.firstIndex).toBe(first);
  await expect(open(disk, SMALL_SEGMENTS)).rejects.toMatchObject({ finding: { row: "R9" } });
});

test("an opened log soon proves the last batch it found", async () => {
  const disk = new MemoryDisk();
  const { store } = await create(disk);
  await store.append(batchOf(entries(1, 3, 1)));
  disk.kill();
  const before = batches(disk, 1).length;
  const { environment } = await open(disk);
  await environment.world.run(1_000);
  expect(batches(disk, 1).length).toBe(before + 1);
  await environment.world.run(60_000);
  expect(batches(disk, 1).length).toBe(before + 1);
});
