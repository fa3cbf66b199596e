import { crc32c } from "../bytes/crc32c.ts";
import type { Revision } from "../key-value.ts";
import { KeyEntry } from "../keys/key-entry.ts";
import type { MvccStore } from "./mvcc-store.ts";
import { RowReader } from "./row.ts";

/** Rows that are hashed in one go; then other work has its turn. About a millisecond. */
const ROWS_PER_TURN = 2000;

/** The bytes of the word "key", which etcd's hash begins with: the name of its table. */
const TABLE_NAME = Uint8Array.of(0x6b, 0x65, 0x79);

/** No key is empty. */
const FIRST_KEY = Uint8Array.of(0);

export interface HashKvOptions {
  readonly revision: Revision;
  /** Lets other work have its turn; false: give up. */
  readonly pause: () => Promise<boolean>;
}

/**
 * CRC-32C over the history up to `revision`, exactly as etcd computes it over its rows. Of what was compacted, only
 * the newest version of each existing key counts, whether or not this member has removed the others yet. Nothing may
 * be compacted or removed meanwhile. Nothing is returned when `pause` gave up.
 */
export async function hashKv(
  store: MvccStore,
  options: HashKvOptions,
): Promise<number | undefined> {
  const row = new RowReader();
  const liveness = new Liveness(store, keptAt(store, options.revision));
  const encoder = new RowEncoder();
  let crc = crc32c(TABLE_NAME);
  let from = { revision: 0, sub: 0 };
  for (;;) {
    let left = ROWS_PER_TURN;
    store.history.scan(from, options.revision, row, () => {
      if (left === 0) {
        from = { revision: row.revision, sub: row.sub };
        left = -1;
        return false;
      }
      left--;
      if (row.revision > store.compactRevision || liveness.isNewest(row)) {
        crc = encoder.hash(crc, row);
      }
      return true;
    });
    if (left >= 0) return crc;
    if (!(await options.pause())) return undefined;
  }
}

/**
 * The revision whose pairs count of what was compacted: the one that is hashed, or, when no key exists there, the
 * compacted one. Etcd then takes all rows that its compaction has left.
 */
function keptAt(store: MvccStore, revision: Revision): Revision {
  if (store.compactRevision <= 0) return revision;
  const entry = new KeyEntry();
  const row = new RowReader();
  let isEmpty = true;
  store.index.range(FIRST_KEY, undefined, entry, () => {
    const isKnown =
      entry.modRevision <= revision ? !entry.deleted : store.readRowAt(entry, revision, row);
    if (isKnown) isEmpty = false;
    return isEmpty;
  });
  return isEmpty ? Math.min(revision, store.compactRevision) : revision;
}

/** Tells which compacted rows still stand for their key. */
class Liveness {
  readonly #store: MvccStore;
  readonly #at: Revision;
  readonly #entry: KeyEntry = new KeyEntry();
  readonly #row: RowReader = new RowReader();

  constructor(store: MvccStore, at: Revision) {
    this.#store = store;
    this.#at = at;
  }

  /** Whether the row is a pair and the newest version of its key at the revision that is hashed. */
  isNewest(row: RowReader): boolean {
    const entry = this.#entry;
    if (row.deleted || !this.#store.index.get(row.key(), entry)) return false;
    if (entry.modRevision <= this.#at) {
      return entry.modRevision === row.revision && entry.modSub === row.sub;
    }
    const newest = this.#row;
    return (
      this.#store.readRowAt(entry, this.#at, newest) &&
      newest.revision === row.revision &&
      newest.sub === row.sub
    );
  }
}

const KEY_TAG = 0x0a;
const CREATE_TAG = 0x10;
const MOD_TAG = 0x18;
const VERSION_TAG = 0x20;
const VALUE_TAG = 0x2a;
const LEASE_TAG = 0x30;
const SEPARATOR = 0x5f;
const TOMBSTONE = 0x74;

/** Feeds a row to the checksum in the form etcd stores it. */
class RowEncoder {
  readonly #scratch: Uint8Array = new Uint8Array(96);
  #at = 0;

  hash(crc: number, row: RowReader): number {
    this.#at = 0;
    this.#integer64(row.revision);
    this.#scratch[this.#at++] = SEPARATOR;
    this.#integer64(row.sub);
    if (row.deleted) this.#scratch[this.#at++] = TOMBSTONE;
    const key = row.key();
    this.#tagged(KEY_TAG, key.length);
    let running = crc32c(key, this.#flush(crc));
    if (row.deleted) return running;
    this.#tagged(CREATE_TAG, row.createRevision);
    this.#tagged(MOD_TAG, row.revision);
    this.#tagged(VERSION_TAG, row.version);
    const value = row.value();
    if (value.length > 0) {
      this.#tagged(VALUE_TAG, value.length);
      running = crc32c(value, this.#flush(running));
    }
    if (row.leased) {
      this.#scratch[this.#at++] = LEASE_TAG;
      this.#varint64(BigInt.asUintN(64, row.lease));
    }
    return this.#flush(running);
  }

  #flush(crc: number): number {
    const running = crc32c(this.#scratch, crc, this.#at);
    this.#at = 0;
    return running;
  }

  #integer64(value: number): void {
    new DataView(this.#scratch.buffer).setBigUint64(this.#at, BigInt(value));
    this.#at += 8;
  }

  #tagged(tag: number, value: number): void {
    this.#scratch[this.#at++] = tag;
    let rest = value;
    while (rest >= 0x80) {
      this.#scratch[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#scratch[this.#at++] = rest;
  }

  #varint64(value: bigint): void {
    let rest = value;
    while (rest >= 0x80n) {
      this.#scratch[this.#at++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#scratch[this.#at++] = Number(rest);
  }
}
