import type { SnapshotInfo } from "@quorate/core";

/** Snapshots of one group on disk: written aside, checked, then named atomically; two are kept. */
export interface SnapshotStore {
  /** Complete snapshots, newest first. */
  list(): Promise<readonly SnapshotInfo[]>;
  /** Begins a new one; nothing of it counts before `commit`. */
  create(info: Omit<SnapshotInfo, "bytes">): Promise<SnapshotWriter>;
  /** Continues a partly received one with the same id, or undefined when there is none. */
  resume(info: SnapshotInfo): Promise<SnapshotWriter | undefined>;
  /** Content from `fromByte` in checked chunks; rejects with CORRUPT_SNAPSHOT at the first bad one. */
  read(info: SnapshotInfo, fromByte: number): AsyncIterable<Uint8Array>;
  /** Removes all but the newest `keep` and every unfinished one not named in `resumable`. */
  prune(keep: number, resumable: readonly string[]): Promise<void>;
}

/** Writes a snapshot. Nothing of it counts before `commit` has resolved. */
export interface SnapshotWriter {
  /** Content bytes that are durable, and from where a broken transfer goes on. */
  readonly durableBytes: number;
  /** Appends content; settles when the chunk may be counted in `durableBytes` soon. */
  write(chunk: Uint8Array): Promise<void>;
  /** Checks, makes durable and names it. Resolves with the final info. */
  commit(): Promise<SnapshotInfo>;
  discard(): Promise<void>;
}
