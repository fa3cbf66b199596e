import type { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { type BatchHeader, readBatchHeader } from "../../src/log/batch-header.ts";
import {
  aligned,
  BATCH_HEADER_BYTES,
  SEGMENT_HEADER_BYTES,
  segmentName,
} from "../../src/log/log-format.ts";
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
