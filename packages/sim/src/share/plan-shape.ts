import { type PeerMessageType, resolveOptions } from "@quorate/core";
import { CLUSTER_DEFAULTS, type ClusterSettings } from "../cluster/settings.ts";
import type { Action, MemberRef, PlannedAction } from "../plan/action.ts";
import type { Plan } from "../plan/plan.ts";
import type { RuleSwitch } from "../switches/rule-switch.ts";
import { SWITCHES } from "../switches/switches.ts";
import {
  flag,
  list,
  number,
  oneOf,
  optional,
  orNull,
  record,
  recordOf,
  type Shape,
  text,
  whole,
  wrong,
} from "./shape.ts";

/** A run of this size takes some seconds to play; more is no run but an attack on a page. */
const ACTIONS_MAX = 20_000;
const MEMBERS_MAX = 15;
const VIRTUAL_MS_MAX = 600_000;
const EVENTS_MAX = 50_000_000;
const NAME_LENGTH_MAX = 40;
const VALUE_LENGTH_MAX = 2_000;
const BYTES_MAX = 2 ** 40;

const duration: Shape<number> = number(0, VIRTUAL_MS_MAX);
const rate: Shape<number> = number(0, 1);
const member: Shape<number> = whole(1, MEMBERS_MAX);
const name: Shape<string> = text(NAME_LENGTH_MAX);

const memberRef: Shape<MemberRef> = (value, place) => {
  if (value === "leader" || value === "follower") return value;
  if (typeof value === "number") return member(value, place);
  return record({ named: name })(value, place);
};

const MESSAGE_TYPES: readonly PeerMessageType[] = [
  "append",
  "appendOk",
  "appendRejected",
  "heartbeat",
  "heartbeatOk",
  "vote",
  "preVote",
  "voteReply",
  "preVoteReply",
  "snapshot",
  "timeoutNow",
  "forwardTransfer",
  "forwardProposal",
  "readIndex",
  "readIndexReply",
];

const messages = record({
  types: optional(list(MESSAGE_TYPES.length, oneOf(...MESSAGE_TYPES))),
  from: optional(memberRef),
  to: optional(memberRef),
  withEntries: optional(flag),
});

const operation: Shape<Extract<Action, { readonly type: "ask" }>["operation"]> = (value, place) => {
  const key = name;
  const written = text(VALUE_LENGTH_MAX);
  switch (recordOf(value, place)["type"]) {
    case "read":
      return record({ type: oneOf("read"), key })(value, place);
    case "write":
      return record({ type: oneOf("write"), key, value: written })(value, place);
    default:
      return record({
        type: oneOf("compareAndSet"),
        key,
        expected: orNull(written),
        value: written,
      })(value, place);
  }
};

/** Every action there is: a new one does not compile until its shape is told. */
export const ACTIONS: {
  readonly [T in Action["type"]]: Readonly<
    Record<Exclude<keyof Extract<Action, { readonly type: T }>, "type">, Shape<unknown>>
  >;
} = {
  crash: { member: memberRef, unsynced: optional(oneOf("lost", "kept")) },
  crashAll: {},
  restart: { member: memberRef },
  wipe: { member: memberRef },
  restartAll: {},
  pause: { member: memberRef },
  resume: { member: memberRef },
  clockRate: { member: memberRef, rate: number(0.01, 100) },
  slowDisk: { member: memberRef, extraMs: duration },
  cut: { from: memberRef, to: memberRef },
  mend: { from: memberRef, to: memberRef },
  partition: { groups: list(MEMBERS_MAX, list(MEMBERS_MAX, memberRef)) },
  ring: {},
  slowLink: { from: memberRef, to: memberRef, extraMs: duration },
  mendAll: {},
  hold: { messages },
  release: { messages },
  dropHeld: { messages },
  holdNothing: {},
  dropMessage: { message: whole(0, EVENTS_MAX) },
  delayMessage: { message: whole(0, EVENTS_MAX), extraMs: duration },
  duplicateMessage: { message: whole(0, EVENTS_MAX) },
  campaign: { member: memberRef },
  forgetLeader: { member: memberRef },
  transfer: { to: memberRef },
  snapshot: { member: memberRef, keep: whole(0, EVENTS_MAX) },
  changeMembership: {
    steps: list(
      MEMBERS_MAX,
      record({ action: oneOf("voter", "learner", "remove"), member: memberRef }),
    ),
    joint: optional(flag),
  },
  addMember: { member },
  recoverQuorum: { survivors: list(MEMBERS_MAX, memberRef), name },
  ask: {
    client: whole(0, 1_000_000),
    operation,
    member: optional(memberRef),
    repeats: optional(flag),
    hasSession: optional(flag),
    isPipelined: optional(flag),
  },
  loseAnswer: { client: whole(0, 1_000_000) },
  name: { member: memberRef, name },
  nameAll: { leader: name, others: list(MEMBERS_MAX, name) },
};

const action: Shape<Action> = (value, place) => {
  const type = recordOf(value, place)["type"];
  if (typeof type !== "string" || !Object.hasOwn(ACTIONS, type)) {
    throw wrong(`${place}.type`, "is no action");
  }
  const fields = ACTIONS[type as Action["type"]];
  return { type, ...record(fields)(value, place) } as Action;
};

const core = record({
  electionTicks: optional(whole(2, 10_000)),
  heartbeatTicks: optional(whole(1, 10_000)),
  preVote: optional(flag),
  checkQuorum: optional(flag),
  readMode: optional(oneOf("quorum", "lease")),
  stepDownOnRemoval: optional(flag),
  appendBytesMax: optional(whole(1, BYTES_MAX)),
  inflightMessagesMax: optional(whole(1, BYTES_MAX)),
  inflightBytesMax: optional(whole(1, BYTES_MAX)),
  uncommittedBytesMax: optional(whole(1, BYTES_MAX)),
  applyBytesMax: optional(whole(1, BYTES_MAX)),
});

const weather = record({
  delayMinMs: duration,
  delayMaxMs: duration,
  lossRate: rate,
  duplicateRate: rate,
  lateRate: rate,
  lateMaxMs: duration,
});

const RULES = Object.keys(SWITCHES) as readonly RuleSwitch[];

const settingsFields = record({
  members: optional(whole(1, MEMBERS_MAX)),
  learners: optional(whole(0, MEMBERS_MAX - 1)),
  core: optional(core),
  tickMs: optional(number(1, 60_000)),
  weather: optional(weather),
  diskMinMs: optional(duration),
  diskMaxMs: optional(duration),
  applyMaxMs: optional(duration),
  snapshotEvery: optional(whole(0, EVENTS_MAX)),
  keepEntries: optional(whole(0, EVENTS_MAX)),
  checkpointEvery: optional(whole(0, EVENTS_MAX)),
  coldReadRate: optional(number(0, 0.9)),
  clientRetryMs: optional(number(5, VIRTUAL_MS_MAX)),
  clientGivesUpMs: optional(number(5, VIRTUAL_MS_MAX)),
  preparedLogs: optional(list(MEMBERS_MAX, list(1_000, whole(1, 1_000)))),
  brokenRules: optional(list(RULES.length, oneOf(...RULES))),
  silentCheckers: optional(list(100, text(200))),
});

const settings: Shape<ClusterSettings> = (value, place) => {
  const read = { ...CLUSTER_DEFAULTS, ...settingsFields(value, place) } as ClusterSettings;
  for (const log of read.preparedLogs ?? []) {
    const falls = log.some((term, at) => term < (log[at - 1] ?? 0));
    if (falls) throw wrong(`${place}.preparedLogs`, "has a term that is lower than the one before");
  }
  if (read.learners >= read.members) throw wrong(`${place}.learners`, "leaves no voter");
  if (read.diskMinMs > read.diskMaxMs) throw wrong(`${place}.diskMinMs`, "is above diskMaxMs");
  if (read.weather.delayMinMs > read.weather.delayMaxMs) {
    throw wrong(`${place}.weather.delayMinMs`, "is above delayMaxMs");
  }
  try {
    resolveOptions({ ...read.core, id: 1, random: () => 0 });
  } catch (error) {
    throw wrong(`${place}.core`, error instanceof Error ? error.message : "is not possible");
  }
  return read;
};

const planned = record({
  atMs: duration,
  afterEvents: optional(whole(0, EVENTS_MAX)),
  action,
}) as Shape<PlannedAction>;

const ending = record({
  heals: oneOf("everyone", "quorum", "nothing"),
  rest: oneOf("cut", "deaf", "mute", "oneLink"),
  traffic: flag,
  patience: number(0, 1_000),
});

const planFields = record({
  seed: whole(0, Number.MAX_SAFE_INTEGER),
  settings,
  actions: list(ACTIONS_MAX, planned),
  faultsMs: duration,
  faultEvents: optional(whole(0, EVENTS_MAX)),
  ending,
});

/** A plan that came from outside. Playing it can neither throw nor go on for ever. */
export const planShape: Shape<Plan> = (value, place) => {
  const read = planFields(value, place);
  let beforeMs = 0;
  read.actions.forEach(({ atMs }, at) => {
    if (atMs < beforeMs) throw wrong(`${place}.actions[${at}].atMs`, "is before the one before");
    beforeMs = atMs;
  });
  return { version: 1, ...read };
};
