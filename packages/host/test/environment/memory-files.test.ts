import { expect, test } from "vitest";
import { dieAtMutation, failNth } from "../../src/environment/file-faults.ts";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { SECTOR_BYTES } from "../../src/environment/memory-file-content.ts";
import { MemoryFiles } from "../../src/environment/memory-files.ts";
import { SeededRandom } from "../../src/environment/seeded-random.ts";

const seeds = Array.from({ length: 40 }, (_, seed) => seed);

function filled(length: number, value: number): Uint8Array {
  return new Uint8Array(length).fill(value);
}

/** A disk with one durable file of four sectors of 1. */
async function diskWithFile(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const files = new MemoryFiles(disk);
  await files.makeDirectory("d");
  await files.syncDirectory("");
  const file = await files.open("d/f", { mode: "create" });
  await file.write(0, [filled(SECTOR_BYTES * 4, 1)]);
  await file.sync();
  await files.syncDirectory("d");
  await file.close();
  return disk;
}

test("power loss keeps what was synced and each unsynced sector by chance", async () => {
  const outcomes = new Set<string>();
  for (const seed of seeds) {
    const disk = await diskWithFile();
    const file = await new MemoryFiles(disk).open("d/f", { mode: "write" });
    await file.write(SECTOR_BYTES, [filled(SECTOR_BYTES * 2, 2)]);
    disk.crash(new SeededRandom(seed));
    const bytes = disk.bytes("d/f") ?? new Uint8Array(0);
    const sectors = [0, 1, 2, 3].map((sector) => bytes[sector * SECTOR_BYTES]);
    expect([sectors[0], sectors[3]]).toEqual([1, 1]);
    for (const sector of [1, 2]) {
      const from = sector * SECTOR_BYTES;
      expect(new Set(bytes.subarray(from, from + SECTOR_BYTES)).size).toBe(1);
    }
    outcomes.add(sectors.join());
  }
  expect(outcomes).toEqual(new Set(["1,1,1,1", "1,2,1,1", "1,1,2,1", "1,2,2,1"]));
});

test("an overwritten sector may come back in any of its versions", async () => {
  const outcomes = new Set<number | undefined>();
  for (const seed of seeds) {
    const disk = await diskWithFile();
    const file = await new MemoryFiles(disk).open("d/f", { mode: "write" });
    await file.write(0, [filled(8, 2)]);
    await file.write(0, [filled(8, 3)]);
    disk.crash(new SeededRandom(seed));
    outcomes.add(disk.bytes("d/f")?.[0]);
  }
  expect(outcomes).toEqual(new Set([1, 2, 3]));
});

test("a durable write covers its own sectors and no others", async () => {
  const others = new Set<number | undefined>();
  for (const seed of seeds) {
    const disk = await diskWithFile();
    const file = await new MemoryFiles(disk).open("d/f", { mode: "write" });
    await file.write(0, [filled(4, 2)]);
    await file.writeDurably(SECTOR_BYTES * 2, [filled(4, 3), filled(4, 4)]);
    disk.crash(new SeededRandom(seed));
    const bytes = disk.bytes("d/f") ?? new Uint8Array(0);
    expect([...bytes.subarray(SECTOR_BYTES * 2, SECTOR_BYTES * 2 + 9)]).toEqual([
      3, 3, 3, 3, 4, 4, 4, 4, 1,
    ]);
    others.add(bytes[0]);
  }
  expect(others).toEqual(new Set([1, 2]));
});

test("bytes written while a sync is under way are not covered by it", async () => {
  const outcomes = new Set<number | undefined>();
  for (const seed of seeds) {
    const disk = await diskWithFile();
    const file = await new MemoryFiles(disk).open("d/f", { mode: "write" });
    const syncing = file.sync();
    const writing = file.write(0, [filled(4, 2)]);
    await Promise.all([syncing, writing]);
    disk.crash(new SeededRandom(seed));
    outcomes.add(disk.bytes("d/f")?.[0]);
  }
  expect(outcomes).toEqual(new Set([1, 2]));
});

test("names that were not synced stay or go, a rename as a whole", async () => {
  const outcomes = new Set<string>();
  for (const seed of seeds) {
    const disk = await diskWithFile();
    const files = new MemoryFiles(disk);
    await files.rename("d/f", "d/g");
    disk.crash(new SeededRandom(seed));
    outcomes.add(disk.paths().join());
  }
  expect(outcomes).toEqual(new Set(["d,d/f", "d,d/g"]));
});

test("a synced folder keeps its names, and a folder nobody synced takes its files along", async () => {
  for (const seed of seeds) {
    const disk = await diskWithFile();
    const files = new MemoryFiles(disk);
    await files.remove("d/f");
    await files.open("d/new", { mode: "create" });
    await files.syncDirectory("d");
    disk.crash(new SeededRandom(seed));
    expect(disk.paths()).toEqual(["d", "d/new"]);
  }
  const disk = new MemoryDisk();
  const files = new MemoryFiles(disk);
  await files.makeDirectory("lost");
  await files.open("lost/file", { mode: "create" });
  await files.syncDirectory("lost");
  disk.crash({ chance: () => false, integer: () => 0 } as unknown as SeededRandom);
  expect(disk.paths()).toEqual([]);
});

test("truncated bytes do not come back when the file grows again", async () => {
  for (const seed of seeds) {
    const disk = await diskWithFile();
    const file = await new MemoryFiles(disk).open("d/f", { mode: "write" });
    await file.truncate(0);
    await file.sync();
    await file.write(SECTOR_BYTES * 3, [filled(1, 9)]);
    disk.crash(new SeededRandom(seed));
    expect(disk.bytes("d/f")?.subarray(0, SECTOR_BYTES).includes(1) ?? false).toBe(false);
  }
});

test.each(["keep", "drop", "clean"] as const)("a failed sync with pages %s", async (pages) => {
  const disk = await diskWithFile();
  const files = new MemoryFiles(disk);
  files.fault = failNth(1, (operation) => operation.kind === "sync", {
    type: "error",
    code: "io",
    pages,
  });
  const file = await files.open("d/f", { mode: "write" });
  await file.write(0, [filled(1, 2)]);
  await expect(file.sync()).rejects.toMatchObject({ name: "FileError", code: "io" });
  expect(disk.bytes("d/f")?.[0]).toBe(pages === "drop" ? 1 : 2);
  await file.sync();
  disk.crash(new SeededRandom(1));
  expect(disk.bytes("d/f")?.[0]).toBe(pages === "keep" ? 2 : 1);
});

test("a full disk takes what fits and says noSpace", async () => {
  const disk = await diskWithFile();
  disk.capacityBytes = SECTOR_BYTES * 5;
  const files = new MemoryFiles(disk);
  const file = await files.open("d/f", { mode: "write" });
  expect(await files.freeBytes("d")).toBe(SECTOR_BYTES);
  await expect(file.write(SECTOR_BYTES * 4, [filled(600, 7)])).rejects.toMatchObject({
    code: "noSpace",
  });
  expect(await file.size()).toBe(SECTOR_BYTES * 5);
  await file.write(0, [filled(600, 7)]);
});

test("death stops everything: the operation may have happened, nothing settles", async () => {
  for (const applied of [true, false]) {
    const disk = await diskWithFile();
    const files = new MemoryFiles(disk, { fault: dieAtMutation(2, applied) });
    const file = await files.open("d/f", { mode: "write" });
    let settled = false;
    void file.write(0, [filled(1, 2)]).then(() => {
      settled = true;
    });
    for (let turn = 0; turn < 20; turn += 1) await undefined;
    expect(settled).toBe(false);
    expect(files.isDead).toBe(true);
    expect(disk.bytes("d/f")?.[0]).toBe(applied ? 2 : 1);
  }
});

test("a hanging operation goes on when it is released", async () => {
  const disk = await diskWithFile();
  let release: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  const files = new MemoryFiles(disk);
  const file = await files.open("d/f", { mode: "write" });
  files.fault = failNth(1, (operation) => operation.kind === "write", { type: "hang", until });
  const writing = file.write(0, [filled(1, 5)]);
  for (let turn = 0; turn < 20; turn += 1) await undefined;
  expect(disk.bytes("d/f")?.[0]).toBe(1);
  release();
  await writing;
  expect(disk.bytes("d/f")?.[0]).toBe(5);
});

test("a killed process leaves readable bytes that are still not durable, and frees its lock", async () => {
  const disk = await diskWithFile();
  const files = new MemoryFiles(disk);
  await files.lock("d/lock");
  await expect(new MemoryFiles(disk).lock("d/lock")).rejects.toMatchObject({ code: "locked" });
  const file = await files.open("d/f", { mode: "write" });
  await file.write(0, [filled(1, 2)]);
  disk.kill();
  await new MemoryFiles(disk).lock("d/lock");
  expect(disk.bytes("d/f")?.[0]).toBe(2);
  disk.crash({ chance: () => false, integer: () => 0 } as unknown as SeededRandom);
  expect(disk.bytes("d/f")?.[0]).toBe(1);
});
