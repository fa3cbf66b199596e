import { expect, test } from "vitest";
import { encodeHostMessage } from "../../src/group/host-message.ts";
import { BatchBuilder } from "../../src/session/command-batch.ts";
import { GroupCluster } from "./cluster.ts";
import { words } from "./counter-machine.ts";

test("a single member commits, applies and answers", async () => {
  const cluster = await GroupCluster.of(1);
  const { replica } = cluster.member(1);
  const results = await cluster.complete(
    Promise.all(["a", "b", "a"].map((word) => replica.propose({ word }))),
  );
  expect(results.map(({ result }) => result)).toEqual([1, 1, 2]);
  expect(await cluster.complete(replica.query("a"))).toBe(2);
});

test("the only voter leads without waiting, a voter among others does not", async () => {
  const alone = await GroupCluster.of(1);
  expect(alone.world.nowMs).toBeLessThan(100);
  await alone.complete(alone.member(1).replica.propose({ word: "x" }));
  alone.kill(1);
  const before = alone.world.nowMs;
  await alone.reopen(1);
  await alone.leader();
  expect(alone.world.nowMs - before).toBeLessThan(100);
  const three = new GroupCluster();
  const first = await three.create(1, three.initial([1, 2, 3]));
  await three.world.run(500);
  expect(first.replica.role).toBe("follower");
});

test("three members elect a leader and agree on what is proposed anywhere", async () => {
  const cluster = await GroupCluster.of(3);
  const proposals = cluster.all.flatMap(({ id, replica }) =>
    Array.from({ length: 50 }, (_, nth) => replica.propose({ word: `w${id}-${nth}` })),
  );
  const results = await cluster.complete(Promise.all(proposals));
  expect(results.every(({ result }) => result === 1)).toBe(true);
  await cluster.converge();
  for (const { replica } of cluster.all) {
    expect(await cluster.complete(replica.query("w2-7"))).toBe(1);
  }
});

test("all commands of one turn share one log entry", async () => {
  const cluster = await GroupCluster.of(3);
  const leader = await cluster.leader();
  const before = leader.replica.status().core.last.index;
  const proposals = Array.from({ length: 500 }, (_, nth) =>
    leader.replica.propose({ word: `w${nth}` }),
  );
  const positions = (await cluster.complete(Promise.all(proposals))).map(
    ({ position }) => position,
  );
  expect(new Set(positions.map(({ index }) => index)).size).toBe(1);
  expect(leader.replica.status().core.last.index).toBe(before + 1);
});

test("a linearizable read on a follower sees what was answered before it began", async () => {
  const cluster = await GroupCluster.of(3);
  const leader = await cluster.leader();
  const follower = cluster.follower(leader);
  for (let count = 1; count <= 10; count++) {
    const { result } = await cluster.complete(leader.replica.propose({ word: "x" }));
    expect(result).toBe(count);
    expect(await cluster.complete(follower.replica.query("x"))).toBe(count);
  }
});

test("a read after a position waits for that position here", async () => {
  const cluster = await GroupCluster.of(3);
  const leader = await cluster.leader();
  const follower = cluster.follower(leader);
  const { position } = await cluster.complete(leader.replica.propose({ word: "x" }));
  const level = "sequential" as const;
  const after = position.index;
  expect(await cluster.complete(follower.replica.query("x", { level, after }))).toBe(1);
  expect(await cluster.complete(follower.replica.query("x", { level: "stale" }))).toBe(1);
});

test("writes in flight when the leader dies are answered by the next one, once each", async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const cluster = await GroupCluster.of(3, {}, seed);
    const leader = await cluster.leader();
    const follower = cluster.follower(leader);
    const proposals = Array.from({ length: 100 }, (_, nth) =>
      follower.replica.propose({ word: `w${nth}` }, { timeoutMs: 20_000 }),
    );
    const settled = Promise.all(proposals);
    // Somewhere between leaving the follower and being answered.
    await cluster.world.run(seed * 0.3);
    cluster.kill(leader.id);
    const results = await cluster.complete(settled);
    expect(results.every(({ result }) => result === 1)).toBe(true);
    await cluster.reopenAndConverge(leader.id);
  }
});

test("a follower that is cut off proposes when it is back, exactly once", async () => {
  const cluster = await GroupCluster.of(3);
  const leader = await cluster.leader();
  const follower = cluster.follower(leader);
  const others = cluster.all.filter((member) => member !== follower).map(({ id }) => `host${id}`);
  cluster.network.partition([`host${follower.id}`], others);
  const proposal = follower.replica.propose({ word: "late" }, { timeoutMs: 30_000 });
  await cluster.world.run(5_000);
  cluster.network.heal();
  expect((await cluster.complete(proposal)).result).toBe(1);
  await cluster.converge();
});

test("without a majority a proposal times out with an unknown outcome, a read with notApplied", async () => {
  const cluster = await GroupCluster.of(3);
  const leader = await cluster.leader();
  for (const { id } of cluster.all) if (id !== leader.id) cluster.kill(id);
  const proposal = leader.replica.propose({ word: "x" }, { timeoutMs: 1_000 });
  const read = leader.replica.query("x", { timeoutMs: 1_000 });
  const [proposed, queried] = await cluster.complete(Promise.allSettled([proposal, read]));
  expect(proposed).toMatchObject({ reason: { code: "TIMEOUT", outcome: "unknown" } });
  expect(queried).toMatchObject({ reason: { code: "TIMEOUT", outcome: "notApplied" } });
});

test("what never left its member is reported as not applied, and is not", async () => {
  const cluster = await GroupCluster.of(3);
  const leader = await cluster.leader();
  const follower = cluster.follower(leader);
  const others = cluster.all.filter((member) => member !== follower).map(({ id }) => `host${id}`);
  cluster.network.partition([`host${follower.id}`], others);
  await cluster.until(() => follower.replica.leader === undefined);
  const short = follower.replica.propose({ word: "short" }, { timeoutMs: 1_000 });
  const long = follower.replica.propose({ word: "long" }, { timeoutMs: 60_000 });
  const [withdrawn] = await cluster.complete(Promise.allSettled([short]));
  expect(withdrawn).toMatchObject({ reason: { code: "TIMEOUT", outcome: "notApplied" } });
  cluster.network.heal();
  expect((await cluster.complete(long)).result).toBe(1);
  expect(await cluster.complete(follower.replica.query("short"))).toBe(0);
});

test("an aborted proposal says what is known of it", async () => {
  const cluster = await GroupCluster.of(3);
  const leader = await cluster.leader();
  const before = new AbortController();
  before.abort();
  const early = leader.replica.propose({ word: "x" }, { signal: before.signal });
  const during = new AbortController();
  const late = leader.replica.propose({ word: "y" }, { signal: during.signal });
  cluster.world.schedule(0.05, () => during.abort());
  const settled = await cluster.complete(Promise.allSettled([early, late]));
  expect(settled).toMatchObject([
    { reason: { code: "ABORTED", outcome: "notApplied" } },
    { reason: { code: "ABORTED", outcome: "unknown" } },
  ]);
});

test("a restarted cluster has everything that was answered", async () => {
  const cluster = await GroupCluster.of(3);
  const leader = await cluster.leader();
  const proposals = Array.from({ length: 200 }, (_, nth) =>
    leader.replica.propose({ word: `w${nth % 7}` }),
  );
  await cluster.complete(Promise.all(proposals));
  for (const id of [1, 2, 3]) cluster.kill(id);
  for (const id of [1, 2, 3]) await cluster.reopen(id);
  const again = await cluster.leader();
  expect(await cluster.complete(again.replica.query("w0"))).toBe(29);
  expect((await cluster.complete(again.replica.propose({ word: "w0" }))).result).toBe(30);
  await cluster.converge();
});

test("a machine that answers later sees one batch at a time, and no query meanwhile", async () => {
  const cluster = await GroupCluster.of(3);
  for (const { machine, environment } of cluster.all) {
    machine.delay = (run) => environment.setTimer(3, run);
  }
  const leader = await cluster.leader();
  const proposals = Array.from({ length: 20 }, async (_, nth) => {
    await leader.replica.propose({ word: `w${nth % 3}` });
    return leader.replica.query(`w${nth % 3}`);
  });
  const counts = await cluster.complete(Promise.all(proposals));
  expect(Math.min(...counts)).toBeGreaterThan(0);
  await cluster.converge();
});

test("a query that waits for a busy machine ends with its time, its signal or its replica", async () => {
  const cluster = await GroupCluster.of(1);
  const { replica, machine } = cluster.member(1);
  let answer: (() => void) | undefined;
  machine.delay = (run) => {
    answer = run;
  };
  const proposed = replica.propose({ word: "x" });
  await cluster.until(() => answer !== undefined);
  const abort = new AbortController();
  const levels = ["stale", "linearizable", "sequential"] as const;
  const late = levels.map((level) => replica.query("x", { level, timeoutMs: 100 }));
  const unwanted = replica.query("x", { level: "stale", signal: abort.signal });
  const patient = replica.query("x", { timeoutMs: 60_000 });
  const ended = await cluster.complete(Promise.allSettled(late), 1_000);
  expect(ended).toEqual(
    late.map(() =>
      expect.objectContaining({
        reason: expect.objectContaining({ code: "TIMEOUT", outcome: "notApplied" }),
      }),
    ),
  );
  abort.abort();
  const [aborted] = await cluster.complete(Promise.allSettled([unwanted]), 1_000);
  expect(aborted).toMatchObject({ reason: { code: "ABORTED", outcome: "notApplied" } });
  answer?.();
  expect((await cluster.complete(proposed)).result).toBe(1);
  expect(await cluster.complete(patient)).toBe(1);
});

test("read requests of another start have other numbers: a late answer to one must not match", async () => {
  const cluster = await GroupCluster.of(3);
  const follower = cluster.follower(await cluster.leader());
  const numbers = async (): Promise<number[]> => {
    const { replica } = cluster.member(follower.id);
    await cluster.complete(replica.query("x"));
    return replica
      .decisions()
      .flatMap(({ decision }) => (decision.type === "readForwarded" ? [decision.requestId] : []));
  };
  const before = await numbers();
  cluster.kill(follower.id);
  await cluster.reopen(follower.id);
  await cluster.leader();
  const after = await numbers();
  expect(before.length).toBeGreaterThan(0);
  expect(after.length).toBeGreaterThan(0);
  expect(after.filter((number) => before.includes(number))).toEqual([]);
});

test("a batch that is not its sender's, or not whole, is never logged", async () => {
  const cluster = await GroupCluster.of(3);
  const leader = await cluster.leader();
  const group = cluster.groupOf(leader.id);
  const [from, other] = cluster.all.filter((member) => member !== leader).map(({ id }) => id);
  const builder = new BatchBuilder();
  const batch = (member: number): Uint8Array => {
    builder.addCommand(words.encode({ word: "forged" }));
    const session = { member, incarnation: 99, firstSequence: 1, acknowledgedBelow: 1 };
    return builder.close({ ...session, proposedAtMs: 0 });
  };
  const before = leader.replica.status().core.last.index;
  const deliver = (payload: Uint8Array): void =>
    group.onHostMessage(from ?? 0, encodeHostMessage({ type: "batch", payload }));
  deliver(batch(other ?? 0));
  deliver(batch(from ?? 0).slice(0, -1));
  group.onHostMessage(from ?? 0, Uint8Array.of(200, 1, 2));
  await cluster.world.run(100);
  expect(leader.replica.status().core.last.index).toBe(before);
  deliver(batch(from ?? 0));
  await cluster.until(() => leader.machine.counts.get("forged") === 1);
});
