import type { GroupCoreSettings, ReadLevel } from "@quorate/host";
import type { NodeFault } from "../faults/fault-scene.ts";
import { NODE_FAULTS } from "../faults/node-faults.ts";
import { PROCESS_FAULTS } from "../faults/process-faults.ts";
import type { Random } from "../random/random.ts";
import type { KeyWorkloadSettings } from "../workloads/key-workload.ts";
import type { LeaseWorkloadSettings } from "../workloads/lease-workload.ts";
import type { SessionWorkloadSettings } from "../workloads/session-workload.ts";
import type { WatchWorkloadSettings } from "../workloads/watch-workload.ts";
import { NODE_WORLD_DEFAULTS, type NodeWorldSettings } from "../world/node-settings.ts";
import { CALM_STREAMS, type StreamWeather } from "../world/stream-weather.ts";

/** How heavy the runs of a profile are. */
export interface NodeProfile {
  readonly name: string;
  readonly faultsMs: number;
  /** Mean time between two operations of clients. */
  readonly operationEveryMs: number;
  /** Mean time between two faults. */
  readonly faultEveryMs: number;
}

/** Runs of whole nodes for every test run. */
export const NODES_SHORT: NodeProfile = Object.freeze({
  name: "nodes",
  faultsMs: 12_000,
  operationEveryMs: 50,
  faultEveryMs: 700,
});

/** Runs of whole nodes for soaks. */
export const NODES_LONG: NodeProfile = Object.freeze({
  name: "nodes, long",
  faultsMs: 60_000,
  operationEveryMs: 50,
  faultEveryMs: 900,
});

/** A whole run, drawn from its seed. */
export interface NodeRun {
  readonly settings: NodeWorldSettings;
  readonly faults: readonly NodeFault[];
  readonly faultsMs: number;
  readonly faultEveryMs: number;
  /** A fault lasts about this long. */
  readonly faultLastsMs: number;
  /** Mean time between two changes of the group; Infinity for none. */
  readonly changeEveryMs: number;
  readonly ruins: readonly ("damage" | "wipe")[];
  readonly answerLossRate: number;
  readonly keys: KeyWorkloadSettings;
  readonly watches: WatchWorkloadSettings;
  readonly leases: LeaseWorkloadSettings;
  readonly sessions: SessionWorkloadSettings;
  /** The fastest clock of the run against true time. */
  readonly clockRateMax: number;
  /** Clients go on while the cluster recovers. */
  readonly traffic: boolean;
}

/** Runs that leave most faults out reach places that runs with all of them never do. */
export function drawNodes(random: Random, profile: NodeProfile): NodeRun {
  const usesLeases = random.chance(0.25);
  const drawn = drawSettings(random.split("settings"), usesLeases);
  const ruins = drawRuins(random.split("ruins"));
  // A member that is being refilled asks for no election: without an answer to leaders of the past, which either option
  // brings, one that is a term ahead would never be heard.
  const isShielded = ruins.includes("damage") && drawn.core.checkQuorum !== true;
  const settings = isShielded ? { ...drawn, core: { ...drawn.core, preVote: true } } : drawn;
  const faults = drawFaults(random.split("faults"), usesLeases);
  const patienceMs = random.pick([1_500, 4_000, 8_000]);
  const levels: ReadLevel[] = ["linearizable", "linearizable", "sequential", "stale"];
  if (usesLeases) levels.push("lease", "lease");
  return {
    settings,
    faults,
    faultsMs: profile.faultsMs * random.pick([0.3, 0.6, 1]),
    faultEveryMs: profile.faultEveryMs * random.pick([0.4, 1, 1, 3]),
    faultLastsMs: settings.tickMs * (settings.core.electionTicks ?? 10) * random.pick([0.7, 1.5]),
    changeEveryMs: random.chance(0.35) ? random.pick([1_500, 4_000]) : Number.POSITIVE_INFINITY,
    ruins,
    answerLossRate: random.pick([0, 0, 0.02, 0.2]),
    keys: {
      clients: random.pick([3, 6, 10]),
      everyMs: profile.operationEveryMs * random.pick([0.4, 1, 1, 3]),
      patienceMs,
      writes: random.pick([0.3, 0.5, 0.8]),
      levels,
      compacts: random.pick([0, 0.01, 0.05]),
      paddingBytes: random.pick([0, 0, 200, 1_500]),
    },
    watches: {
      watchers: random.pick([0, 3, 5]),
      delayMaxMs: random.pick([2, 30]),
      breaksOff: random.pick([0, 0.02, 0.1]),
      takeDelayMaxMs: random.pick([0, 5, 300]),
    },
    leases: {
      owners: random.pick([0, 1, 3]),
      ttlMinSeconds: random.pick([1, 3]),
      ttlMaxSeconds: random.pick([3, 6]),
      patienceMs,
    },
    sessions: {
      clients: random.pick([0, 2, 3]),
      patienceMs: random.pick([400, 1_500]),
      everyMs: random.pick([100, 400]),
    },
    clockRateMax: faults.some(({ name }) => name === "clock rate") ? 2 : 1.02,
    traffic: random.chance(0.5),
  };
}

/** Five nodes, nothing goes wrong, twenty operations per second. */
export function calmRun(forMs: number): NodeRun {
  return {
    settings: { ...NODE_WORLD_DEFAULTS, members: 5 },
    faults: [],
    faultsMs: forMs,
    faultEveryMs: Number.POSITIVE_INFINITY,
    faultLastsMs: 0,
    changeEveryMs: Number.POSITIVE_INFINITY,
    ruins: [],
    answerLossRate: 0,
    keys: {
      clients: 6,
      everyMs: 50,
      patienceMs: 4_000,
      writes: 0.5,
      levels: ["linearizable", "sequential"],
      compacts: 0,
      paddingBytes: 0,
    },
    watches: { watchers: 0, delayMaxMs: 2, breaksOff: 0, takeDelayMaxMs: 0 },
    leases: { owners: 0, ttlMinSeconds: 3, ttlMaxSeconds: 6, patienceMs: 4_000 },
    sessions: { clients: 0, patienceMs: 1_500, everyMs: 400 },
    clockRateMax: 1,
    traffic: true,
  };
}

function drawRuins(random: Random): readonly ("damage" | "wipe")[] {
  if (!random.chance(0.3)) return [];
  return random.sample(["damage", "wipe"] as const, random.between(1, 2));
}

function drawSettings(random: Random, usesLeases: boolean): NodeWorldSettings {
  const members = random.pick([1, 2, 3, 3, 3, 3, 4, 5, 5]);
  const disk = { minMs: random.pick([0, 0.3, 1]), maxMs: random.pick([1, 4, 15]) };
  const machine = random.split("machine");
  const tickMs = random.pick([20, 50, 100]);
  const snapshots = random.chance(0.6);
  return {
    ...NODE_WORLD_DEFAULTS,
    members,
    learners: members > 2 && random.chance(0.15) ? 1 : 0,
    tickMs,
    core: drawCore(random.split("core"), usesLeases),
    snapshotPolicy: snapshots
      ? {
          entriesMax: random.pick([10, 40, 150]),
          bytesMax: 1 << 20,
          keepEntries: random.pick([0, 3, 30]),
        }
      : { entriesMax: 100_000, bytesMax: 1 << 28, keepEntries: 1_000 },
    limits: { userSessionsMax: random.pick([3, 100]), diskStallMs: 2_000 },
    transport: {
      snapshotBytesPerSecond: random.pick([0, 0, 20_000]),
      controlQueueBytes: random.pick([4 << 20, 20_000]),
      logQueueBytes: random.pick([64 << 20, 100_000]),
    },
    keepsState: random.chance(0.6),
    flushPressure: random.pick([1, 200, 4_000, 40_000]),
    logSegmentBytes: random.pick([4 << 10, 4 << 10, 16 << 10, 64 << 10]),
    weather: drawWeather(random.split("weather")),
    disk,
    store: machine.pick([disk, disk, { minMs: 10, maxMs: 200 }, { minMs: 100, maxMs: 1_500 }]),
    applyMs: machine.pick([0, 0, 0, 5, 10, 25]),
    ...(machine.chance(0.3) ? TIGHT : {}),
  };
}

/** Everything that is put away goes at once: segments, snapshots and flushes follow each other closely. */
const TIGHT = {
  snapshotPolicy: { entriesMax: 10, bytesMax: 1 << 20, keepEntries: 0 },
  flushPressure: 40_000,
  logSegmentBytes: 4 << 10,
} as const;

function drawCore(random: Random, usesLeases: boolean): GroupCoreSettings {
  return {
    electionTicks: random.pick([5, 10, 10]),
    heartbeatTicks: random.pick([1, 1, 2]),
    preVote: random.chance(0.7),
    checkQuorum: usesLeases || random.chance(0.8),
    readMode: usesLeases ? "lease" : "quorum",
    appendBytesMax: random.pick([1, 200, 1 << 20]),
    inflightMessagesMax: random.pick([1, 3, 256]),
    inflightBytesMax: random.pick([400, 1 << 20]),
    uncommittedBytesMax: random.pick([2_000, 1 << 20]),
    applyBytesMax: random.pick([1, 300, 1 << 20]),
  };
}

function drawWeather(random: Random): StreamWeather {
  return {
    ...CALM_STREAMS,
    delayMinMs: random.pick([0.1, 0.5]),
    delayMaxMs: random.pick([1, 3, 12]),
    splitRate: random.pick([0, 0, 0.02]),
    frameLossRate: random.pick([0, 0, 0, 0.01]),
  };
}

const LOST_TIME: readonly NodeFault[] = PROCESS_FAULTS.filter(
  ({ losesTime }) => losesTime === true,
);

const RESTARTS: readonly NodeFault[] = PROCESS_FAULTS.filter(({ restarts }) => restarts === true);

function drawFaults(random: Random, usesLeases: boolean): readonly NodeFault[] {
  const possible = usesLeases ? NODE_FAULTS.filter((fault) => !fault.breaksLeases) : NODE_FAULTS;
  const share = random.next();
  if (share < 0.1) return [];
  if (share < 0.35) return possible;
  const chosen = random.sample(possible, random.between(1, 7));
  // What goes wrong on disks and in tables is mostly seen by whoever comes back.
  if (random.chance(0.5)) chosen.push(random.pick(RESTARTS));
  // A lease is broken by lost time, if by anything.
  if (usesLeases && random.chance(0.7)) chosen.push(random.pick(LOST_TIME));
  return chosen;
}
