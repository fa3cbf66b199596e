import { expect, test } from "vitest";
import type { MemoryEnvironment } from "../../src/environment/memory-environment.ts";
import { GroupCluster, type Member } from "../group/cluster.ts";

/** Clocks of every host, to be moved by hand: what a process sees that stood still, or whose machine was set. */
class Clocks {
  readonly #ahead: Map<string, { monotonicMs: number; wallMs: number }> = new Map();

  /** Takes the place of an environment's clocks. */
  readonly take = (environment: MemoryEnvironment): void => {
    const ahead = this.of(environment.host);
    const { nowMs, wallClockMs } = environment;
    Object.assign(environment, {
      nowMs: () => nowMs() + ahead.monotonicMs,
      wallClockMs: () => wallClockMs() + ahead.monotonicMs + ahead.wallMs,
    });
  };

  of(host: string): { monotonicMs: number; wallMs: number } {
    const known = this.#ahead.get(host) ?? { monotonicMs: 0, wallMs: 0 };
    this.#ahead.set(host, known);
    return known;
  }
}

async function three(): Promise<{ cluster: GroupCluster; clocks: Clocks; leader: Member }> {
  const clocks = new Clocks();
  const cluster = new GroupCluster({ core: { readMode: "lease" } });
  cluster.onStart = clocks.take;
  for (const id of [1, 2, 3]) await cluster.create(id, cluster.initial([1, 2, 3]));
  const leader = await cluster.leader();
  await cluster.world.run(5_000);
  return { cluster, clocks, leader };
}

function eventsOf(member: Member, type: string): readonly unknown[] {
  return member.events.filter((event) => event.type === type);
}

test("a stall of the event loop is told, counted, and no lease is trusted after it", async () => {
  const { cluster, clocks, leader } = await three();
  const rounds = (): number => leader.replica.status().core.pendingReads;
  clocks.of(`host${leader.id}`).monotonicMs += 700;
  // Its input is handled before its timers: the overdue tick alone makes the lease worthless.
  const read = leader.replica.query("x", { level: "lease" });
  await cluster.world.run(0);
  expect(rounds()).toBe(1);
  expect(await cluster.complete(read)).toBe(0);
  await cluster.until(() => eventsOf(leader, "eventLoopStalled").length > 0);
  expect(eventsOf(leader, "eventLoopStalled")).toEqual([
    { type: "eventLoopStalled", forMs: expect.closeTo(700, -3) },
  ]);
  expect(leader.host.metrics().eventLoopStalls).toBe(1);
  const later = leader.replica.query("x", { level: "lease" });
  await cluster.world.run(0);
  expect(rounds()).toBe(1);
  expect(await cluster.complete(later)).toBe(0);
  expect(leader.replica.role).toBe("leader");
});

test("a leader that stood still for longer than an election takes hands the lead over, and says so", async () => {
  const { cluster, clocks, leader } = await three();
  clocks.of(`host${leader.id}`).monotonicMs += 3_000;
  const resigned = { type: "resigned", reason: "the event loop stood still" };
  await cluster.until(
    () => eventsOf(leader, "replica").length > 0 && leader.replica.role !== "leader",
  );
  expect(eventsOf(leader, "replica")).toContainEqual({
    type: "replica",
    groupId: 1,
    event: resigned,
  });
  await cluster.until(() =>
    cluster.all.some((member) => member !== leader && member.replica.role === "leader"),
  );
  expect(leader.replica.role).toBe("follower");
});

test("a jump of the wall clock is told, counted, and changes neither leader nor term", async () => {
  const { cluster, clocks, leader } = await three();
  const { term } = leader.replica.status().core;
  for (const byMs of [3_600_000, -7_200_000]) {
    clocks.of(`host${leader.id}`).wallMs += byMs;
    await cluster.world.run(2_000);
  }
  expect(eventsOf(leader, "clockJumped")).toEqual([
    { type: "clockJumped", byMs: 3_600_000 },
    { type: "clockJumped", byMs: -7_200_000 },
  ]);
  expect(leader.host.metrics().clockJumps).toBe(2);
  expect(leader.replica.role).toBe("leader");
  expect(leader.replica.status().core.term).toBe(term);
  expect(cluster.all.flatMap((member) => eventsOf(member, "eventLoopStalled"))).toEqual([]);
});

test("no lease is trusted after a suspension, which the monotonic clock does not see", async () => {
  const { cluster, clocks, leader } = await three();
  const rounds = (): number => leader.replica.status().core.pendingReads;
  clocks.of(`host${leader.id}`).wallMs += 600_000;
  // Before the timer, and after it.
  for (const laterMs of [0, 110]) {
    await cluster.world.run(laterMs);
    const read = leader.replica.query("x", { level: "lease" });
    await cluster.world.run(0);
    expect(rounds()).toBe(1);
    expect(await cluster.complete(read)).toBe(0);
  }
  await cluster.world.run(5_000);
  const steady = leader.replica.query("x", { level: "lease" });
  await cluster.world.run(0);
  expect(rounds()).toBe(0);
  expect(await cluster.complete(steady)).toBe(0);
});
