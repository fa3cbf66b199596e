import type { Entry, HardState, LogPosition } from "@quorate/core";
import type { SnapshotMarker } from "./log-store.ts";

/** One call of `append` on its way to the disk. */
export interface PendingAppend {
  hardState: HardState | undefined;
  readonly marker: SnapshotMarker | undefined;
  /** Set when entries that the log had are void: the last that stays. */
  readonly truncateTo: LogPosition | undefined;
  readonly entries: readonly Entry[];
  /** End of the log after this append. */
  readonly last: LogPosition;
  readonly sync: boolean;
  /** Upper bound of the bytes its records take. */
  readonly boundBytes: number;
  /** Undefined once it has been called. */
  settle: Settlement | undefined;
}

export interface Settlement {
  resolve(): void;
  reject(error: unknown): void;
}
