import type { SnapshotInfo } from "@quorate/core";
import { expect, test } from "vitest";
import { memoryEnvironment } from "../../src/environment/memory-environment.ts";
import { type KeeperGroup, SnapshotKeeper } from "../../src/group/snapshot-keeper.ts";
import type { StateMachine } from "../../src/group/state-machine.ts";
import { openSnapshots } from "../../src/snapshot/directory-snapshot-store.ts";
import type { SnapshotStore } from "../../src/snapshot/snapshot-store.ts";

const MEMBERSHIP = {
  voters: [1],
  outgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
};

/** A keeper that does nothing but keep, over a real store. */
async function keeping(): Promise<{
  readonly keeper: SnapshotKeeper;
  readonly snapshots: SnapshotStore;
  readonly receive: (index: number) => Promise<SnapshotInfo>;
  readonly kept: () => Promise<readonly number[]>;
}> {
  const environment = memoryEnvironment();
  const snapshots = await openSnapshots(environment, "data/snapshots");
  const group = {
    applier: { applied: { term: 0, index: 0 } },
    parts: {
      environment,
      storage: { snapshots },
      recovered: { snapshots: [] },
      snapshotPolicy: { entriesMax: 10, bytesMax: 1_000, keepEntries: 0 },
    },
    outlet: { oldestIndex: undefined },
    intake: { resumable: [] },
    isRunning: true,
  } as unknown as KeeperGroup;
  const machine = {} as StateMachine<never, unknown, never, unknown>;
  return {
    keeper: new SnapshotKeeper(group, machine),
    snapshots,
    receive: async (index) => {
      const info = { term: 1, index, membership: MEMBERSHIP, id: `received-${index}` };
      const writer = await snapshots.create(info);
      await writer.write(Uint8Array.of(index));
      return writer.commit();
    },
    kept: async () => (await snapshots.list()).map(({ index }) => index),
  };
}

test("snapshots that were received and wait to be installed are kept when an older one was installed", async () => {
  const { keeper, receive, kept } = await keeping();
  const infos: SnapshotInfo[] = [];
  for (const index of [10, 20, 30, 40, 50]) infos.push(await receive(index));
  keeper.installed(infos[0] as SnapshotInfo);
  await keeper.pruned;
  expect(await kept()).toEqual([50, 40, 30, 20, 10]);
  keeper.installed(infos[3] as SnapshotInfo);
  await keeper.pruned;
  expect(await kept()).toEqual([50, 40, 30]);
});
