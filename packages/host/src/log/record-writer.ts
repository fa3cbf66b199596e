import type { EntryKind, HardState, LogPosition } from "@quorate/core";
import { ByteWriter } from "../wire/byte-writer.ts";
import { writeSnapshotInfo } from "../wire/snapshot-info.ts";
import {
  MARKER_REPEATED,
  MARKER_REPLACES_LOG,
  RECORD_BASE,
  RECORD_HEADER_BYTES,
  RECORD_ROOM,
  RECORD_SEAL,
  RECORD_SNAPSHOT,
  RECORD_STATE,
  RECORD_TRUNCATE,
} from "./log-format.ts";
import type { Seal } from "./log-record.ts";
import type { SnapshotMarker } from "./log-store.ts";
import { VARINT_BYTES_MAX, writeU32, writeVarint } from "./numbers.ts";

// Each function writes one record at `at` into bytes with enough room and answers the place after it. Free functions
// over one buffer: this is the path of every write.

/** Bytes that a state, base, truncate, seal or room record takes at most. */
export const SMALL_RECORD_BYTES_MAX: number = RECORD_HEADER_BYTES + 5 * VARINT_BYTES_MAX;
/** Bytes before the entries of an entries record at most. */
export const ENTRIES_HEAD_BYTES_MAX: number = RECORD_HEADER_BYTES + 3 * VARINT_BYTES_MAX;
/** Bytes before an entry's payload at most: kind and length. */
export const ENTRY_HEAD_BYTES_MAX = 6;

/** The byte that stands for an entry's kind. */
export function entryKindCode(kind: EntryKind): number {
  switch (kind) {
    case "noop":
      return 0;
    case "command":
      return 1;
    case "membership":
      return 2;
  }
}

export function writeState(bytes: Uint8Array, at: number, state: HardState): number {
  let place = at + RECORD_HEADER_BYTES;
  place = writeVarint(bytes, place, state.term);
  place = writeVarint(bytes, place, state.vote);
  place = writeVarint(bytes, place, state.commit);
  return finishRecord(bytes, at, RECORD_STATE, place);
}

export function writeBase(bytes: Uint8Array, at: number, last: LogPosition): number {
  return writePosition(bytes, at, RECORD_BASE, last);
}

export function writeTruncate(bytes: Uint8Array, at: number, last: LogPosition): number {
  return writePosition(bytes, at, RECORD_TRUNCATE, last);
}

export function writeRoom(bytes: Uint8Array, at: number, room: number): number {
  const place = writeVarint(bytes, at + RECORD_HEADER_BYTES, room);
  return finishRecord(bytes, at, RECORD_ROOM, place);
}

export function writeSeal(bytes: Uint8Array, at: number, seal: Seal): number {
  let place = at + RECORD_HEADER_BYTES;
  place = writeVarint(bytes, place, seal.entryCount);
  place = writeVarint(bytes, place, seal.firstIndex);
  place = writeVarint(bytes, place, seal.lastIndex);
  writeU32(bytes, place, seal.batchesCrc);
  writeU32(bytes, place + 4, seal.nextTag);
  return finishRecord(bytes, at, RECORD_SEAL, place + 8);
}

/** A marker as the content of a snapshot record. */
export function encodeMarker(marker: SnapshotMarker, isRepeated: boolean): Uint8Array {
  const writer = new ByteWriter(256);
  writer.u8((marker.replacesLog ? MARKER_REPLACES_LOG : 0) | (isRepeated ? MARKER_REPEATED : 0));
  writeSnapshotInfo(writer, marker.info);
  return writer.take();
}

export function writeMarker(bytes: Uint8Array, at: number, encoded: Uint8Array): number {
  const from = at + RECORD_HEADER_BYTES;
  bytes.set(encoded, from);
  return finishRecord(bytes, at, RECORD_SNAPSHOT, from + encoded.length);
}

/** Fills in kind and length of the record that begins at `at` and ends before `end`. */
export function finishRecord(bytes: Uint8Array, at: number, kind: number, end: number): number {
  bytes[at] = kind;
  writeU32(bytes, at + 1, end - at - RECORD_HEADER_BYTES);
  return end;
}

function writePosition(bytes: Uint8Array, at: number, kind: number, position: LogPosition): number {
  let place = at + RECORD_HEADER_BYTES;
  place = writeVarint(bytes, place, position.index);
  place = writeVarint(bytes, place, position.term);
  return finishRecord(bytes, at, kind, place);
}
