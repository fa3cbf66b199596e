import type { ClusterSettings, MemberSettings, Weather } from "../cluster/settings.ts";
import { CLUSTER_DEFAULTS } from "../cluster/settings.ts";
import { Random } from "../random/random.ts";
import type { Action, PlannedAction } from "./action.ts";
import { FAULT_FAMILIES, type FaultFamily } from "./fault-families.ts";
import type { Ending, Plan } from "./plan.ts";

/** How heavy the runs of a profile are. */
export interface PlanProfile {
  readonly faultsMs: number;
  /** Mean time between two operations of clients. */
  readonly operationEveryMs: number;
  /** Mean time between two faults. */
  readonly faultEveryMs: number;
}

/** Plans for every test run: few actions, drawn often. */
export const SHORT_PROFILE: PlanProfile = Object.freeze({
  faultsMs: 6_000,
  operationEveryMs: 40,
  faultEveryMs: 150,
});

/** Plans for soaks: many actions over a long time. */
export const LONG_PROFILE: PlanProfile = Object.freeze({
  faultsMs: 40_000,
  operationEveryMs: 40,
  faultEveryMs: 200,
});

const CLIENTS = 6;
const KEYS = ["a", "b", "c"] as const;

/**
 * Draws a whole run from a seed: not only when what goes wrong, but also the size of the group, every time-out, limit
 * and rate, and which families of faults take part at all. Runs that leave most faults out reach places that runs with
 * all of them never do.
 */
export function drawPlan(seed: number, profile: PlanProfile = SHORT_PROFILE): Plan {
  const random = Random.fromSeed(seed).split("plan");
  const settings = drawSettings(random.split("settings"));
  const faultsMs = profile.faultsMs * random.pick([0.2, 0.4, 0.7, 1]);
  const actions = [
    ...drawFaults(random.split("faults"), settings, { ...profile, faultsMs }),
    ...drawOperations(random.split("operations"), { ...profile, faultsMs }),
  ];
  actions.sort((left, right) => left.atMs - right.atMs);
  return {
    version: 1,
    seed,
    settings,
    actions,
    faultsMs,
    ending: drawEnding(random.split("ending"), settings),
  };
}

function drawSettings(random: Random): ClusterSettings {
  const members = random.pick([1, 2, 3, 3, 3, 3, 4, 4, 5, 5, 5, 6, 7]);
  const takesSnapshots = random.chance(0.6);
  return {
    ...CLUSTER_DEFAULTS,
    members,
    learners: members > 2 && random.chance(0.25) ? random.between(1, members - 2) : 0,
    core: drawCore(random.split("core")),
    weather: drawWeather(random.split("weather")),
    diskMinMs: random.pick([0, 0.5, 1]),
    diskMaxMs: random.pick([1, 5, 20, 60]),
    applyMaxMs: random.pick([0, 0, 5, 80]),
    snapshotEvery: takesSnapshots ? random.pick([3, 8, 20, 60]) : 0,
    keepEntries: random.pick([0, 0, 1, 5, 20]),
    checkpointEvery: random.pick([0, 0, 1, 10]),
    coldReadRate: random.pick([0, 0, 0.1, 0.5]),
    clientRetryMs: random.pick([60, 150, 400]),
    clientGivesUpMs: random.pick([300, 1_000, 2_500]),
  };
}

function drawCore(random: Random): MemberSettings {
  const heartbeatTicks = random.pick([1, 1, 2, 3]);
  const usesLeases = random.chance(0.2);
  return {
    electionTicks: heartbeatTicks + random.pick([3, 7, 10, 10]),
    heartbeatTicks,
    preVote: random.chance(0.6),
    checkQuorum: usesLeases || random.chance(0.7),
    readMode: usesLeases ? "lease" : "quorum",
    appendBytesMax: random.pick([1, 1, 100, 400, 1_000_000]),
    inflightMessagesMax: random.pick([1, 2, 4, 256]),
    inflightBytesMax: random.pick([1, 200, 1_000_000]),
    uncommittedBytesMax: random.pick([300, 3_000, 1_000_000]),
    applyBytesMax: random.pick([1, 200, 1_000_000]),
  };
}

function drawWeather(random: Random): Weather {
  return {
    delayMinMs: random.pick([0, 1, 3]),
    delayMaxMs: random.pick([4, 10, 30, 60]),
    lossRate: random.pick([0, 0, 0.02, 0.1, 0.3]),
    duplicateRate: random.pick([0, 0, 0.05, 0.3]),
    lateRate: random.pick([0, 0, 0.02, 0.1]),
    lateMaxMs: random.pick([100, 400, 2_000]),
  };
}

function drawFaults(
  random: Random,
  settings: ClusterSettings,
  profile: PlanProfile,
): PlannedAction[] {
  const usesLeases = settings.core.readMode === "lease";
  const possible = usesLeases
    ? FAULT_FAMILIES.filter((family) => !family.breaksLeases)
    : FAULT_FAMILIES;
  const families = drawFamilies(random.split("families"), possible);
  const actions: PlannedAction[] = [];
  if (families.length === 0) return actions;
  // Runs differ in how often something happens as well.
  const everyMs = profile.faultEveryMs * random.pick([0.5, 1, 1, 3]);
  let atMs = random.exponential(everyMs);
  for (let number = 0; atMs < profile.faultsMs; number += 1) {
    const family = random.pick(families);
    for (const { afterMs, action } of family.draw(random.split(`fault ${number}`), settings)) {
      actions.push({ atMs: round(atMs + afterMs), action });
    }
    atMs += random.exponential(everyMs);
  }
  return actions;
}

function drawFamilies(random: Random, possible: readonly FaultFamily[]): readonly FaultFamily[] {
  if (random.chance(0.3)) return possible;
  return random.sample(possible, random.between(1, 5));
}

function drawOperations(random: Random, profile: PlanProfile): PlannedAction[] {
  const actions: PlannedAction[] = [];
  const writes = random.pick([0.3, 0.5, 0.9]);
  const everyMs = profile.operationEveryMs * random.pick([0.3, 1, 1, 4]);
  let atMs = random.exponential(everyMs);
  for (let number = 1; atMs < profile.faultsMs; number += 1) {
    actions.push({ atMs: round(atMs), action: drawOperation(random, number, writes) });
    atMs += random.exponential(everyMs);
  }
  return actions;
}

function drawOperation(random: Random, number: number, writes: number): Action {
  const client = random.between(1, CLIENTS);
  const key = random.pick(KEYS);
  if (!random.chance(writes)) return { type: "ask", client, operation: { type: "read", key } };
  const value = `v${number}`;
  if (random.chance(0.2)) {
    const expected = random.chance(0.3)
      ? null
      : `v${random.between(Math.max(1, number - 8), number)}`;
    return { type: "ask", client, operation: { type: "compareAndSet", key, expected, value } };
  }
  return { type: "ask", client, operation: { type: "write", key, value } };
}

function drawEnding(random: Random, { core }: ClusterSettings): Ending {
  // Without both, whoever stays away may disturb the others for ever.
  const isShielded = core.preVote === true && core.checkQuorum === true;
  return {
    heals: random.chance(0.5) ? "everyone" : "quorum",
    rest: isShielded ? random.pick(["cut", "deaf", "mute", "oneLink", "oneLink"]) : "cut",
    traffic: random.chance(0.5),
    patience: 30,
  };
}

/** Whole microseconds keep plans short where they are written down. */
function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
