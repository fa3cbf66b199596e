import { NO_BYTES } from "../bytes/bytes.ts";
import { readVarint, type VarintCursor, varintBytes, writeVarint } from "../bytes/varint.ts";
import type { KeyValue, Revision } from "../key-value.ts";

const DELETED = 1;
const HAS_PREVIOUS = 2;
const PREVIOUS_HAS_SUB = 4;
const LEASED = 8;

const LEASE_BYTES = 8;

/** One change of one key, before it is encoded. A set of registers, filled anew for every row. */
export class RowFields {
  revision: Revision = 0;
  sub = 0;
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

/** Exact length of a row's record. */
export function recordLength(row: RowFields): number {
  let length = 1 + varintBytes(row.key.length) + row.key.length + row.value.length;
  if (!row.deleted) {
    length += varintBytes(row.revision - row.createRevision) + varintBytes(row.version);
  }
  if (row.previousRevision !== 0) {
    length += varintBytes(row.revision - row.previousRevision);
    if (row.previousSub !== 0) length += varintBytes(row.previousSub);
  }
  return row.leaseHigh !== 0 || row.leaseLow !== 0 ? length + LEASE_BYTES : length;
}

/**
 * Writes a row's record at `start`; returns the place after it. A record is
 * `flags keyLength key [createdBefore version] [previousBefore [previousSub]] [lease] value`, where the revisions are
 * distances back from the row's own.
 */
export function encodeRow(row: RowFields, into: Uint8Array, start: number): number {
  const leased = row.leaseHigh !== 0 || row.leaseLow !== 0;
  let flags = row.deleted ? DELETED : 0;
  if (leased) flags |= LEASED;
  if (row.previousRevision !== 0) {
    flags |= row.previousSub !== 0 ? HAS_PREVIOUS | PREVIOUS_HAS_SUB : HAS_PREVIOUS;
  }
  into[start] = flags;
  let at = writeVarint(into, start + 1, row.key.length);
  into.set(row.key, at);
  at += row.key.length;
  if (!row.deleted) {
    at = writeVarint(into, at, row.revision - row.createRevision);
    at = writeVarint(into, at, row.version);
  }
  if (row.previousRevision !== 0) {
    at = writeVarint(into, at, row.revision - row.previousRevision);
    if (row.previousSub !== 0) at = writeVarint(into, at, row.previousSub);
  }
  if (leased) {
    at = writeWord(into, at, row.leaseHigh);
    at = writeWord(into, at, row.leaseLow);
  }
  into.set(row.value, at);
  return at + row.value.length;
}

const cursor: VarintCursor = { at: 0 };

/** A row taken apart. A set of registers, filled anew by every `parse`. */
export class RowReader {
  bytes: Uint8Array = NO_BYTES;
  start = 0;
  end = 0;
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

  /** The record is `bytes[start, end)`. */
  parse(bytes: Uint8Array, start: number, end: number, revision: Revision, sub: number): void {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.revision = revision;
    this.sub = sub;
    const flags = bytes[start] as number;
    cursor.at = start + 1;
    const keyLength = readVarint(bytes, cursor);
    this.keyStart = cursor.at;
    cursor.at += keyLength;
    this.keyEnd = cursor.at;
    this.deleted = (flags & DELETED) !== 0;
    if ((flags & DELETED) === 0) {
      this.createRevision = revision - readVarint(bytes, cursor);
      this.version = readVarint(bytes, cursor);
    } else {
      this.createRevision = 0;
      this.version = 0;
    }
    this.previousRevision = (flags & HAS_PREVIOUS) !== 0 ? revision - readVarint(bytes, cursor) : 0;
    this.previousSub = (flags & PREVIOUS_HAS_SUB) !== 0 ? readVarint(bytes, cursor) : 0;
    if ((flags & LEASED) !== 0) {
      this.leaseHigh = readWord(bytes, cursor.at);
      this.leaseLow = readWord(bytes, cursor.at + 4);
      cursor.at += LEASE_BYTES;
    } else {
      this.leaseHigh = 0;
      this.leaseLow = 0;
    }
    this.valueStart = cursor.at;
  }

  /** The whole record: a view, like everything rows hand out. Rows are never changed. */
  record(): Uint8Array {
    return this.bytes.subarray(this.start, this.end);
  }

  key(): Uint8Array {
    return this.bytes.subarray(this.keyStart, this.keyEnd);
  }

  value(): Uint8Array {
    return this.bytes.subarray(this.valueStart, this.end);
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
