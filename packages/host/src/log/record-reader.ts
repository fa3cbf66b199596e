import type { Entry, EntryKind, LogPosition } from "@quorate/core";
import { ByteReader } from "../wire/byte-reader.ts";
import { readSnapshotInfo } from "../wire/snapshot-info.ts";
import { WireError } from "../wire/wire-error.ts";
import {
  MARKER_REPEATED,
  MARKER_REPLACES_LOG,
  RECORD_BASE,
  RECORD_ENTRIES,
  RECORD_HEADER_BYTES,
  RECORD_ROOM,
  RECORD_SEAL,
  RECORD_SNAPSHOT,
  RECORD_STATE,
  RECORD_TRUNCATE,
} from "./log-format.ts";
import type { EntriesRecord, LogRecord } from "./log-record.ts";

const ENTRY_KINDS: readonly EntryKind[] = ["noop", "command", "membership"];

/**
 * Reads the records in `bytes` [from, to), a body whose checksum was right. Undefined when they make no sense, which
 * then is no accident of the disk: they were written by something newer, or by a mistake.
 */
export function readRecords(
  bytes: Uint8Array,
  from: number,
  to: number,
): readonly LogRecord[] | undefined {
  return lenient(() => {
    const records: LogRecord[] = [];
    let at = from;
    while (at < to && bytes[at] !== 0) {
      const head = new ByteReader(bytes, at, to);
      const kind = head.u8();
      const length = head.u32();
      if (length > head.remaining) throw unreadable("a record runs past its batch");
      const end = at + RECORD_HEADER_BYTES + length;
      records.push(readRecord(kind, new ByteReader(bytes, head.position, end), end));
      at = end;
    }
    return records;
  });
}

/** Hands out the entries with `low <= index < high` as views of `bytes`. False when they make no sense. */
export function readEntries(
  bytes: Uint8Array,
  record: EntriesRecord,
  low: number,
  high: number,
  take: (entry: Entry) => void,
): boolean {
  const done = lenient(() => {
    const reader = new ByteReader(bytes, record.from, record.to);
    for (let offset = 0; offset < record.count; offset += 1) {
      const kind = ENTRY_KINDS[reader.u8()];
      if (kind === undefined) throw unreadable("unknown kind of entry");
      const payload = reader.bytes();
      const index = record.firstIndex + offset;
      if (index >= low && index < high) take({ index, term: record.term, kind, payload });
    }
    reader.end();
    return true;
  });
  return done ?? false;
}

function readRecord(kind: number, reader: ByteReader, end: number): LogRecord {
  const record = readFields(kind, reader, end);
  // A record with bytes left over was written by something that knows more fields than this does.
  if (record.kind !== "entries") reader.end();
  return record;
}

function readFields(kind: number, reader: ByteReader, end: number): LogRecord {
  switch (kind) {
    case RECORD_ENTRIES:
      return readEntriesHead(reader, end);
    case RECORD_STATE:
      return {
        kind: "state",
        term: reader.varint(),
        vote: reader.varint(),
        commit: reader.varint(),
      };
    case RECORD_SNAPSHOT:
      return readSnapshot(reader);
    case RECORD_TRUNCATE:
      return { kind: "truncate", last: readPosition(reader) };
    case RECORD_SEAL:
      return {
        kind: "seal",
        entryCount: reader.varint(),
        firstIndex: reader.varint(),
        lastIndex: reader.varint(),
        batchesCrc: reader.u32(),
        nextTag: reader.u32(),
      };
    case RECORD_BASE:
      return { kind: "base", last: readPosition(reader) };
    case RECORD_ROOM:
      return { kind: "room", bytes: reader.varint() };
    default:
      throw unreadable("unknown kind of record");
  }
}

function readEntriesHead(reader: ByteReader, end: number): EntriesRecord {
  const firstIndex = reader.varint();
  const term = reader.varint();
  const count = reader.varint();
  if (firstIndex < 1 || count < 1 || !Number.isSafeInteger(firstIndex + count)) {
    throw unreadable("a run of entries that cannot be");
  }
  return { kind: "entries", firstIndex, term, count, from: reader.position, to: end };
}

function readSnapshot(reader: ByteReader): LogRecord {
  const flags = reader.u8();
  if (flags > (MARKER_REPLACES_LOG | MARKER_REPEATED)) throw unreadable("unknown kind of marker");
  return {
    kind: "snapshot",
    replacesLog: (flags & MARKER_REPLACES_LOG) !== 0,
    isRepeated: (flags & MARKER_REPEATED) !== 0,
    info: readSnapshotInfo(reader),
  };
}

function readPosition(reader: ByteReader): LogPosition {
  const index = reader.varint();
  return { index, term: reader.varint() };
}

function unreadable(reason: string): WireError {
  return new WireError("badValue", reason);
}

function lenient<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
