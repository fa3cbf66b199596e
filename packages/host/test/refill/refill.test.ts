import { expect, test, vi } from "vitest";
import { dieAtMutation } from "../../src/environment/file-faults.ts";
import type { MemoryDisk } from "../../src/environment/memory-disk.ts";
import type { MemoryEnvironment } from "../../src/environment/memory-environment.ts";
import { readBatchHeader } from "../../src/log/batch-header.ts";
import { aligned, BATCH_HEADER_BYTES, SEGMENT_HEADER_BYTES } from "../../src/log/log-format.ts";
import type { Member } from "../group/cluster.ts";
import { GroupCluster } from "../group/cluster.ts";
import { DurableMachine, emptyMachineDisk, type MachineDisk } from "../group/durable-machine.ts";

const LOG = "/data/groups/1/log";
/** Long enough for many elections. */
const LONG_MS = 60_000;

// Dozens of clusters take their time on a busy machine.
vi.setConfig({ testTimeout: 300_000 });

async function write(
  cluster: GroupCluster,
  member: Member,
  from: number,
  to: number,
): Promise<void> {
  for (let nth = from; nth <= to; nth += 1) {
    await cluster.complete(member.replica.propose({ word: `w${nth}` }));
  }
}

/** Segments that were written to, oldest first. */
function usedSegments(disk: MemoryDisk): string[] {
  return disk
    .paths()
    .filter((path) => path.startsWith(`${LOG}/`) && path.endsWith(".log"))
    .filter((path) => placesOf(disk, path).length > 0)
    .sort();
}

/** Where the batches of a segment begin. */
function placesOf(disk: MemoryDisk, path: string): number[] {
  const bytes = disk.bytes(path) ?? new Uint8Array(0);
  const places: number[] = [];
  for (let at = SEGMENT_HEADER_BYTES; ; ) {
    const header = readBatchHeader(bytes, at);
    if (header === undefined) return places;
    places.push(at);
    at += aligned(BATCH_HEADER_BYTES + header.bodyBytes);
  }
}

/** Turns a bit round in the body of one batch of a segment. */
function rot(disk: MemoryDisk, path: string, batch: number): void {
  const at = placesOf(disk, path).at(batch);
  const bytes = disk.bytes(path);
  if (at === undefined || bytes === undefined) throw new Error("there is no such batch");
  const place = at + BATCH_HEADER_BYTES + 6;
  bytes[place] = (bytes[place] ?? 0) ^ 4;
  disk.put(path, bytes);
}

function eventsOf(member: Member): string[] {
  return member.events.flatMap((event) => (event.type === "replica" ? [event.event.type] : []));
}

/** The process ends without power loss, so that the disk is as it was written. */
function stop(cluster: GroupCluster, member: Member): MemoryDisk {
  const { disk } = member.environment;
  cluster.kill(member.id);
  return disk;
}

async function follower(cluster: GroupCluster): Promise<Member> {
  return cluster.follower(await cluster.leader());
}

test("R3: entries that rot in the middle of the log come back from the other members", async () => {
  const cluster = await GroupCluster.of(3, {}, 1, true);
  await write(cluster, await cluster.leader(), 1, 20);
  await cluster.converge();
  await cluster.world.run(1_000);
  const damaged = await follower(cluster);
  const disk = stop(cluster, damaged);
  rot(disk, usedSegments(disk)[0] ?? "", 8);
  const back = await cluster.reopen(damaged.id);
  expect(eventsOf(back)).toContain("refilling");
  expect(back.replica.status().warnings.join()).toContain("votes for nobody");
  await cluster.until(() => eventsOf(back).includes("refilled"));
  await cluster.leader();
  await cluster.converge();
  expect(back.machine.order.length).toBe(20);
  expect(back.replica.status().warnings).toEqual([]);
  await write(cluster, back, 21, 25);
  await cluster.converge();
  // Nothing is missing any more, so the next start is like any other.
  stop(cluster, back);
  expect(eventsOf(await cluster.reopen(damaged.id))).not.toContain("refilling");
  await cluster.converge();
});

test("R5: a sealed segment that rots is refilled, by a snapshot where the leader has given its log up", async () => {
  const policy = { entriesMax: 40, bytesMax: 1 << 30, keepEntries: 0 };
  const cluster = await GroupCluster.of(3, { snapshotPolicy: policy }, 2, true);
  await write(cluster, await cluster.leader(), 1, 400);
  await cluster.converge();
  const damaged = await follower(cluster);
  const disk = stop(cluster, damaged);
  const segments = usedSegments(disk);
  expect(segments.length).toBeGreaterThan(1);
  rot(disk, segments[0] ?? "", 3);
  await write(cluster, await cluster.leader(), 401, 800);
  const back = await cluster.reopen(damaged.id);
  expect(eventsOf(back)).toContain("refilling");
  await cluster.until(() => eventsOf(back).includes("refilled"));
  await cluster.converge();
  expect(back.machine.order.length).toBe(800);
});

test("a damaged member does not vote a committed entry away that it acknowledged before", async () => {
  for (const seed of [1, 2, 3, 4]) {
    const cluster = await GroupCluster.of(3, {}, seed, true);
    const leader = await cluster.leader();
    await write(cluster, leader, 1, 10);
    await cluster.converge();
    const [away, damaged] = cluster.all.filter(({ id }) => id !== leader.id);
    if (away === undefined || damaged === undefined) throw new Error("three members");
    stop(cluster, away);
    // Committed by the leader and the member whose disk rots.
    await write(cluster, leader, 11, 20);
    await cluster.until(() => damaged.machine.order.length === 20);
    await cluster.world.run(1_000);
    const disk = stop(cluster, damaged);
    stop(cluster, leader);
    rot(disk, usedSegments(disk)[0] ?? "", 6);
    // Two of three are there, and neither has what was acknowledged: nothing may be decided.
    const back = await cluster.reopen(damaged.id);
    expect(eventsOf(back)).toContain("refilling");
    await cluster.reopen(away.id);
    await cluster.world.run(LONG_MS);
    expect(cluster.all.map(({ replica }) => replica.role)).not.toContain("leader");
    // Also after another start.
    stop(cluster, back);
    await cluster.reopen(damaged.id);
    await cluster.world.run(LONG_MS);
    expect(cluster.all.map(({ replica }) => replica.role)).not.toContain("leader");
    const again = await cluster.reopen(leader.id);
    await cluster.leader();
    await cluster.converge();
    expect(again.machine.order.length).toBe(20);
    await cluster.until(() => eventsOf(cluster.member(damaged.id)).includes("refilled"));
  }
});

test("a member that is refilled takes the lead from nobody", async () => {
  const cluster = await GroupCluster.of(3, {}, 5, true);
  const leader = await cluster.leader();
  await write(cluster, leader, 1, 10);
  await cluster.converge();
  await cluster.world.run(1_000);
  const [other, damaged] = cluster.all.filter(({ id }) => id !== leader.id);
  if (other === undefined || damaged === undefined) throw new Error("three members");
  const disk = stop(cluster, damaged);
  rot(disk, usedSegments(disk)[0] ?? "", 4);
  stop(cluster, other);
  stop(cluster, leader);
  const back = await cluster.reopen(damaged.id);
  back.replica.campaign();
  await cluster.world.run(LONG_MS);
  expect(back.replica.role).toBe("follower");
});

test("damage at the very end, where the newest vote may have stood, is refused with the way out", async () => {
  const cluster = await GroupCluster.of(3, {}, 3, true);
  await write(cluster, await cluster.leader(), 1, 10);
  await cluster.converge();
  const damaged = await follower(cluster);
  const disk = stop(cluster, damaged);
  const path = usedSegments(disk).at(-1) ?? "";
  // The header of the newest batch stays, and says that the batch before was durable.
  rot(disk, path, -1);
  rot(disk, path, -2);
  const before = disk.paths().map((name) => [name, disk.bytes(name)?.join()]);
  const [refused] = await Promise.allSettled([cluster.reopen(damaged.id)]);
  expect(refused).toMatchObject({
    reason: {
      code: "CORRUPT_LOG",
      message: expect.stringMatching(/newest vote cannot be proven.*under a new number/),
    },
  });
  const logs = (entries: typeof before): typeof before =>
    entries.filter(([name]) => name?.startsWith("/data/groups/1/log"));
  expect(logs(disk.paths().map((name) => [name, disk.bytes(name)?.join()]))).toEqual(logs(before));
});

test("the only voter of a group is refused, and its damaged log stays where it was", async () => {
  const cluster = await GroupCluster.of(1, {}, 4, true);
  const only = await cluster.leader();
  await write(cluster, only, 1, 10);
  await cluster.world.run(1_000);
  const disk = stop(cluster, only);
  const path = usedSegments(disk)[0] ?? "";
  rot(disk, path, 6);
  const rotten = disk.bytes(path);
  for (let time = 0; time < 2; time += 1) {
    const [refused] = await Promise.allSettled([cluster.reopen(only.id)]);
    expect(refused).toMatchObject({
      reason: { code: "CORRUPT_LOG", message: expect.stringContaining("no other") },
    });
    expect(disk.bytes(path)).toEqual(rotten);
    expect(disk.paths().filter((name) => /refill|damaged/.test(name))).toEqual([]);
  }
});

test("R9: a member whose snapshots rot begins anew at the next start", async () => {
  const policy = { entriesMax: 30, bytesMax: 1 << 30, keepEntries: 0 };
  const cluster = await GroupCluster.of(3, { snapshotPolicy: policy }, 6, true);
  await write(cluster, await cluster.leader(), 1, 400);
  await cluster.converge();
  const damaged = await follower(cluster);
  await cluster.until(() => damaged.replica.status().firstIndex > 1);
  const disk = stop(cluster, damaged);
  for (const path of disk.paths().filter((name) => name.endsWith("data-0000"))) {
    const bytes = disk.bytes(path) ?? new Uint8Array(0);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    disk.put(path, bytes);
  }
  const [refused] = await Promise.allSettled([cluster.reopen(damaged.id)]);
  expect(refused).toMatchObject({
    reason: {
      code: "CORRUPT_SNAPSHOT",
      message: expect.stringContaining("Start this member again"),
    },
  });
  await cluster.reopen(damaged.id);
  await cluster.until(() => eventsOf(cluster.member(damaged.id)).includes("refilled"));
  await cluster.converge();
  expect(cluster.member(damaged.id).machine.order.length).toBe(400);
});

test("whatever write the preparation of a refill dies at, the next start goes on with it", async () => {
  let point = 1;
  for (; point < 200; point += 3) {
    const cluster = await GroupCluster.of(3, {}, 7, true);
    await write(cluster, await cluster.leader(), 1, 12);
    await cluster.converge();
    await cluster.world.run(1_000);
    const damaged = await follower(cluster);
    const disk = stop(cluster, damaged);
    rot(disk, usedSegments(disk)[0] ?? "", 5);
    let environment: MemoryEnvironment | undefined;
    cluster.onStart = (started) => {
      environment = started;
      started.files.fault = dieAtMutation(point, point % 2 === 0);
    };
    const opening = cluster.reopen(damaged.id).then(
      () => true,
      () => true,
    );
    let isOpen = false;
    void opening.then(() => {
      isOpen = true;
    });
    await cluster.until(() => isOpen || environment?.files.isDead === true);
    cluster.onStart = () => undefined;
    if (environment?.files.isDead !== true) break;
    environment.stop();
    disk.crash(cluster.world.random);
    const back = await cluster.reopen(damaged.id);
    await cluster.until(() => back.machine.order.length === 12);
    await cluster.converge();
  }
  expect(point).toBeGreaterThan(15);
  expect(point).toBeLessThan(200);
});

test("a machine with its own durable state goes on from it where the damaged log ends before", async () => {
  const disks = new Map<number, MachineDisk>();
  const cluster = new GroupCluster({}, 8, true);
  cluster.machineOf = (id) => {
    const disk = disks.get(id) ?? emptyMachineDisk();
    disks.set(id, disk);
    return new DurableMachine(disk);
  };
  const ids = [1, 2, 3];
  for (const id of ids) await cluster.create(id, cluster.initial(ids));
  await write(cluster, await cluster.leader(), 1, 30);
  await cluster.converge();
  await cluster.until(() => ids.every((id) => (disks.get(id)?.flushes ?? 0) > 0));
  const damaged = await follower(cluster);
  const flushed = disks.get(damaged.id)?.position.index ?? 0;
  const disk = stop(cluster, damaged);
  rot(disk, usedSegments(disk)[0] ?? "", 3);
  const back = await cluster.reopen(damaged.id);
  expect(back.events).toContainEqual(
    expect.objectContaining({
      event: expect.objectContaining({
        type: "refilling",
        keptThrough: expect.objectContaining({ index: flushed }),
      }),
    }),
  );
  await cluster.until(() => eventsOf(back).includes("refilled"));
  await write(cluster, back, 31, 35);
  await cluster.converge();
  expect(back.machine.order.length).toBe(35);
});
