import type { Revision } from "../key-value.ts";
import type { MvccStore } from "../mvcc/mvcc-store.ts";
import { RowReader } from "../mvcc/row.ts";
import type { EventBatch, KvEvent } from "./watch-stream.ts";

/** Encoded lengths and integers of an event beyond its keys and values, at most. */
const EVENT_OVERHEAD_BYTES = 80;

/** One change, turned into events as they are asked for and then shared by all watchers. */
export class Change {
  readonly kind: KvEvent["kind"];
  readonly revision: Revision;
  readonly key: Uint8Array;
  readonly #store: MvccStore;
  readonly #row: RowReader = new RowReader();
  #plain: KvEvent | undefined;
  #withPrevious: KvEvent | undefined;

  constructor(store: MvccStore, row: RowReader) {
    this.#store = store;
    this.#row.parse(row.bytes, row.start, row.end, row.revision, row.sub);
    this.revision = row.revision;
    this.kind = this.#row.deleted ? "delete" : "put";
    this.key = this.#row.key();
  }

  event(prevKv: boolean): KvEvent {
    if (!prevKv) {
      this.#plain ??= { kind: this.kind, kv: this.#row.keyValue(), prevKv: undefined };
      return this.#plain;
    }
    this.#withPrevious ??= {
      kind: this.kind,
      kv: this.#row.keyValue(),
      prevKv: this.#previous(),
    };
    return this.#withPrevious;
  }

  /** The pair as it was before the transaction, if history still reaches back there. */
  #previous(): KvEvent["prevKv"] {
    if (this.revision - 1 < this.#store.compactRevision) return undefined;
    const row = new RowReader();
    let revision = this.#row.previousRevision;
    let sub = this.#row.previousSub;
    while (revision !== 0 && this.#store.readRow(revision, sub, row)) {
      if (revision < this.revision) return row.deleted ? undefined : row.keyValue();
      revision = row.previousRevision;
      sub = row.previousSub;
    }
    return undefined;
  }
}

export function batchOf(events: readonly KvEvent[]): EventBatch {
  let sizeBytes = 0;
  for (const { kv, prevKv } of events) {
    sizeBytes += EVENT_OVERHEAD_BYTES + kv.key.length + kv.value.length;
    if (prevKv !== undefined) {
      sizeBytes += EVENT_OVERHEAD_BYTES + prevKv.key.length + prevKv.value.length;
    }
  }
  return { events, sizeBytes, encoded: undefined };
}
