import type { SnapshotInfo } from "@quorate/core";
import { expect, test, vi } from "vitest";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { examineLog } from "../../src/log/examination.ts";
import { BATCH_HEADER_BYTES, SEGMENT_HEADER_BYTES } from "../../src/log/log-format.ts";
import { checkMachinePosition } from "../../src/log/machine-position.ts";
import {
  finishRecord,
  writeBase,
  writeSeal,
  writeState,
  writeTruncate,
} from "../../src/log/record-writer.ts";
import { RECOVERY_TABLE, type RecoveryRow } from "../../src/log/recovery-table.ts";
import type { SnapshotCatalog } from "../../src/log/snapshot-catalog.ts";
import {
  batches,
  bytesOf,
  change,
  flip,
  forge,
  segmentPath,
  segments,
  writeEntries,
} from "./damage.ts";
import {
  batchOf,
  contents,
  create,
  DIRECTORY,
  entries,
  mount,
  open,
  SMALL_SEGMENTS,
  snapshotInfo,
} from "./log-fixture.ts";

// Thousands of cases take their time on a busy machine.
vi.setConfig({ testTimeout: 600_000 });

const HARD_STATE = { term: 1, vote: 0, commit: 0 };

/** A log of ten batches with one entry each, in one segment, closed without a mark. */
async function oneSegment(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const { store } = await create(disk, SMALL_SEGMENTS);
  for (let index = 1; index <= 10; index += 1)
    await store.append(batchOf(entries(index, index, 1)));
  disk.kill();
  return disk;
}

/** A log over several segments with 100 entries. */
async function manySegments(seed = 1): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const { store } = await create(disk, SMALL_SEGMENTS, seed);
  for (let index = 1; index <= 100; index += 1) {
    await store.append(batchOf(entries(index, index, 1, 100)));
  }
  disk.kill();
  expect(segments(disk).length).toBeGreaterThan(2);
  return disk;
}

async function refusal(disk: MemoryDisk, settings = SMALL_SEGMENTS): Promise<unknown> {
  return open(disk, settings).then(
    () => "opened",
    (error: unknown) => error,
  );
}

function refusedBy(row: RecoveryRow, code = "CORRUPT_LOG"): unknown {
  return expect.objectContaining({ code, finding: expect.objectContaining({ row }) });
}

test("every row of the table has its verdict", () => {
  const verdicts = Object.entries(RECOVERY_TABLE).map(([row, rule]) => `${row} ${rule.verdict}`);
  expect(verdicts).toEqual([
    "R1 good",
    "R2 tornTail",
    "R3 corrupt",
    "R4 good",
    "R5 corrupt",
    "R6 leftover",
    "R7 corrupt",
    "R8 corrupt",
    "R9 fallback",
    "R10 leftover",
    "R11 mismatch",
    "R12 corrupt",
    "R13 mismatch",
    "R14 corrupt",
  ]);
});

test("R1: intact batches that continue the chain are replayed", async () => {
  const opened = await open(await manySegments(), SMALL_SEGMENTS);
  expect(opened.recovered.last).toEqual({ index: 100, term: 1 });
  expect((await contents(opened.store)).length).toBe(100);
});

test("R2: a torn last batch that was never acknowledged is set aside, and the log goes on", async () => {
  const disk = await oneSegment();
  const last = batches(disk, 1).at(-1);
  if (last === undefined) throw new Error("no batch");
  change(disk, 1, (bytes) => flip(bytes, last.from + BATCH_HEADER_BYTES + 3));
  const torn = bytesOf(disk, 1).slice(last.from, last.to);
  const opened = await open(disk);
  expect(opened.recovered.last.index).toBe(9);
  expect(opened.recovered.truncatedBytes).toBe(endOfContent(torn));
  expect(opened.findings).toEqual([
    expect.objectContaining({ row: "R2", verdict: "tornTail", offset: last.from }),
  ]);
  const aside = disk.bytes(`${segmentPath(1)}.${last.header.sequence}.torn`);
  expect(aside).toEqual(torn.slice(0, endOfContent(torn)));
  await opened.store.append(batchOf(entries(10, 12, 2)));
  disk.crash();
  const again = await open(disk);
  expect(again.recovered.last).toEqual({ index: 12, term: 2 });
  expect(again.recovered.truncatedBytes).toBe(0);
});

test("R2: an intact header without its body, and garbage without a header, are torn tails as well", async () => {
  for (const shape of ["header only", "garbage", "zeros, then garbage"]) {
    const disk = await oneSegment();
    const last = batches(disk, 1).at(-1);
    if (last === undefined) throw new Error("no batch");
    change(disk, 1, (bytes) => {
      if (shape === "header only") bytes.fill(0, last.from + BATCH_HEADER_BYTES, last.to);
      if (shape === "garbage") bytes.fill(0xa5, last.to, last.to + 700);
      if (shape === "zeros, then garbage") bytes.fill(0xa5, last.to + 512, last.to + 700);
      return undefined;
    });
    const opened = await open(disk);
    expect([shape, opened.recovered.last.index]).toEqual([shape, shape === "header only" ? 9 : 10]);
    expect(opened.recovered.truncatedBytes).toBeGreaterThan(0);
  }
});

test("R2: the same torn tail found again after a crash in recovery is dealt with again", async () => {
  const disk = await oneSegment();
  const last = batches(disk, 1).at(-1);
  change(disk, 1, (bytes) => flip(bytes, (last?.from ?? 0) + BATCH_HEADER_BYTES));
  const fork = disk.fork();
  await open(disk);
  disk.crash();
  await open(disk);
  disk.crash();
  const opened = await open(disk);
  expect(opened.recovered.last.index).toBe(9);
  expect((await contents((await open(fork, SMALL_SEGMENTS)).store)).length).toBe(9);
});

test("R3: the same damage with a later batch that says it was durable is corruption", async () => {
  const disk = await oneSegment();
  const found = batches(disk, 1);
  for (const [place, batch] of found.slice(0, -1).entries()) {
    const damaged = disk.fork();
    change(damaged, 1, (bytes) => flip(bytes, batch.from + BATCH_HEADER_BYTES + 1));
    const error = await refusal(damaged);
    expect(error).toEqual(refusedBy("R3"));
    expect(error).toMatchObject({ finding: { offset: batch.from } });
    expect(bytesOf(damaged, 1)[found[place + 1]?.from ?? 0]).toBe(0x42);
  }
});

test("R3: a mark on an idle log gives rot in the last acknowledged batch away", async () => {
  const disk = new MemoryDisk();
  const { store, environment } = await create(disk, SMALL_SEGMENTS);
  await store.append(batchOf(entries(1, 3, 1)));
  const last = batches(disk, 1).at(-1);
  await environment.world.run(1_000);
  expect(batches(disk, 1).length).toBe(3);
  disk.kill();
  change(disk, 1, (bytes) => flip(bytes, (last?.to ?? 0) - 9));
  expect(await refusal(disk)).toEqual(refusedBy("R3"));
});

test("R3: a batch of the same log in the wrong place is no torn write", async () => {
  const disk = await oneSegment();
  const found = batches(disk, 1);
  const [from, to] = [found.at(-2), found.at(-1)];
  change(disk, 1, (bytes) => {
    bytes.copyWithin(to?.from ?? 0, from?.from ?? 0, from?.to ?? 0);
    return undefined;
  });
  expect(await refusal(disk)).toEqual(refusedBy("R3"));
});

test.each<[string, (bytes: Uint8Array, at: number) => number]>([
  ["leave a gap", (bytes, at) => writeEntries(bytes, at, 12, 1, 1)],
  ["come twice", (bytes, at) => writeEntries(bytes, at, 10, 1, 1)],
  ["go back in term", (bytes, at) => writeEntries(bytes, at, 11, 0, 1)],
  [
    "are cut off where there are none",
    (bytes, at) => writeTruncate(bytes, at, { index: 11, term: 1 }),
  ],
  ["begin a second time", (bytes, at) => writeBase(bytes, at, { index: 10, term: 1 })],
  ["are of a kind nobody knows", (bytes, at) => finishRecord(bytes, at, 99, at + 5)],
  [
    "have fields nobody knows",
    (bytes, at) => finishRecord(bytes, at, 2, writeState(bytes, at, HARD_STATE) + 1),
  ],
  [
    "are sealed with a wrong count",
    (bytes, at) =>
      writeSeal(bytes, at, {
        entryCount: 9,
        firstIndex: 1,
        lastIndex: 10,
        batchesCrc: 0,
        nextTag: 0,
      }),
  ],
])("R3: an intact batch whose records %s is no accident of the disk", async (_name, write) => {
  const disk = await oneSegment();
  forge(disk, 1, (bytes, at) => write(bytes, writeState(bytes, at, HARD_STATE)));
  expect(await refusal(disk)).toEqual(refusedBy("R3"));
});

test("a forged batch that is right is taken in", async () => {
  const disk = await oneSegment();
  forge(disk, 1, (bytes, at) => writeEntries(bytes, at, 11, 2, 3));
  expect((await open(disk)).recovered.last).toEqual({ index: 13, term: 2 });
});

test("R4: zeros to the end of the file end the log, checked to the last byte", async () => {
  const disk = await oneSegment();
  const opened = await open(disk);
  expect(opened.findings).toEqual([expect.objectContaining({ row: "R4" })]);
  const dirty = await oneSegment();
  change(dirty, 1, (bytes) => flip(bytes, bytes.length - 1));
  expect((await open(dirty, SMALL_SEGMENTS)).findings).toEqual([
    expect.objectContaining({ row: "R2" }),
  ]);
});

test("R5: any damage in a segment that others follow is corruption", async () => {
  const disk = await manySegments();
  for (const batch of batches(disk, 1)) {
    for (const at of [batch.from, batch.from + 9, batch.to - 8]) {
      const damaged = disk.fork();
      change(damaged, 1, (bytes) => flip(bytes, at));
      expect([at, await refusal(damaged)]).toEqual([at, refusedBy("R5")]);
    }
  }
});

test("R5: a missing seal, and anything behind a seal, is corruption", async () => {
  const disk = await manySegments();
  const seal = batches(disk, 1).at(-1);
  const unsealed = disk.fork();
  change(unsealed, 1, (bytes) => void bytes.fill(0, seal?.from, seal?.to));
  expect(await refusal(unsealed)).toEqual(refusedBy("R5"));
  const behind = disk.fork();
  change(behind, 1, (bytes) => flip(bytes, bytes.length - 1));
  expect(await refusal(behind)).toEqual(refusedBy("R5"));
});

test("R6: a segment that was being prepared is deleted", async () => {
  const disk = await manySegments();
  disk.put(`${segmentPath(99)}.tmp`, new Uint8Array(100));
  const opened = await open(disk, SMALL_SEGMENTS);
  expect(opened.findings).toContainEqual(expect.objectContaining({ row: "R6" }));
  expect(disk.bytes(`${segmentPath(99)}.tmp`)).toBeUndefined();
});

test("R6: a prepared segment that was never used is kept when it is clean, and replaced when it is not", async () => {
  for (const isClean of [true, false]) {
    const disk = new MemoryDisk();
    const { store } = await create(disk, SMALL_SEGMENTS);
    let index = 0;
    while (segments(disk).length < 2) {
      index += 1;
      await store.append(batchOf(entries(index, index, 1, 100)));
    }
    disk.kill();
    expect(batches(disk, 2)).toEqual([]);
    if (!isClean) change(disk, 2, (bytes) => flip(bytes, 300));
    const opened = await open(disk, SMALL_SEGMENTS);
    const rows = opened.findings.map((found) => found.row);
    expect(rows).toEqual(isClean ? ["R4"] : ["R6", "R4"]);
    for (let more = index + 1; more <= index + 60; more += 1) {
      await opened.store.append(batchOf(entries(more, more, 1, 100)));
    }
    disk.crash();
    expect((await open(disk, SMALL_SEGMENTS)).recovered.last.index).toBe(index + 60);
  }
});

test("R7: an invalid header of a named segment is corruption, in every byte", async () => {
  const disk = await manySegments();
  for (const segment of segments(disk)) {
    for (let at = 0; at < SEGMENT_HEADER_BYTES; at += 1) {
      const damaged = disk.fork();
      change(damaged, segment, (bytes) => flip(bytes, at, at % 8));
      expect([at, await refusal(damaged)]).toEqual([at, refusedBy("R7")]);
    }
  }
});

test("R8: a missing segment is noticed, wherever it is", async () => {
  const disk = await manySegments();
  const numbers = segments(disk).filter((number) => batches(disk, number).length > 0);
  const [first = 0, second = 0] = numbers;
  const last = numbers.at(-1) ?? 0;
  const without = (...missing: number[]): MemoryDisk => {
    const damaged = disk.fork();
    for (const number of missing) damaged.take(segmentPath(number));
    return damaged;
  };
  expect(await refusal(without(second))).toEqual(refusedBy("R8"));
  const prepared = segments(disk).filter((number) => number > last);
  expect(await refusal(without(last, ...prepared))).toEqual(refusedBy("R8"));
  // Without its beginning the log begins later, and no snapshot reaches back to there.
  expect(await refusal(without(first))).toEqual(refusedBy("R9"));
});

test("R8: a segment that does not continue the one before is noticed", async () => {
  const disk = await manySegments();
  const other = await manySegments(2);
  disk.put(segmentPath(2), bytesOf(other, 2));
  expect(await refusal(disk)).toEqual(refusedBy("R8"));
  const renamed = await manySegments();
  const last = segments(renamed).at(-1) ?? 0;
  renamed.put(segmentPath(last + 1), bytesOf(renamed, last));
  renamed.take(segmentPath(last));
  expect(await refusal(renamed)).toEqual(refusedBy("R8"));
});

/** Snapshots that exist by name only. */
class Catalog implements SnapshotCatalog {
  readonly removed: string[] = [];
  readonly #states: ReadonlyMap<string, "complete" | "damaged">;

  constructor(states: Readonly<Record<string, "complete" | "damaged">>) {
    this.#states = new Map(Object.entries(states));
  }

  async list(): Promise<readonly SnapshotInfo[]> {
    return [...this.#states.keys()].map((id) => snapshotInfo(1, 1, id));
  }

  async check(info: SnapshotInfo): Promise<"complete" | "missing" | "damaged"> {
    return this.#states.get(info.id) ?? "missing";
  }

  async remove(info: SnapshotInfo): Promise<void> {
    this.removed.push(info.id);
  }
}

/** 100 entries, snapshots at 40 and 80, purged below 40. */
async function withSnapshots(): Promise<MemoryDisk> {
  const disk = await manySegments();
  const { store } = await open(disk, SMALL_SEGMENTS);
  for (const index of [40, 80]) {
    const snapshot = { info: snapshotInfo(index, 1), replacesLog: false };
    await store.append(batchOf([], { snapshot }));
  }
  expect(await store.compact(80)).toBeGreaterThan(20);
  disk.kill();
  return disk;
}

test.each([
  ["both there", { s40: "complete", s80: "complete" }, [80, 40], []],
  ["the newest damaged", { s40: "complete", s80: "damaged" }, [40], ["R9"]],
  ["the newest missing", { s40: "complete" }, [40], ["R9"]],
  ["the older missing", { s80: "complete" }, [80], ["R9"]],
] as const)("R9: snapshots with %s", async (_name, states, expected, rows) => {
  const snapshots = new Catalog(states);
  const opened = await open(await withSnapshots(), { ...SMALL_SEGMENTS, snapshots });
  expect(opened.recovered.snapshots.map((info) => info.index)).toEqual(expected);
  const found = opened.findings.map((finding) => finding.row).filter((row) => row === "R9");
  expect(found).toEqual(rows);
});

test("R9: a damaged snapshot is removed once the log does without it, a missing one needs no removal", async () => {
  const snapshots = new Catalog({ s40: "complete", s80: "damaged" });
  await open(await withSnapshots(), { ...SMALL_SEGMENTS, snapshots });
  expect(snapshots.removed).toEqual(["s80"]);
});

test("R9: with no snapshot left that the log reaches back to, the log is refused and kept", async () => {
  const disk = await withSnapshots();
  const before = disk.paths();
  const snapshots = new Catalog({ s40: "damaged", s80: "damaged" });
  expect(await refusal(disk, { ...SMALL_SEGMENTS, snapshots })).toEqual(refusedBy("R9"));
  expect(disk.paths()).toEqual(before);
  expect(snapshots.removed).toEqual([]);
  const lenient = await open(disk, { ...SMALL_SEGMENTS, snapshots, guardSnapshots: false });
  expect(lenient.recovered.snapshots).toEqual([]);
});

test("R9: behind a received snapshot there is no way back to an older one", async () => {
  const disk = new MemoryDisk();
  const { store } = await create(disk, SMALL_SEGMENTS);
  await store.append(batchOf(entries(1, 20, 1)));
  const older = { info: snapshotInfo(10, 1), replacesLog: false };
  await store.append(batchOf([], { snapshot: older }));
  const received = { info: snapshotInfo(50, 2), replacesLog: true };
  await store.append(batchOf([], { snapshot: received }));
  disk.kill();
  const fit = new Catalog({ s10: "complete", s50: "complete" });
  const opened = await open(disk.fork(), { ...SMALL_SEGMENTS, snapshots: fit });
  expect(opened.recovered.snapshots.map((info) => info.index)).toEqual([50]);
  const lost = new Catalog({ s10: "complete" });
  expect(await refusal(disk, { ...SMALL_SEGMENTS, snapshots: lost })).toEqual(refusedBy("R9"));
});

test("R10: a snapshot without a marker is deleted", async () => {
  const snapshots = new Catalog({ s40: "complete", s80: "complete", stray: "complete" });
  const opened = await open(await withSnapshots(), { ...SMALL_SEGMENTS, snapshots });
  expect(snapshots.removed).toEqual(["stray"]);
  expect(opened.findings).toContainEqual(expect.objectContaining({ row: "R10" }));
});

test.each([
  ["cluster", { clusterId: "other" }],
  ["group", { groupId: 2 }],
  ["member", { memberId: 8 }],
])("R11: the log of another %s is refused and left as it is", async (_name, other) => {
  const disk = await manySegments();
  const before = disk.paths().map((path) => disk.bytes(path));
  expect(await refusal(disk, { ...SMALL_SEGMENTS, ...other })).toEqual(
    refusedBy("R11", "CLUSTER_MISMATCH"),
  );
  expect(disk.paths().map((path) => disk.bytes(path))).toEqual(before);
});

test("R12: a commit index beyond the last entry is corruption", async () => {
  const disk = await oneSegment();
  forge(disk, 1, (bytes, at) => writeState(bytes, at, { term: 1, vote: 0, commit: 11 }));
  expect(await refusal(disk)).toEqual(refusedBy("R12"));
});

test.each([
  ["within the log", 60, true],
  ["at the last entry", 100, true],
  ["right before the first", 40, true],
  ["beyond the last", 101, false],
  ["before the log, with a snapshot that leads there", 10, true],
] as const)("R13: a state machine %s", async (_name, index, fits) => {
  const opened = await open(await withSnapshots(), SMALL_SEGMENTS);
  const error = checkMachinePosition({ index, term: 1 }, opened.recovered, opened.store);
  expect(error?.code).toBe(fits ? undefined : "STATE_MACHINE_FAILED");
  if (!fits) expect(error?.message).toMatch(/101.*100/);
});

test("R13: a state machine before a log without snapshots, or of another history", async () => {
  const disk = await withSnapshots();
  const opened = await open(disk, SMALL_SEGMENTS);
  const bare = { ...opened.recovered, snapshots: [] };
  const before = checkMachinePosition({ index: 5, term: 1 }, bare, opened.store);
  expect(before?.code).toBe("STATE_MACHINE_FAILED");
  const other = checkMachinePosition({ index: 60, term: 2 }, opened.recovered, opened.store);
  expect(other?.code).toBe("STATE_MACHINE_FAILED");
});

test("R14: a file shorter than it was announced to be is noticed, wherever it was cut", async () => {
  const disk = await manySegments();
  for (const segment of segments(disk)) {
    const whole = bytesOf(disk, segment);
    for (let length = SEGMENT_HEADER_BYTES; length < whole.length; length += 97) {
      const damaged = disk.fork();
      damaged.put(segmentPath(segment), whole.slice(0, length));
      expect([segment, length, await refusal(damaged)]).toEqual([
        segment,
        length,
        refusedBy("R14"),
      ]);
    }
  }
});

test("an examination changes nothing", async () => {
  const disk = await oneSegment();
  const last = batches(disk, 1).at(-1);
  change(disk, 1, (bytes) => flip(bytes, (last?.from ?? 0) + 50));
  const before = disk.paths().map((path) => disk.bytes(path));
  const examination = await examineLog(mount(disk), DIRECTORY, undefined);
  expect(examination.findings.map((found) => found.row)).toEqual(["R2"]);
  expect(disk.paths().map((path) => disk.bytes(path))).toEqual(before);
});

function endOfContent(bytes: Uint8Array): number {
  let end = bytes.length;
  while (bytes[end - 1] === 0) end -= 1;
  return end;
}
