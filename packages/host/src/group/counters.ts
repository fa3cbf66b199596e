import type { GroupMetrics } from "./replica.ts";

/** The same fields as `GroupMetrics`, to be counted up by the parts of a group. */
export type GroupCounters = { -readonly [Name in keyof GroupMetrics]: number };

export function newGroupCounters(): GroupCounters {
  return {
    proposals: 0,
    proposalsApplied: 0,
    proposalsFailed: 0,
    proposalsForwarded: 0,
    batchesProposed: 0,
    batchesRetried: 0,
    duplicatesDropped: 0,
    commandsApplied: 0,
    entriesApplied: 0,
    reads: 0,
    readRounds: 0,
    readsFailed: 0,
    leaderChanges: 0,
    turns: 0,
    logAppends: 0,
    logBytes: 0,
    logAppendMs: 0,
    logAppendMsMax: 0,
    applyMs: 0,
    snapshotsBuilt: 0,
    snapshotsSent: 0,
    snapshotsInstalled: 0,
    snapshotsFailed: 0,
    diskStalls: 0,
  };
}
