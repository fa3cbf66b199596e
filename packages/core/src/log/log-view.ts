import type { SnapshotInfo } from "../message.ts";
import type { Entry, LogIndex, Term } from "../types.ts";

/**
 * What the core may read of the log that was handed out and acknowledged. Synchronous by design: between reading
 * the log's tail and writing it nothing else may run.
 */
export interface LogView {
  /** Index of the first entry still held; the place before it has a known term. */
  readonly firstIndex: LogIndex;
  /** Index of the last durable entry, `firstIndex - 1` when none is held. */
  readonly lastIndex: LogIndex;
  /** The term at `index`, also for `firstIndex - 1`. Must not touch the disk: keep term runs in memory. */
  term(index: LogIndex): Term | "compacted" | "unavailable";
  /**
   * Entries [low, high), cut after `bytesMax` of payload but never empty.
   * `loading`: they are not in memory; the owner fetches them and then calls `entriesLoaded`, until which the core
   * leaves the follower alone. A view that never answers `loading` makes the core fully synchronous.
   */
  entries(
    low: LogIndex,
    high: LogIndex,
    bytesMax: number,
  ): readonly Entry[] | "compacted" | "unavailable" | "loading";
  /** Newest durable snapshot; `building` when there is none yet, after which `snapshotReady` will be called. */
  snapshot(): SnapshotInfo | "building";
}
