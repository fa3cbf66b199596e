import type { ClusterSettings } from "../cluster/settings.ts";
import type { Action } from "../plan/action.ts";
import type { RuleSwitch } from "../switches/rule-switch.ts";
import type { Condition } from "./condition.ts";
import type { RunView } from "./run-view.ts";

/** One text in English and simplified Chinese. `{name}` stands for the number of the member that has this name. */
export interface BothLanguages {
  readonly en: string;
  readonly zh: string;
}

/** A language in which stories are told. */
export type StoryLanguage = keyof BothLanguages;

/** The groups of scenarios, in the order in which they are shown. */
export const SCENARIO_GROUPS = [
  "roles",
  "replication",
  "partitions",
  "membership",
  "clients",
  "scale",
] as const;

/** The name of a group of scenarios. */
export type ScenarioGroup = (typeof SCENARIO_GROUPS)[number];

/** The titles of the groups of scenarios, in both languages. */
export const GROUP_TITLES: Readonly<Record<ScenarioGroup, BothLanguages>> = {
  roles: { en: "Roles and elections", zh: "角色与选举" },
  replication: { en: "Replication and its failures", zh: "复制及其故障" },
  partitions: { en: "Partitions", zh: "网络分区" },
  membership: { en: "Snapshots and new members", zh: "快照与成员变更" },
  clients: { en: "Reads and clients", zh: "读取与客户端" },
  scale: { en: "Scale", zh: "规模" },
};

/**
 * One step of a story: first its actions are done, then the run goes on until the condition holds. A story is driven
 * by what happens, so that it tells the same with other delays.
 */
export interface Step {
  /** What the reader is told when the step begins. */
  readonly caption: BothLanguages;
  readonly actions?: readonly Action[] | undefined;
  /** Absent: the step ends at once, or after `forMs`. */
  readonly until?: Condition | undefined;
  /** Virtual time that passes before `until` is looked at. Default 0. */
  readonly forMs?: number | undefined;
  /** The story is stuck when `until` did not hold in time. Default `STEP_TIME_MS`. */
  readonly withinMs?: number | undefined;
  /** From this step on this must hold after every event; where it does not, `checker` is violated. */
  readonly promises?: StoryPromise | undefined;
}

/** Something beyond the five guarantees that a story relies on: stability, say. */
export interface StoryPromise {
  readonly checker: string;
  readonly text: BothLanguages;
  readonly holds: Condition;
}

export const STEP_TIME_MS = 5_000;

/** What a scenario wants to have shown, and how to see that it has. */
export interface Goal {
  readonly text: BothLanguages;
  /** Pure: looks, and changes nothing. */
  reached(view: RunView): boolean;
}

/** The same story with a rule of the algorithm switched off. */
export interface Sabotage {
  readonly broken: RuleSwitch;
  /** What it shows. */
  readonly text: BothLanguages;
  /** Checkers that only restate the broken rule stay silent, so that the run goes on until the harm is done. */
  readonly showsHarm?: boolean | undefined;
  /** The checkers of which one must report. */
  readonly turnsRed: readonly string[];
  /** Its own steps, where the story's own would not lead there. */
  readonly steps?: readonly Step[] | undefined;
  readonly seed?: number | undefined;
}

/** Which world a story runs in: real cores on simulated disks and links, or whole nodes. */
export type ScenarioWorld = "cores" | "nodes";

/** A situation of the algorithm as data: a test, a story and a puzzle at once. */
export interface Scenario {
  readonly id: string;
  readonly group: ScenarioGroup;
  readonly world: ScenarioWorld;
  readonly title: BothLanguages;
  readonly story: BothLanguages;
  readonly seed: number;
  readonly settings: Partial<ClusterSettings>;
  readonly steps: readonly Step[];
  readonly goal: Goal;
  /** The step without whose actions the goal is not reached, counted from 0. */
  readonly keyStep: number;
  readonly sabotage?: readonly Sabotage[] | undefined;
}
