import { crc32Range } from "../environment/crc32.ts";
import { BATCH_HEADER_BYTES, BATCH_MAGIC } from "./log-format.ts";
import { readU32, readU64, writeU32, writeU64 } from "./numbers.ts";

/** What stands before a batch's records. */
export interface BatchHeader {
  readonly bodyBytes: number;
  /** One more than the batch before, across segments; never reset. */
  readonly sequence: number;
  /** When this batch was written, everything up to this sequence was known to be durable. */
  readonly durableThrough: number;
  /** Lower half of the segment's id: bytes of another file, or of an earlier use of this one, do not fit. */
  readonly segmentTag: number;
  /** `headerCrc` of the batch before, 0 for the first of all. */
  readonly previousCrc: number;
  readonly bodyCrc: number;
  readonly headerCrc: number;
}

const HEADER_CRC_AT = 36;

/** Writes the header at `at` and answers its own checksum. */
export function writeBatchHeader(
  bytes: Uint8Array,
  at: number,
  header: Omit<BatchHeader, "headerCrc">,
): number {
  writeU32(bytes, at, BATCH_MAGIC);
  writeU32(bytes, at + 4, header.bodyBytes);
  writeU64(bytes, at + 8, header.sequence);
  writeU64(bytes, at + 16, header.durableThrough);
  writeU32(bytes, at + 24, header.segmentTag);
  writeU32(bytes, at + 28, header.previousCrc);
  writeU32(bytes, at + 32, header.bodyCrc);
  const headerCrc = crc32Range(bytes, at, at + HEADER_CRC_AT, 0);
  writeU32(bytes, at + HEADER_CRC_AT, headerCrc);
  return headerCrc;
}

/** The header at `at` if there is an intact one; its body may still be damaged. */
export function readBatchHeader(bytes: Uint8Array, at: number): BatchHeader | undefined {
  if (at + BATCH_HEADER_BYTES > bytes.length) return undefined;
  if (readU32(bytes, at) !== BATCH_MAGIC) return undefined;
  const headerCrc = readU32(bytes, at + HEADER_CRC_AT);
  if (crc32Range(bytes, at, at + HEADER_CRC_AT, 0) !== headerCrc) return undefined;
  const sequence = readU64(bytes, at + 8);
  const durableThrough = readU64(bytes, at + 16);
  if (Number.isNaN(sequence) || Number.isNaN(durableThrough)) return undefined;
  return {
    bodyBytes: readU32(bytes, at + 4),
    sequence,
    durableThrough,
    segmentTag: readU32(bytes, at + 24),
    previousCrc: readU32(bytes, at + 28),
    bodyCrc: readU32(bytes, at + 32),
    headerCrc,
  };
}
