import { expect, onTestFinished, test } from "vitest";
import { logStoreCompliance, type OpenLogStore } from "../../src/compliance/index.ts";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { SeededRandom } from "../../src/environment/seeded-random.ts";
import type { LogSettings } from "../../src/log/log-options.ts";
import type { LogStore } from "../../src/log/log-store.ts";
import { createLog, openLog } from "../../src/log/open-log.ts";
import { nodeEnvironment } from "../../src/node/index.ts";
import { type KillableEnvironment, killable } from "../node/killable-environment.ts";
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

interface OnNode {
  readonly directory: string;
  readonly environment: KillableEnvironment;
}

const processes = new WeakMap<LogStore, OnNode>();

async function onNode(
  directory: string,
  begin: (environment: KillableEnvironment) => Promise<OpenLogStore>,
): Promise<OpenLogStore> {
  const environment = killable(nodeEnvironment());
  const opened = await begin(environment);
  processes.set(opened.store, { directory, environment });
  onTestFinished(() => environment.kill());
  return opened;
}

logStoreCompliance(runner("node"), {
  create: async () => {
    const directory = `${await temporaryDirectory()}/log`;
    return onNode(directory, (environment) => createLog(environment, directory, settings));
  },
  restart: async (store) => {
    const known = processes.get(store);
    if (known === undefined) throw new Error("not a log of this test");
    await known.environment.kill();
    const { directory } = known;
    return onNode(directory, (environment) => openLog(environment, directory, settings));
  },
});
