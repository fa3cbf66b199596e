import type { MemberId } from "@quorate/core";
import { hostOf } from "../world/sim-node.ts";
import { duration, type FaultScene, ids, type NodeFault, someNode } from "./fault-scene.ts";
import { losePowerOverName } from "./power-over-name.ts";

/** Processes that end, stand still or are slow. */
export const PROCESS_FAULTS: readonly NodeFault[] = [
  {
    name: "crash",
    restarts: true,
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
    restarts: true,
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
    restarts: true,
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
    restarts: true,
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
    name: "power failure after a name change",
    restarts: true,
    bring: (scene) => {
      const node = someNode(scene, 0.2);
      if (node.power !== "up") return;
      losePowerOverName(scene, node);
    },
  },
  {
    name: "restart in turn",
    restarts: true,
    bring: (scene) => {
      const { world, random } = scene;
      const [late, ...others] = random.shuffled(ids(world));
      if (late === undefined || others.length === 0) return;
      world.counters.count("membersRestartedInTurn");
      // One member asks and learns of the outcome late: what it asked for is settled among those who forget most.
      const why = random.pick(["deaf", "slow", "slow", undefined]);
      if (why === "deaf") for (const id of others) world.network.cut(hostOf(id), hostOf(late));
      if (why === "slow") world.node(late).applyMs = random.pick([100, 400, 1_500]);
      const everyMs = random.pick([100, 400, 1_200]);
      const inOrder = random.chance(0.7);
      others.forEach((id, place) => {
        scene.later((place + random.next()) * everyMs, () => restart(scene, id, inOrder));
      });
      scene.later((others.length + 1) * everyMs, () => {
        world.network.mendAll();
        const node = world.nodes.get(late);
        if (node !== undefined) node.applyMs = world.settings.applyMs;
      });
    },
  },
  {
    name: "pause",
    losesTime: true,
    bring: (scene) => {
      const node = someNode(scene, 0.5);
      if (node.power !== "up" || node.isPaused) return;
      scene.world.counters.count("memberPaused");
      node.pause();
      scene.later(duration(scene), () => node.resume());
    },
  },
  {
    // As when a machine is moved or sleeps: what is sent to it meanwhile is lost, and it comes back without a network.
    name: "suspended",
    losesTime: true,
    bring: (scene) => {
      const { world, random } = scene;
      const node = someNode(scene, 0.7);
      if (node.power !== "up" || node.isPaused) return;
      world.counters.count("memberSuspended");
      for (const other of ids(world)) {
        if (other === node.id) continue;
        world.network.cut(hostOf(other), hostOf(node.id));
        world.network.cut(hostOf(node.id), hostOf(other));
      }
      node.pause();
      const forMs = duration(scene) * random.pick([1, 2]);
      scene.later(forMs, () => node.resume());
      scene.later(forMs + duration(scene), () => world.network.mendAll());
    },
  },
  {
    name: "slow event loop",
    bring: (scene) => {
      const node = someNode(scene, 0.3);
      scene.world.counters.count("memberSlow");
      node.slownessMs = scene.random.pick([1, 10, 60, 250]);
      scene.later(duration(scene) * 2, () => {
        node.slownessMs = 0;
      });
    },
  },
  {
    name: "slow machine",
    bring: (scene) => {
      const node = someNode(scene, 0.3);
      const { settings, counters } = scene.world;
      counters.count("machineSlow");
      node.applyMs = scene.random.pick([5, 40, 250]);
      scene.later(duration(scene) * 2, () => {
        node.applyMs = settings.applyMs;
      });
    },
  },
];

/** Ends a process in order or not, and begins it anew soon. */
function restart({ world, random, later }: FaultScene, id: MemberId, inOrder: boolean): void {
  const node = world.nodes.get(id);
  if (node?.power !== "up") return;
  if (inOrder) {
    world.counters.count("memberStoppedInOrder");
    node.stop().catch((error: unknown) => {
      world.report("a node can be stopped", `node ${id}: ${String(error)}`);
    });
  } else {
    world.counters.count("memberCrashed");
    node.crash(random.chance(0.5));
  }
  later(random.range(50, 300), () => node.start());
}
