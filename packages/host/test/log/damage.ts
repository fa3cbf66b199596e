import { crc32Range } from "../../src/environment/crc32.ts";
import type { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { type BatchHeader, readBatchHeader, writeBatchHeader } from "../../src/log/batch-header.ts";
import {
  aligned,
  BATCH_HEADER_BYTES,
  RECORD_ENTRIES,
  RECORD_HEADER_BYTES,
  SEGMENT_HEADER_BYTES,
  segmentName,
} from "../../src/log/log-format.ts";
import { writeVarint } from "../../src/log/numbers.ts";
import { finishRecord } from "../../src/log/record-writer.ts";
import { DIRECTORY } from "./log-fixture.ts";

export interface FoundBatch {
  readonly header: BatchHeader;
  readonly from: number;
  readonly to: number;
}

export function segmentPath(number: number): string {
  return `${DIRECTORY}/${segmentName(number)}`;
}

/** Numbers of the segments on the disk. */
export function segments(disk: MemoryDisk): number[] {
  const prefix = `${DIRECTORY}/`;
  return disk
    .paths()
    .filter((path) => path.startsWith(prefix) && path.endsWith(".log"))
    .map((path) => Number.parseInt(path.slice(prefix.length), 16));
}

/** Intact batches of a segment, one after the other. */
export function batches(disk: MemoryDisk, segment: number): FoundBatch[] {
  const bytes = bytesOf(disk, segment);
  const found: FoundBatch[] = [];
  for (let at = SEGMENT_HEADER_BYTES; ; ) {
    const header = readBatchHeader(bytes, at);
    if (header === undefined) return found;
    const to = at + aligned(BATCH_HEADER_BYTES + header.bodyBytes);
    found.push({ header, from: at, to });
    at = to;
  }
}

export function bytesOf(disk: MemoryDisk, segment: number): Uint8Array {
  return disk.bytes(segmentPath(segment)) ?? new Uint8Array(0);
}

/** Lets `change` do what it wants to a segment's bytes; what it returns, if anything, takes their place. */
export function change(
  disk: MemoryDisk,
  segment: number,
  damage: (bytes: Uint8Array) => Uint8Array | undefined,
): void {
  const bytes = bytesOf(disk, segment);
  disk.put(segmentPath(segment), damage(bytes) ?? bytes);
}

/** Turns one bit round. */
export function flip(bytes: Uint8Array, at: number, bit = 0): undefined {
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
}

/** Writes one more batch behind the last, as whole as any, with the records that `write` puts into it. */
export function forge(
  disk: MemoryDisk,
  segment: number,
  write: (bytes: Uint8Array, at: number) => number,
): void {
  const last = batches(disk, segment).at(-1);
  if (last === undefined) throw new Error("there is no batch to go on from");
  change(disk, segment, (bytes) => {
    const { header, to: from } = last;
    const body = from + BATCH_HEADER_BYTES;
    const end = write(bytes, body);
    writeBatchHeader(bytes, from, {
      bodyBytes: end - body,
      sequence: header.sequence + 1,
      durableThrough: header.sequence,
      segmentTag: header.segmentTag,
      previousCrc: header.headerCrc,
      bodyCrc: crc32Range(bytes, body, from + aligned(end - from), 0),
    });
    return undefined;
  });
}

/** A record of entries of one term without payload. */
export function writeEntries(
  bytes: Uint8Array,
  at: number,
  firstIndex: number,
  term: number,
  count: number,
): number {
  let place = at + RECORD_HEADER_BYTES;
  for (const value of [firstIndex, term, count]) place = writeVarint(bytes, place, value);
  for (let entry = 0; entry < count; entry += 1) {
    bytes[place] = 1;
    bytes[place + 1] = 0;
    place += 2;
  }
  return finishRecord(bytes, at, RECORD_ENTRIES, place);
}
