import type { ReadMode } from "../options.ts";
import type { LogIndex, MemberId } from "../types.ts";
import type { DecisionHeader } from "./header.ts";

/** A new leader knows the commit index only after an entry of its own term is committed: the read waits for that. */
export interface ReadQueued extends DecisionHeader {
  readonly type: "readQueued";
  readonly requestId: number;
  /** Who asked: the member itself, or the follower that forwarded. */
  readonly from: MemberId;
}
/** The read waits until a majority answers a heartbeat that carries `readSequence`. */
export interface ReadStarted extends DecisionHeader {
  readonly type: "readStarted";
  readonly requestId: number;
  readonly from: MemberId;
  readonly index: LogIndex;
  readonly readSequence: number;
}
export interface ReadConfirmed extends DecisionHeader {
  readonly type: "readConfirmed";
  readonly requestId: number;
  readonly from: MemberId;
  readonly index: LogIndex;
  readonly by: "quorum" | "lease" | "leaderReply";
}
export interface ReadForwarded extends DecisionHeader {
  readonly type: "readForwarded";
  readonly requestId: number;
  readonly leader: MemberId;
}
export interface ReadRefused extends DecisionHeader {
  readonly type: "readRefused";
  readonly requestId: number;
  readonly from: MemberId;
  readonly mode: ReadMode;
  readonly reason: "noLeader" | "notLeader" | "leaseUnavailable" | "quotaExceeded";
  readonly leader: MemberId;
}
/** Reads that were waiting will never be answered by this member: it lost leadership or its leader. */
export interface ReadsAbandoned extends DecisionHeader {
  readonly type: "readsAbandoned";
  readonly count: number;
}

/** Decisions about linearizable reads. Source: Raft dissertation §6.4. */
export type ReadDecision =
  | ReadQueued
  | ReadStarted
  | ReadConfirmed
  | ReadForwarded
  | ReadRefused
  | ReadsAbandoned;
