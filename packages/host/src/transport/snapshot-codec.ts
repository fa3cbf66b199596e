import type { SnapshotInfo, Term } from "@quorate/core";
import { ByteReader } from "../wire/byte-reader.ts";
import type { ByteWriter } from "../wire/byte-writer.ts";
import { readSnapshotInfo, writeSnapshotInfo } from "../wire/snapshot-info.ts";

/** Content bytes on the way and not yet durable at the receiver: four of the largest chunks. */
export const SNAPSHOT_WINDOW_BYTES: number = 4 << 20;

const REASON_BYTES_MAX = 512;

/** A leader offers a snapshot; `transfer` names the conversation on this connection. */
export interface SnapshotOffer {
  readonly transfer: number;
  readonly term: Term;
  readonly info: SnapshotInfo;
}

/** How far the receiver's durable content reaches. */
export interface SnapshotProgress {
  readonly transfer: number;
  readonly bytes: number;
}

export interface SnapshotChunk {
  readonly transfer: number;
  readonly offset: number;
  readonly content: Uint8Array;
}

export interface SnapshotEnd {
  readonly transfer: number;
  /** For people; empty when all went well. */
  readonly reason: string;
}

export function writeSnapshotOffer(writer: ByteWriter, offer: SnapshotOffer): void {
  writer.varint(offer.transfer);
  writer.varint(offer.term);
  writeSnapshotInfo(writer, offer.info);
}

export function readSnapshotOffer(body: Uint8Array): SnapshotOffer {
  const reader = new ByteReader(body);
  const transfer = reader.varint();
  const term = reader.varint();
  const info = readSnapshotInfo(reader);
  reader.end();
  return { transfer, term, info };
}

export function writeSnapshotProgress(writer: ByteWriter, progress: SnapshotProgress): void {
  writer.varint(progress.transfer);
  writer.varint(progress.bytes);
}

export function readSnapshotProgress(body: Uint8Array): SnapshotProgress {
  const reader = new ByteReader(body);
  const transfer = reader.varint();
  const bytes = reader.varint();
  reader.end();
  return { transfer, bytes };
}

export function writeSnapshotChunk(writer: ByteWriter, chunk: SnapshotChunk): void {
  writer.varint(chunk.transfer);
  writer.varint(chunk.offset);
  writer.raw(chunk.content);
}

/** The content is a view of `body`. */
export function readSnapshotChunk(body: Uint8Array): SnapshotChunk {
  const reader = new ByteReader(body);
  const transfer = reader.varint();
  const offset = reader.varint();
  return { transfer, offset, content: reader.raw(reader.remaining) };
}

export function writeSnapshotEnd(writer: ByteWriter, end: SnapshotEnd): void {
  writer.varint(end.transfer);
  writer.text(end.reason.slice(0, REASON_BYTES_MAX / 4));
}

export function readSnapshotEnd(body: Uint8Array): SnapshotEnd {
  const reader = new ByteReader(body);
  const transfer = reader.varint();
  const reason = reader.text(REASON_BYTES_MAX);
  reader.end();
  return { transfer, reason };
}
