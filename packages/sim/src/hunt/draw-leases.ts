import { LEADER_STANDS_STILL } from "../faults/standstill-fault.ts";
import type { Random } from "../random/random.ts";
import { NODE_WORLD_DEFAULTS } from "../world/node-settings.ts";
import { calmRun, type NodeRun } from "./draw-nodes.ts";

const FAULTS_MS = 15_000;

/** Owners of leases and little else, under leaders that stand still and do not know that they were deposed. */
export function drawLeases(random: Random): NodeRun {
  const calm = calmRun(FAULTS_MS);
  const tickMs = random.pick([20, 40]);
  return {
    ...calm,
    settings: {
      ...NODE_WORLD_DEFAULTS,
      members: 3,
      tickMs,
      core: { electionTicks: 10, heartbeatTicks: 1, checkQuorum: random.chance(0.7) },
    },
    faults: [LEADER_STANDS_STILL],
    faultEveryMs: 3_000,
    faultLastsMs: tickMs * 10 * random.pick([1, 2]),
    keys: { ...calm.keys, clients: 1, everyMs: 1_000 },
    leases: {
      owners: random.pick([4, 8]),
      ttlMinSeconds: 1,
      ttlMaxSeconds: 3,
      patienceMs: random.pick([1_500, 4_000]),
    },
    clockRateMax: 1.02,
    traffic: false,
  };
}
