import { expect, test } from "vitest";
import { CountedCluster, DISK_MS, HOP_MS } from "./cluster.ts";

// What three members do for a put, counted instead of timed: the counts are the same on every machine. A change that
// makes them smaller should make the budgets smaller too; one that makes them larger needs a reason.

const BYTES = 256;

/** Heartbeats of the virtual time that passes are no work of the puts: a few frames. */
const BESIDE_FRAMES = 12;

test("commands of one turn at the leader are one entry, one write per member and log, and travel once to each follower", async () => {
  const cluster = await CountedCluster.open();
  const count = 100;
  const work = await cluster.workOf(() => cluster.propose(cluster.leader, count, BYTES));
  // The caller has its answer before the followers have applied it.
  expect(work.entries).toBeGreaterThanOrEqual(1);
  expect(work.entries).toBeLessThanOrEqual(3);
  expect(work.logAppends).toBe(3);
  // An append to each follower and its answer, and the commit index to each, which nobody answers.
  expect(work.frames).toBeLessThanOrEqual(6 + BESIDE_FRAMES);
  expect(work.bytesSent).toBeGreaterThan(2 * count * BYTES);
  expect(work.bytesSent).toBeLessThanOrEqual(2 * count * (BYTES + 4) + 100 * work.frames);
  await cluster.close();
});

test("commands of one turn at a follower travel to the leader once, besides", async () => {
  const cluster = await CountedCluster.open();
  const count = 100;
  const work = await cluster.workOf(() => cluster.propose(cluster.follower, count, BYTES));
  expect(work.logAppends).toBe(3);
  expect(work.frames).toBeLessThanOrEqual(7 + BESIDE_FRAMES);
  expect(work.bytesSent).toBeLessThanOrEqual(3 * count * (BYTES + 4) + 100 * work.frames);
  await cluster.close();
});

test("a single put costs each member one durable write, and no message waits for a timer", async () => {
  const cluster = await CountedCluster.open();
  const rounds = 50;
  const beganMs = cluster.world.nowMs;
  const work = await cluster.workOf(async () => {
    for (let round = 0; round < rounds; round++) await cluster.propose(cluster.leader, 1, BYTES);
  });
  const tookMs = cluster.world.nowMs - beganMs;
  // There, a follower's write, and back; the leader's own write goes on meanwhile. Nothing else is waited for.
  expect(tookMs / rounds).toBeCloseTo(HOP_MS + DISK_MS + HOP_MS, 6);
  expect(work.logAppends).toBeLessThanOrEqual(3 * rounds);
  // An append to each follower and its answer. The next append brings the commit index too.
  expect(work.socketWrites).toBeLessThanOrEqual(4 * rounds + BESIDE_FRAMES);
  expect(work.frames).toBeLessThanOrEqual(4 * rounds + BESIDE_FRAMES);
  await cluster.close();
});

test("a put at a follower waits for nothing but the way to the leader and back, in a stream of them as well", async () => {
  const cluster = await CountedCluster.open();
  const rounds = 50;
  const beganMs = cluster.world.nowMs;
  for (let round = 0; round < rounds; round++) await cluster.propose(cluster.follower, 1, BYTES);
  const tookMs = cluster.world.nowMs - beganMs;
  // To the leader, to the followers, a write there, back, and the commit index to the one whose client waits.
  expect(tookMs / rounds).toBeCloseTo(4 * HOP_MS + DISK_MS, 6);
  await cluster.close();
});

test("a linearizable read at a follower does not wait for the next put to bring it the commit index", async () => {
  const cluster = await CountedCluster.open();
  for (let round = 0; round < 10; round++) await cluster.propose(cluster.leader, 1, BYTES);
  const beganMs = cluster.world.nowMs;
  expect(await cluster.world.complete(cluster.follower.query(undefined))).toBe(10);
  // Asked of the leader, which asks for a round of answers first.
  expect(cluster.world.nowMs - beganMs).toBeLessThanOrEqual(4 * HOP_MS + 1e-6);
  await cluster.close();
});

test("twice the commands in a turn cost no more writes and frames", async () => {
  const few = await CountedCluster.open();
  const one = await few.workOf(() => few.propose(few.leader, 10, BYTES));
  await few.close();
  const many = await CountedCluster.open();
  const ten = await many.workOf(() => many.propose(many.leader, 1_000, BYTES));
  await many.close();
  expect(ten.logAppends).toBe(one.logAppends);
  expect(ten.frames).toBeLessThanOrEqual(one.frames + BESIDE_FRAMES);
  expect(ten.turns).toBeLessThanOrEqual(one.turns + BESIDE_FRAMES);
});
