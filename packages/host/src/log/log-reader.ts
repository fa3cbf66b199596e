import type { Entry, LogIndex } from "@quorate/core";
import type { Checksum } from "../environment/environment.ts";
import { QuorateError } from "../errors.ts";
import { readBatchHeader } from "./batch-header.ts";
import type { Extent, LogExtents } from "./log-extents.ts";
import { aligned, BATCH_HEADER_BYTES } from "./log-format.ts";
import { readEntries, readRecords } from "./record-reader.ts";
import type { Segment } from "./segment.ts";

export interface LoadedEntries {
  /** Consecutive from the index asked for; more than asked for where the disk gave them anyway. */
  readonly entries: readonly Entry[];
  /** What they keep in memory. */
  readonly bytes: number;
}

/** Fetches entries from the segments and checks every byte again on the way. */
export class LogReader {
  readonly #extents: LogExtents;
  readonly #segments: () => readonly Segment[];
  readonly #checksum: Checksum;

  constructor(extents: LogExtents, segments: () => readonly Segment[], checksum: Checksum) {
    this.#extents = extents;
    this.#segments = segments;
    this.#checksum = checksum;
  }

  /**
   * Entries from `low` until `high` or `bytesMax` of file bytes are reached. Undefined when the log was cut or
   * compacted under way. Rejects with CORRUPT_LOG when the disk does not give back what was written.
   */
  async load(low: LogIndex, high: LogIndex, bytesMax: number): Promise<LoadedEntries | undefined> {
    const entries: Entry[] = [];
    let bytes = 0;
    let next = low;
    while (next < high && (entries.length === 0 || bytes < bytesMax)) {
      const extent = this.#extents.find(next);
      const segment = this.#segments().find((candidate) => candidate.number === extent?.segment);
      if (extent === undefined || segment === undefined) return undefined;
      const { from, to, lastIndex } = extent;
      const read = await segment.read(from, to);
      if (read === undefined) return undefined;
      this.#decode(read, { ...extent, from, to, lastIndex }, next, segment, entries);
      bytes += to - from;
      next = lastIndex + 1;
    }
    return { entries, bytes };
  }

  #decode(bytes: Uint8Array, extent: Extent, low: LogIndex, segment: Segment, into: Entry[]): void {
    const length = extent.to - extent.from;
    const start = into.length;
    for (let at = 0; at < length; ) {
      const header = readBatchHeader(bytes, at);
      const body = at + BATCH_HEADER_BYTES;
      const to = header === undefined ? 0 : at + aligned(BATCH_HEADER_BYTES + header.bodyBytes);
      const isIntact =
        header !== undefined &&
        header.segmentTag === segment.tag &&
        to <= bytes.length &&
        this.#checksum.crc32(bytes.subarray(body, to)) === header.bodyCrc;
      if (!isIntact) throw damaged(segment, extent.from + at);
      const records = readRecords(bytes, body, body + header.bodyBytes) ?? [];
      for (const record of records) {
        if (record.kind !== "entries") continue;
        // Where the log was cut within these batches an index comes again: the later one counts.
        readEntries(bytes, record, low, extent.lastIndex + 1, (entry) => {
          into[start + entry.index - low] = entry;
        });
      }
      at = to;
    }
    for (let place = start; place < start + extent.lastIndex + 1 - low; place += 1) {
      if (into[place] === undefined) throw damaged(segment, extent.from);
    }
  }
}

function damaged(segment: Segment, offset: number): QuorateError {
  return new QuorateError(
    "CORRUPT_LOG",
    `${segment.path} at ${offset}: the disk does not give back what was written`,
    { outcome: "notApplied", retryable: false },
  );
}
