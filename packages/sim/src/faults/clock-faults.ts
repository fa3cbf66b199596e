import { duration, type NodeFault, someNode } from "./fault-scene.ts";

/** Clocks that go wrong or jump. */
export const CLOCK_FAULTS: readonly NodeFault[] = [
  {
    name: "clocks a little apart",
    bring: (scene) => {
      scene.world.counters.count("clockRate");
      someNode(scene).clock.setRate(scene.random.pick([0.98, 1.02]));
    },
  },
  {
    name: "clock rate",
    breaksLeases: true,
    bring: (scene) => {
      const { clock } = someNode(scene);
      scene.world.counters.count("clockRate");
      clock.setRate(scene.random.pick([0.5, 0.8, 1.25, 2]));
      scene.later(duration(scene) * 3, () => clock.setRate(1));
    },
  },
  {
    name: "wall clock jump",
    bring: (scene) => {
      scene.world.counters.count("wallClockJump");
      someNode(scene, 0.6).clock.jumpWallClock(
        scene.random.pick([-3_600_000, -30_000, 5_000, 3_600_000]),
      );
    },
  },
];
