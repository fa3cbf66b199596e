import type { LogPosition } from "@quorate/core";
import { MalformedBytesError } from "../bytes/byte-reader.ts";
import { equalBytes } from "../bytes/bytes.ts";
import type { Revision } from "../key-value.ts";
import type { IndexLoader } from "../mvcc/index-loader.ts";
import { RowReader } from "../mvcc/row.ts";
import { SnapshotReader, type SnapshotRecord } from "../snapshot/snapshot-reader.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import type { KvState } from "./kv-state.ts";
import { attachLeasedKeys, newState } from "./load-state.ts";
import {
  AUTH_KEY,
  decodeAuth,
  encodeIncompleteMeta,
  encodeStoreMeta,
  META_KEY,
  type StateMeta,
} from "./meta.ts";

/** Bytes of a snapshot that are written to the store in one transaction. */
const WRITE_BYTES = 8 * 1024 * 1024;

/** Where in the log the snapshot was taken, and the host's own part of it. */
export interface SnapshotPlace {
  readonly position: LogPosition;
  readonly companion: Uint8Array;
}

export interface RestoredKvState {
  readonly state: KvState;
  readonly sweptRevision: Revision;
}

/**
 * Replaces everything in the store by a snapshot. Interrupted in the middle, the store is left marked as incomplete,
 * which counts as empty when it is opened again.
 */
export async function restoreState(
  store: OrderedStore,
  chunks: AsyncIterable<Uint8Array>,
  place: SnapshotPlace,
): Promise<RestoredKvState> {
  await store.write((batch) => {
    batch.clear();
    batch.put(META_KEY, encodeIncompleteMeta());
  });
  const reader = new SnapshotReader();
  const filler = new StateFiller(store);
  for await (const chunk of chunks) {
    for (const record of reader.read(chunk)) filler.add(record);
    if (filler.pendingBytes >= WRITE_BYTES) await filler.write();
  }
  reader.end();
  await filler.write();
  const { meta, state } = filler.finish();
  await store.write((batch) => batch.put(META_KEY, encodeStoreMeta({ ...meta, ...place })));
  return { state, sweptRevision: meta.sweptRevision };
}

/** Builds the state in memory while its parts go into the store. */
class StateFiller {
  readonly #store: OrderedStore;
  readonly #row: RowReader = new RowReader();
  #meta: StateMeta | undefined;
  #state: KvState | undefined;
  #loader: IndexLoader | undefined;
  #pairs: (readonly [Uint8Array, Uint8Array])[] = [];

  constructor(store: OrderedStore) {
    this.#store = store;
  }

  get pendingBytes(): number {
    return this.#state?.mvcc.history.unflushedBytes ?? 0;
  }

  add(record: SnapshotRecord): void {
    switch (record.type) {
      case "meta":
        this.#meta = record.meta;
        this.#state = newState(this.#store, record.meta);
        this.#loader = this.#state.mvcc.loader(record.meta.sweptRevision);
        break;
      case "pair":
        this.#pairs.push([record.key, record.value]);
        if (equalBytes(record.key, AUTH_KEY)) decodeAuth(record.value, this.#parts().state.auth);
        break;
      case "row":
        this.#addRow(record);
        break;
    }
  }

  #addRow({ revision, sub, record }: SnapshotRecord & { type: "row" }): void {
    const { state, loader } = this.#parts();
    state.mvcc.history.appendRecord({ revision, sub }, record);
    this.#row.parse(record, 0, record.length, revision, sub);
    loader.add(this.#row);
  }

  async write(): Promise<void> {
    const { state } = this.#parts();
    const pairs = this.#pairs;
    this.#pairs = [];
    const rows = state.mvcc.history.seal();
    await this.#store.write((batch) => {
      for (const [key, value] of pairs) batch.put(key, value);
      rows.write(batch);
    });
    rows.written();
  }

  /** Everything has been written. */
  finish(): { readonly meta: StateMeta; readonly state: KvState } {
    const { meta, state, loader } = this.#parts();
    loader.finish();
    state.leases.load(this.#store);
    attachLeasedKeys(state);
    return { meta, state };
  }

  #parts(): {
    readonly meta: StateMeta;
    readonly state: KvState;
    readonly loader: IndexLoader;
  } {
    if (this.#state === undefined || this.#meta === undefined || this.#loader === undefined) {
      throw new MalformedBytesError("The snapshot does not begin with its description.");
    }
    return { meta: this.#meta, state: this.#state, loader: this.#loader };
  }
}
