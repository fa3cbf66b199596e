import type { SnapshotSource } from "@quorate/host";
import { ByteWriter } from "../bytes/byte-writer.ts";
import type { StateMeta } from "../machine/meta.ts";
import { writeStateMeta } from "../machine/meta.ts";
import type { BlockName } from "../mvcc/block.ts";
import type { HistoryView } from "../mvcc/history-view.ts";
import { RowReader } from "../mvcc/row.ts";

/** First bytes of a snapshot: the name and the version of its format. */
export const SNAPSHOT_MAGIC: Uint8Array = Uint8Array.of(0x51, 0x4b, 0x56, 0x31);

/** What a record is. The numbers stand in snapshots. */
export const SNAPSHOT_META = 1;
export const SNAPSHOT_PAIR = 2;
export const SNAPSHOT_ROW = 3;
export const SNAPSHOT_END = 4;

/** A chunk is sent when it has reached this size. Half of what a host accepts, so that rows fit whole. */
const CHUNK_BYTES = 512 * 1024;

/** A chunk never exceeds this; what is longer is cut, at any byte. */
const CHUNK_BYTES_MAX = 1024 * 1024;

/** What a snapshot is made of, pinned. */
export interface PinnedState {
  readonly meta: StateMeta;
  /** Pairs of the store that are not rows: leases and users. */
  readonly pairs: readonly (readonly [Uint8Array, Uint8Array])[];
  readonly history: HistoryView;
}

/** Streams a pinned state while the machine goes on. */
export class KvSnapshotSource implements SnapshotSource {
  readonly #state: PinnedState;
  #released = false;

  constructor(state: PinnedState) {
    this.#state = state;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for (const part of this.#parts()) {
      for (let at = 0; at < part.length; at += CHUNK_BYTES_MAX) {
        yield part.subarray(at, Math.min(part.length, at + CHUNK_BYTES_MAX));
      }
    }
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#state.history.release();
  }

  *#parts(): Generator<Uint8Array> {
    const to = new ByteWriter(CHUNK_BYTES);
    to.raw(SNAPSHOT_MAGIC);
    to.byte(SNAPSHOT_META);
    const meta = new ByteWriter();
    writeStateMeta(meta, this.#state.meta);
    to.bytes(meta.finish());
    for (const [key, value] of this.#state.pairs) {
      to.byte(SNAPSHOT_PAIR);
      to.bytes(key);
      to.bytes(value);
      if (to.length >= CHUNK_BYTES) yield to.take();
    }
    let rows = 0;
    const row = new RowReader();
    let from: BlockName | undefined = { revision: 0, sub: 0 };
    while (from !== undefined) {
      const start: BlockName = from;
      from = undefined;
      this.#state.history.scan(start, this.#state.meta.revision, row, () => {
        if (to.length >= CHUNK_BYTES) {
          from = { revision: row.revision, sub: row.sub };
          return false;
        }
        to.byte(SNAPSHOT_ROW);
        to.varint(row.revision);
        to.varint(row.sub);
        to.bytes(row.record());
        rows++;
        return true;
      });
      if (from !== undefined) yield to.take();
    }
    to.byte(SNAPSHOT_END);
    to.varint(rows);
    yield to.take();
  }
}
