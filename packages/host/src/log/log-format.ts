/** Constants of the log's files. Byte by byte in `docs/formats/log.md`. */

/** "RAFTLOG\0", little endian, as two words. */
export const SEGMENT_MAGIC_LOW = 0x54464152;
export const SEGMENT_MAGIC_HIGH = 0x00474f4c;
/** "BTCH", little endian. */
export const BATCH_MAGIC = 0x48435442;

export const FORMAT_VERSION = 1;
/** The oldest version of this software's format that can read what we write. */
export const OLDEST_READER_VERSION = 1;
/** CRC-32 (IEEE), the only checksum so far. */
export const CHECKSUM_CRC32 = 1;

export const SEGMENT_HEADER_BYTES = 64;
export const BATCH_HEADER_BYTES = 40;
/** Batches start and end at multiples of this, so that a search for one looks at few places. */
export const BATCH_ALIGNMENT = 8;
/** Kind and length before every record. */
export const RECORD_HEADER_BYTES = 5;

/**
 * Bytes at the end of a segment's usable room that only a seal or an announcement of more room may take. Both are
 * below 160 bytes; without this rest a full segment could not be closed.
 */
export const TAIL_RESERVE_BYTES = 256;

export const RECORD_ENTRIES = 1;
export const RECORD_STATE = 2;
export const RECORD_SNAPSHOT = 3;
export const RECORD_TRUNCATE = 4;
export const RECORD_SEAL = 5;
export const RECORD_BASE = 6;
export const RECORD_ROOM = 7;

/** Flags of a snapshot record. */
export const MARKER_REPLACES_LOG = 1;
export const MARKER_REPEATED = 2;

/** Sum of `bytes` rounded up to the alignment of batches. */
export function aligned(bytes: number): number {
  return bytes + ((BATCH_ALIGNMENT - (bytes % BATCH_ALIGNMENT)) % BATCH_ALIGNMENT);
}

const SEGMENT_NAME = /^([0-9a-f]{16})\.log$/;

/** Names sort like their numbers. */
export function segmentName(number: number): string {
  return `${number.toString(16).padStart(16, "0")}.log`;
}

/** The number in a segment's name, undefined for any other name. */
export function segmentNumber(name: string): number | undefined {
  const digits = SEGMENT_NAME.exec(name)?.[1];
  if (digits === undefined) return undefined;
  const number = Number.parseInt(digits, 16);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** A segment that is being prepared. */
export const TEMPORARY_SUFFIX = ".tmp";
/** A torn tail that was set aside. */
export const TORN_SUFFIX = ".torn";
