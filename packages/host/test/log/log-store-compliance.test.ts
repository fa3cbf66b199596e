import { expect, test } from "vitest";
import { logStoreCompliance, type OpenLogStore } from "../../src/compliance/index.ts";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { SeededRandom } from "../../src/environment/seeded-random.ts";
import type { LogSettings } from "../../src/log/log-options.ts";
import type { LogStore } from "../../src/log/log-store.ts";
import { createLog, openLog } from "../../src/log/open-log.ts";
import { nodeEnvironment } from "../../src/node/index.ts";
import { temporaryDirectory } from "../node/temporary-directory.ts";
import { DIRECTORY, mount, SETTINGS } from "./log-fixture.ts";

const settings: LogSettings = {
  ...SETTINGS,
  segmentBytes: 16_384,
  cacheBytes: 5_000,
  readCacheBytes: 20_000,
};

function runner(where: string): Parameters<typeof logStoreCompliance>[0] {
  return {
    test: (name, run) => test(`${where}: ${name}`, run),
    equal: (actual, expected) => expect(actual).toEqual(expected),
  };
}

const disks = new WeakMap<LogStore, MemoryDisk>();

logStoreCompliance(runner("memory"), {
  create: async () => {
    const disk = new MemoryDisk();
    const opened = await createLog(mount(disk), DIRECTORY, settings);
    disks.set(opened.store, disk);
    return opened;
  },
  restart: async (store) => {
    const disk = disks.get(store);
    if (disk === undefined) throw new Error("not a log of this test");
    disk.crash(new SeededRandom(1));
    const opened = await openLog(mount(disk), DIRECTORY, settings);
    disks.set(opened.store, disk);
    return opened;
  },
});

const directories = new WeakMap<LogStore, string>();

function known(directory: string, opened: OpenLogStore): OpenLogStore {
  directories.set(opened.store, directory);
  return opened;
}

logStoreCompliance(runner("node"), {
  create: async () => {
    const directory = `${await temporaryDirectory()}/log`;
    return known(directory, await createLog(nodeEnvironment(), directory, settings));
  },
  restart: async (store) => {
    const directory = directories.get(store) ?? "";
    return known(directory, await openLog(nodeEnvironment(), directory, settings));
  },
});
