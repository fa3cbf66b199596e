import type { HardState, SnapshotInfo } from "@quorate/core";
import { crc32 } from "../environment/crc32.ts";
import { LogExtents } from "./log-extents.ts";
import type { EntriesRecord, LogRecord, Seal, SnapshotRecord } from "./log-record.ts";
import type { SnapshotMarker } from "./log-store.ts";
import { writeU32 } from "./numbers.ts";
import type { ScannedBatch } from "./segment-scan.ts";
import { TermRuns } from "./term-runs.ts";

/** Markers kept in the log: the newest snapshot, and the one before as a fallback. */
export const MARKERS_KEPT = 2;

/** What the scanned batches of one segment add up to. */
export interface SegmentContent {
  batches: number;
  entries: number;
  /** Lowest and highest index of any entry, void ones included; 0 for none. */
  firstIndex: number;
  lastIndex: number;
  /** Over the header checksums of its batches. */
  batchesCrc: number;
  /** Bytes the file must have. */
  announcedBytes: number;
  seal: Seal | undefined;
}

/** Logical content of a log, built record by record, by recovery and by the running store alike. */
export class LogReplay {
  readonly terms: TermRuns = new TermRuns({ index: 0, term: 0 });
  readonly extents: LogExtents = new LogExtents();
  hardState: HardState = { term: 0, vote: 0, commit: 0 };
  /** Oldest first. */
  markers: readonly SnapshotMarker[] = [];
  /** Segments below this number hold nothing but entries that a received snapshot has made void. */
  voidBelowSegment = 0;
  #isFresh = true;

  /**
   * Takes a batch in. Answers why it cannot be, undefined when all is well; then nothing that was taken in counts.
   */
  take(batch: ScannedBatch, segment: number, content: SegmentContent): string | undefined {
    if (content.seal !== undefined) return "a batch follows the seal";
    for (const record of batch.records) {
      const problem = this.#record(record, batch, segment, content);
      if (problem !== undefined) return problem;
    }
    noteBatch(content, batch.header.headerCrc);
    return undefined;
  }

  /** Commit cannot be ahead of the log: both come in one batch. */
  get commitIsImpossible(): boolean {
    return this.hardState.commit > this.terms.lastIndex;
  }

  #record(
    record: LogRecord,
    batch: ScannedBatch,
    segment: number,
    content: SegmentContent,
  ): string | undefined {
    switch (record.kind) {
      case "entries":
        return this.#entries(record, batch, segment, content);
      case "state":
        this.hardState = { term: record.term, vote: record.vote, commit: record.commit };
        return undefined;
      case "snapshot":
        this.#marker(record, segment);
        return undefined;
      case "truncate":
        if (record.last.index > this.terms.lastIndex) return "it cuts off what is not there";
        this.terms.truncate(record.last);
        this.extents.truncate(record.last.index);
        return undefined;
      case "seal":
        return this.#seal(record, content);
      case "base":
        return this.#base(record, content);
      case "room":
        content.announcedBytes = Math.max(content.announcedBytes, record.bytes);
        return undefined;
    }
  }

  #entries(
    record: EntriesRecord,
    batch: ScannedBatch,
    segment: number,
    content: SegmentContent,
  ): string | undefined {
    const lastIndex = record.firstIndex + record.count - 1;
    if (record.firstIndex !== this.terms.lastIndex + 1) return "its entries leave a gap";
    if (record.term < this.terms.lastTerm) return "its entries go back in term";
    this.terms.append(record.term, record.count);
    this.extents.add(record.firstIndex, lastIndex, segment, batch.from, batch.to);
    noteEntries(content, record.firstIndex, lastIndex);
    return undefined;
  }

  #marker(record: SnapshotRecord, segment: number): void {
    const marker = { info: record.info, replacesLog: record.replacesLog };
    if (record.isRepeated) {
      const isKnown = this.markers.some((kept) => isSameSnapshot(kept.info, record.info));
      if (!isKnown) this.markers = withMarker(this.markers, marker);
      return;
    }
    this.markers = withMarker(this.markers, marker);
    if (!record.replacesLog) return;
    this.terms.reset(record.info);
    this.extents.clear();
    this.voidBelowSegment = segment;
  }

  #base(record: Extract<LogRecord, { kind: "base" }>, content: SegmentContent): string | undefined {
    if (content.batches > 0) return "a second beginning within the segment";
    if (this.#isFresh) {
      this.#isFresh = false;
      this.terms.reset(record.last);
      return undefined;
    }
    const last = this.terms.last;
    if (last.index === record.last.index && last.term === record.last.term) return undefined;
    return `it goes on after entry ${record.last.index}, the log before it ends with ${last.index}`;
  }

  #seal(record: Seal, content: SegmentContent): string | undefined {
    const matches =
      record.entryCount === content.entries &&
      record.firstIndex === content.firstIndex &&
      record.lastIndex === content.lastIndex &&
      record.batchesCrc === content.batchesCrc;
    if (!matches) return "the seal does not match what it seals";
    content.seal = record;
    return undefined;
  }
}

export function emptySegmentContent(initialBytes: number): SegmentContent {
  return {
    batches: 0,
    entries: 0,
    firstIndex: 0,
    lastIndex: 0,
    batchesCrc: 0,
    announcedBytes: initialBytes,
    seal: undefined,
  };
}

/** Counts a batch in. */
export function noteBatch(content: SegmentContent, headerCrc: number): void {
  const bytes = new Uint8Array(4);
  writeU32(bytes, 0, headerCrc);
  content.batches += 1;
  content.batchesCrc = crc32(bytes, content.batchesCrc);
}

/** Counts entries [firstIndex, lastIndex] in. */
export function noteEntries(content: SegmentContent, firstIndex: number, lastIndex: number): void {
  content.entries += lastIndex - firstIndex + 1;
  content.lastIndex = Math.max(content.lastIndex, lastIndex);
  content.firstIndex =
    content.firstIndex === 0 ? firstIndex : Math.min(content.firstIndex, firstIndex);
}

/** The markers kept after `marker`, oldest first. */
export function withMarker(
  markers: readonly SnapshotMarker[],
  marker: SnapshotMarker,
): readonly SnapshotMarker[] {
  // Behind a snapshot that replaced the log the older one leads nowhere: the entries between are not here.
  if (marker.replacesLog) return [marker];
  const others = markers.filter((kept) => !isSameSnapshot(kept.info, marker.info));
  return [...others, marker].slice(-MARKERS_KEPT);
}

export function isSameSnapshot(left: SnapshotInfo, right: SnapshotInfo): boolean {
  return left.id === right.id && left.index === right.index && left.term === right.term;
}
