import type { MemberId } from "@quorate/core";
import type { Random } from "../random/random.ts";
import type { NodeWorld } from "../world/node-world.ts";
import type { SimNode } from "../world/sim-node.ts";

/** What a fault works with. */
export interface FaultScene {
  readonly world: NodeWorld;
  readonly random: Random;
  /** A fault lasts about this long. */
  readonly lastsMs: number;
  /** Runs later, unless faults have ended by then. */
  later(afterMs: number, run: () => void): void;
}

/** Faults of one kind, each with what ends it. */
export interface NodeFault {
  readonly name: string;
  /** It stops clocks or moves them apart by more than a lease allows for. */
  readonly breaksLeases?: boolean;
  /** A process stands still, and its timers with it. */
  readonly losesTime?: boolean;
  /** Processes end by it and begin anew. */
  readonly restarts?: boolean;
  bring(scene: FaultScene): void;
}

/** All machines of the world. */
export function ids(world: NodeWorld): MemberId[] {
  return [...world.nodes.keys()];
}

/** Any machine; the leader with the probability `leaderBias`. */
export function someNode({ world, random }: FaultScene, leaderBias: number = 0.4): SimNode {
  const leader = random.chance(leaderBias) ? world.leader() : undefined;
  return leader ?? world.node(random.pick(ids(world)));
}

/** How long this fault lasts. */
export function duration({ random, lastsMs }: FaultScene): number {
  return lastsMs * random.pick([0.2, 0.5, 1, 2]);
}
