import { expect, test } from "vitest";
import { GroupCluster } from "./cluster.ts";

test("a round trip that is long for the election time-out is warned of, a short one is not", async () => {
  const cluster = await GroupCluster.of(3);
  const leader = await cluster.leader();
  await cluster.world.run(5_000);
  expect(leader.replica.status().warnings).toEqual([]);
  const slow = cluster.follower(leader);
  for (const [from, to] of [
    [leader.id, slow.id],
    [slow.id, leader.id],
  ]) {
    cluster.network.link(`host${from}`, `host${to}`).delayMs = () => 80;
  }
  await cluster.world.run(10_000);
  expect(leader.replica.status().warnings).toEqual([
    expect.stringMatching(
      new RegExp(
        `^A round trip to member ${slow.id} takes 1\\d\\d ms, the election time-out is 1000 ms`,
      ),
    ),
  ]);
});
