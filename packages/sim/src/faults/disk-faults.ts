import { duration, type NodeFault, someNode } from "./fault-scene.ts";

/** Disks that fail, are full or are slow. */
export const DISK_FAULTS: readonly NodeFault[] = [
  {
    name: "failing sync",
    bring: (scene) => {
      someNode(scene).disk.bring(scene.random.pick(["syncFails", "syncFailsAndForgets"]));
    },
  },
  {
    name: "failing write",
    bring: (scene) => {
      someNode(scene).disk.bring(scene.random.pick(["writeFails", "writeIsShort"]));
    },
  },
  {
    name: "full disk",
    bring: (scene) => {
      const { disk } = someNode(scene);
      scene.world.counters.count("diskFull");
      disk.files.capacityBytes = disk.files.usedBytes + scene.random.pick([0, 700, 5_000, 40_000]);
      scene.later(duration(scene) * 3, () => {
        disk.files.capacityBytes = Number.POSITIVE_INFINITY;
      });
    },
  },
  {
    name: "slow disk",
    bring: (scene) => {
      const { disk } = someNode(scene);
      scene.world.counters.count("diskSlow");
      disk.extraMs = scene.random.pick([20, 100, 400]);
      scene.later(duration(scene) * 2, () => {
        disk.extraMs = 0;
      });
    },
  },
  {
    name: "slow store",
    bring: (scene) => {
      const { disk } = someNode(scene);
      scene.world.counters.count("machineStoreSlow");
      disk.storeExtraMs = scene.random.pick([100, 700, 4_000]);
      scene.later(duration(scene) * 4, () => {
        disk.storeExtraMs = 0;
      });
    },
  },
  {
    name: "stalled disk",
    bring: (scene) => {
      const { disk } = someNode(scene, 0.6);
      scene.world.counters.count("diskStalled");
      disk.stalledUntilMs = scene.world.nowMs + scene.random.pick([300, 2_500, 6_000]);
    },
  },
];
