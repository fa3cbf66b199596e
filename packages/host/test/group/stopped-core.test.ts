import { expect, test } from "vitest";
import { GroupCluster } from "./cluster.ts";

test("a core that stops over a membership change ends the applier's turn and stops the group at once", async () => {
  const cluster = await GroupCluster.of(1);
  const { replica, machine } = cluster.member(1);
  await cluster.complete(replica.propose({ word: "before" }));
  const group = cluster.groupOf(1);
  const { core } = group;
  const status = core.status.bind(core);
  let stopped: string | undefined;
  core.status = () => ({ ...status(), stopped });
  core.applyMembership = () => {
    stopped = "a planted fault";
    return { ok: false, reason: "stopped" };
  };
  const before = group.companion.membership;
  const steps = [{ action: "learner", member: 9, address: "host9:1" }] as const;
  const changed = replica.changeMembership(steps).catch((error: unknown) => error);
  const proposed = replica.propose({ word: "after" }).catch((error: unknown) => error);
  expect(await cluster.complete(changed)).toMatchObject({ code: "STOPPED" });
  expect(await cluster.complete(proposed)).toMatchObject({ code: "STOPPED", outcome: "unknown" });
  expect(machine.order).toEqual(["before"]);
  expect(group.companion.membership).toEqual(before);
  expect(replica.status().condition).toBe("stopped");
});
