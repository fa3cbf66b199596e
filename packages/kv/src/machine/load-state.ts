import { binaryString, NO_BYTES } from "../bytes/bytes.ts";
import { Fingerprint } from "../bytes/fingerprint.ts";
import { KeyEntry } from "../keys/key-entry.ts";
import { LeaseTable } from "../lease/lease-table.ts";
import { RowReader } from "../mvcc/row.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import { KvState } from "./kv-state.ts";
import {
  AUTH_KEY,
  decodeAuth,
  decodeStoreMeta,
  META_KEY,
  type StateMeta,
  type StoreMeta,
} from "./meta.ts";

/** A state as it was flushed, and where in the log that was. */
export interface LoadedState {
  readonly state: KvState;
  readonly meta: StoreMeta;
}

/**
 * Brings a state back from its store: reads every row once to build the index. Nothing for a store that is empty or
 * whose restore was interrupted; the latter is cleared.
 */
export async function loadState(
  store: OrderedStore,
  pause: () => Promise<void>,
): Promise<LoadedState | undefined> {
  const record = store.get(META_KEY);
  if (record === undefined) return undefined;
  const meta = decodeStoreMeta(record);
  if (meta === undefined) {
    await store.write((batch) => batch.clear());
    return undefined;
  }
  const state = newState(store, meta);
  state.leases.load(store);
  const auth = store.get(AUTH_KEY);
  if (auth !== undefined) decodeAuth(auth, state.auth);
  const row = new RowReader();
  const { mvcc } = state;
  const loader = mvcc.loader(meta.sweptRevision);
  await mvcc.history.load(row, () => loader.add(row), pause);
  loader.finish();
  attachLeasedKeys(state);
  return { state, meta };
}

/** A state with these scalars and nothing in it. */
export function newState(store: OrderedStore, meta: StateMeta): KvState {
  const fingerprint = new Fingerprint(meta.fingerprintA, meta.fingerprintB);
  const state = new KvState(store, fingerprint, new LeaseTable());
  state.mvcc.loaded(meta.revision, meta.compactRevision);
  state.alarms.replace(meta.alarms);
  return state;
}

/** Leases are stored without their keys; the keys name their lease. */
export function attachLeasedKeys(state: KvState): void {
  if (state.leases.size === 0) return;
  const entry = new KeyEntry();
  state.mvcc.index.range(NO_BYTES, undefined, entry, () => {
    if (entry.leased) state.leases.attach(entry.lease, binaryString(entry.key()));
    return true;
  });
}
