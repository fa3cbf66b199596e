import type { Entry, HardState, LogIndex, LogPosition, SnapshotInfo, Term } from "@quorate/core";

/** One atomic step of a group's log: after a crash all of it is there or none of it. */
export interface LogBatch {
  readonly hardState: HardState | undefined;
  /** Replaces everything at or after `entries[0].index`; empty for none. */
  readonly entries: readonly Entry[];
  /** Marks an installed or locally made snapshot as the newest; the log may then begin after it. */
  readonly snapshot: SnapshotMarker | undefined;
  /** False: need not be durable when `append` settles (only the commit index moved). */
  readonly sync: boolean;
}

/** A snapshot the log vouches for. `replacesLog` when it was received and everything logged so far is void. */
export interface SnapshotMarker {
  readonly info: SnapshotInfo;
  readonly replacesLog: boolean;
}

/** What `open` found on the disk. */
export interface RecoveredLog {
  readonly hardState: HardState;
  readonly firstIndex: LogIndex;
  readonly last: LogPosition;
  /** Newest first; at most two are kept. */
  readonly snapshots: readonly SnapshotInfo[];
  /** Bytes of a torn, never acknowledged tail that were set aside. */
  readonly truncatedBytes: number;
}

/**
 * The durable log of one group. Appends may overlap; they become durable in call order and share disk writes. A
 * rejected append is final: the store has failed and refuses everything that follows.
 */
export interface LogStore {
  append(batch: LogBatch): Promise<void>;
  readonly firstIndex: LogIndex;
  /** Last index handed to `append`, durable or not. */
  readonly lastIndex: LogIndex;
  term(index: LogIndex): Term | "compacted" | "unavailable";
  /** Entries [low, high) from memory, cut after `bytesMax` but never empty; `loading` when the disk is needed. */
  cached(
    low: LogIndex,
    high: LogIndex,
    bytesMax: number,
  ): readonly Entry[] | "compacted" | "unavailable" | "loading";
  /** The same from the disk. */
  read(low: LogIndex, high: LogIndex, bytesMax: number): Promise<readonly Entry[]>;
  /** Gives up whole segments at or below `index`; resolves with the new first index, which may be lower. */
  compact(index: LogIndex): Promise<LogIndex>;
  /** Bytes on disk, prepared segments included. */
  readonly diskBytes: number;
  close(): Promise<void>;
}
