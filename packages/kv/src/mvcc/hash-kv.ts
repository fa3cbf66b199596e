import { crc32c } from "../bytes/crc32c.ts";
import type { Revision } from "../key-value.ts";
import type { HistoryView } from "./history.ts";
import { RowReader } from "./row.ts";

/** Rows that are hashed in one go; then other work has its turn. About a millisecond. */
const ROWS_PER_TURN = 2000;

/** The bytes of the word "key", which etcd's hash begins with: the name of its table. */
const TABLE_NAME = Uint8Array.of(0x6b, 0x65, 0x79);

export interface HashKvOptions {
  readonly revision: Revision;
  readonly compactRevision: Revision;
  /** Rows that compaction made superfluous at or below this revision are gone from the view for certain. */
  readonly sweptRevision: Revision;
  /** Lets other work have its turn. */
  readonly pause: () => Promise<void>;
}

/**
 * CRC-32C over the history up to `revision`, exactly as etcd computes it over its rows. Of what was compacted, only
 * the newest version of each existing key counts, whether or not this member has removed the others yet.
 */
export async function hashKv(view: HistoryView, options: HashKvOptions): Promise<number> {
  const superseded = await findSuperseded(view, options);
  const row = new RowReader();
  const encoder = new RowEncoder();
  let crc = crc32c(TABLE_NAME);
  await scanInTurns(view, 0, options, (revision, sub, record) => {
    row.parse(record, revision, sub);
    if (revision <= options.compactRevision) {
      if (row.deleted || superseded.has(placeOf(revision, sub))) return;
    }
    crc = encoder.hash(crc, row);
  });
  return crc;
}

/** Compacted versions that are not the newest of their key any more. */
async function findSuperseded(view: HistoryView, options: HashKvOptions): Promise<Set<string>> {
  const superseded = new Set<string>();
  if (options.compactRevision < 0) return superseded;
  const row = new RowReader();
  await scanInTurns(view, options.sweptRevision + 1, options, (revision, sub, record) => {
    row.parse(record, revision, sub);
    if (row.previousRevision === 0 || row.previousRevision > options.compactRevision) return;
    superseded.add(placeOf(row.previousRevision, row.previousSub));
  });
  return superseded;
}

function placeOf(revision: Revision, sub: number): string {
  return `${revision}.${sub}`;
}

async function scanInTurns(
  view: HistoryView,
  from: Revision,
  options: HashKvOptions,
  visit: (revision: Revision, sub: number, record: Uint8Array) => void,
): Promise<void> {
  let revision = Math.max(0, from);
  let sub = 0;
  for (;;) {
    let left = ROWS_PER_TURN;
    view.scan(revision, sub, options.revision, (rowRevision, rowSub, record) => {
      if (left === 0) {
        revision = rowRevision;
        sub = rowSub;
        left = -1;
        return false;
      }
      left--;
      visit(rowRevision, rowSub, record);
      return true;
    });
    if (left >= 0) return;
    await options.pause();
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
