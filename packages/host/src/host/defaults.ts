import type { GroupCoreSettings, GroupLimits, SnapshotPolicy } from "../group/group-spec.ts";
import type { TransportLimits } from "../host.ts";

/** Ticks of 100 ms: heartbeats ten times a second, an election after one to two seconds of silence. */
export const TICK_MS_DEFAULT = 100;

export const CORE_DEFAULTS: GroupCoreSettings = Object.freeze({
  electionTicks: 10,
  heartbeatTicks: 1,
  preVote: true,
  checkQuorum: true,
});

export const GROUP_LIMITS_DEFAULT: GroupLimits = Object.freeze({
  commandBytesMax: 1_572_864,
  pendingProposalsMax: 65_536,
  pendingProposalBytesMax: 64 << 20,
  pendingReadsMax: 65_536,
  requestTimeoutMs: 5_000,
  diskStallMs: 2_000,
  userSessionsMax: 4_096,
  userSessionBytesMax: 16 << 20,
});

export const SNAPSHOT_POLICY_DEFAULT: SnapshotPolicy = Object.freeze({
  entriesMax: 100_000,
  bytesMax: 256 << 20,
  keepEntries: 10_000,
});

export const TRANSPORT_LIMITS_DEFAULT: TransportLimits = Object.freeze({
  controlQueueBytes: 4 << 20,
  logQueueBytes: 64 << 20,
  snapshotBytesPerSecond: 0,
  snapshotsMax: 2,
});

/** The defaults, with everything in its place that was given a value. */
export function withDefaults<T extends object>(defaults: T, given: Partial<T> | undefined): T {
  if (given === undefined) return defaults;
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(set) } as T;
}
