import type { PeerMessage, SnapshotInfo } from "./message.ts";
import type { Entry, HardState, LogIndex, MemberId, Role, Term } from "./types.ts";

/**
 * Everything the outside must do after a turn of calls. The order rules, stated once:
 *
 *  1. `send` may leave at once, before anything below is durable.
 *  2. `append.afterDurable` may leave only when `append` is durable. The member's own vote and acknowledgement wait
 *     for the same: the core keeps them and counts them on `appendDone`.
 *  3. Append works become durable, and are acknowledged with `appendDone`, in the order they were handed out.
 *  4. Apply works are applied, and acknowledged with `applyDone`, in the order they were handed out. They hold only
 *     entries that `appendDone` has covered (unless `applyBeforeDurable` asks for more). After `appendDone` of a work
 *     with `installSnapshot` the core counts everything up to the snapshot as applied: the state machine must hold
 *     it by then, and skip what an older apply work still brings.
 *  5. A batch belongs to the taker: the core keeps no reference to its arrays and reuses none of them.
 */
export interface Effects {
  readonly send: readonly PeerMessage[];
  readonly append: AppendWork | undefined;
  readonly apply: ApplyWork | undefined;
  /** Reads that may now be served once the state machine has applied `index`. */
  readonly reads: readonly ConfirmedRead[];
  /** Present only when role, leader or term changed since the last batch. */
  readonly role: RoleChange | undefined;
}

/** Work for the disk: one atomic batch. */
export interface AppendWork {
  /** Grows by one per work, so that a late or repeated acknowledgement is recognised. */
  readonly id: number;
  /** Present when any field changed; it belongs to the same atomic batch as `entries`. */
  readonly hardState: HardState | undefined;
  /** Replaces everything at or after `entries[0].index`. */
  readonly entries: readonly Entry[];
  /** The received snapshot to install. Never together with `entries`. */
  readonly installSnapshot: SnapshotInfo | undefined;
  /** False when only `commit` moved: losing it costs nothing. */
  readonly mustSync: boolean;
  readonly afterDurable: readonly PeerMessage[];
}

/** Committed entries, next in order. A `membership` entry must be handed to `applyMembership` when its turn comes. */
export interface ApplyWork {
  readonly id: number;
  readonly entries: readonly Entry[];
  /** Sum of the payload sizes. */
  readonly bytes: number;
}

/** A read that may be answered once everything up to `index` is applied. Source: Raft dissertation §6.4. */
export interface ConfirmedRead {
  readonly requestId: number;
  readonly index: LogIndex;
}

/** This member's role, leader or term is another one now. */
export interface RoleChange {
  readonly role: Role;
  readonly leader: MemberId;
  readonly term: Term;
}
