import { expect, test } from "vitest";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import type { MemoryEnvironment } from "../../src/environment/memory-environment.ts";
import { groupDirectories } from "../../src/identity/data-layout.ts";
import { IdentityFile } from "../../src/identity/identity-file.ts";
import { createLog } from "../../src/log/open-log.ts";
import type { SegmentedLog } from "../../src/log/segmented-log.ts";
import { repairLog } from "../../src/offline/repair-log.ts";
import { verifyLog } from "../../src/offline/verify-log.ts";
import { openSnapshots } from "../../src/snapshot/directory-snapshot-store.ts";
import { batchOf, entries, entry, mount, snapshotInfo } from "../log/log-fixture.ts";

const ROOT = "/data";
const { log, snapshots } = groupDirectories(ROOT, 1);
const FIRST_SEGMENT = `${log}/0000000000000001.log`;

interface Folder {
  readonly disk: MemoryDisk;
  readonly environment: MemoryEnvironment;
  readonly store: SegmentedLog;
}

/** A data folder of host 7 with one group, whose log holds twenty entries in twenty batches. */
async function folder(): Promise<Folder> {
  const disk = new MemoryDisk();
  const environment = mount(disk);
  const identity = await IdentityFile.open(environment, ROOT, {
    clusterId: "test",
    hostId: 7,
    hostName: "",
  });
  const settings = { clusterId: "test", groupId: 1, memberId: 7, segmentBytes: 4096 };
  const { store } = await createLog(environment, log, settings);
  await openSnapshots(environment, snapshots);
  await identity.addGroup(1);
  const hardState = { term: 1, vote: 7, commit: 0 };
  await store.append(batchOf([entry(1, 1, "first")], { hardState }));
  for (let index = 2; index <= 20; index += 1)
    await store.append(batchOf(entries(index, index, 1, 100)));
  return { disk, environment, store };
}

async function addSnapshot({ environment, store }: Folder, index: number): Promise<string> {
  const files = await openSnapshots(environment, snapshots);
  const writer = await files.create({ ...snapshotInfo(index, 1), bytes: 3 });
  await writer.write(new Uint8Array([1, 2, 3]));
  const info = await writer.commit();
  await store.append(batchOf([], { snapshot: { info, replacesLog: false } }));
  return info.id;
}

function flipIn(disk: MemoryDisk, path: string, find: (bytes: Uint8Array) => number): void {
  const bytes = disk.bytes(path) ?? new Uint8Array(0);
  const at = find(bytes);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  disk.put(path, bytes);
}

/** All files with their bytes, the lock aside, which only says that somebody looked. */
function everything(disk: MemoryDisk): unknown {
  return disk
    .paths()
    .filter((path) => !path.endsWith("/lock"))
    .map((path) => [path, disk.bytes(path)]);
}

function lastByte(bytes: Uint8Array): number {
  return bytes.findLastIndex((byte) => byte !== 0);
}

test("a folder in order verifies, and a repair leaves it as it is", async () => {
  const made = await folder();
  await addSnapshot(made, 5);
  await made.store.close();
  const before = everything(made.disk);
  const verified = await verifyLog(mount(made.disk), ROOT, 1);
  expect(verified).toMatchObject({
    groupId: 1,
    summary: { verdict: "good", last: { index: 20, term: 1 } },
    snapshots: [{ state: "complete", info: { index: 5 } }],
    remedy: "",
  });
  expect(everything(made.disk)).toEqual(before);
  expect(await repairLog(mount(made.disk), ROOT, 1)).toMatchObject({ type: "nothingToDo" });
});

test("a repair sets a torn end aside and says so; after it the folder verifies", async () => {
  const { disk } = await folder();
  disk.kill();
  const last = disk.paths().findLast((path) => path.endsWith(".log") && isUsed(disk, path)) ?? "";
  flipIn(disk, last, lastByte);
  const verified = await verifyLog(mount(disk), ROOT, 1);
  expect(verified.summary.verdict).toBe("tornTail");
  expect(verified.remedy).toContain("repair the log");
  const repaired = await repairLog(mount(disk), ROOT, 1);
  expect(repaired).toMatchObject({
    type: "repaired",
    findings: [{ row: "R2" }],
    verification: { summary: { verdict: "good", last: { index: 19 } }, remedy: "" },
  });
  expect(disk.paths().some((path) => path.endsWith(".torn"))).toBe(true);
});

function isUsed(disk: MemoryDisk, path: string): boolean {
  return (
    disk
      .bytes(path)
      ?.subarray(64)
      .some((byte) => byte !== 0) === true
  );
}

test("a repair refuses to touch damage in what was acknowledged, and names the way out", async () => {
  const { disk } = await folder();
  disk.kill();
  flipIn(disk, FIRST_SEGMENT, () => 300);
  const before = everything(disk);
  const repaired = await repairLog(mount(disk), ROOT, 1);
  expect(repaired).toMatchObject({ type: "refused" });
  const remedy = repaired.type === "refused" ? repaired.remedy : "";
  expect(remedy).toContain("the other members give back");
  expect(remedy).toContain("under a new number");
  expect(everything(disk)).toEqual(before);
});

test("a snapshot damaged inside is found by reading it, and deleted where the log does without", async () => {
  const made = await folder();
  const id = await addSnapshot(made, 5);
  await made.store.close();
  const data = made.disk.paths().find((path) => path.endsWith("data-0000")) ?? "";
  flipIn(made.disk, data, () => 1);
  const verified = await verifyLog(mount(made.disk), ROOT, 1);
  expect(verified.snapshots).toMatchObject([{ state: "damaged", info: { id } }]);
  expect(await repairLog(mount(made.disk), ROOT, 1)).toMatchObject({
    type: "repaired",
    findings: [{ row: "R9" }],
  });
  expect(made.disk.paths().some((path) => path.includes(id))).toBe(false);
});

test("a damaged snapshot that is all that leads to the log's beginning is kept, and the repair refuses", async () => {
  const made = await folder();
  const info = { ...snapshotInfo(40, 1), bytes: 3 };
  const files = await openSnapshots(made.environment, snapshots);
  const writer = await files.create(info);
  await writer.write(new Uint8Array([1, 2, 3]));
  await writer.commit();
  await made.store.append(
    batchOf([], {
      snapshot: { info, replacesLog: true },
      hardState: { term: 1, vote: 7, commit: 40 },
    }),
  );
  await made.store.close();
  const data = made.disk.paths().find((path) => path.endsWith("data-0000")) ?? "";
  flipIn(made.disk, data, () => 1);
  const before = everything(made.disk);
  const repaired = await repairLog(mount(made.disk), ROOT, 1);
  expect(repaired).toMatchObject({ type: "refused" });
  expect(everything(made.disk)).toEqual(before);
});

test("a repair waits for nobody: a folder in use is refused", async () => {
  const { disk, environment } = await folder();
  const lock = await environment.files.lock(`${ROOT}/lock`);
  await expect(repairLog(mount(disk), ROOT, 1)).rejects.toMatchObject({ code: "DATA_LOCKED" });
  await lock.release();
});

test("a group that is not there is said to be empty", async () => {
  const { disk } = await folder();
  expect((await verifyLog(mount(disk), ROOT, 9)).summary.verdict).toBe("empty");
  expect(await repairLog(mount(disk), ROOT, 9)).toMatchObject({ type: "refused" });
});
