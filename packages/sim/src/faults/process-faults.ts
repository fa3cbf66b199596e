import { duration, type NodeFault, someNode } from "./fault-scene.ts";

/** Processes that end, stand still or are slow. */
export const PROCESS_FAULTS: readonly NodeFault[] = [
  {
    name: "crash",
    bring: (scene) => {
      const node = someNode(scene);
      if (node.power !== "up") return;
      scene.world.counters.count("memberCrashed");
      node.crash(scene.random.chance(0.5));
      scene.later(duration(scene), () => {
        scene.world.counters.count("memberRestarted");
        node.start();
      });
    },
  },
  {
    name: "crash within an operation",
    bring: (scene) => {
      const node = someNode(scene);
      if (node.power !== "up") return;
      node.disk.bring("processDies");
      scene.later(duration(scene) + 200, () => node.start());
    },
  },
  {
    name: "power failure within a write",
    bring: (scene) => {
      const node = someNode(scene);
      if (node.power !== "up") return;
      scene.world.counters.count("memberCrashed");
      node.disk.bring("powerFails");
      scene.later(duration(scene) + 200, () => node.start());
    },
  },
  {
    name: "crash all",
    bring: (scene) => {
      const { world, random } = scene;
      world.counters.count("allCrashed");
      const withPower = random.chance(0.7);
      for (const node of world.nodes.values()) if (node.power === "up") node.crash(withPower);
      scene.later(duration(scene) / 2, () => world.startAll());
    },
  },
  {
    name: "restart in order",
    bring: (scene) => {
      const node = someNode(scene);
      if (node.power !== "up") return;
      scene.world.counters.count("memberStoppedInOrder");
      node.stop().catch((error: unknown) => {
        scene.world.report("a node can be stopped", `node ${node.id}: ${String(error)}`);
      });
      scene.later(duration(scene), () => node.start());
    },
  },
  {
    name: "pause",
    breaksLeases: true,
    bring: (scene) => {
      const node = someNode(scene, 0.5);
      if (node.power !== "up" || node.isPaused) return;
      scene.world.counters.count("memberPaused");
      node.pause();
      scene.later(duration(scene), () => node.resume());
    },
  },
  {
    name: "slow event loop",
    breaksLeases: true,
    bring: (scene) => {
      const node = someNode(scene, 0.3);
      scene.world.counters.count("memberSlow");
      node.slownessMs = scene.random.pick([1, 10, 60, 250]);
      scene.later(duration(scene) * 2, () => {
        node.slownessMs = 0;
      });
    },
  },
];
