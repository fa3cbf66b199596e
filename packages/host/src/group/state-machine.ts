import type { LogIndex, LogPosition, SnapshotInfo } from "@quorate/core";

/** One committed command with its place. Several commands may share a log entry; `slot` is the place within it, from 0. */
export interface Committed<C> extends LogPosition {
  readonly slot: number;
  readonly command: C;
  /** The proposer's wall clock in milliseconds, the same on every member: use it instead of a local clock. */
  readonly proposedAtMs: number;
}

/** What a state machine brings back from its own durable state. */
export interface OpenedState {
  /** Everything up to here is contained; `{ term: 0, index: 0 }` for an empty or in-memory machine. */
  readonly position: LogPosition;
  /** The `companion` given to the flush that made `position` durable; empty if there was none. */
  readonly companion: Uint8Array;
}

/**
 * A deterministic state machine. `apply` never runs concurrently with `apply`, `beginSnapshot` or `restore`; queries
 * may run between batches. A throw from `apply` stops this group (never the process): a machine that cannot apply a
 * committed command must not skip it. Business failures are values of `R`.
 *
 * Machines without `flush` live in memory and are rebuilt from the newest snapshot and the log. Machines with `flush`
 * keep their own durable state and are asked for its position by `open`.
 */
export interface StateMachine<C, R, Q, A> {
  open(): OpenedState | Promise<OpenedState>;
  /** One result per command, in order. Synchronous results cost no extra turn. */
  apply(batch: readonly Committed<C>[]): readonly R[] | Promise<readonly R[]>;
  query(query: Q): A | Promise<A>;
  /** Cheap and synchronous: pins a view of everything applied so far, which later applies do not change. */
  beginSnapshot(): SnapshotSource;
  /** Replaces the whole state by the snapshot's. A failure leaves the machine unusable until the next `restore`. */
  restore(
    info: SnapshotInfo,
    chunks: AsyncIterable<Uint8Array>,
    companion: Uint8Array,
  ): Promise<void>;
  /**
   * Makes everything applied when it is called durable, atomically together with `companion` (the host's own
   * replicated state of the same moment: sessions and membership) and the position. Applies go on meanwhile.
   * The log is purged only below positions that were flushed. A rejection whose `code` is `STORAGE_FULL` says that there
   * is no room now and nothing was lost: it is asked again later. Any other rejection stops the group.
   */
  flush?(applied: LogPosition, companion: Uint8Array): Promise<void>;
  /** Bytes applied and not flushed yet; the host asks for a flush when they grow. */
  readonly unflushedBytes?: number;
  /**
   * For machines that can fail while nobody asks them anything, such as one in another thread: calls `listener` then,
   * and the group stops as it does when `apply` throws.
   */
  onFailure?(listener: (error: unknown) => void): void;
  close(): Promise<void>;
}

/** A pinned view: read it at leisure, then release it. Chunks may have any size up to `SNAPSHOT_CHUNK_BYTES_MAX`. */
export interface SnapshotSource {
  chunks(): AsyncIterable<Uint8Array>;
  release(): void;
}

/** Largest chunk a snapshot source may yield. 1 MiB: the unit that is checked and resumed on the wire. */
export const SNAPSHOT_CHUNK_BYTES_MAX: number = 1 << 20;

/** Turns values into bytes and back. `decode` must copy what it keeps: the bytes belong to the log. */
export interface Codec<T> {
  encode(value: T): Uint8Array;
  decode(bytes: Uint8Array): T;
}

/** Reads at or after this position see every command applied up to it. */
export interface AppliedPosition {
  readonly appliedIndex: LogIndex;
}
