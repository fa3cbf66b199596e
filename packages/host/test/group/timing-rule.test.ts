import type { ReplicaEvent } from "@quorate/host";
import { expect, test } from "vitest";
import { GroupCluster } from "./cluster.ts";

type Told = Extract<ReplicaEvent, { readonly type: "timingRuleBroken" | "timingRuleKept" }>;

test("a round trip that is long for the election time-out is warned of, until it is short again", async () => {
  const cluster = await GroupCluster.of(3);
  const leader = await cluster.leader();
  const told: Told[] = [];
  leader.replica.onEvent((event) => {
    if (event.type === "timingRuleBroken" || event.type === "timingRuleKept") told.push(event);
  });
  await cluster.world.run(5_000);
  expect(leader.replica.status().warnings).toEqual([]);
  expect(told).toEqual([]);
  const slow = cluster.follower(leader);
  const delay = (ms: number): void => {
    for (const [from, to] of [
      [leader.id, slow.id],
      [slow.id, leader.id],
    ]) {
      cluster.network.link(`host${from}`, `host${to}`).delayMs = () => ms;
    }
  };
  delay(80);
  await cluster.world.run(10_000);
  expect(leader.replica.status().warnings).toEqual([
    expect.stringMatching(
      new RegExp(
        `^A round trip to member ${slow.id} takes 1\\d\\d ms and a write to the log \\d+ ms: the election time-out of 1000 ms `,
      ),
    ),
  ]);
  expect(told).toMatchObject([
    { type: "timingRuleBroken", peer: slow.id, electionTimeoutMs: 1_000 },
  ]);
  delay(1);
  await cluster.world.run(20_000);
  expect(leader.replica.status().warnings).toEqual([]);
  expect(told.map(({ type }) => type)).toEqual(["timingRuleBroken", "timingRuleKept"]);
});
