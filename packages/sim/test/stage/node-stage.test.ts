import { expect, test } from "vitest";
import { type ClusterEvent, NodeStage, replayStage } from "../../src/index.ts";

async function until(stage: NodeStage, done: () => boolean): Promise<void> {
  for (let count = 0; !done(); count += 1) {
    if (count > 100_000 || !(await stage.step())) {
      throw new Error(`it never came about: ${JSON.stringify(stage.violations)}`);
    }
  }
}

test("whole nodes elect, write and answer on the stage, with their messages and entries to be seen", async () => {
  const events: ClusterEvent[] = [];
  const stage = new NodeStage(7, 3, (event) => events.push(event));
  await until(stage, () => stage.world.leader()?.life !== undefined);
  const operation = { type: "write", key: "x", value: "1" } as const;
  expect(await stage.perform({ type: "ask", client: 1, operation })).toBe(true);
  await until(stage, () => stage.clients.records[0]?.belief !== "waiting");
  expect(stage.clients.records[0]?.belief).toBe("answered");
  const id = stage.world.leader()?.id ?? 0;
  const frame = stage.frameOf(id, undefined);
  expect(frame.values.get("x")).toBe("1");
  expect(frame.role).toBe("leader");
  expect(frame.files?.some(({ path }) => path.includes("log"))).toBe(true);
  const kinds = new Set(events.map(({ type }) => type));
  for (const kind of ["sent", "delivered", "decision", "durable", "applied", "client", "started"]) {
    expect(kinds).toContain(kind);
  }
  const delivered = events.filter(({ type }) => type === "delivered").length;
  const lost = events.filter(({ type }) => type === "lost").length;
  expect(lost / delivered).toBeLessThan(0.05);
  expect(stage.violations).toEqual([]);
});

/** The leader of a stage on which one write was answered. */
async function withWrite(seed: number): Promise<{ stage: NodeStage; leader: number }> {
  const stage = new NodeStage(seed, 3);
  await until(stage, () => stage.world.leader()?.life !== undefined);
  await stage.perform({
    type: "ask",
    client: 1,
    operation: { type: "write", key: "x", value: "1" },
  });
  await until(stage, () => stage.clients.records[0]?.belief === "answered");
  return { stage, leader: stage.world.leader()?.id ?? 0 };
}

const other = (leader: number): number => (leader % 3) + 1;

test.each([
  ["its plug is pulled", { type: "crash", unsynced: "lost" }],
  ["its process is killed", { type: "crash", unsynced: "kept" }],
] as const)("a member comes back with what was durable after %s", async (_, crash) => {
  const { stage, leader } = await withWrite(11);
  await stage.perform({ ...crash, member: leader });
  expect(stage.frameOf(leader, undefined).power).toBe("down");
  await stage.perform({ type: "restart", member: leader });
  await until(stage, () => stage.frameOf(leader, undefined).values.get("x") === "1");
  expect(stage.violations).toEqual([]);
});

test("a write torn by a power failure is cut off at the next start", async () => {
  const { stage, leader } = await withWrite(12);
  const victim = other(leader);
  await stage.perform({ type: "diskFault", member: victim, fault: "tearNextWrite" });
  await stage.perform({
    type: "ask",
    client: 2,
    operation: { type: "compareAndSet", key: "x", expected: "1", value: "2" },
  });
  await until(stage, () => stage.frameOf(victim, undefined).power === "down");
  await stage.perform({ type: "restart", member: victim });
  await until(stage, () => stage.frameOf(victim, undefined).values.get("x") === "2");
  expect(stage.violations).toEqual([]);
});

test("a flipped bit is found at the start, and the others give back what it cost", async () => {
  const { stage, leader } = await withWrite(13);
  const victim = other(leader);
  expect(await stage.perform({ type: "diskFault", member: victim, fault: "flipBit" })).toBe(true);
  await until(stage, () => {
    const { power, values, stopped } = stage.frameOf(victim, undefined);
    return (power === "up" && values.get("x") === "1") || stopped !== undefined;
  });
  expect(stage.violations).toEqual([]);
});

test("a full disk is told of, and writes go on when there is room again", async () => {
  const { stage, leader } = await withWrite(14);
  for (const member of [1, 2, 3]) {
    await stage.perform({ type: "diskFault", member, fault: "fill" });
  }
  expect(stage.frameOf(leader, undefined).isDiskFull).toBe(true);
  for (const member of [1, 2, 3]) {
    await stage.perform({ type: "diskFault", member, fault: "free" });
    await stage.perform({ type: "restart", member });
  }
  await stage.perform({
    type: "ask",
    client: 2,
    operation: { type: "write", key: "x", value: "2" },
  });
  await until(stage, () => stage.clients.records[1]?.belief === "answered");
  expect(stage.violations).toEqual([]);
});

test("a wiped member does not vote under its old number, and the others go on", async () => {
  const { stage, leader } = await withWrite(15);
  const victim = other(leader);
  await stage.perform({ type: "wipe", member: victim });
  await stage.perform({ type: "restart", member: victim });
  await stage.perform({ type: "ask", client: 2, operation: { type: "read", key: "x" } });
  await until(stage, () => stage.clients.records[1]?.belief === "answered");
  expect(stage.clients.records[1]?.answer).toBe("1");
  expect(stage.frameOf(victim, undefined).wasWiped).toBe(true);
  expect(stage.violations).toEqual([]);
});

test("a cut-off leader's client is served by the others after a retry in its session", async () => {
  const { stage, leader } = await withWrite(16);
  await stage.perform({ type: "partition", groups: [[leader]] });
  const operation = { type: "write", key: "x", value: "2" } as const;
  await stage.perform({ type: "ask", client: 2, operation, member: leader });
  await until(stage, () => stage.clients.records[1]?.belief !== "waiting");
  expect(stage.clients.records[1]?.belief).toBe("answered");
  expect(stage.clients.records[1]?.attempts).toBeGreaterThan(1);
  await stage.perform({ type: "mendAll" });
  await until(stage, () => stage.frameOf(leader, undefined).values.get("x") === "2");
  expect(stage.violations).toEqual([]);
});

test("a run is repeated from what was done to it, event for event", async () => {
  const { stage, leader } = await withWrite(17);
  const actions = [
    {
      afterEvents: stage.agenda.happened,
      action: { type: "diskFault", member: leader, fault: "tearNextWrite" },
    },
  ] as const;
  const plan = { seed: 18, members: 3, actions, events: stage.agenda.happened + 2_000 };
  const one = await replayStage(plan);
  const again = await replayStage(plan);
  expect(again.digest()).toBe(one.digest());
  expect(again.nowMs).toBe(one.nowMs);
  const without = await replayStage({ ...plan, actions: [] });
  expect(without.digest()).not.toBe(one.digest());
});
