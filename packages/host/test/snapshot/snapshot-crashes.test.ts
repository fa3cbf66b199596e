import type { SnapshotInfo } from "@quorate/core";
import { expect, test, vi } from "vitest";
import type { FileOperation } from "../../src/environment/file-faults.ts";
import { dieAtMutation, failNth } from "../../src/environment/file-faults.ts";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { MemoryFiles, type MemoryFilesOptions } from "../../src/environment/memory-files.ts";
import { SeededRandom } from "../../src/environment/seeded-random.ts";
import {
  type DirectorySnapshotStore,
  openSnapshots,
  type SnapshotSettings,
} from "../../src/snapshot/directory-snapshot-store.ts";
import { everyCrash } from "../log/every-crash.ts";
import { IS_EXHAUSTIVE, sayCrashes, sayDamage, Tally } from "../log/exhaustive.ts";

// Thousands of cases take their time on a busy machine.
vi.setConfig({ testTimeout: 600_000 });

const DIRECTORY = "data/snapshots";
/** Several chunks and several files in a few kilobytes. */
const SMALL: SnapshotSettings = { chunkBytes: 1_000, dataFileBytes: 3_000, syncBytes: 2_000 };

function mount(
  disk: MemoryDisk,
  options: MemoryFilesOptions = {},
  settings: SnapshotSettings = SMALL,
): Promise<DirectorySnapshotStore> {
  const files = new MemoryFiles(disk, options);
  return openSnapshots(memoryEnvironment({ files }), DIRECTORY, settings);
}

function described(index: number, id: string, bytes = 0): SnapshotInfo {
  const membership = {
    voters: [1, 2, 3],
    outgoing: [],
    learners: [],
    learnersNext: [],
    autoLeave: false,
  };
  return { term: 3, index, id, membership, bytes };
}

function content(length: number, salt = 1): Uint8Array {
  const random = new SeededRandom(salt);
  return Uint8Array.from({ length }, () => random.integer(256));
}

async function collect(
  store: DirectorySnapshotStore,
  info: SnapshotInfo,
  from = 0,
): Promise<number[]> {
  const bytes: number[] = [];
  for await (const chunk of store.read(info, from)) bytes.push(...chunk);
  return bytes;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 2_000; turn += 1) await undefined;
}

type Work = (store: DirectorySnapshotStore) => Promise<unknown>;

/** Runs `work` in a process that dies at its `point`-th change of the disk; undefined when it came to its end before. */
async function dieIn(
  disk: MemoryDisk,
  point: number,
  applied: boolean,
  work: Work,
): Promise<FileOperation | undefined> {
  const files = new MemoryFiles(disk);
  const store = await openSnapshots(memoryEnvironment({ files }), DIRECTORY, SMALL);
  const die = dieAtMutation(point, applied);
  let died: FileOperation | undefined;
  files.fault = (operation) => {
    const fault = die(operation);
    if (fault !== undefined) died = operation;
    return fault;
  };
  void work(store);
  await settle();
  return died;
}

/**
 * Ends the process before and after every change of the disk that `work` makes, and judges every state that the end of
 * the process or the loss of power may leave. After the last place `work` has come to its end.
 */
async function everywhere(
  what: string,
  prepare: (disk: MemoryDisk) => Promise<Work>,
  judge: (disk: MemoryDisk, died: boolean) => Promise<void>,
): Promise<void> {
  const places = new Tally();
  let states = 0;
  for (const applied of [true, false]) {
    for (let point = 1; ; point += 1) {
      const disk = new MemoryDisk();
      const operation = await dieIn(disk, point, applied, await prepare(disk));
      if (operation !== undefined) places.add(operation.kind);
      const killed = disk.fork();
      killed.kill();
      for (const after of [killed, ...everyCrash(disk)]) {
        states += 1;
        try {
          await judge(after, operation !== undefined);
        } catch (error) {
          throw new Error(`point ${point}, applied ${applied}, state ${states}`, { cause: error });
        }
      }
      if (operation === undefined) break;
    }
  }
  sayCrashes(what, places, states);
  expect(places.total).toBeGreaterThan(8);
}

test("a build that is broken off anywhere leaves the whole snapshot or none, and the older one untouched", async () => {
  const bytes = content(7_500);
  const older = { ...described(5, "older"), bytes: 2_500 };
  await everywhere(
    "snapshot that is built",
    async (disk) => {
      await write(await mount(disk), described(5, "older"), content(2_500, 2));
      return (store) => write(store, described(9, "new"), bytes);
    },
    async (disk, died) => {
      const store = await mount(disk, {}, { ...SMALL, verify: "content" });
      const listed = await store.list();
      const expected =
        listed.length === 2 ? [{ ...described(9, "new"), bytes: 7_500 }, older] : [older];
      expect(listed).toEqual(expected);
      for (const info of listed) expect(await store.check(info)).toBe("complete");
      if (!died) expect(listed.length).toBe(2);
      await store.prune(2, []);
      expect(disk.paths().filter((path) => path.endsWith(".partial"))).toEqual([]);
    },
  );
});

test("a transfer that is broken off anywhere goes on and ends with the right content", async () => {
  const bytes = content(7_500);
  const info = described(9, "received", bytes.length);
  await everywhere(
    "snapshot that is received",
    async () => (store) => write(store, info, bytes),
    async (disk) => {
      const store = await mount(disk);
      if ((await store.list()).length === 0) {
        const resumed = await store.resume(info);
        const writer = resumed ?? (await store.create(info));
        expect(writer.durableBytes % 1_000).toBe(0);
        await writer.write(bytes.subarray(writer.durableBytes));
        await writer.commit();
      }
      expect(await collect(store, info)).toEqual([...bytes]);
    },
  );
});

test("a removal that is broken off anywhere leaves the whole snapshot or none", async () => {
  const info = described(5, "a", 7_500);
  await everywhere(
    "snapshot that is removed",
    async (disk) => {
      await write(await mount(disk), described(5, "a"), content(7_500));
      return (store) => store.prune(0, []);
    },
    async (disk, died) => {
      const store = await mount(disk, {}, { ...SMALL, verify: "content" });
      const listed = await store.list();
      if (listed.length > 0) expect(await store.check(info)).toBe("complete");
      if (died) return;
      expect(listed).toEqual([]);
      // What the work left is durable only where it made it so; a start tidies up the rest.
      expect(disk.paths().filter((path) => path.startsWith(`${DIRECTORY}/`))).toEqual([]);
    },
  );
});

test("a process killed in a transfer resumes behind its last durable chunk, checked again", async () => {
  const bytes = content(7_500);
  const info = described(9, "received", bytes.length);
  const disk = new MemoryDisk();
  const writer = await (await mount(disk)).create(info);
  await writer.write(bytes.subarray(0, 5_700));
  expect(writer.durableBytes).toBe(4_000);
  disk.kill();
  const data = disk.paths().filter((path) => path.includes(".partial/data-"));
  const damaged = disk.fork();
  const [first = ""] = data;
  const chunk = damaged.bytes(first) ?? new Uint8Array(0);
  chunk[1_500] = (chunk[1_500] ?? 0) ^ 1;
  damaged.put(first, chunk);
  expect((await (await mount(disk)).resume(info))?.durableBytes).toBe(4_000);
  const resumed = await (await mount(damaged)).resume(info);
  expect(resumed?.durableBytes).toBe(1_000);
  await resumed?.write(bytes.subarray(1_000));
  await resumed?.commit();
  expect(await collect(await mount(damaged), info)).toEqual([...bytes]);
});

test("every damaged byte of every file is noticed, and no byte of another snapshot is served", async () => {
  const bytes = content(3_500);
  const disk = new MemoryDisk();
  const info = await write(await mount(disk), described(5, "a"), bytes);
  const files = disk.paths().filter((path) => (disk.bytes(path)?.length ?? 0) > 0);
  expect(files.map((path) => path.split("/").at(-1))).toEqual([
    "data-0000",
    "data-0001",
    "manifest",
  ]);
  const [flips, cuts] = [new Tally(), new Tally()];
  for (const path of files) {
    const whole = disk.bytes(path) ?? new Uint8Array(0);
    const isManifest = path.endsWith("manifest");
    for (let at = 0; at < whole.length; at += isManifest || IS_EXHAUSTIVE ? 1 : 7) {
      for (let bit = 0; bit < (IS_EXHAUSTIVE ? 8 : 1); bit += 1) {
        const damaged = disk.fork();
        const changed = whole.slice();
        changed[at] = (changed[at] ?? 0) ^ (1 << ((at + bit) % 8));
        damaged.put(path, changed);
        const store = await mount(damaged, {}, { ...SMALL, verify: "content" });
        expect([path, at, await store.check(info)]).toEqual([path, at, "damaged"]);
        await expect(collect(store, info)).rejects.toMatchObject({ code: "CORRUPT_SNAPSHOT" });
        if (isManifest) expect(await store.list()).toEqual([]);
        flips.add("noticed");
      }
    }
    for (let length = 0; length < whole.length; length += IS_EXHAUSTIVE ? 1 : 97) {
      const cut = disk.fork();
      cut.put(path, whole.slice(0, length));
      expect(await (await mount(cut)).check(info)).toBe("damaged");
      cuts.add("noticed");
    }
    const missing = disk.fork();
    missing.take(path);
    expect(await (await mount(missing)).check(info)).toBe("damaged");
    await expect(collect(await mount(missing), info)).rejects.toMatchObject({
      code: "CORRUPT_SNAPSHOT",
    });
  }
  sayDamage("flipped bits of a snapshot", flips);
  sayDamage("cuts of a snapshot", cuts);
  expect(await (await mount(disk)).check({ ...info, id: "b" })).toBe("missing");
});

test("the good chunks before a bad one are delivered, the bad one is not", async () => {
  const bytes = content(3_500);
  const disk = new MemoryDisk();
  const info = await write(await mount(disk), described(5, "a"), bytes);
  const path = disk.paths().find((name) => name.endsWith("data-0000")) ?? "";
  const changed = disk.bytes(path) ?? new Uint8Array(0);
  changed[2_500] = (changed[2_500] ?? 0) ^ 1;
  disk.put(path, changed);
  const store = await mount(disk);
  const delivered: number[] = [];
  await expect(
    (async () => {
      for await (const chunk of store.read(info, 0)) delivered.push(...chunk);
    })(),
  ).rejects.toMatchObject({ code: "CORRUPT_SNAPSHOT" });
  expect(delivered).toEqual([...bytes.subarray(0, 2_000)]);
  expect(await collect(store, info, 3_200)).toEqual([...bytes.subarray(3_200)]);
});

test("a writer whose disk failed writes no further, and its snapshot never counts", async () => {
  const disk = new MemoryDisk();
  const files = new MemoryFiles(disk);
  const store = await openSnapshots(memoryEnvironment({ files }), DIRECTORY, SMALL);
  const writer = await store.create(described(5, "a"));
  files.fault = failNth(1, ({ kind }) => kind === "write", { type: "error", code: "noSpace" });
  await expect(writer.write(content(1_500))).rejects.toMatchObject({ code: "noSpace" });
  await expect(writer.commit()).rejects.toMatchObject({ code: "noSpace" });
  expect(await store.list()).toEqual([]);
  await writer.discard();
  expect(disk.paths().filter((path) => path.includes("partial"))).toEqual([]);
});

async function write(
  store: DirectorySnapshotStore,
  info: SnapshotInfo,
  bytes: Uint8Array,
): Promise<SnapshotInfo> {
  const writer = await store.create(info);
  for (let at = 0; at < bytes.length; at += 700) await writer.write(bytes.subarray(at, at + 700));
  return writer.commit();
}
