import type { Entry, HardState, LogPosition } from "@quorate/core";
import type { Checksum } from "../environment/environment.ts";
import type { BatchArena } from "./batch-arena.ts";
import { writeBatchHeader } from "./batch-header.ts";
import {
  aligned,
  BATCH_ALIGNMENT,
  BATCH_HEADER_BYTES,
  RECORD_ENTRIES,
  RECORD_HEADER_BYTES,
} from "./log-format.ts";
import type { Seal } from "./log-record.ts";
import { writeVarint } from "./numbers.ts";
import type { PendingAppend } from "./pending-append.ts";
import {
  ENTRIES_HEAD_BYTES_MAX,
  ENTRY_HEAD_BYTES_MAX,
  encodeMarker,
  entryKindCode,
  finishRecord,
  SMALL_RECORD_BYTES_MAX,
  writeBase,
  writeMarker,
  writeRoom,
  writeSeal,
  writeState,
  writeTruncate,
} from "./record-writer.ts";

/** What a batch says apart from the appends in it. */
export interface BatchFrame {
  readonly sequence: number;
  readonly durableThrough: number;
  readonly segmentTag: number;
  readonly previousCrc: number;
  readonly hardState: HardState;
  /** Present in the first batch of a segment. */
  readonly beginning:
    | { readonly base: LogPosition; readonly markers: readonly Uint8Array[] }
    | undefined;
  /** Announces that the file is at least this long, 0 for nothing to announce. */
  readonly room: number;
  readonly seal: Seal | undefined;
}

export interface EncodedBatch {
  readonly bytes: Uint8Array;
  readonly headerCrc: number;
}

/** Upper bound of what `frame` takes with its header, its records and the padding. */
export function frameBytesMax(markers: readonly Uint8Array[]): number {
  let bytes = BATCH_HEADER_BYTES + BATCH_ALIGNMENT + 4 * SMALL_RECORD_BYTES_MAX;
  for (const marker of markers) bytes += RECORD_HEADER_BYTES + marker.length;
  return bytes;
}

/** Upper bound of the records of `entries` with `payloadBytes` in `runs` runs of equal term. */
export function entriesBytesMax(count: number, payloadBytes: number, runs: number): number {
  return payloadBytes + count * ENTRY_HEAD_BYTES_MAX + runs * ENTRIES_HEAD_BYTES_MAX;
}

/** Upper bound of a truncation. */
export const TRUNCATE_BYTES_MAX: number = SMALL_RECORD_BYTES_MAX;

/** Upper bound of a marker's record. */
export function markerBytesMax(encoded: Uint8Array): number {
  return RECORD_HEADER_BYTES + encoded.length;
}

/**
 * Builds one batch in the arena's memory: header, records, zeros. Payloads are copied once, here; `exchange` hears of
 * every entry's copy, so that the cache can let go of the memory the entry came in.
 */
export function encodeBatch(
  arena: BatchArena,
  checksum: Checksum,
  frame: BatchFrame,
  appends: readonly PendingAppend[],
  boundBytes: number,
  exchange: (old: Entry, copy: Entry) => void,
): EncodedBatch {
  const { bytes, place } = arena.room(boundBytes);
  let at = place + BATCH_HEADER_BYTES;
  if (frame.beginning !== undefined) {
    at = writeBase(bytes, at, frame.beginning.base);
    for (const marker of frame.beginning.markers) at = writeMarker(bytes, at, marker);
  }
  if (frame.room > 0) at = writeRoom(bytes, at, frame.room);
  at = writeState(bytes, at, frame.hardState);
  for (const append of appends) at = writeAppend(bytes, at, append, exchange);
  if (frame.seal !== undefined) at = writeSeal(bytes, at, frame.seal);
  const length = aligned(at - place);
  const bodyFrom = place + BATCH_HEADER_BYTES;
  const headerCrc = writeBatchHeader(bytes, place, {
    bodyBytes: at - bodyFrom,
    sequence: frame.sequence,
    durableThrough: frame.durableThrough,
    segmentTag: frame.segmentTag,
    previousCrc: frame.previousCrc,
    bodyCrc: checksum.crc32(bytes.subarray(bodyFrom, place + length)),
  });
  return { bytes: arena.take(length), headerCrc };
}

function writeAppend(
  bytes: Uint8Array,
  from: number,
  append: PendingAppend,
  exchange: (old: Entry, copy: Entry) => void,
): number {
  let at = from;
  if (append.marker !== undefined) at = writeMarker(bytes, at, encodeMarker(append.marker, false));
  if (append.truncateTo !== undefined) at = writeTruncate(bytes, at, append.truncateTo);
  const { entries } = append;
  for (let first = 0; first < entries.length; ) {
    const end = endOfRun(entries, first);
    at = writeRun(bytes, at, entries, first, end, exchange);
    first = end;
  }
  return at;
}

/** One record for entries [first, end) of equal term. */
function writeRun(
  bytes: Uint8Array,
  from: number,
  entries: readonly Entry[],
  first: number,
  end: number,
  exchange: (old: Entry, copy: Entry) => void,
): number {
  const head = entries[first] as Entry;
  let at = from + RECORD_HEADER_BYTES;
  at = writeVarint(bytes, at, head.index);
  at = writeVarint(bytes, at, head.term);
  at = writeVarint(bytes, at, end - first);
  for (let place = first; place < end; place += 1) {
    const entry = entries[place] as Entry;
    const { index, term, kind, payload } = entry;
    bytes[at] = entryKindCode(kind);
    at = writeVarint(bytes, at + 1, payload.length);
    bytes.set(payload, at);
    const copy = bytes.subarray(at, at + payload.length);
    exchange(entry, { index, term, kind, payload: copy });
    at += payload.length;
  }
  return finishRecord(bytes, from, RECORD_ENTRIES, at);
}

function endOfRun(entries: readonly Entry[], first: number): number {
  const { term } = entries[first] as Entry;
  let end = first + 1;
  while (end < entries.length && (entries[end] as Entry).term === term) end += 1;
  return end;
}
