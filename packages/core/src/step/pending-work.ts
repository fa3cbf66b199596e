import type { PeerMessage, SnapshotInfo } from "../message.ts";
import type { Entry, LogIndex, LogPosition, MemberId, Term } from "../types.ts";

/** A write that was handed out, and what follows when it is durable. */
export interface PendingAppend {
  readonly id: number;
  /** Our term when it was handed out. An acknowledgement in a later term says nothing about the log of today. */
  readonly term: Term;
  /** Our vote in that term: both are durable with this work, if they were not before. */
  readonly vote: MemberId;
  /** The end of the log at that moment, if any of it was not durable. */
  readonly last: LogPosition | undefined;
  readonly snapshot: SnapshotInfo | undefined;
  /** Everything that waits for it, in order; those addressed to the member itself are counted here. */
  readonly messages: readonly PeerMessage[];
}

/** Entries that were handed out for applying. */
export interface PendingApply {
  readonly id: number;
  readonly entries: readonly Entry[];
  readonly last: LogIndex;
  /** What they count for in the quota. */
  readonly weight: number;
}
