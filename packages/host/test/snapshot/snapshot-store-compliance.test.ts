import { expect, test } from "vitest";
import { snapshotStoreCompliance } from "../../src/compliance/index.ts";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { nodeEnvironment } from "../../src/node/index.ts";
import { openSnapshots } from "../../src/snapshot/directory-snapshot-store.ts";
import type { SnapshotStore } from "../../src/snapshot/snapshot-store.ts";
import { temporaryDirectory } from "../node/temporary-directory.ts";

const SYNC_BYTES = 8 << 20;

const runner = (where: string): Parameters<typeof snapshotStoreCompliance>[0] => ({
  test: (name, run) => test(`${where}: ${name}`, run),
  equal: (actual, expected) => expect(actual).toEqual(expected),
});

const disks = new WeakMap<SnapshotStore, MemoryDisk>();

async function inMemory(disk: MemoryDisk): Promise<SnapshotStore> {
  const store = await openSnapshots(memoryEnvironment({ disk }), "data/snapshots");
  disks.set(store, disk);
  return store;
}

snapshotStoreCompliance(runner("memory"), {
  create: () => inMemory(new MemoryDisk()),
  restart: async (store) => {
    const disk = disks.get(store);
    if (disk === undefined) throw new Error("not a store of this test");
    disk.crash();
    return inMemory(disk);
  },
  syncBytes: SYNC_BYTES,
});

const directories = new WeakMap<SnapshotStore, string>();

async function onNode(directory: string): Promise<SnapshotStore> {
  const store = await openSnapshots(nodeEnvironment(), directory);
  directories.set(store, directory);
  return store;
}

snapshotStoreCompliance(runner("node"), {
  create: async () => onNode(`${await temporaryDirectory()}/snapshots`),
  restart: (store) => onNode(directories.get(store) ?? ""),
  syncBytes: SYNC_BYTES,
});
