import { expect, test } from "vitest";
import { planLeases, playNodes } from "../../src/hunt/run-nodes.ts";
import { NodeWorld } from "../../src/world/node-world.ts";

test.each([4, 5, 6])(
  "no lease is lost early under leaders that stand still, seed %i",
  async (seed) => {
    const { result } = await playNodes(planLeases(seed));
    expect(result.violations).toEqual([]);
    expect(result.counters.entries()).toContainEqual(["memberPaused", expect.any(Number)]);
  },
  60_000,
);

const IDS = Array.from({ length: 50 }, (_, at) => BigInt(at + 1));

test("renewals that come together cost one round with the quorum, whatever they are", async () => {
  const world = new NodeWorld(1);
  world.startAll();
  const { simulation } = world;
  expect(await simulation.runUntil(() => world.leader()?.life !== undefined, 10_000)).toBe(true);
  const life = world.leader()?.life;
  if (life === undefined) throw new Error("nobody leads");
  let granted = 0;
  for (const id of IDS) {
    const command = { type: "leaseGrant", id, ttlSeconds: 60 } as const;
    void life.replica.propose(command).then(() => {
      granted += 1;
    });
  }
  expect(await simulation.runUntil(() => granted === IDS.length, 10_000)).toBe(true);
  const before = { ...life.replica.metrics() };
  const answers: (number | undefined)[] = [];
  for (const id of IDS) void life.leases.renew(id).then((seconds) => answers.push(seconds));
  expect(await simulation.runUntil(() => answers.length === IDS.length, 10_000)).toBe(true);
  expect(answers).toEqual(IDS.map(() => 60));
  const after = life.replica.metrics();
  expect(after.readRounds - before.readRounds).toBe(1);
  expect(after.proposals - before.proposals).toBe(0);
});
