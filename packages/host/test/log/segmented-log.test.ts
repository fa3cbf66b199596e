import { expect, test } from "vitest";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { World } from "../../src/environment/world.ts";
import { openLog } from "../../src/log/open-log.ts";
import {
  batchOf,
  contents,
  create,
  DIRECTORY,
  entries,
  entry,
  open,
  SETTINGS,
  SMALL_SEGMENTS,
  shortly,
  snapshotInfo,
} from "./log-fixture.ts";

test("what was appended is there after a restart, with the hard state", async () => {
  const disk = new MemoryDisk();
  const { store } = await create(disk);
  const first = store.append(
    batchOf([entry(1, 1, "", "noop"), entry(2, 1, "two")], {
      hardState: { term: 1, vote: 7, commit: 0 },
    }),
  );
  const second = store.append(
    batchOf([entry(3, 2, "three", "membership")], { hardState: { term: 2, vote: 0, commit: 2 } }),
  );
  await Promise.all([first, second]);
  const before = await contents(store);
  disk.crash();
  const again = await open(disk);
  expect(again.recovered).toEqual({
    hardState: { term: 2, vote: 0, commit: 2 },
    firstIndex: 1,
    last: { index: 3, term: 2 },
    snapshots: [],
    truncatedBytes: 0,
  });
  expect(await contents(again.store)).toEqual(before);
  expect(before[2]).toBe(shortly(entry(3, 2, "three", "membership")));
  expect([0, 1, 2, 3, 4].map((index) => again.store.term(index))).toEqual([
    0,
    1,
    1,
    2,
    "unavailable",
  ]);
});

test("many segments, purged as a whole below both snapshots", async () => {
  const disk = new MemoryDisk();
  const { store } = await create(disk, SMALL_SEGMENTS);
  for (let index = 1; index <= 200; index += 1) await store.append(batchOf([entry(index, 1, 100)]));
  expect(await store.compact(150)).toBe(1);
  await store.append(batchOf([], { snapshot: { info: snapshotInfo(100, 1), replacesLog: false } }));
  expect(await store.compact(150)).toBe(1);
  await store.append(batchOf([], { snapshot: { info: snapshotInfo(180, 1), replacesLog: false } }));
  const first = await store.compact(150);
  expect(first).toBeGreaterThan(60);
  expect(first).toBeLessThanOrEqual(101);
  expect(store.term(first - 1)).toBe(1);
  expect(store.term(first - 2)).toBe("compacted");
  const before = await contents(store);
  disk.crash();
  const again = await open(disk, SMALL_SEGMENTS);
  expect(again.recovered.firstIndex).toBe(first);
  expect(again.recovered.snapshots.map((info) => info.index)).toEqual([180, 100]);
  expect(await contents(again.store)).toEqual(before);
});

test("a suffix that was cut off stays cut off, across segments and restarts", async () => {
  const disk = new MemoryDisk();
  const { store } = await create(disk, SMALL_SEGMENTS);
  for (let index = 1; index <= 100; index += 1) await store.append(batchOf([entry(index, 1, 100)]));
  await store.append(batchOf(entries(41, 60, 2, 100)));
  expect(store.lastIndex).toBe(60);
  const before = await contents(store);
  expect(before.length).toBe(60);
  disk.crash();
  const again = await open(disk, SMALL_SEGMENTS);
  expect(await contents(again.store)).toEqual(before);
});

test("entries that a cut has made void are not read again while the cut is on its way to the disk", async () => {
  const disk = new MemoryDisk();
  const { store } = await create(disk);
  await store.append(batchOf(entries(1, 8, 3)));
  disk.kill();
  const world = new World();
  const slow = memoryEnvironment({
    disk,
    world,
    diskDelayMs: ({ kind }) => (kind === "writeDurably" ? 50 : 0),
  });
  // Nothing of a log that was just opened is in memory.
  const again = await world.complete(openLog(slow, DIRECTORY, SETTINGS));
  const cut = again.store.append(batchOf(entries(6, 6, 4)));
  await world.complete(again.store.read(5, 6, 1_000));
  await world.complete(cut);
  const held = await world.complete(again.store.read(5, 7, 1_000));
  expect(held[0]).toMatchObject({ index: 5, term: 3 });
  expect(held.filter(({ index, term }) => index > 5 && term !== 4)).toEqual([]);
});
