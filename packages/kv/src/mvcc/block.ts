import { readVarint, type VarintCursor, varintBytes, writeVarint } from "../bytes/varint.ts";
import type { Revision } from "../key-value.ts";
import type { RowReader } from "./row.ts";

/**
 * Rows are stored many at a time, because storing each by itself would cost more than everything else a put does. A
 * block of this size and its header fill one page of the store (4 KiB), which is read and written as a whole anyway. The
 * header takes 24 bytes: one byte more here, and each block takes two pages.
 */
export const BLOCK_BYTES: number = 4072;

/**
 * A block is a sequence of frames `revisionAfterFirst sub recordLength record`, in order. `revision` and `sub` of its
 * first row name it, even when that row is gone.
 */
export interface BlockName {
  readonly revision: Revision;
  readonly sub: number;
}

export function frameLength(
  name: BlockName,
  revision: Revision,
  sub: number,
  record: number,
): number {
  return varintBytes(revision - name.revision) + varintBytes(sub) + varintBytes(record) + record;
}

/** Writes what stands before a record; returns where the record begins. */
export function writeFrameHead(
  into: Uint8Array,
  at: number,
  name: BlockName,
  row: { readonly revision: Revision; readonly sub: number },
  recordBytes: number,
): number {
  const afterRevision = writeVarint(into, at, row.revision - name.revision);
  const afterSub = writeVarint(into, afterRevision, row.sub);
  return writeVarint(into, afterSub, recordBytes);
}

const cursor: VarintCursor = { at: 0 };

/** Finds a row in the first `length` bytes of a block and fills `into`; false if it is not there. */
export function readBlockRow(
  bytes: Uint8Array,
  length: number,
  name: BlockName,
  revision: Revision,
  sub: number,
  into: RowReader,
): boolean {
  const wanted = revision - name.revision;
  let at = 0;
  while (at < length) {
    cursor.at = at;
    const distance = readVarint(bytes, cursor);
    const rowSub = readVarint(bytes, cursor);
    const recordBytes = readVarint(bytes, cursor);
    const start = cursor.at;
    at = start + recordBytes;
    if (distance < wanted || (distance === wanted && rowSub < sub)) continue;
    if (distance !== wanted || rowSub !== sub) return false;
    into.parse(bytes, start, at, revision, sub);
    return true;
  }
  return false;
}

/** Visits the rows of a block from `(revision, sub)` on, in order, until `visit` returns false; false if it did. */
export function visitBlock(
  bytes: Uint8Array,
  length: number,
  name: BlockName,
  from: BlockName,
  row: RowReader,
  visit: () => boolean,
): boolean {
  let at = 0;
  while (at < length) {
    cursor.at = at;
    const revision = name.revision + readVarint(bytes, cursor);
    const sub = readVarint(bytes, cursor);
    const recordBytes = readVarint(bytes, cursor);
    const start = cursor.at;
    at = start + recordBytes;
    if (revision < from.revision || (revision === from.revision && sub < from.sub)) continue;
    row.parse(bytes, start, at, revision, sub);
    if (!visit()) return false;
  }
  return true;
}

/**
 * A copy of a block without the rows for which `isGone` is true; it is asked in order, with `row` filled. How many
 * rows stayed and went stands beside it.
 */
export function withoutRows(
  bytes: Uint8Array,
  name: BlockName,
  row: RowReader,
  isGone: () => boolean,
): { readonly bytes: Uint8Array; readonly kept: number; readonly removed: number } {
  const left = new Uint8Array(bytes.length);
  let used = 0;
  let kept = 0;
  let removed = 0;
  let start = 0;
  visitBlock(bytes, bytes.length, name, name, row, () => {
    if (isGone()) removed++;
    else {
      left.set(bytes.subarray(start, row.end), used);
      used += row.end - start;
      kept++;
    }
    start = row.end;
    return true;
  });
  return { bytes: left.subarray(0, used), kept, removed };
}
