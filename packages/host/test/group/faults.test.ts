import { expect, test } from "vitest";
import type { ReplicaEvent } from "../../src/group/replica-event.ts";
import type { Member } from "./cluster.ts";
import { GroupCluster } from "./cluster.ts";

function saw(member: Member, type: ReplicaEvent["type"]): boolean {
  return member.events.some((event) => event.type === "replica" && event.event.type === type);
}

test("a leader whose disk hangs hands over, and takes part again when the disk is back", async () => {
  const cluster = await GroupCluster.of(3);
  const leader = await cluster.leader();
  leader.storage.disk.delayMs = 6_000;
  const proposal = leader.replica.propose({ word: "x" }, { timeoutMs: 60_000 });
  await cluster.until(() => saw(leader, "diskStalled"), 10_000);
  await cluster.until(() => leader.replica.role !== "leader", 10_000);
  const next = cluster.all.find(({ replica }) => replica.role === "leader");
  expect(next?.id).not.toBe(leader.id);
  expect((await cluster.complete(proposal)).result).toBe(1);
  leader.storage.disk.delayMs = 1;
  await cluster.until(() => saw(leader, "diskRecovered"), 60_000);
  const { result } = await cluster.complete(leader.replica.propose({ word: "x" }));
  expect(result).toBe(2);
  await cluster.converge();
});

test("a leader whose disk is full hands over and refuses, until there is room", async () => {
  const cluster = await GroupCluster.of(3);
  const leader = await cluster.leader();
  leader.storage.emit(1, { type: "spaceLow" });
  await cluster.until(() => leader.replica.role !== "leader");
  // A follower with little room still passes proposals on.
  expect((await cluster.complete(leader.replica.propose({ word: "x" }))).result).toBe(1);
  expect(leader.replica.status().condition).toBe("storageFull");
  leader.storage.emit(1, { type: "spaceFreed" });
  expect(leader.replica.status().condition).toBe("running");
});

test("a single member whose disk is full refuses proposals and answers reads", async () => {
  const cluster = await GroupCluster.of(1);
  const { replica, storage } = cluster.member(1);
  storage.emit(1, { type: "spaceLow" });
  const [refused] = await cluster.complete(Promise.allSettled([replica.propose({ word: "x" })]));
  expect(refused).toMatchObject({ reason: { code: "STORAGE_FULL", outcome: "notApplied" } });
  expect(await cluster.complete(replica.query("x"))).toBe(0);
});

test("a member whose disk fails stops, the others go on", async () => {
  const cluster = await GroupCluster.of(3);
  const leader = await cluster.leader();
  leader.storage.disk.failure = new Error("input/output error");
  const proposal = leader.replica.propose({ word: "x" }, { timeoutMs: 60_000 });
  const [failed] = await cluster.complete(Promise.allSettled([proposal]));
  expect(failed).toMatchObject({ reason: { code: "STORAGE_FAILED", outcome: "unknown" } });
  expect(leader.replica.status().condition).toBe("stopped");
  // It led a moment ago; once stopped it must not say so any more.
  expect(leader.replica.role).toBe("follower");
  expect(leader.replica.leader).toBeUndefined();
  cluster.kill(leader.id);
  const next = await cluster.leader();
  await cluster.complete(next.replica.propose({ word: "y" }));
});

test("a machine that throws stops its group and not its host", async () => {
  const cluster = await GroupCluster.of(1);
  const { replica, machine, host } = cluster.member(1);
  machine.apply = () => {
    throw new Error("cannot count that far");
  };
  const [failed] = await cluster.complete(Promise.allSettled([replica.propose({ word: "x" })]));
  expect(failed).toMatchObject({ reason: { code: "STATE_MACHINE_FAILED", outcome: "unknown" } });
  expect(String((failed as PromiseRejectedResult).reason)).toContain("cannot count that far");
  expect(host.groups()).toEqual([1]);
  const [after] = await cluster.complete(Promise.allSettled([replica.query("x")]));
  expect(after).toMatchObject({ reason: { code: "STATE_MACHINE_FAILED", outcome: "notApplied" } });
});

test("a stalled leader does not answer lease reads from its lease", async () => {
  const cluster = await GroupCluster.of(3, { core: { readMode: "lease" } });
  const leader = await cluster.leader();
  await cluster.world.run(5_000);
  const rounds = (): number => leader.replica.status().core.pendingReads;
  const read = leader.replica.query("x", { level: "lease" });
  await cluster.world.run(0);
  expect(rounds()).toBe(0);
  expect(await cluster.complete(read)).toBe(0);
  // The process stands still: no timer fires, input is handled first when it goes on.
  cluster.groupOf(leader.id).fitness.stalled(300);
  const late = leader.replica.query("x", { level: "lease" });
  await cluster.world.run(0);
  expect(rounds()).toBe(1);
  expect(await cluster.complete(late)).toBe(0);
});

test("limits are refused with their codes, and room comes back", async () => {
  const cluster = await GroupCluster.of(1, {
    limits: {
      commandBytesMax: 10,
      pendingProposalsMax: 5,
      pendingReadsMax: 2,
    },
  });
  const { replica } = cluster.member(1);
  const settled = await cluster.complete(
    Promise.allSettled([
      replica.propose({ word: "x".repeat(11) }),
      ...Array.from({ length: 6 }, () => replica.propose({ word: "y" })),
      ...Array.from({ length: 3 }, () => replica.query("y")),
    ]),
  );
  const codes = settled.map((outcome) =>
    outcome.status === "fulfilled" ? "fine" : outcome.reason.code,
  );
  expect(codes).toEqual([
    "TOO_LARGE",
    ...Array(5).fill("fine"),
    "OVERLOADED",
    "fine",
    "fine",
    "OVERLOADED",
  ]);
  expect((await cluster.complete(replica.propose({ word: "y" }))).result).toBe(6);
});

test("events go to every watcher, and a slow one finds a gap", async () => {
  const cluster = await GroupCluster.of(1);
  const { replica } = cluster.member(1);
  const heard: string[] = [];
  const stop = replica.onEvent((event) => heard.push(event.type));
  const watcher = replica.watch()[Symbol.asyncIterator]();
  for (let nth = 0; nth < 300; nth++) {
    await cluster.complete(
      replica.changeMembership([{ action: "update", member: 1, name: `n${nth}` }]),
    );
  }
  stop();
  expect(heard.filter((type) => type === "membership").length).toBe(300);
  expect(await watcher.next()).toMatchObject({ value: { type: "gap" } });
  expect((await watcher.next()).done).toBe(false);
  await watcher.return?.();
  expect(await watcher.next()).toEqual({ done: true, value: undefined });
});

test("a closed replica answers everything with STOPPED, and closing twice is fine", async () => {
  const cluster = await GroupCluster.of(3);
  const { replica } = await cluster.leader();
  const watcher = replica.watch()[Symbol.asyncIterator]();
  await cluster.complete(Promise.all([replica.close(), replica.close()]));
  const calls = [
    replica.propose({ word: "x" }),
    replica.query("x"),
    replica.openSession(),
    replica.snapshot(),
    replica.transferLeadership(),
    replica.changeMembership([]),
  ];
  for (const settled of await cluster.complete(Promise.allSettled(calls))) {
    expect(settled).toMatchObject({ reason: { code: "STOPPED", outcome: "notApplied" } });
  }
  let last = await watcher.next();
  while (last.done !== true) last = await watcher.next();
  expect(last.done).toBe(true);
});
