import type { SnapshotInfo } from "../message.ts";
import type { Entry, LogIndex, MemberId, Term } from "../types.ts";

/**
 * What the core may read of the log that was handed out and acknowledged. Synchronous by design: between reading
 * the log's tail and writing it nothing else may run. Before `appendDone` is called for a work, the view must show it:
 * its entries, or for `installSnapshot` a log that begins after the snapshot.
 */
export interface LogView {
  /** Index of the first entry still held; the place before it has a known term. */
  readonly firstIndex: LogIndex;
  /** Index of the last durable entry, `firstIndex - 1` when none is held. Read only when the core is created. */
  readonly lastIndex: LogIndex;
  /** The term at `index`, also for `firstIndex - 1`. Must not touch the disk: keep term runs in memory. */
  term(index: LogIndex): Term | "compacted" | "unavailable";
  /**
   * Entries [low, high), cut after `bytesMax` of payload but never empty.
   * `loading`: they are not in memory; the owner fetches them and then calls `entriesLoaded(reader)`, until which the
   * core leaves that follower alone. `reader` is who they are for: a follower, or the member itself when they are
   * to be applied. A view that never answers `loading` makes the core fully synchronous.
   */
  entries(
    low: LogIndex,
    high: LogIndex,
    bytesMax: number,
    reader: MemberId,
  ): readonly Entry[] | "compacted" | "unavailable" | "loading";
  /** Newest durable snapshot; `building` when there is none yet, after which `snapshotReady` will be called. */
  snapshot(): SnapshotInfo | "building";
}
