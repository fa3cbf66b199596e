import { ids, type NodeFault, someNode } from "./fault-scene.ts";

/** What an operator may ask of a group at a bad moment. */
export const GROUP_FAULTS: readonly NodeFault[] = [
  {
    name: "transfer",
    bring: (scene) => {
      const { life } = someNode(scene, 0.7);
      if (life === undefined) return;
      scene.world.counters.count("leadershipTransferred");
      const to = scene.random.chance(0.5) ? undefined : scene.random.pick(ids(scene.world));
      life.gate.enter(() => {
        life.replica.transferLeadership(to, { timeoutMs: 1_000 }).catch(() => undefined);
      });
    },
  },
  {
    name: "campaign",
    bring: (scene) => {
      const { life } = someNode(scene, 0);
      if (life === undefined) return;
      scene.world.counters.count("campaignForced");
      life.gate.enter(() => life.replica.campaign());
    },
  },
  {
    name: "snapshot",
    bring: (scene) => {
      const { life } = someNode(scene);
      if (life === undefined) return;
      scene.world.counters.count("snapshotForced");
      life.gate.enter(() => {
        life.replica.snapshot({ timeoutMs: 5_000 }).catch(() => undefined);
      });
    },
  },
];
