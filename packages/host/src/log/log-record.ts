import type { HardState, LogPosition, SnapshotInfo, Term } from "@quorate/core";

/** One statement of a batch; they take force in their order. */
export type LogRecord =
  | EntriesRecord
  | ({ readonly kind: "state" } & HardState)
  | SnapshotRecord
  /** Everything after `last` is void. */
  | { readonly kind: "truncate"; readonly last: LogPosition }
  | ({ readonly kind: "seal" } & Seal)
  /** First in every segment: the end of the log when the segment was begun. */
  | { readonly kind: "base"; readonly last: LogPosition }
  /** The file is at least this long from now on; a shorter one has lost its end. */
  | { readonly kind: "room"; readonly bytes: number };

/** A snapshot the log vouches for. */
export interface SnapshotRecord {
  readonly kind: "snapshot";
  readonly info: SnapshotInfo;
  /** Made everything before it void. */
  readonly replacesLog: boolean;
  /** Said before, and said again at the beginning of a segment so that older ones may go: it moves nothing. */
  readonly isRepeated: boolean;
}

/** Consecutive entries of one term; their bytes stay in the batch. */
export interface EntriesRecord {
  readonly kind: "entries";
  readonly firstIndex: number;
  readonly term: Term;
  readonly count: number;
  /** Place of the first entry in the bytes the record was read from, and the place after the last. */
  readonly from: number;
  readonly to: number;
}

/** The last batch of a full segment says what the segment holds and what comes next. */
export interface Seal {
  readonly entryCount: number;
  /** Lowest and highest index of any entry in the segment, 0 for none. */
  readonly firstIndex: number;
  readonly lastIndex: number;
  /** CRC-32 over the header checksums of all batches before, in order, each as 4 bytes. */
  readonly batchesCrc: number;
  /** Lower half of the id of the segment that follows. */
  readonly nextTag: number;
}
