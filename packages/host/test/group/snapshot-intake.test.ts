import { expect, test } from "vitest";
import { newGroupCounters } from "../../src/group/counters.ts";
import { EventFeed } from "../../src/group/event-feed.ts";
import type { IntakeGroup } from "../../src/group/snapshot-intake.ts";
import { SnapshotIntake } from "../../src/group/snapshot-intake.ts";
import { nodeEnvironment } from "../../src/node/index.ts";
import { openSnapshots } from "../../src/snapshot/directory-snapshot-store.ts";
import { temporaryDirectory } from "../node/temporary-directory.ts";

const INFO = {
  term: 2,
  index: 9,
  id: "abc",
  bytes: 3,
  membership: { voters: [1], outgoing: [], learners: [], learnersNext: [], autoLeave: false },
};

test("a snapshot that could not be completed can be received again", async () => {
  const snapshots = await openSnapshots(nodeEnvironment(), await temporaryDirectory());
  let isFull = true;
  const create = snapshots.create.bind(snapshots);
  snapshots.create = async (info) => {
    const writer = await create(info);
    const commit = writer.commit.bind(writer);
    writer.commit = () => (isFull ? Promise.reject(new Error("no room")) : commit());
    return writer;
  };
  const received: number[] = [];
  const reasons: unknown[] = [];
  const feed = new EventFeed((error) => reasons.push(error));
  feed.on((event) => {
    if (event.type === "snapshotFailed") reasons.push(event.reason);
  });
  const group: IntakeGroup = {
    counters: newGroupCounters(),
    feed,
    isRunning: true,
    applier: { applied: { term: 0, index: 0 } },
    parts: { storage: { snapshots } },
    snapshotReceived: (_from, _term, info) => received.push(info.index),
  };
  const intake = new SnapshotIntake(group);
  const receive = async (): Promise<void> => {
    const receiver = await intake.offer(2, INFO, 2);
    if (receiver === "refused") throw new Error("refused");
    try {
      await receiver.write(new Uint8Array([1, 2, 3]).subarray(receiver.haveBytes));
      await receiver.finish();
    } catch (error) {
      // As the transport does when anything fails.
      await receiver.abort();
      throw error;
    }
  };
  await expect(receive()).rejects.toThrow("no room");
  expect(reasons).toEqual(["no room"]);
  expect(group.counters.snapshotsFailed).toBe(1);
  isFull = false;
  await receive();
  expect(received).toEqual([9]);
});
