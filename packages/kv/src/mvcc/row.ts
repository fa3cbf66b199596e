import { NO_BYTES } from "../bytes/bytes.ts";
import { readVarint, type VarintCursor, varintBytes, writeVarint } from "../bytes/varint.ts";
import type { KeyValue, Revision } from "../key-value.ts";

const DELETED = 1;
const HAS_PREVIOUS = 2;
const PREVIOUS_HAS_SUB = 4;
const LEASED = 8;

/** Flags, five integers and a lease at their longest. */
const HEAD_BYTES_MAX = 1 + 5 * 8 + 8;

/** Rows are packed into slabs of this size: large enough that allocating them costs nothing per row. */
const SLAB_BYTES = 256 * 1024;

/** One change of one key, before it is encoded. A set of registers, filled anew for every row. */
export class RowFields {
  revision: Revision = 0;
  deleted = false;
  key: Uint8Array = NO_BYTES;
  value: Uint8Array = NO_BYTES;
  createRevision: Revision = 0;
  version = 0;
  leaseHigh = 0;
  leaseLow = 0;
  /** The change of the same key before this one, 0 for none that anyone may still ask for. */
  previousRevision: Revision = 0;
  previousSub = 0;
}

/**
 * Encodes rows as they are stored:
 * `flags keyLength key [createdBefore version] [previousBefore [previousSub]] [lease] value`, where the revisions are
 * distances back from the row's own.
 */
export class RowWriter {
  #slab: Uint8Array = NO_BYTES;
  #used = 0;

  /** The bytes are never changed afterwards. */
  encode(row: RowFields): Uint8Array {
    const longest = HEAD_BYTES_MAX + row.key.length + row.value.length;
    const slab = this.#reserve(longest);
    const start = this.#used;
    let flags = row.deleted ? DELETED : 0;
    const leased = row.leaseHigh !== 0 || row.leaseLow !== 0;
    if (leased) flags |= LEASED;
    if (row.previousRevision !== 0) flags |= HAS_PREVIOUS;
    if (row.previousSub !== 0) flags |= PREVIOUS_HAS_SUB;
    slab[start] = flags;
    let at = writeVarint(slab, start + 1, row.key.length);
    slab.set(row.key, at);
    at += row.key.length;
    if (!row.deleted) {
      at = writeVarint(slab, at, row.revision - row.createRevision);
      at = writeVarint(slab, at, row.version);
    }
    if (row.previousRevision !== 0) {
      at = writeVarint(slab, at, row.revision - row.previousRevision);
      if (row.previousSub !== 0) at = writeVarint(slab, at, row.previousSub);
    }
    if (leased) {
      at = writeWord(slab, at, row.leaseHigh);
      at = writeWord(slab, at, row.leaseLow);
    }
    slab.set(row.value, at);
    at += row.value.length;
    this.#used = at;
    return slab.subarray(start, at);
  }

  #reserve(longest: number): Uint8Array {
    if (longest > SLAB_BYTES / 8) {
      // Its own buffer, so that a long value keeps no neighbours in memory.
      this.#slab = new Uint8Array(longest);
      this.#used = 0;
    } else if (this.#used + longest > this.#slab.length) {
      this.#slab = new Uint8Array(SLAB_BYTES);
      this.#used = 0;
    }
    return this.#slab;
  }
}

const cursor: VarintCursor = { at: 0 };

/** Takes an encoded row apart. A set of registers, filled anew by every `parse`. */
export class RowReader {
  record: Uint8Array = NO_BYTES;
  revision: Revision = 0;
  sub = 0;
  deleted = false;
  keyStart = 0;
  keyEnd = 0;
  createRevision: Revision = 0;
  version = 0;
  leaseHigh = 0;
  leaseLow = 0;
  /** 0 for none. */
  previousRevision: Revision = 0;
  previousSub = 0;
  valueStart = 0;

  parse(record: Uint8Array, revision: Revision, sub: number): void {
    this.record = record;
    this.revision = revision;
    this.sub = sub;
    const flags = record[0] as number;
    cursor.at = 1;
    const keyLength = readVarint(record, cursor);
    this.keyStart = cursor.at;
    cursor.at += keyLength;
    this.keyEnd = cursor.at;
    this.deleted = (flags & DELETED) !== 0;
    if ((flags & DELETED) === 0) {
      this.createRevision = revision - readVarint(record, cursor);
      this.version = readVarint(record, cursor);
    } else {
      this.createRevision = 0;
      this.version = 0;
    }
    this.previousRevision =
      (flags & HAS_PREVIOUS) !== 0 ? revision - readVarint(record, cursor) : 0;
    this.previousSub = (flags & PREVIOUS_HAS_SUB) !== 0 ? readVarint(record, cursor) : 0;
    if ((flags & LEASED) !== 0) {
      this.leaseHigh = readWord(record, cursor.at);
      this.leaseLow = readWord(record, cursor.at + 4);
      cursor.at += 8;
    } else {
      this.leaseHigh = 0;
      this.leaseLow = 0;
    }
    this.valueStart = cursor.at;
  }

  /** A view, like everything rows hand out: rows are never changed. */
  key(): Uint8Array {
    return this.record.subarray(this.keyStart, this.keyEnd);
  }

  value(): Uint8Array {
    return this.record.subarray(this.valueStart);
  }

  get leased(): boolean {
    return this.leaseHigh !== 0 || this.leaseLow !== 0;
  }

  get lease(): bigint {
    if (!this.leased) return 0n;
    return (BigInt(this.leaseHigh) << 32n) | BigInt(this.leaseLow >>> 0);
  }

  /** The row as a pair; a deletion has only key and revision. */
  keyValue(): KeyValue {
    return {
      key: this.key(),
      value: this.value(),
      createRevision: this.createRevision,
      modRevision: this.revision,
      version: this.version,
      lease: this.lease,
    };
  }
}

/** Bytes a row occupies beyond its record, about: its key in the store. */
export const ROW_OVERHEAD_BYTES: number = 16;

/** Upper bound of the bytes a row of these lengths takes. */
export function rowBytes(keyLength: number, valueLength: number): number {
  return HEAD_BYTES_MAX + varintBytes(keyLength) + keyLength + valueLength + ROW_OVERHEAD_BYTES;
}

function writeWord(into: Uint8Array, at: number, value: number): number {
  into[at] = value >>> 24;
  into[at + 1] = value >>> 16;
  into[at + 2] = value >>> 8;
  into[at + 3] = value;
  return at + 4;
}

function readWord(from: Uint8Array, at: number): number {
  return (
    ((from[at] as number) << 24) |
    ((from[at + 1] as number) << 16) |
    ((from[at + 2] as number) << 8) |
    (from[at + 3] as number)
  );
}
