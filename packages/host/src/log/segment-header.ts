import type { MemberId } from "@quorate/core";
import { crc32Range } from "../environment/crc32.ts";
import {
  CHECKSUM_CRC32,
  FORMAT_VERSION,
  OLDEST_READER_VERSION,
  SEGMENT_HEADER_BYTES,
  SEGMENT_MAGIC_HIGH,
  SEGMENT_MAGIC_LOW,
} from "./log-format.ts";
import { readU16, readU32, readU64, writeU16, writeU32, writeU64 } from "./numbers.ts";

/** Whose log it is. A segment of another owner is refused, however intact it is. */
export interface LogOwner {
  /** First 16 hex digits of the SHA-256 of the cluster's id. */
  readonly clusterHash: string;
  readonly groupId: number;
  readonly memberId: MemberId;
}

/** The fixed beginning of a segment file; written and synced before the file gets its name, never changed. */
export interface SegmentHeader {
  readonly owner: LogOwner;
  /** From 1, without gaps; the same as in the file's name. */
  readonly number: number;
  /** Random, never reused: 16 hex digits. Its lower half stands in every batch. */
  readonly id: string;
  /** The file was at least this long when it got its name. */
  readonly initialBytes: number;
}

export type DecodedSegmentHeader =
  | { readonly type: "valid"; readonly header: SegmentHeader }
  | { readonly type: "damaged"; readonly reason: string }
  | { readonly type: "tooNew"; readonly version: number };

const CRC_AT = 60;

export function encodeSegmentHeader(header: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  writeU32(bytes, 0, SEGMENT_MAGIC_LOW);
  writeU32(bytes, 4, SEGMENT_MAGIC_HIGH);
  writeU16(bytes, 8, FORMAT_VERSION);
  writeU16(bytes, 12, OLDEST_READER_VERSION);
  bytes[14] = CHECKSUM_CRC32;
  writeHex(bytes, 16, header.id);
  writeU64(bytes, 24, header.number);
  writeHex(bytes, 32, header.owner.clusterHash);
  writeU32(bytes, 40, header.owner.groupId);
  writeU32(bytes, 44, header.initialBytes);
  writeU64(bytes, 48, header.owner.memberId);
  writeU32(bytes, CRC_AT, crc32Range(bytes, 0, CRC_AT, 0));
  return bytes;
}

/** Reads the header at the beginning of `bytes`, which may be any bytes of any length. */
export function decodeSegmentHeader(bytes: Uint8Array): DecodedSegmentHeader {
  if (bytes.length < SEGMENT_HEADER_BYTES) {
    return { type: "damaged", reason: "the file is shorter than its header" };
  }
  if (readU32(bytes, 0) !== SEGMENT_MAGIC_LOW || readU32(bytes, 4) !== SEGMENT_MAGIC_HIGH) {
    return { type: "damaged", reason: "it does not begin like a log segment" };
  }
  if (crc32Range(bytes, 0, CRC_AT, 0) !== readU32(bytes, CRC_AT)) {
    return { type: "damaged", reason: "the checksum of its header does not match" };
  }
  const oldestReader = readU16(bytes, 12);
  if (oldestReader > FORMAT_VERSION || bytes[14] !== CHECKSUM_CRC32) {
    return { type: "tooNew", version: readU16(bytes, 8) };
  }
  return {
    type: "valid",
    header: {
      id: readHex(bytes, 16),
      number: readU64(bytes, 24),
      owner: {
        clusterHash: readHex(bytes, 32),
        groupId: readU32(bytes, 40),
        memberId: readU64(bytes, 48),
      },
      initialBytes: readU32(bytes, 44),
    },
  };
}

/** The part of a segment's id that every batch in it carries. */
export function segmentTag(id: string): number {
  return Number.parseInt(id.slice(8), 16);
}

function writeHex(bytes: Uint8Array, at: number, hex: string): void {
  writeU32(bytes, at, Number.parseInt(hex.slice(8, 16), 16));
  writeU32(bytes, at + 4, Number.parseInt(hex.slice(0, 8), 16));
}

function readHex(bytes: Uint8Array, at: number): string {
  const high = readU32(bytes, at + 4)
    .toString(16)
    .padStart(8, "0");
  return high + readU32(bytes, at).toString(16).padStart(8, "0");
}
