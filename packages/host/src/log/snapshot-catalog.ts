import type { SnapshotInfo } from "@quorate/core";

/** What the recovery of a log needs to know about the snapshots beside it. */
export interface SnapshotCatalog {
  /** Complete snapshots by their names, newest first. */
  list(): Promise<readonly SnapshotInfo[]>;
  /** Whether the snapshot is there and fit for use. */
  check(info: SnapshotInfo): Promise<"complete" | "missing" | "damaged">;
  remove(info: SnapshotInfo): Promise<void>;
}
