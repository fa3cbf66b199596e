import type { MemberId } from "@quorate/core";
import type { ClusterSettings } from "../cluster/settings.ts";
import type { Random } from "../random/random.ts";
import type { Action, MemberRef } from "./action.ts";

/** An action some time after the fault began. */
export interface FaultStep {
  readonly afterMs: number;
  readonly action: Action;
}

/** Faults of one kind, with what ends them. */
export interface FaultFamily {
  readonly name: string;
  /** It stops clocks or moves them apart by more than a lease allows for: the host's business, not the core's. */
  readonly breaksLeases?: boolean;
  draw(random: Random, settings: ClusterSettings): readonly FaultStep[];
}

/** New members get the numbers after the first ones, up to this many. */
const NEWCOMERS_MAX = 3;

export const FAULT_FAMILIES: readonly FaultFamily[] = [
  {
    name: "crash",
    draw: (random, settings) => {
      const member = someone(random, settings, 0.4);
      // By number: whoever led is not the leader any more when it is to be started again.
      const steps: FaultStep[] = [{ afterMs: 0, action: { type: "crash", member } }];
      steps.push({ afterMs: downtime(random, settings), action: { type: "restartAll" } });
      return steps;
    },
  },
  {
    name: "crash all",
    draw: (random, settings) => [
      { afterMs: 0, action: { type: "crashAll" } },
      { afterMs: downtime(random, settings) / 2, action: { type: "restartAll" } },
    ],
  },
  {
    name: "pause",
    breaksLeases: true,
    draw: (random, settings) => {
      const member = someone(random, settings, 0.5);
      const name = `paused ${random.uint32()}`;
      return [
        { afterMs: 0, action: { type: "name", member, name } },
        { afterMs: 0, action: { type: "pause", member: { named: name } } },
        {
          afterMs: downtime(random, settings),
          action: { type: "resume", member: { named: name } },
        },
      ];
    },
  },
  {
    name: "partition",
    draw: (random, settings) => {
      const all = random.shuffled(numbers(settings));
      const left = all.slice(0, random.between(1, Math.max(1, all.length - 1)));
      return [
        { afterMs: 0, action: { type: "partition", groups: [left] } },
        { afterMs: downtime(random, settings), action: { type: "mendAll" } },
      ];
    },
  },
  {
    name: "leader alone",
    draw: (random, settings) => [
      { afterMs: 0, action: { type: "partition", groups: [["leader"]] } },
      { afterMs: downtime(random, settings), action: { type: "mendAll" } },
    ],
  },
  {
    name: "one way",
    draw: (random, settings) => {
      const from = someone(random, settings, 0.3);
      const to = random.pick(numbers(settings));
      return [
        { afterMs: 0, action: { type: "cut", from, to } },
        { afterMs: downtime(random, settings), action: { type: "mendAll" } },
      ];
    },
  },
  {
    name: "bridge",
    draw: (random, settings) => bridge(random, settings),
  },
  {
    name: "ring",
    draw: (random, settings) => [
      { afterMs: 0, action: { type: "ring" } },
      { afterMs: downtime(random, settings), action: { type: "mendAll" } },
    ],
  },
  {
    name: "flapping",
    draw: (random, settings) => flapping(random, settings),
  },
  {
    name: "clogged",
    draw: (random, settings) => clogged(random, settings),
  },
  {
    name: "slow disk",
    draw: (random, settings) => {
      const member = random.pick(numbers(settings));
      return [
        { afterMs: 0, action: { type: "slowDisk", member, extraMs: random.pick([20, 100, 400]) } },
        {
          afterMs: downtime(random, settings) * 2,
          action: { type: "slowDisk", member, extraMs: 0 },
        },
      ];
    },
  },
  {
    name: "clocks a little apart",
    draw: (random, settings) => {
      const member = random.pick(numbers(settings));
      return [
        { afterMs: 0, action: { type: "clockRate", member, rate: random.pick([0.97, 1.03]) } },
      ];
    },
  },
  {
    name: "clock",
    breaksLeases: true,
    draw: (random, settings) => {
      const member = random.pick(numbers(settings));
      return [
        {
          afterMs: 0,
          action: { type: "clockRate", member, rate: random.pick([0.5, 0.8, 1.25, 2]) },
        },
        { afterMs: downtime(random, settings) * 4, action: { type: "clockRate", member, rate: 1 } },
      ];
    },
  },
  {
    name: "campaign",
    draw: (random, settings) => [
      { afterMs: 0, action: { type: "campaign", member: random.pick(numbers(settings)) } },
    ],
  },
  {
    name: "forget leader",
    draw: (random, settings) => [
      { afterMs: 0, action: { type: "forgetLeader", member: random.pick(numbers(settings)) } },
    ],
  },
  {
    name: "transfer",
    draw: (random, settings) => [
      { afterMs: 0, action: { type: "transfer", to: random.pick(numbers(settings)) } },
    ],
  },
  {
    name: "snapshot",
    draw: (random, settings) => [
      {
        afterMs: 0,
        action: {
          type: "snapshot",
          member: someone(random, settings, 0.5),
          keep: random.pick([0, 0, 2, 10]),
        },
      },
    ],
  },
  {
    name: "membership",
    draw: (random, settings) => membership(random, settings),
  },
  {
    name: "two memberships",
    draw: (random, settings) => [
      ...membership(random, settings),
      ...membership(random, settings).map(({ afterMs, action }) => ({
        afterMs: afterMs + random.pick([0, 2, 10, 40]),
        action,
      })),
    ],
  },
  {
    name: "old leader asked",
    draw: (random, settings) => oldLeaderAsked(random, settings),
  },
];

function numbers(settings: ClusterSettings): MemberId[] {
  return Array.from({ length: settings.members }, (_, at) => at + 1);
}

function someone(random: Random, settings: ClusterSettings, leaderChance: number): MemberRef {
  return random.chance(leaderChance) ? "leader" : random.pick(numbers(settings));
}

/** From a moment to several election time-outs. */
function downtime(random: Random, settings: ClusterSettings): number {
  const electionMs = (settings.core.electionTicks ?? 10) * settings.tickMs;
  return electionMs * random.pick([0.1, 0.5, 1, 2, 2, 4, 10]) * random.range(0.7, 1.3);
}

/** Two halves that only one member hears both of. */
function bridge(random: Random, settings: ClusterSettings): readonly FaultStep[] {
  const all = random.shuffled(numbers(settings));
  const half = Math.ceil((all.length - 1) / 2);
  const left = all.slice(1, 1 + half);
  const right = all.slice(1 + half);
  const steps: FaultStep[] = [];
  for (const from of left) {
    for (const to of right) {
      steps.push({ afterMs: 0, action: { type: "cut", from, to } });
      steps.push({ afterMs: 0, action: { type: "cut", from: to, to: from } });
    }
  }
  steps.push({ afterMs: downtime(random, settings), action: { type: "mendAll" } });
  return steps;
}

/** One pair of members loses and finds each other again and again. */
function flapping(random: Random, settings: ClusterSettings): readonly FaultStep[] {
  const [from, to] = random.shuffled(numbers(settings)) as [MemberId, MemberId | undefined];
  if (to === undefined) return [];
  const steps: FaultStep[] = [];
  let afterMs = 0;
  for (let round = 0; round < 8; round += 1) {
    steps.push({ afterMs, action: { type: "partition", groups: [[from]] } });
    afterMs += downtime(random, settings) / 4;
    steps.push({ afterMs, action: { type: "mendAll" } });
    afterMs += downtime(random, settings) / 4;
  }
  return steps;
}

/** Links slow down one by one, then speed up in another order. */
function clogged(random: Random, settings: ClusterSettings): readonly FaultStep[] {
  const all = numbers(settings);
  const links: { from: MemberId; to: MemberId }[] = [];
  for (const from of all) for (const to of all) if (from !== to) links.push({ from, to });
  const chosen = random.sample(links, random.between(1, Math.min(6, links.length)));
  const extraMs = random.pick([50, 300, 1_000]);
  const steps: FaultStep[] = [];
  let afterMs = 0;
  for (const link of chosen) {
    steps.push({ afterMs, action: { type: "slowLink", ...link, extraMs } });
    afterMs += random.range(0, 100);
  }
  for (const link of random.shuffled(chosen)) {
    steps.push({ afterMs, action: { type: "slowLink", ...link, extraMs: 0 } });
    afterMs += random.range(0, 100);
  }
  return steps;
}

/** Clients with these numbers ask whoever led, after somebody else may lead. */
const OLD_LEADERS_CLIENT = 500;

/**
 * The leader hands over or not, is cut off from the others, and is asked by those who still believe in it, while the
 * others are written to.
 */
function oldLeaderAsked(random: Random, settings: ClusterSettings): readonly FaultStep[] {
  const electionMs = (settings.core.electionTicks ?? 10) * settings.tickMs;
  const others = numbers(settings);
  const old = { named: `old leader ${random.uint32()}` };
  const steps: FaultStep[] = [
    { afterMs: 0, action: { type: "name", member: "leader", name: old.named } },
  ];
  let cutMs = 0;
  if (random.chance(0.5)) {
    steps.push({ afterMs: 0, action: { type: "transfer", to: random.pick(others) } });
    cutMs = random.pick([2, 5, 10, 20, 40]);
  }
  const untilMs = cutMs + electionMs * random.pick([1, 2, 3]);
  steps.push({ afterMs: cutMs, action: { type: "partition", groups: [[old]] } });
  const everyMs = Math.max(5, electionMs / 20);
  for (let afterMs = cutMs, number = 1; afterMs < untilMs; afterMs += everyMs, number += 1) {
    const client = OLD_LEADERS_CLIENT + number;
    const isRead = number % 2 === 0;
    const operation = isRead
      ? ({ type: "read", key: "a" } as const)
      : ({ type: "write", key: "a", value: `${old.named} ${number}` } as const);
    const member = isRead ? old : random.pick(others);
    steps.push({ afterMs, action: { type: "ask", client, operation, member, repeats: false } });
  }
  steps.push({ afterMs: untilMs, action: { type: "mendAll" } });
  return steps;
}

function membership(random: Random, settings: ClusterSettings): readonly FaultStep[] {
  const old = numbers(settings);
  const all = [...old];
  for (let more = 1; more <= NEWCOMERS_MAX; more += 1) all.push(settings.members + more);
  const count = random.pick([1, 1, 1, 2, 3]);
  const chosen = random.sample(all, count);
  const steps = chosen.map((member) => ({
    action: random.pick(["voter", "voter", "learner", "remove"] as const),
    member,
  }));
  const joint = count > 1 || random.chance(0.3);
  return [{ afterMs: 0, action: { type: "changeMembership", steps, joint } }];
}
