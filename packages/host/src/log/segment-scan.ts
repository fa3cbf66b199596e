import type { Checksum } from "../environment/environment.ts";
import { type BatchHeader, readBatchHeader } from "./batch-header.ts";
import {
  aligned,
  BATCH_ALIGNMENT,
  BATCH_HEADER_BYTES,
  SEGMENT_HEADER_BYTES,
} from "./log-format.ts";
import type { LogRecord } from "./log-record.ts";
import { readRecords } from "./record-reader.ts";

/** An intact batch and where it lies in its segment. */
export interface ScannedBatch {
  readonly header: BatchHeader;
  readonly from: number;
  readonly to: number;
  readonly records: readonly LogRecord[];
}

/** What must come next: the chain through all segments. */
export interface ChainPosition {
  readonly sequence: number;
  /** `headerCrc` of the batch before. */
  readonly previousCrc: number;
}

/** The place where the intact batches of a segment end, and what follows them. */
export interface ScanEnd {
  readonly offset: number;
  readonly rest: SegmentRest;
}

export type SegmentRest =
  /** Zeros to the end of the file. */
  | { readonly type: "zeros" }
  /**
   * A batch whose bytes are as they were written (their checksum is right) but that does not belong here, or whose
   * records make no sense. No crash leaves such a thing.
   */
  | { readonly type: "foreign"; readonly reason: string }
  /** Something else. `durableThrough`: the highest claim of any intact batch header behind, 0 when there is none. */
  | {
      readonly type: "damage";
      readonly reason: string;
      readonly nonZeroTo: number;
      readonly durableThrough: number;
    };

/**
 * Walks the batches of one segment's bytes. `take` gets each intact batch that continues the chain and answers false
 * to refuse it; the walk ends at the first that is missing, damaged or refused.
 */
export function scanSegment(
  bytes: Uint8Array,
  tag: number,
  start: ChainPosition,
  checksum: Checksum,
  take: (batch: ScannedBatch) => string | undefined,
): ScanEnd {
  let offset = SEGMENT_HEADER_BYTES;
  let expected = start;
  for (;;) {
    const found = readBatch(bytes, offset, tag, expected, checksum);
    if (found.type !== "batch") return { offset, rest: restAt(bytes, offset, tag, found) };
    const refused = take(found.batch);
    if (refused !== undefined) return { offset, rest: { type: "foreign", reason: refused } };
    const { header } = found.batch;
    expected = { sequence: header.sequence + 1, previousCrc: header.headerCrc };
    offset = found.batch.to;
  }
}

/** What a walk over damage came to: the place after the last intact batch, and whether it can be trusted to be the last. */
export type IntactEnd =
  | { readonly type: "end"; readonly offset: number }
  | { readonly type: "doubtful"; readonly reason: string };

/**
 * Visits every intact batch of a segment in order, across whatever damage lies between them. Doubtful when batches do
 * not stand in their order, or when something behind the last says that a later one was durable.
 */
export function scanIntact(
  bytes: Uint8Array,
  tag: number,
  checksum: Checksum,
  take: (batch: ScannedBatch) => void,
): IntactEnd {
  let end = SEGMENT_HEADER_BYTES;
  let sequence = 0;
  for (let at = end; at + BATCH_HEADER_BYTES <= bytes.length; ) {
    const header = readBatchHeader(bytes, at);
    const found =
      header === undefined ? undefined : readBatch(bytes, at, tag, positionOf(header), checksum);
    if (found?.type === "foreign") return { type: "doubtful", reason: found.reason };
    if (found?.type !== "batch") {
      at += BATCH_ALIGNMENT;
      continue;
    }
    if (found.batch.header.sequence <= sequence) {
      return { type: "doubtful", reason: "its batches do not stand in their order" };
    }
    sequence = found.batch.header.sequence;
    take(found.batch);
    at = found.batch.to;
    end = at;
  }
  const isLater = searchBatches(bytes, end, tag, (header) => header.durableThrough > sequence);
  if (isLater) return { type: "doubtful", reason: "its newest batches are damaged" };
  return { type: "end", offset: end };
}

/** The position that a batch claims for itself. */
function positionOf(header: BatchHeader): ChainPosition {
  return { sequence: header.sequence, previousCrc: header.previousCrc };
}

/** The chain position that the first batch of a segment claims for itself, when its header is intact. */
export function firstBatchPosition(bytes: Uint8Array, tag: number): ChainPosition | undefined {
  const header = readBatchHeader(bytes, SEGMENT_HEADER_BYTES);
  if (header === undefined || header.segmentTag !== tag) return undefined;
  return positionOf(header);
}

/** Whether any intact batch header of the segment stands anywhere in its bytes. */
export function holdsBatches(bytes: Uint8Array, tag: number): boolean {
  return searchBatches(bytes, SEGMENT_HEADER_BYTES, tag, () => true);
}

/** Place after the last byte that is not zero, `from` when all are. */
export function endOfNonZero(bytes: Uint8Array, from: number): number {
  let end = bytes.length;
  while (end > from && bytes[end - 1] === 0) end -= 1;
  return end;
}

type ReadBatch =
  | { readonly type: "batch"; readonly batch: ScannedBatch }
  | { readonly type: "invalid"; readonly reason: string }
  | { readonly type: "foreign"; readonly reason: string };

function readBatch(
  bytes: Uint8Array,
  from: number,
  tag: number,
  expected: ChainPosition,
  checksum: Checksum,
): ReadBatch {
  const header = readBatchHeader(bytes, from);
  if (header === undefined) return { type: "invalid", reason: "no intact batch header" };
  if (header.segmentTag !== tag) {
    return { type: "foreign", reason: "a batch of another segment stands here" };
  }
  if (header.sequence !== expected.sequence) {
    return {
      type: "foreign",
      reason: `batch ${header.sequence} stands where ${expected.sequence} belongs`,
    };
  }
  if (header.previousCrc !== expected.previousCrc) {
    return { type: "foreign", reason: "the batch does not continue the one before" };
  }
  const to = from + aligned(BATCH_HEADER_BYTES + header.bodyBytes);
  const body = from + BATCH_HEADER_BYTES;
  if (to > bytes.length) return { type: "invalid", reason: "the batch runs past the file" };
  if (checksum.crc32(bytes.subarray(body, to)) !== header.bodyCrc) {
    return { type: "invalid", reason: "the checksum of the batch does not match" };
  }
  const records = readRecords(bytes, body, body + header.bodyBytes);
  if (records === undefined) return { type: "foreign", reason: "the batch holds unknown records" };
  return { type: "batch", batch: { header, from, to, records } };
}

function restAt(
  bytes: Uint8Array,
  offset: number,
  tag: number,
  found: Exclude<ReadBatch, { type: "batch" }>,
): SegmentRest {
  const nonZeroTo = endOfNonZero(bytes, offset);
  if (nonZeroTo <= offset) return { type: "zeros" };
  if (found.type === "foreign") return found;
  let durableThrough = 0;
  searchBatches(bytes, offset, tag, (header) => {
    durableThrough = Math.max(durableThrough, header.durableThrough);
    return false;
  });
  return { type: "damage", reason: found.reason, nonZeroTo, durableThrough };
}

/** Looks at every place where a batch could begin, until `found` answers true. */
function searchBatches(
  bytes: Uint8Array,
  from: number,
  tag: number,
  found: (header: BatchHeader) => boolean,
): boolean {
  for (let at = aligned(from); at + BATCH_HEADER_BYTES <= bytes.length; at += BATCH_ALIGNMENT) {
    const header = readBatchHeader(bytes, at);
    if (header !== undefined && header.segmentTag === tag && found(header)) return true;
  }
  return false;
}
