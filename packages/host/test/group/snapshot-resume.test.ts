import { expect, test } from "vitest";
import type { SnapshotSource } from "../../src/group/state-machine.ts";
import type { Member } from "./cluster.ts";
import { GroupCluster } from "./cluster.ts";
import { CounterMachine } from "./counter-machine.ts";

/** What of a snapshot that is being received becomes durable at once, as the store has it. */
const SYNC_BYTES = 8 << 20;
const PADDING_BYTES = 20 << 20;
/** By then the first part is durable and much is still missing. */
const BREAK_BYTES = 13 << 20;

/** A counter whose snapshot takes its time on the way: spaces behind its JSON. */
class PaddedMachine extends CounterMachine {
  override beginSnapshot(): SnapshotSource {
    const { chunks, release } = super.beginSnapshot();
    return {
      async *chunks() {
        yield* chunks();
        const spaces = new Uint8Array(1 << 20).fill(0x20);
        for (let sent = 0; sent < PADDING_BYTES; sent += spaces.length) yield spaces;
      },
      release,
    };
  }
}

interface Behind {
  readonly cluster: GroupCluster;
  readonly leader: Member;
  /** Needs a snapshot, over a slow link, and is not running. */
  readonly behind: Member;
}

/** Three members on files, of which one has been away while the others gave up their logs. */
async function oneFarBehind(): Promise<Behind> {
  const cluster = new GroupCluster(
    { snapshotPolicy: { entriesMax: 300, bytesMax: 1 << 30, keepEntries: 0 } },
    4,
    true,
  );
  cluster.machineOf = () => new PaddedMachine();
  for (const id of [1, 2, 3]) await cluster.create(id, cluster.initial([1, 2, 3]));
  const leader = await cluster.leader();
  const behind = cluster.follower(leader);
  cluster.kill(behind.id);
  for (let nth = 0; nth < 700; nth += 1) {
    await cluster.complete(leader.replica.propose({ word: `w${nth % 13}`.padEnd(150, ".") }));
  }
  await cluster.until(() => cluster.all.every(({ replica }) => replica.status().firstIndex > 100));
  for (const { id } of cluster.all) {
    cluster.network.link(`host${id}`, `host${behind.id}`).delayMs = () => 50;
    cluster.network.link(`host${behind.id}`, `host${id}`).delayMs = () => 50;
  }
  return { cluster, leader, behind };
}

function received({ host }: Member): number {
  return host.metrics().snapshotBytesReceived;
}

test("a receiver that restarts in the middle of a snapshot is sent only what it had not made durable", async () => {
  const { cluster, behind } = await oneFarBehind();
  const first = await cluster.reopen(behind.id);
  await cluster.until(() => received(first) > BREAK_BYTES);
  expect(first.replica.metrics().snapshotsInstalled).toBe(0);
  cluster.kill(behind.id);
  const again = await cluster.reopen(behind.id);
  await cluster.until(() => again.replica.metrics().snapshotsInstalled === 1);
  expect(received(again)).toBeLessThanOrEqual(PADDING_BYTES - SYNC_BYTES + (1 << 20));
  await cluster.converge();
});

test("a snapshot that a change of leader broke off goes on where it was when the leader is back", async () => {
  const { cluster, leader, behind } = await oneFarBehind();
  const back = await cluster.reopen(behind.id);
  await cluster.until(() => received(back) > BREAK_BYTES);
  const other = cluster.all.find(({ id }) => id !== leader.id && id !== behind.id);
  if (other === undefined) throw new Error("three members");
  await cluster.complete(leader.replica.transferLeadership(other.id));
  const { snapshotBytesSent: before } = leader.host.metrics();
  // The other begins with its own snapshot, which is another one.
  await cluster.until(() => other.host.metrics().snapshotBytesSent > 0);
  await cluster.complete(other.replica.transferLeadership(leader.id));
  await cluster.until(() => back.replica.metrics().snapshotsInstalled === 1);
  const { snapshotBytesSent: after } = leader.host.metrics();
  expect(after - before).toBeGreaterThan(0);
  expect(after - before).toBeLessThanOrEqual(PADDING_BYTES - SYNC_BYTES + (1 << 20));
  await cluster.converge();
});
