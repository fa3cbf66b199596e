import { duration, type NodeFault, someNode } from "./fault-scene.ts";

/** Long enough for an election, and for what clients do with the next leader. */
const TIMES_LONGER = 4;

/**
 * The leader stands still until it has been deposed; when it goes on it hears its clients first, as a system may that has
 * several sockets to read from, and knows nothing of its successor.
 */
export const LEADER_STANDS_STILL: NodeFault = {
  name: "leader stands still",
  breaksLeases: true,
  bring: (scene) => {
    const node = someNode(scene, 0.9);
    if (node.power !== "up" || node.isPaused) return;
    scene.world.counters.count("memberPaused");
    node.pause();
    scene.later(TIMES_LONGER * duration(scene), () => node.resume("clientsFirst"));
  },
};
