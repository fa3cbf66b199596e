import type { CoreSettings, Term } from "@quorate/core";
import type { RuleSwitch } from "../switches/rule-switch.ts";

/** How messages travel. Rates are probabilities per message, times in milliseconds. */
export interface Weather {
  readonly delayMinMs: number;
  readonly delayMaxMs: number;
  readonly lossRate: number;
  readonly duplicateRate: number;
  /** Some messages come much later than others, after everything else has moved on. */
  readonly lateRate: number;
  readonly lateMaxMs: number;
}

/** Settings of the core that a cluster chooses for all members. */
export type MemberSettings = Partial<
  Pick<
    CoreSettings,
    | "electionTicks"
    | "heartbeatTicks"
    | "preVote"
    | "checkQuorum"
    | "readMode"
    | "stepDownOnRemoval"
    | "appendBytesMax"
    | "inflightMessagesMax"
    | "inflightBytesMax"
    | "uncommittedBytesMax"
    | "applyBytesMax"
  >
>;

/** Everything that shapes a cluster of cores, besides its seed. */
export interface ClusterSettings {
  /** Members from 1 on, all of them voters but the last `learners`. */
  readonly members: number;
  readonly learners: number;
  readonly core: MemberSettings;
  readonly tickMs: number;
  readonly weather: Weather;
  /** How long a write takes until it is durable. */
  readonly diskMinMs: number;
  readonly diskMaxMs: number;
  /** How long committed entries wait before they are applied. */
  readonly applyMaxMs: number;
  /** Entries applied since the last snapshot after which a new one is taken; 0 for never. */
  readonly snapshotEvery: number;
  /** Entries that stay in the log behind a snapshot. */
  readonly keepEntries: number;
  /** Entries applied between two states that the machine keeps by itself, without a snapshot; 0 for never. */
  readonly checkpointEvery: number;
  /** Probability that old entries must be fetched before they can be sent. */
  readonly coldReadRate: number;
  /** A client that has no answer after this time asks another member. */
  readonly clientRetryMs: number;
  /** A client that has no answer after this time gives up: the outcome is unknown. */
  readonly clientGivesUpMs: number;
  /**
   * What the members' logs hold at the start after the entries that name the members: by member, the terms of its
   * entries, oldest first. For showing how logs that differ become equal. Default: nothing.
   */
  readonly preparedLogs?: readonly (readonly Term[])[] | undefined;
  /** Rules of the algorithm that are switched off. Default: none. */
  readonly brokenRules?: readonly RuleSwitch[] | undefined;
  /** Checkers that stay silent, so that a run with a broken rule goes on until the harm is done. Default: none. */
  readonly silentCheckers?: readonly string[] | undefined;
}

/** A network and disks without faults. */
export const CALM_WEATHER: Weather = Object.freeze({
  delayMinMs: 1,
  delayMaxMs: 5,
  lossRate: 0,
  duplicateRate: 0,
  lateRate: 0,
  lateMaxMs: 0,
});

/** The settings of a simulated cluster where nothing else is said. */
export const CLUSTER_DEFAULTS: ClusterSettings = Object.freeze({
  members: 3,
  learners: 0,
  core: Object.freeze({}),
  tickMs: 10,
  weather: CALM_WEATHER,
  diskMinMs: 1,
  diskMaxMs: 4,
  applyMaxMs: 0,
  snapshotEvery: 0,
  keepEntries: 10,
  checkpointEvery: 0,
  coldReadRate: 0,
  clientRetryMs: 150,
  clientGivesUpMs: 2_000,
});
