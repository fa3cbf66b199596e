import { expect, test } from "vitest";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { inspectLog, type LogInspectionItem } from "../../src/log/inspect-log.ts";
import { batches, change, flip, segments } from "./damage.ts";
import {
  batchOf,
  create,
  DIRECTORY,
  entries,
  entry,
  mount,
  SMALL_SEGMENTS,
  shortly,
  snapshotInfo,
} from "./log-fixture.ts";

async function inspect(disk: MemoryDisk): Promise<LogInspectionItem[]> {
  const items: LogInspectionItem[] = [];
  for await (const item of inspectLog(mount(disk), DIRECTORY)) items.push(item);
  return items;
}

async function sample(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const { store } = await create(disk, SMALL_SEGMENTS);
  const hardState = { term: 2, vote: 7, commit: 1 };
  await store.append(batchOf([entry(1, 1, "a"), entry(2, 2, "b", "membership")], { hardState }));
  const snapshot = { info: snapshotInfo(1, 1), replacesLog: false };
  await store.append(batchOf(entries(2, 3, 3), { snapshot }));
  return disk;
}

test("every batch is shown with its records, and a verdict at the end", async () => {
  const items = await inspect(await sample());
  expect(items.map((item) => item.type)).toEqual([
    "segment",
    "batch",
    "batch",
    "batch",
    "finding",
    "end",
  ]);
  expect(items[0]).toMatchObject({ number: 1, owner: { groupId: 1, memberId: 7 } });
  const kinds = items.map((item) =>
    item.type === "batch" ? item.records.map((record) => record.kind) : [],
  );
  expect(kinds.slice(1, 4)).toEqual([
    ["base", "state"],
    ["state", "entries", "entries"],
    ["state", "snapshot", "truncate", "entries"],
  ]);
  const [, , batch] = items;
  const held =
    batch?.type === "batch"
      ? batch.records.flatMap((record) => (record.kind === "entries" ? record.entries : []))
      : [];
  expect(held.map(shortly)).toEqual(
    [entry(1, 1, "a"), entry(2, 2, "b", "membership")].map(shortly),
  );
  expect(items.at(-1)).toEqual({
    type: "end",
    verdict: "good",
    hardState: { term: 2, vote: 7, commit: 1 },
    firstIndex: 1,
    last: { index: 3, term: 3 },
    snapshots: [snapshotInfo(1, 1)],
    batches: 3,
    tornBytes: 0,
  });
});

test("a torn tail and a refusal are told apart, and nothing is changed", async () => {
  const disk = await sample();
  const found = batches(disk, 1);
  const torn = disk.fork();
  change(torn, 1, (bytes) => flip(bytes, (found.at(-1)?.from ?? 0) + 44));
  const refused = disk.fork();
  change(refused, 1, (bytes) => flip(bytes, (found[1]?.from ?? 0) + 44));
  for (const [each, verdict, row] of [
    [torn, "tornTail", "R2"],
    [refused, "refused", "R3"],
  ] as const) {
    const before = each.paths().map((path) => each.bytes(path));
    const items = await inspect(each);
    expect(items.at(-1)).toMatchObject({ type: "end", verdict });
    expect(items.at(-2)).toMatchObject({ type: "finding", finding: { row } });
    expect(each.paths().map((path) => each.bytes(path))).toEqual(before);
  }
});

test("all segments are walked", async () => {
  const disk = new MemoryDisk();
  const { store } = await create(disk, SMALL_SEGMENTS);
  for (let index = 1; index <= 100; index += 1)
    await store.append(batchOf(entries(index, index, 1, 99)));
  disk.kill();
  const items = await inspect(disk);
  expect(items.filter((item) => item.type === "segment").length).toBe(segments(disk).length);
  expect(items.at(-1)).toMatchObject({ verdict: "good", last: { index: 100 } });
});

test("a folder without a log is empty", async () => {
  const disk = new MemoryDisk();
  await mount(disk).files.makeDirectory(DIRECTORY);
  expect(await inspect(disk)).toEqual([expect.objectContaining({ type: "end", verdict: "empty" })]);
});
