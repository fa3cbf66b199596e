import { expect, test } from "vitest";
import { CoreCluster } from "../../src/cluster/core-cluster.ts";
import { checkLinearizability } from "../../src/linearizability/check.ts";
import { registerModel } from "../../src/linearizability/models/register.ts";
import { Random } from "../../src/random/random.ts";

test("a calm cluster elects a leader and answers its clients", () => {
  const cluster = new CoreCluster(1);
  expect(cluster.runUntil(() => cluster.leader() !== undefined, 5_000)).toBe(true);
  cluster.clients.ask(1, { type: "write", key: "name", value: "chen" });
  expect(cluster.runUntil(() => cluster.clients.isIdle, 2_000)).toBe(true);
  cluster.clients.ask(2, { type: "read", key: "name" });
  expect(cluster.runUntil(() => cluster.clients.isIdle, 2_000)).toBe(true);
  expect(cluster.clients.records.map((record) => record.answer)).toEqual(["done", "chen"]);
  expect(cluster.violations).toEqual([]);
});

test("random crashes, cuts and pauses: no violation, and everybody ends up equal", () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = Random.fromSeed(seed);
    const cluster = new CoreCluster(seed, {
      members: 3 + (seed % 3),
      weather: {
        delayMinMs: 1,
        delayMaxMs: 20,
        lossRate: 0.05,
        duplicateRate: 0.05,
        lateRate: 0.02,
        lateMaxMs: 500,
      },
      snapshotEvery: 20,
      keepEntries: 3,
      coldReadRate: 0.1,
    });
    for (let at = 0; at < 300; at += 1) {
      cluster.run(50);
      const dice = random.integer(20);
      const some = cluster.member(random.between(1, cluster.members.size));
      if (dice === 0) some.crash();
      if (dice === 1) for (const member of cluster.members.values()) member.start();
      if (dice === 2) cluster.network.cut(some.id, random.between(1, cluster.members.size));
      if (dice === 3) cluster.network.heal();
      if (dice === 4) some.pause();
      if (dice === 5) some.resume();
      cluster.clients.ask(
        random.integer(5),
        random.chance(0.5)
          ? { type: "write", key: `k${random.integer(3)}`, value: `v${at}` }
          : { type: "read", key: `k${random.integer(3)}` },
      );
    }
    expect(cluster.violations, `seed ${seed}`).toEqual([]);
    cluster.heal();
    cluster.run(5000);
    expect(cluster.violations, `seed ${seed}`).toEqual([]);
    const checked = checkLinearizability(registerModel, cluster.clients.history.operations);
    expect(checked.verdict, `seed ${seed}`).toBe("linearizable");
    const last = [...cluster.members.values()].map((m) => m.applied);
    expect(new Set(last).size, `seed ${seed} ${last}`).toBe(1);
  }
});
