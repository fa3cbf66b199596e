import type { SnapshotInfo } from "@quorate/core";
import type { Checksum } from "../environment/environment.ts";
import { ByteReader } from "../wire/byte-reader.ts";
import { ByteWriter } from "../wire/byte-writer.ts";
import { readSnapshotInfo, writeSnapshotInfo } from "../wire/snapshot-info.ts";
import { WireError } from "../wire/wire-error.ts";

// The files of a snapshot. Byte by byte in `docs/formats/snapshot.md`.

/** Content is checked, and continued after a broken transfer, in pieces of this size; the last may be shorter. */
export const CHUNK_BYTES: number = 1 << 20;
/** A data file holds this many bytes; the next file goes on. */
export const DATA_FILE_BYTES: number = 1 << 30;

export const MANIFEST_NAME = "manifest";
export const PROGRESS_NAME = "progress";
/** A snapshot that is being built or received. */
export const PARTIAL_SUFFIX = ".partial";
/** A snapshot that is being removed: it stopped counting the moment it got this name. */
export const REMOVING_SUFFIX = ".removing";

/** "QSNP" and "QPRG", little endian. */
const MANIFEST_MAGIC = 0x504e_5351;
const PROGRESS_MAGIC = 0x4752_5051;
const FORMAT_VERSION = 1;
const SHA256_BYTES = 32;
export const PROGRESS_RECORD_BYTES = 8;

/** What a complete snapshot says of itself. */
export interface Manifest {
  readonly info: SnapshotInfo;
  readonly chunkBytes: number;
  readonly dataFileBytes: number;
  readonly sha256Hex: string;
  /** CRC-32 of each chunk in order. */
  readonly chunkCrcs: readonly number[];
}

/**
 * Small letters, digits, dash and underscore stand for themselves; anything else becomes `%` and six hex digits, so
 * that no id can name another folder, a parent, or the same folder on a disk that ignores case.
 */
export function snapshotFolderName(info: Pick<SnapshotInfo, "term" | "index" | "id">): string {
  let id = "";
  for (const character of info.id) {
    const code = character.codePointAt(0) ?? 0;
    id += /[a-z0-9_-]/.test(character) ? character : `%${code.toString(16).padStart(6, "0")}`;
  }
  return `${sixteen(info.term)}-${sixteen(info.index)}-${id}`;
}

export function dataFileName(number: number): string {
  return `data-${number.toString().padStart(4, "0")}`;
}

export function chunkCount(bytes: number, chunkBytes: number): number {
  return Math.ceil(bytes / chunkBytes);
}

export function encodeManifest(manifest: Manifest, checksum: Checksum): Uint8Array {
  const writer = new ByteWriter(1024);
  writer.u32(MANIFEST_MAGIC);
  writer.u32(FORMAT_VERSION);
  writeSnapshotInfo(writer, manifest.info);
  writer.varint(manifest.chunkBytes);
  writer.varint(manifest.dataFileBytes);
  writer.raw(fromHex(manifest.sha256Hex));
  writer.varint(manifest.chunkCrcs.length);
  for (const crc of manifest.chunkCrcs) writer.u32(crc);
  writer.u32(checksum.crc32(writer.view()));
  return writer.take();
}

/** Undefined for anything but an intact manifest. */
export function decodeManifest(bytes: Uint8Array, checksum: Checksum): Manifest | undefined {
  return lenient(() => {
    const reader = checkedReader(bytes, checksum, MANIFEST_MAGIC);
    const info = readSnapshotInfo(reader);
    const chunkBytes = reader.varint();
    const dataFileBytes = reader.varint();
    const sha256Hex = toHex(reader.raw(SHA256_BYTES));
    const chunkCrcs: number[] = [];
    const count = reader.count(4);
    for (let chunk = 0; chunk < count; chunk += 1) chunkCrcs.push(reader.u32());
    reader.end();
    const isWhole = chunkBytes > 0 && dataFileBytes % chunkBytes === 0 && dataFileBytes > 0;
    if (!isWhole || count !== chunkCount(info.bytes, chunkBytes)) throw mismatch();
    return { info, chunkBytes, dataFileBytes, sha256Hex, chunkCrcs };
  });
}

/** First part of the progress file: which snapshot is being written. `info.bytes` is 0 where the length is not known. */
export function encodeProgressHead(info: SnapshotInfo, checksum: Checksum): Uint8Array {
  const writer = new ByteWriter(512);
  writer.u32(PROGRESS_MAGIC);
  writer.u32(FORMAT_VERSION);
  writeSnapshotInfo(writer, info);
  writer.u32(checksum.crc32(writer.view()));
  return writer.take();
}

/** One durable chunk: its CRC, and a CRC over that and the chunk's number. */
export function encodeProgressRecord(chunk: number, crc: number, checksum: Checksum): Uint8Array {
  const writer = new ByteWriter(PROGRESS_RECORD_BYTES + 8);
  writer.u32(crc);
  writer.u32(recordCrc(chunk, crc, checksum));
  return writer.take();
}

/** CRCs of the chunks that the progress file of this very snapshot vouches for, up to the first damaged record. */
export function decodeProgress(
  bytes: Uint8Array,
  info: SnapshotInfo,
  checksum: Checksum,
): readonly number[] | undefined {
  const head = encodeProgressHead(info, checksum);
  if (bytes.length < head.length || !isEqual(bytes.subarray(0, head.length), head))
    return undefined;
  const crcs: number[] = [];
  const reader = new ByteReader(bytes, head.length);
  while (reader.remaining >= PROGRESS_RECORD_BYTES) {
    const crc = reader.u32();
    if (reader.u32() !== recordCrc(crcs.length, crc, checksum)) break;
    crcs.push(crc);
  }
  return crcs;
}

function recordCrc(chunk: number, crc: number, checksum: Checksum): number {
  const writer = new ByteWriter(16);
  writer.u32(chunk);
  writer.u32(crc);
  return checksum.crc32(writer.take());
}

function checkedReader(bytes: Uint8Array, checksum: Checksum, magic: number): ByteReader {
  const crcAt = bytes.length - 4;
  if (crcAt < 8) throw mismatch();
  const crc = new ByteReader(bytes, crcAt).u32();
  if (checksum.crc32(bytes.subarray(0, crcAt)) !== crc) throw mismatch();
  const reader = new ByteReader(bytes, 0, crcAt);
  if (reader.u32() !== magic || reader.u32() !== FORMAT_VERSION) throw mismatch();
  return reader;
}

function sixteen(value: number): string {
  return value.toString(16).padStart(16, "0");
}

function toHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return hex;
}

function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  }
  return bytes;
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

function mismatch(): WireError {
  return new WireError("badValue", "not what it should be");
}

function lenient<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
