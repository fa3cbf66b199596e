import type { MemberId } from "@quorate/core";
import type { Random } from "../random/random.ts";
import type { NodeWorld } from "../world/node-world.ts";
import { hostOf, type SimNode } from "../world/sim-node.ts";
import type { StreamWeather } from "../world/stream-weather.ts";
import { duration, type FaultScene, ids, type NodeFault, someNode } from "./fault-scene.ts";
import { losePowerOverName } from "./power-over-name.ts";

/** How often somebody looks whether a member was left behind far enough, and for how long. */
const LOOK_MS = 50;
const LEFT_BEHIND_LOOKS_MAX = 120;

function cutBothWays(world: NodeWorld, one: MemberId, other: MemberId): void {
  world.network.cut(hostOf(one), hostOf(other));
  world.network.cut(hostOf(other), hostOf(one));
}

function isolate(world: NodeWorld, id: MemberId): void {
  for (const other of ids(world)) if (other !== id) cutBothWays(world, id, other);
}

/** The others have given up log that it lacks: only a snapshot helps. */
function isLeftBehind(world: NodeWorld, { id, record }: SimNode): boolean {
  const last = record.core?.status().last.index ?? Number.POSITIVE_INFINITY;
  const leader = world.leader();
  const first = leader?.id === id ? 0 : (leader?.life?.replica.status().firstIndex ?? 0);
  return first > last + 1;
}

function mendSoon(scene: FaultScene): void {
  scene.later(duration(scene), () => scene.world.network.mendAll());
}

function changeWeather(
  scene: FaultScene,
  change: (random: Random) => Partial<StreamWeather>,
): void {
  const { network } = scene.world;
  const { weather } = network;
  network.weather = { ...weather, ...change(scene.random) };
  scene.later(duration(scene) * 2, () => {
    network.weather = weather;
  });
}

/** Links that are cut, slow or broken, and streams that lose, repeat or damage what they carry. */
export const NETWORK_FAULTS: readonly NodeFault[] = [
  {
    name: "partition",
    bring: (scene) => {
      const { world, random } = scene;
      const all = random.shuffled(ids(world));
      const left = all.slice(0, random.between(1, Math.max(1, all.length - 1)));
      for (const one of left) {
        for (const other of all) if (!left.includes(other)) cutBothWays(world, one, other);
      }
      world.counters.count("partitionHalves");
      mendSoon(scene);
    },
  },
  {
    name: "leader alone",
    bring: (scene) => {
      const { world } = scene;
      const leader = world.leader();
      if (leader === undefined) return;
      isolate(world, leader.id);
      world.counters.count("partitionLeaderAlone");
      mendSoon(scene);
    },
  },
  {
    name: "left behind",
    bring: (scene) => {
      const { world } = scene;
      const node = someNode(scene, 0.1);
      world.counters.count("memberLeftBehind");
      const losesPower = scene.random.chance(0.5);
      const look = (looksLeft: number): void => {
        if (looksLeft > 0 && !isLeftBehind(world, node)) {
          // Other faults that end mend all links.
          isolate(world, node.id);
          scene.later(LOOK_MS, () => look(looksLeft - 1));
          return;
        }
        world.network.mendAll();
        if (losesPower) losePowerOverName(scene, node);
      };
      look(LEFT_BEHIND_LOOKS_MAX);
    },
  },
  {
    name: "one way",
    bring: (scene) => {
      const { world, random } = scene;
      const from = someNode(scene).id;
      const isTotal = random.chance(0.4);
      const others = ids(world).filter((other) => other !== from);
      const to = isTotal ? others : random.sample(others, 1);
      const isDeaf = random.chance(0.5);
      for (const other of to) {
        if (isDeaf) world.network.cut(hostOf(other), hostOf(from));
        else world.network.cut(hostOf(from), hostOf(other));
      }
      world.counters.count("linkCutOneWay");
      mendSoon(scene);
    },
  },
  {
    name: "bridge",
    bring: (scene) => {
      const { world, random } = scene;
      const [, ...rest] = random.shuffled(ids(world));
      const half = rest.slice(0, Math.floor(rest.length / 2));
      for (const one of half) {
        for (const other of rest) if (!half.includes(other)) cutBothWays(world, one, other);
      }
      world.counters.count("partitionBridge");
      mendSoon(scene);
    },
  },
  {
    name: "ring",
    bring: (scene) => {
      const { world, random } = scene;
      const ring = random.shuffled(ids(world));
      for (let at = 0; at < ring.length; at += 1) {
        for (let to = at + 2; to < ring.length; to += 1) {
          if (at === 0 && to === ring.length - 1) continue;
          cutBothWays(world, ring[at] as MemberId, ring[to] as MemberId);
        }
      }
      world.counters.count("partitionRing");
      mendSoon(scene);
    },
  },
  {
    name: "flapping",
    bring: (scene) => {
      const { world, random } = scene;
      const [one, other] = random.sample(ids(world), 2);
      if (one === undefined || other === undefined) return;
      const everyMs = random.pick([30, 150, 600]);
      const times = random.between(4, 12);
      world.counters.count("linkFlapping");
      for (let time = 0; time < times; time += 1) {
        scene.later(time * everyMs, () => {
          if (time % 2 === 0) cutBothWays(world, one, other);
          else world.network.mendAll();
        });
      }
      scene.later(times * everyMs, () => world.network.mendAll());
    },
  },
  {
    name: "slow link",
    bring: (scene) => {
      const { world, random } = scene;
      const from = someNode(scene).id;
      world.counters.count("linkSlow");
      for (const other of ids(world)) {
        if (other === from || random.chance(0.4)) continue;
        world.network.link(hostOf(from), hostOf(other)).extraMs = random.pick([20, 100, 400]);
      }
      mendSoon(scene);
    },
  },
  {
    name: "clogged",
    bring: (scene) => {
      const { world, random } = scene;
      world.counters.count("linksClogged");
      const all = ids(world);
      const links = random.sample(
        all.flatMap((from) => all.filter((to) => to !== from).map((to) => [from, to] as const)),
        all.length,
      );
      links.forEach(([from, to], place) => {
        scene.later(place * 40, () => world.network.cut(hostOf(from), hostOf(to)));
      });
      random.shuffled(links).forEach(([from, to], place) => {
        const afterMs = links.length * 40 + duration(scene) + place * 40;
        scene.later(afterMs, () => world.network.mend(hostOf(from), hostOf(to)));
      });
      scene.later(links.length * 80 + duration(scene) * 3, () => world.network.mendAll());
    },
  },
  {
    name: "resets",
    bring: (scene) => {
      const { world, random } = scene;
      for (const one of ids(world)) {
        for (const other of ids(world)) {
          if (one === other || random.chance(0.5)) continue;
          world.network.resetConnections(hostOf(one), hostOf(other));
        }
      }
    },
  },
  {
    name: "half open",
    bring: (scene) => {
      const { world, random } = scene;
      const [one, other] = random.sample(ids(world), 2);
      if (one === undefined || other === undefined) return;
      world.network.blackhole(hostOf(one), hostOf(other));
      if (random.chance(0.5)) world.network.blackhole(hostOf(other), hostOf(one));
    },
  },
  {
    name: "lossy",
    bring: (scene) =>
      changeWeather(scene, (random) => ({
        frameLossRate: random.pick([0, 0.05, 0.3]),
        frameDuplicateRate: random.pick([0, 0.05, 0.3]),
        frameReorderRate: random.pick([0, 0.1, 0.4]),
      })),
  },
  {
    name: "late",
    bring: (scene) =>
      changeWeather(scene, (random) => ({
        stallRate: random.pick([0.01, 0.1]),
        stallMaxMs: random.pick([50, 400, 1_500]),
        delayMaxMs: random.pick([2, 20, 80]),
      })),
  },
  {
    name: "damaged bytes",
    bring: (scene) =>
      changeWeather(scene, (random) => ({ corruptRate: random.pick([0.002, 0.03]) })),
  },
  {
    name: "small pieces",
    bring: (scene) => changeWeather(scene, (random) => ({ splitRate: random.pick([0.1, 1]) })),
  },
  {
    name: "narrow",
    bring: (scene) => changeWeather(scene, (random) => ({ bytesPerMs: random.pick([5, 30, 200]) })),
  },
  {
    name: "stranger",
    bring: (scene) => {
      const { world, random } = scene;
      const bytes = new Uint8Array(random.pick([1, 16, 40, 5_000]));
      for (let at = 0; at < bytes.length; at += 1) bytes[at] = random.integer(256);
      // Some begin like the members' own protocol.
      const overheard = world.network.firstBytes.subarray(0, random.pick([8, 30, 120]));
      if (random.chance(0.5)) bytes.set(overheard.subarray(0, bytes.length));
      world.network.intrude(`${hostOf(random.pick(ids(world)))}:2380`, bytes);
    },
  },
];
