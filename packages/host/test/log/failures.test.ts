import { expect, test } from "vitest";
import {
  type FileFault,
  type FileFaultHook,
  type FileOperation,
  failNth,
} from "../../src/environment/file-faults.ts";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { SeededRandom } from "../../src/environment/seeded-random.ts";
import { World } from "../../src/environment/world.ts";
import type { LogEvent } from "../../src/log/log-event.ts";
import { createLog, openLog } from "../../src/log/open-log.ts";
import { segments } from "./damage.ts";
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
  snapshotInfo,
} from "./log-fixture.ts";

const isDurableWrite = (operation: FileOperation): boolean => operation.kind === "writeDurably";

async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await undefined;
}

/** Every kind of fault a write can meet, each once. */
const WRITE_FAULTS: readonly (readonly [string, FileFault])[] = [
  ["an error, bytes kept", { type: "error", code: "io", pages: "keep" }],
  ["an error, bytes dropped", { type: "error", code: "io", pages: "drop" }],
  ["an error, bytes taken for clean", { type: "error", code: "io", pages: "clean" }],
  ["a short write", { type: "short", bytes: 20, code: "io" }],
  ["a disk that is suddenly read-only", { type: "error", code: "denied" }],
];

test.each(WRITE_FAULTS)("a failed write is final: %s", async (_name, fault) => {
  const disk = new MemoryDisk();
  const { store, environment } = await create(disk);
  await store.append(batchOf(entries(1, 5, 1), { hardState: { term: 1, vote: 7, commit: 3 } }));
  const before = await contents(store);
  environment.files.fault = failNth(1, isDurableWrite, fault);
  const failing = store.append(batchOf(entries(6, 7, 1)));
  const waiting = store.append(batchOf(entries(8, 8, 1)));
  for (const append of [failing, waiting]) {
    await expect(append).rejects.toMatchObject({
      code: "STORAGE_FAILED",
      outcome: "unknown",
      cause: { name: "FileError" },
    });
  }
  // The disk would take writes again: nobody may ask it to.
  const operations = environment.files.operations;
  await expect(store.append(batchOf(entries(6, 6, 1)))).rejects.toBe(store.failure);
  expect(environment.files.operations).toBe(operations);
  expect(store.lastIndex).toBe(5);
  expect(store.term(6)).toBe("unavailable");
  expect(await contents(store)).toEqual(before);
  await store.close();
  disk.kill();
  const again = await open(disk);
  expect(again.recovered.last.index).toBeGreaterThanOrEqual(5);
  expect(again.recovered.hardState).toEqual({ term: 1, vote: 7, commit: 3 });
});

test("what a failed write cut off in memory is not served as if it were durable", async () => {
  const { store, environment } = await create();
  await store.append(batchOf(entries(1, 10, 1)));
  environment.files.fault = failNth(1, isDurableWrite, { type: "error", code: "io" });
  await expect(store.append(batchOf(entries(5, 6, 2)))).rejects.toMatchObject({
    code: "STORAGE_FAILED",
  });
  expect(store.lastIndex).toBe(4);
  expect((await contents(store)).length).toBe(4);
});

test("a batch that was read after a failed sync is made durable before anything is built on it", async () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const disk = new MemoryDisk();
    const { store, environment } = await create(disk);
    await store.append(batchOf(entries(1, 1, 1)));
    const fault: FileFault = { type: "error", code: "io", pages: "clean" };
    environment.files.fault = failNth(1, isDurableWrite, fault);
    await expect(store.append(batchOf(entries(2, 2, 1)))).rejects.toThrow();
    disk.kill();
    const again = await open(disk);
    expect(again.recovered.last.index).toBe(2);
    await again.store.append(batchOf(entries(3, 3, 1)));
    disk.crash(new SeededRandom(seed));
    expect((await open(disk)).recovered.last.index).toBe(3);
  }
});

test("the name of a prepared segment is durable before anything is written into it", async () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const disk = new MemoryDisk();
    const { store, environment } = await create(disk, SMALL_SEGMENTS);
    const isNaming = ({ kind, path }: FileOperation): boolean =>
      kind === "syncDirectory" && path === DIRECTORY && segments(disk).length > 1;
    environment.files.fault = failNth(1, isNaming, { type: "death", applied: false });
    let index = 0;
    while (!environment.files.isDead) {
      index += 1;
      void store.append(batchOf(entries(index, index, 1, 100)));
      await settle();
    }
    disk.kill();
    const again = await open(disk, SMALL_SEGMENTS);
    let next = again.store.lastIndex;
    const roll = again.environment.files;
    const isPreparing: FileFaultHook = ({ kind, path }) =>
      kind === "open" && path.endsWith(".tmp") ? { type: "death", applied: false } : undefined;
    roll.fault = isPreparing;
    while (!roll.isDead && next < 200) {
      await Promise.race([
        again.store.append(batchOf(entries(next + 1, next + 1, 1, 100))).then(() => {
          next += 1;
        }),
        settle(),
      ]);
    }
    disk.crash(new SeededRandom(seed));
    const last = (await open(disk, SMALL_SEGMENTS)).recovered.last.index;
    expect(last).toBeGreaterThanOrEqual(next);
  }
});

test("nothing is purged before the segment that repeats its markers has them", async () => {
  const disk = new MemoryDisk();
  const { store, environment } = await create(disk, SMALL_SEGMENTS);
  await store.append(batchOf(entries(1, 20, 1)));
  for (const id of ["a", "b"]) {
    const snapshot = { info: snapshotInfo(20, 1, id), replacesLog: false };
    await store.append(batchOf([], { snapshot }));
  }
  let release: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  const second = "0000000000000002.log";
  const isFirstBatch = ({ kind, path }: FileOperation): boolean =>
    kind === "writeDurably" && (path.endsWith(second) || path.endsWith(`${second}.tmp`));
  environment.files.fault = failNth(1, isFirstBatch, { type: "hang", until });
  const append = store.append(batchOf(entries(21, 21, 1, 3_500)));
  await settle();
  expect(await store.compact(20)).toBe(1);
  const fork = disk.fork();
  fork.crash(new SeededRandom(3));
  const recovered = await open(fork, SMALL_SEGMENTS);
  expect(recovered.recovered.snapshots.map((info) => info.id)).toEqual(["b", "a"]);
  release();
  await append;
  expect(await store.compact(20)).toBe(21);
  expect(segments(disk)).toEqual([2]);
  disk.crash();
  const again = await open(disk, SMALL_SEGMENTS);
  expect(again.recovered.firstIndex).toBe(21);
  expect(again.recovered.snapshots.map((info) => info.id)).toEqual(["b", "a"]);
});

test("while a write hangs, appends gather; when it goes on they share one write", async () => {
  const { store, environment } = await create();
  let release: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  environment.files.fault = failNth(1, isDurableWrite, { type: "hang", until });
  const order: number[] = [];
  const appends: Promise<void>[] = [];
  for (let index = 1; index <= 50; index += 1) {
    appends.push(
      store.append(batchOf(entries(index, index, 1))).then(() => void order.push(index)),
    );
    await undefined;
  }
  await settle();
  expect(order).toEqual([]);
  const before = environment.files.operations;
  release();
  await Promise.all(appends);
  expect(order).toEqual(Array.from({ length: 50 }, (_, place) => place + 1));
  expect(environment.files.operations - before).toBe(1);
});

test("a full disk is found before data is at risk, and the log goes on when there is room", async () => {
  const disk = new MemoryDisk();
  const events: LogEvent[] = [];
  const environment = mount(disk);
  const settings = { ...SETTINGS, onEvent: (event: LogEvent) => void events.push(event) };
  const { store } = await createLog(environment, DIRECTORY, settings);
  disk.capacityBytes = disk.usedBytes;
  let last = 0;
  const appendOne = async (): Promise<void> => {
    await store.append(batchOf(entries(last + 1, last + 1, 1, 50_000)));
    last += 1;
    await settle();
  };
  while (store.space === "enough") await appendOne();
  expect(events).toEqual([{ type: "spaceLow" }]);
  // What room there is goes on being used.
  await appendOne();
  await appendOne();
  disk.capacityBytes += 20 << 20;
  await environment.world.run(2_000);
  expect(store.space).toBe("enough");
  expect(events).toEqual([{ type: "spaceLow" }, { type: "spaceFreed" }]);
  for (let more = 0; more < 20; more += 1) await appendOne();
  disk.crash();
  expect((await open(disk)).recovered.last.index).toBe(last);
});

test("when the last room is used up appends are refused, reads go on, and a later start is whole", async () => {
  const disk = new MemoryDisk();
  const { store } = await create(disk);
  disk.capacityBytes = disk.usedBytes;
  let last = 0;
  let refused: unknown;
  while (refused === undefined) {
    await store.append(batchOf(entries(last + 1, last + 1, 1, 50_000))).then(
      () => {
        last += 1;
      },
      (error: unknown) => {
        refused = error;
      },
    );
  }
  expect(refused).toMatchObject({ code: "STORAGE_FULL", outcome: "notApplied", retryable: true });
  expect(last).toBeGreaterThan(15);
  await expect(store.append(batchOf([]))).rejects.toBe(refused);
  expect(store.lastIndex).toBe(last);
  expect((await contents(store)).length).toBe(last);
  await store.close();
  disk.capacityBytes += 20 << 20;
  const again = await open(disk);
  expect(again.recovered.last.index).toBe(last);
  expect(again.recovered.truncatedBytes).toBe(0);
  await again.store.append(batchOf(entries(last + 1, last + 40, 1, 50_000)));
  expect((await contents(again.store)).length).toBe(last + 40);
});

test("preparing room fails for another reason: the disk is not to be trusted any more", async () => {
  const { store, environment } = await create();
  environment.files.fault = failNth(1, ({ kind }) => kind === "sync", {
    type: "error",
    code: "io",
  });
  let error: unknown;
  for (let index = 1; error === undefined && index < 60; index += 1) {
    await store.append(batchOf(entries(index, index, 1, 50_000))).catch((reason: unknown) => {
      error = reason;
    });
    await settle();
  }
  expect(error).toMatchObject({ code: "STORAGE_FAILED" });
});

test("a disk that gives back other bytes than were written is caught at the read", async () => {
  const disk = new MemoryDisk();
  const { store, environment } = await create(disk, {
    ...SETTINGS,
    cacheBytes: 0,
    readCacheBytes: 0,
  });
  await store.append(batchOf(entries(1, 10, 1, 100)));
  const path = disk.paths().find((name) => name.endsWith(".log")) ?? "";
  const file = await environment.files.open(path, { mode: "write" });
  await file.write(400, [new Uint8Array([1, 2, 3])]);
  await expect(store.read(1, 11, 10_000)).rejects.toMatchObject({ code: "CORRUPT_LOG" });
});

test("files that cannot be opened, listed or removed are errors with their cause", async () => {
  for (const kind of ["open", "list", "read", "remove"] as const) {
    const disk = new MemoryDisk();
    const { store } = await create(disk);
    await store.append(batchOf(entries(1, 1, 1)));
    disk.kill();
    disk.put(`${DIRECTORY}/0000000000000009.log.tmp`, new Uint8Array(1));
    const environment = mount(disk, {
      fault: failNth(1, (operation) => operation.kind === kind, { type: "error", code: "denied" }),
    });
    await expect(openLog(environment, DIRECTORY, SETTINGS)).rejects.toMatchObject({
      code: "STORAGE_FAILED",
      outcome: "notApplied",
      cause: { name: "FileError", code: "denied" },
    });
    // Nothing was lost on the way.
    expect((await open(disk)).recovered.last.index).toBe(1);
  }
});

test("a write that ends well after the log has failed for another reason is not taken in", async () => {
  const { store, environment } = await create();
  await store.append(batchOf(entries(1, 1, 1, 600_000)));
  let release: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hang = failNth(1, isDurableWrite, { type: "hang", until });
  environment.files.fault = (operation) =>
    operation.kind === "sync" ? { type: "error", code: "io" } : hang(operation);
  const append = store.append(batchOf(entries(2, 2, 1)));
  await expect(append).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  release();
  await settle();
  expect([store.lastIndex, store.durableIndex]).toEqual([1, 1]);
  expect((await contents(store)).length).toBe(1);
});

test("a disk that is full from the start is said to be, and creating the log works once it is not", async () => {
  const disk = new MemoryDisk();
  disk.capacityBytes = 1_000;
  await expect(create(disk)).rejects.toMatchObject({ code: "STORAGE_FULL", retryable: true });
  expect(disk.usedBytes).toBe(0);
  disk.capacityBytes = 2 << 20;
  const { store } = await create(disk);
  await store.append(batchOf(entries(1, 1, 1)));
});

test("entries behind a received snapshot whose marker never became durable are not served", async () => {
  const { store, environment } = await create();
  await store.append(batchOf(entries(1, 20, 1)));
  let release: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  let writes = 0;
  environment.files.fault = (operation): FileFault | undefined => {
    if (!isDurableWrite(operation)) return undefined;
    writes += 1;
    return writes === 1 ? { type: "hang", until } : { type: "error", code: "io" };
  };
  const before = store.append(batchOf(entries(21, 21, 1)));
  await settle();
  const snapshot = { info: snapshotInfo(500, 1), replacesLog: true };
  const lost = store.append(batchOf(entries(501, 502, 1), { snapshot }));
  expect(store.lastIndex).toBe(502);
  release();
  await before;
  await expect(lost).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  expect([store.firstIndex, store.lastIndex]).toEqual([501, 500]);
});

test("a log that begins a new segment behind a torn tail writes one batch at a time, however slow the disk", async () => {
  const disk = new MemoryDisk();
  const { store, environment } = await create(disk);
  await store.append(batchOf(entries(1, 5, 1)));
  environment.files.fault = failNth(1, isDurableWrite, { type: "short", bytes: 20, code: "io" });
  await expect(store.append(batchOf(entries(6, 6, 1)))).rejects.toThrow();
  disk.kill();
  const world = new World({ seed: 1 });
  const slow = memoryEnvironment({
    disk,
    world,
    diskDelayMs: ({ kind }) => (kind === "writeDurably" ? 50 : 0),
  });
  // By then the log counts as idle from its first moment on.
  await world.run(1_000);
  const again = await world.complete(openLog(slow, DIRECTORY, SETTINGS));
  expect(again.recovered.truncatedBytes).toBeGreaterThan(0);
  await world.complete(again.store.append(batchOf(entries(6, 8, 1))));
  await world.run(1_000);
  disk.kill();
  expect((await open(disk)).recovered.last.index).toBe(8);
});
