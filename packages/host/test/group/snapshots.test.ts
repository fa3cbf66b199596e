import { expect, test } from "vitest";
import type { ReplicaEvent } from "../../src/group/replica-event.ts";
import type { Member } from "./cluster.ts";
import { GroupCluster } from "./cluster.ts";

const SMALL = { snapshotPolicy: { entriesMax: 20, bytesMax: 1 << 30, keepEntries: 5 } };

/** Proposes `count` words, one entry each. */
async function fill(cluster: GroupCluster, member: Member, count: number): Promise<void> {
  for (let nth = 0; nth < count; nth++) {
    await cluster.complete(member.replica.propose({ word: `w${nth % 13}` }));
  }
}

function snapshotEvents(member: Member, phase: string): readonly ReplicaEvent[] {
  return member.events.flatMap((event) =>
    event.type === "replica" && event.event.type === "snapshot" && event.event.phase === phase
      ? [event.event]
      : [],
  );
}

test("a member that restarts goes on from its snapshot", async () => {
  const cluster = await GroupCluster.of(3, SMALL);
  const leader = await cluster.leader();
  await fill(cluster, leader, 70);
  await cluster.until(() => snapshotEvents(leader, "built").length >= 3);
  for (const id of [1, 2, 3]) cluster.kill(id);
  for (const id of [1, 2, 3]) await cluster.reopen(id);
  const again = await cluster.leader();
  expect((await cluster.complete(again.replica.propose({ word: "w0" }))).result).toBe(7);
  await cluster.converge();
});

test("a snapshot is due after so many bytes as well as after so many entries", async () => {
  const policy = { entriesMax: 1_000_000, bytesMax: 3_000, keepEntries: 5 };
  const cluster = await GroupCluster.of(1, { snapshotPolicy: policy });
  const only = cluster.member(1);
  const long = "w".repeat(100);
  const write = (): Promise<unknown> => cluster.complete(only.replica.propose({ word: long }));
  for (let nth = 0; nth < 20; nth += 1) await write();
  expect(snapshotEvents(only, "built")).toEqual([]);
  for (let nth = 0; nth < 20; nth += 1) await write();
  await cluster.until(() => snapshotEvents(only, "built").length === 1);
  for (let nth = 0; nth < 40; nth += 1) await write();
  await cluster.until(() => snapshotEvents(only, "built").length > 1);
});

test("the two newest snapshots are kept, and the log behind the older one", async () => {
  const cluster = await GroupCluster.of(1, SMALL, 1, true);
  const only = cluster.member(1);
  const stored = (): readonly string[] =>
    only.environment.disk.paths().filter((path) => path.endsWith("/manifest"));
  await fill(cluster, only, 110);
  await cluster.until(() => snapshotEvents(only, "built").length >= 5);
  await cluster.until(() => stored().length === 2);
  const built = snapshotEvents(only, "built").slice(-2);
  const indexes = built.map((event) => (event.type === "snapshot" ? event.info.index : 0));
  expect(only.replica.status().firstIndex).toBeLessThanOrEqual((indexes[0] ?? 0) + 1);
});

test("applies go on while a snapshot is written", async () => {
  const cluster = await GroupCluster.of(1);
  const { replica, storage } = cluster.member(1);
  await cluster.complete(replica.propose({ word: "before" }));
  storage.disk.delayMs = 5;
  const saved = replica.snapshot();
  const during = replica.propose({ word: "during" });
  const info = await cluster.complete(saved);
  const { position } = await cluster.complete(during);
  expect(info.index).toBeLessThan(position.index);
  expect(replica.status().newestSnapshot).toEqual(info);
});

test("a member that was away too long gets the leader's snapshot and goes on from it", async () => {
  const cluster = await GroupCluster.of(3, {
    snapshotPolicy: { entriesMax: 50, bytesMax: 1 << 30, keepEntries: 0 },
  });
  const leader = await cluster.leader();
  const away = cluster.follower(leader);
  cluster.kill(away.id);
  await fill(cluster, leader, 700);
  await cluster.until(() => leader.replica.status().firstIndex > 300);
  const back = await cluster.reopen(away.id);
  await cluster.until(() => snapshotEvents(back, "installed").length > 0);
  await fill(cluster, leader, 5);
  await cluster.converge();
  expect(snapshotEvents(leader, "sent").length).toBeGreaterThan(0);
  cluster.kill(back.id);
  await cluster.reopenAndConverge(back.id);
});

test("sessions and members come with a snapshot", async () => {
  const cluster = await GroupCluster.of(3, {
    snapshotPolicy: { entriesMax: 50, bytesMax: 1 << 30, keepEntries: 0 },
  });
  const leader = await cluster.leader();
  const away = cluster.follower(leader);
  cluster.kill(away.id);
  const session = await cluster.complete(leader.replica.openSession());
  const request = session.next();
  await cluster.complete(leader.replica.propose({ word: "once" }, { session: request }));
  await fill(cluster, leader, 700);
  await cluster.until(() => leader.replica.status().firstIndex > 300);
  const back = await cluster.reopen(away.id);
  await cluster.until(() => snapshotEvents(back, "installed").length > 0);
  const repeated = back.replica.propose({ word: "once" }, { session: request });
  expect((await cluster.complete(repeated)).result).toBe(1);
  expect(back.replica.status().members).toEqual(leader.replica.status().members);
});

test("a proposal that is in the snapshot its member receives has an unknown outcome", async () => {
  const cluster = await GroupCluster.of(3, {
    snapshotPolicy: { entriesMax: 50, bytesMax: 1 << 30, keepEntries: 0 },
  });
  const leader = await cluster.leader();
  const cut = cluster.follower(leader);
  // What the member says arrives, what it should hear does not.
  for (const { id } of cluster.all) {
    if (id !== cut.id) cluster.network.link(`host${id}`, `host${cut.id}`).isCut = true;
  }
  const proposal = cut.replica.propose({ word: "mine" }, { timeoutMs: 120_000 });
  await cluster.until(() => leader.machine.counts.has("mine"));
  await fill(cluster, leader, 700);
  await cluster.until(() => leader.replica.status().firstIndex > 300);
  cluster.network.heal();
  const [settled] = await cluster.complete(Promise.allSettled([proposal]), 120_000);
  expect(settled).toMatchObject({ reason: { code: "LEADERSHIP_LOST", outcome: "unknown" } });
  await cluster.converge();
  expect(cut.machine.counts.get("mine")).toBe(1);
});

test("entries that are not in memory are fetched for a follower that lags", async () => {
  const cluster = await GroupCluster.of(3);
  const leader = await cluster.leader();
  for (const { storage } of cluster.all) storage.disk.cachedEntries = 10;
  const away = cluster.follower(leader);
  cluster.kill(away.id);
  await fill(cluster, leader, 100);
  await cluster.reopenAndConverge(away.id);
});

test("closing waits for a snapshot that is being written or received", async () => {
  const cluster = await GroupCluster.of(3, SMALL, 1, true);
  const leader = await cluster.leader();
  await fill(cluster, leader, 30);
  for (const { replica } of cluster.all) {
    replica.snapshot().catch(() => undefined);
  }
  await cluster.complete(Promise.all(cluster.all.map(({ host }) => host.close())));
  for (const id of [1, 2, 3]) cluster.kill(id);
  for (const id of [1, 2, 3]) await cluster.reopen(id);
  const again = await cluster.leader();
  expect((await cluster.complete(again.replica.propose({ word: "w0" }))).result).toBe(4);
  await cluster.converge();
});

test("the log behind a snapshot on its way out stays until it has arrived", async () => {
  const cluster = await GroupCluster.of(1, {
    snapshotPolicy: { entriesMax: 50, bytesMax: 1 << 30, keepEntries: 0 },
  });
  const only = cluster.member(1);
  let sending: number | undefined = 20;
  Object.defineProperty(cluster.groupOf(1).outlet, "oldestIndex", { get: () => sending });
  await fill(cluster, only, 700);
  expect(only.replica.status().firstIndex).toBeLessThanOrEqual(21);
  sending = undefined;
  await fill(cluster, only, 100);
  await cluster.until(() => only.replica.status().firstIndex > 300);
});

test("a machine that gives no snapshot is asked again later, and its group goes on", async () => {
  const cluster = await GroupCluster.of(1);
  const { replica, machine } = cluster.member(1);
  await cluster.complete(replica.propose({ word: "x" }));
  const begin = machine.beginSnapshot.bind(machine);
  machine.beginSnapshot = () => {
    throw new Error("not now");
  };
  const [refused] = await cluster.complete(Promise.allSettled([replica.snapshot()]));
  expect(refused).toMatchObject({
    reason: { code: "STATE_MACHINE_FAILED", outcome: "notApplied", retryable: true },
  });
  expect(replica.status().condition).toBe("running");
  machine.beginSnapshot = begin;
  expect((await cluster.complete(replica.snapshot())).index).toBe(replica.appliedIndex);
});
