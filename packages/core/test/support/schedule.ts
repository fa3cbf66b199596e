import type { CoreSettings, MemberAction, MembershipChange } from "@quorate/core";
import fc from "fast-check";
import { Cluster } from "./cluster.ts";
import type { SimulatedMember } from "./simulated-member.ts";

/** Member ids a schedule may touch: five that start the group, two that may join it. */
const IDS_MAX = 7;

/** What happens, and two numbers that choose the details. */
export type Step = readonly [kind: string, a: number, b: number];

type Perform = (cluster: Cluster, a: number, b: number) => void;

/** Anybody. */
function any(cluster: Cluster, a: number): number {
  return memberAt([...cluster.members.keys()], a);
}

/** Somebody for whom the step means something, if there is one: chance alone would mostly do nothing. */
function one(cluster: Cluster, a: number, fits: (member: SimulatedMember) => boolean): number {
  const fitting = [...cluster.members.values()].filter(fits).map(({ id }) => id);
  return fitting.length > 0 ? memberAt(fitting, a) : any(cluster, a);
}

/** Mostly a leader. */
function leader(cluster: Cluster, a: number): number {
  if (a % 5 === 0) return any(cluster, a);
  return one(cluster, a, ({ core }) => core.status().role === "leader");
}

/** Somebody who belongs to the group, as far as it knows. */
function insider(cluster: Cluster, a: number): number {
  return one(cluster, a, ({ id, membership }) => membership.voters.includes(id));
}

function ticks(cluster: Cluster, id: number, count: number): void {
  for (let i = 0; i < count; i++) cluster.tick(id);
}

/**
 * Somebody with a slow disk campaigns while the others answer at once. As soon as it leads, if it does, it mostly loses power
 * before anything it sent arrives, and often campaigns again: it must not be elected in the same term then.
 */
function hastyCampaign(cluster: Cluster, a: number, b: number): void {
  const id = insider(cluster, a);
  const member = cluster.member(id);
  member.slowDisk = true;
  ticks(cluster, id, 10 + (b % 10));
  for (let round = 0; round < 5 && member.core.status().role !== "leader"; round++) {
    cluster.settle(1);
  }
  cluster.take(id);
  if (b % 5 === 0) return;
  cluster.loseSentBy(id);
  cluster.restart(id);
  if (b % 2 === 0) return;
  member.slowDisk = false;
  ticks(cluster, id, 20);
  cluster.settle(5);
}

/** What can happen, how often, and how the two random numbers choose the details. */
const STEPS: Readonly<Record<string, readonly [weight: number, perform: Perform]>> = {
  tick: [6, (cluster, a) => cluster.tick(any(cluster, a))],
  tickLeader: [4, (cluster, a) => cluster.tick(leader(cluster, a))],
  // Mostly the oldest message, so that conversations come to an end.
  deliver: [40, (cluster, a, b) => cluster.deliver(a % 3 === 0 ? pick(cluster, b) : 0)],
  deliverAgain: [4, (cluster, _, b) => cluster.deliver(pick(cluster, b), true)],
  drop: [3, (cluster, _, b) => cluster.drop(pick(cluster, b))],
  take: [30, (cluster, a) => cluster.take(one(cluster, a, ({ core }) => core.hasEffects()))],
  finishAppend: [
    20,
    (cluster, a, b) => {
      const writes = ({ appends, slowDisk }: SimulatedMember) =>
        appends.length > 0 && (!slowDisk || b % 5 === 0);
      const id = one(cluster, a, writes);
      if (writes(cluster.member(id))) cluster.finishAppend(id);
    },
  ],
  finishApply: [
    12,
    (cluster, a) => cluster.finishApply(one(cluster, a, ({ applies }) => applies.length > 0)),
  ],
  finishLoading: [4, (cluster, a) => cluster.finishLoading(any(cluster, a))],
  // A disk slower than the network: votes, answers and entries of others overtake what it is still writing.
  slowDisk: [
    2,
    (cluster, a) => {
      cluster.member(insider(cluster, a)).slowDisk = true;
    },
  ],
  fastDisks: [
    2,
    (cluster) => {
      for (const member of cluster.members.values()) member.slowDisk = false;
    },
  ],
  hastyCampaign: [1, hastyCampaign],
  propose: [12, (cluster, a, b) => cluster.propose(leader(cluster, a), 1 + (b % 3))],
  settle: [2, (cluster, _, b) => cluster.settle(1 + (b % 5))],
  electionTimeout: [3, (cluster, a, b) => ticks(cluster, insider(cluster, a), 10 + (b % 10))],
  restart: [2, (cluster, a) => cluster.restart(any(cluster, a))],
  snapshot: [4, (cluster, a, b) => cluster.snapshot(insider(cluster, a), b % 3)],
  change: [3, (cluster, a, b) => cluster.change(leader(cluster, a), changeOf(a, b))],
  transfer: [1, (cluster, a, b) => cluster.transfer(leader(cluster, a), insider(cluster, b))],
  read: [3, (cluster, a) => void cluster.read(insider(cluster, a))],
  campaign: [1, (cluster, a) => cluster.campaign(insider(cluster, a))],
  forgetLeader: [1, (cluster, a) => cluster.forgetLeader(any(cluster, a))],
  unreachable: [
    1,
    (cluster, a, b) => cluster.reportUnreachable(leader(cluster, a), any(cluster, b)),
  ],
  snapshotReport: [
    1,
    (cluster, a, b) => cluster.reportSnapshot(leader(cluster, a), any(cluster, b), a % 2 === 0),
  ],
  // A member is cut off, most often one that leads; it goes on, and so do the others.
  isolate: [
    3,
    (cluster, a, b) => cluster.isolate(b % 3 === 0 ? insider(cluster, a) : leader(cluster, a)),
  ],
  heal: [3, (cluster) => cluster.heal()],
  // Time passes for everybody while messages flow: somebody campaigns.
  timePasses: [
    3,
    (cluster, _, b) => {
      for (let i = 0; i < 12 + (b % 9); i++) {
        for (const id of cluster.members.keys()) cluster.tick(id);
        cluster.settle(1);
      }
    },
  ],
};

/** Steps in which nobody's clock runs ahead of anybody else's by more than a tick. */
const EVEN_CLOCKS: Readonly<Record<string, readonly [weight: number, perform: Perform]>> = {
  ...Object.fromEntries(
    Object.entries(STEPS).filter(
      ([kind]) =>
        !["tick", "tickLeader", "electionTimeout", "hastyCampaign", "timePasses"].includes(kind),
    ),
  ),
  // One tick for everybody, in some order, with messages in between.
  round: [
    14,
    (cluster, a, b) => {
      const ids = [...cluster.members.keys()];
      for (let i = 0; i < ids.length; i++) {
        cluster.tick(memberAt(ids, a + i));
        for (let moves = (b + i) % 7; moves > 0; moves--) cluster.deliver(0);
      }
    },
  ],
  rounds: [
    4,
    (cluster, _, b) => {
      for (let i = 0; i < 3 + (b % 12); i++) {
        for (const id of cluster.members.keys()) cluster.tick(id);
        cluster.settle(1);
      }
    },
  ],
  leaseRead: [20, (cluster, a) => void cluster.read(leader(cluster, a), "lease")],
};

function pick(cluster: Cluster, b: number): number {
  return cluster.network.length > 0 ? b % cluster.network.length : 0;
}

function memberAt(ids: readonly number[], at: number): number {
  return ids[at % ids.length] ?? 1;
}

function stepsOf(table: typeof STEPS): fc.Arbitrary<Step> {
  const kinds = Object.entries(table).map(([kind, [weight]]) => ({
    arbitrary: fc.constant(kind),
    weight,
  }));
  return fc.tuple(fc.oneof(...kinds), fc.nat({ max: 1_000 }), fc.nat({ max: 1_000 }));
}

const ACTIONS: readonly MemberAction[] = ["voter", "learner", "remove", "update"];
const TRANSITIONS = ["auto", "implicit", "explicit"] as const;

function changeOf(a: number, b: number): MembershipChange {
  const steps = Array.from({ length: a % 4 }, (_, at) => ({
    action: ACTIONS[(b >> (at * 2)) % 4] ?? "voter",
    member: 1 + ((a + b * (at + 1)) % IDS_MAX),
  }));
  const transition = TRANSITIONS[b % 3] ?? "auto";
  return { transition, steps, context: new Uint8Array(0) };
}

export interface Schedule {
  readonly voters: number;
  readonly seed: number;
  readonly steps: readonly Step[];
}

function schedules(table: typeof STEPS): fc.Arbitrary<Schedule> {
  return fc.record({
    voters: fc.integer({ min: 1, max: 5 }),
    seed: fc.nat({ max: 1_000_000 }),
    steps: fc.array(stepsOf(table), { minLength: 50, maxLength: 600, size: "max" }),
  });
}

/** Any order of anything. */
export const anySchedule: fc.Arbitrary<Schedule> = schedules(STEPS);
/** Messages and disks as they like, but clocks that run at the same speed: what leases are promised for. */
export const evenSchedule: fc.Arbitrary<Schedule> = schedules(EVEN_CLOCKS);

/** Plays a schedule on a new cluster; throws when a promise is broken. */
export function playSchedule(
  { voters, seed, steps }: Schedule,
  settings: Partial<CoreSettings>,
): Cluster {
  const ids = Array.from({ length: voters }, (_, at) => at + 1);
  const cluster = new Cluster(ids, seed, settings, seed % 3 === 0 ? 5 : 0);
  // Most schedules should begin where the interesting things happen: with a leader.
  if (seed % 4 !== 0) {
    cluster.campaign(1 + (seed % voters));
    cluster.settle(8);
  }
  for (const [at, [kind, a, b]] of steps.entries()) {
    (STEPS[kind] ?? EVEN_CLOCKS[kind])?.[1](cluster, a, b);
    if (at % 50 === 0) cluster.checkLogs();
  }
  cluster.checkLogs();
  return cluster;
}
