import type { CoreStatus, ProgressStatus } from "@quorate/core";
import { at, progress, THREE_VOTERS } from "../samples/samples.ts";

/** A follower of member 1 in term 5 that has everything. */
export function follower(changes: Partial<CoreStatus> = {}): CoreStatus {
  return {
    id: 2,
    role: "follower",
    leader: 1,
    term: 5,
    vote: 0,
    commit: 31,
    applied: 31,
    applying: 31,
    last: at(5, 31),
    durable: 31,
    membership: THREE_VOTERS,
    transferee: 0,
    uncommittedBytes: 0,
    pendingReads: 0,
    electionElapsedTicks: 3,
    electionTimeoutTicks: 13,
    progress: new Map(),
    stopped: undefined,
    ...changes,
  };
}

/** Member 1 leads term 5, and followers 2 and 3 are as told. */
export function leader(
  changes: Partial<CoreStatus> = {},
  followers: Readonly<Record<number, Partial<ProgressStatus>>> = {},
): CoreStatus {
  const known = new Map<number, ProgressStatus>([
    [1, progress({ match: changes.durable ?? 31, inflightMessages: 0, inflightBytes: 0 })],
    [2, progress({ match: 31, ...followers[2] })],
    [3, progress({ match: 31, ...followers[3] })],
  ]);
  return follower({ id: 1, role: "leader", leader: 1, vote: 1, progress: known, ...changes });
}
