import type { Entry, LogIndex, LogPosition, Term } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import { QuorateError } from "../errors.ts";
import { measureBatch } from "./batch-measure.ts";
import { EntryCache } from "./entry-cache.ts";
import type { LogEvent } from "./log-event.ts";
import type { LogExtents } from "./log-extents.ts";
import type { LogOptions } from "./log-options.ts";
import { LogReader } from "./log-reader.ts";
import { type LogReplay, withMarker } from "./log-replay.ts";
import type { LogBatch, LogStore, SnapshotMarker } from "./log-store.ts";
import type { PendingAppend } from "./pending-append.ts";
import { cutEntries, ReadWindows } from "./read-windows.ts";
import type { Segment } from "./segment.ts";
import type { SegmentFiles } from "./segment-files.ts";
import { SegmentPreparation } from "./segment-preparation.ts";
import { SegmentWriter } from "./segment-writer.ts";
import type { TermRuns } from "./term-runs.ts";

/** One read from the disk goes on until this many bytes, however little was asked for: neighbours are wanted next. */
const READ_AHEAD_BYTES = 256 * 1024;

/** Where a log stands when it has been created or recovered. */
export interface LogStart {
  readonly replay: LogReplay;
  /** Oldest first; the last is written to. */
  readonly segments: readonly Segment[];
  readonly offset: number;
  readonly sequence: number;
  readonly previousCrc: number;
  readonly markers: readonly SnapshotMarker[];
  /** A segment that was prepared before. */
  readonly next: Segment | undefined;
}

/**
 * The segmented log of one group. Entries handed to `append` are copied once, into the batch that goes to the disk;
 * from then on the cache holds views of that copy, so the memory they came in is free again when `append` settles.
 */
export class SegmentedLog implements LogStore {
  readonly #files: SegmentFiles;
  readonly #preparation: SegmentPreparation;
  readonly #writer: SegmentWriter;
  readonly #reader: LogReader;
  readonly #terms: TermRuns;
  readonly #extents: LogExtents;
  readonly #cache: EntryCache;
  readonly #cacheBytes: number;
  readonly #isGuarded: boolean;
  readonly #windows: ReadWindows;
  readonly #onEvent: (event: LogEvent) => void;
  #segments: Segment[];
  #voidBelowSegment: number;
  /** Oldest first, durable ones only. */
  #markers: readonly SnapshotMarker[];
  /** Entries up to here are on the disk and will stay. */
  #durableIndex: LogIndex;
  #failure: QuorateError | undefined;
  #closing: Promise<void> | undefined;
  #compacting: Promise<unknown> = Promise.resolve();
  /** Grows whenever entries become void, so that a read under way is known to be stale. */
  #cuts = 0;

  constructor(environment: Environment, files: SegmentFiles, options: LogOptions, start: LogStart) {
    this.#files = files;
    this.#onEvent = options.onEvent;
    this.#terms = start.replay.terms;
    this.#extents = start.replay.extents;
    this.#voidBelowSegment = start.replay.voidBelowSegment;
    this.#segments = [...start.segments];
    this.#markers = start.markers;
    this.#durableIndex = this.#terms.lastIndex;
    this.#cache = new EntryCache(this.#terms.lastIndex + 1);
    this.#cacheBytes = options.cacheBytes;
    this.#isGuarded = options.guardSnapshots;
    this.#windows = new ReadWindows(options.readCacheBytes);
    const segment = this.#segments[this.#segments.length - 1] as Segment;
    this.#preparation = new SegmentPreparation(
      environment,
      files,
      options.segmentBytes,
      {
        onSpace: (space) => this.#onEvent({ type: space === "low" ? "spaceLow" : "spaceFreed" }),
        onFailure: (error) => this.#writer.fail(error),
      },
      start.next,
    );
    this.#writer = new SegmentWriter(
      environment,
      this.#preparation,
      options.segmentBytes,
      {
        segment,
        offset: start.offset,
        sequence: start.sequence,
        previousCrc: start.previousCrc,
        hardState: start.replay.hardState,
        last: this.#terms.last,
        markers: start.markers,
      },
      {
        onDurable: (appends, current, from, to) => this.#becomeDurable(appends, current, from, to),
        onRolled: (current) => {
          this.#segments.push(current);
        },
        onFailed: (error) => this.#fail(error),
        onExchange: (old, copy) => this.#cache.exchange(old, copy),
      },
    );
    this.#reader = new LogReader(this.#extents, () => this.#segments, environment.checksum);
  }

  get firstIndex(): LogIndex {
    return this.#terms.base.index + 1;
  }

  get lastIndex(): LogIndex {
    return this.#terms.lastIndex;
  }

  /** Last index that is on the disk. */
  get durableIndex(): LogIndex {
    return this.#durableIndex;
  }

  get diskBytes(): number {
    let bytes = this.#preparation.next?.preparedBytes ?? 0;
    for (const segment of this.#segments) bytes += segment.preparedBytes;
    return bytes;
  }

  /** `low`: the disk is full and only the prepared room is left. Clears by itself. */
  get space(): "enough" | "low" {
    return this.#preparation.space;
  }

  /** Why nothing can be appended any more, undefined while it can. */
  get failure(): QuorateError | undefined {
    return this.#failure;
  }

  append(batch: LogBatch): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#closing !== undefined) return Promise.reject(closedError());
    const measured = measureBatch(batch, this.#terms.base.index, this.#terms.lastIndex);
    if (measured instanceof QuorateError) return Promise.reject(measured);
    const { hardState, entries, snapshot: marker, sync } = batch;
    if (marker?.replacesLog === true) this.#replace(marker.info);
    const first = entries[0];
    const truncateTo =
      first !== undefined && first.index <= this.#terms.lastIndex
        ? this.#cut(first.index - 1)
        : undefined;
    this.#remember(entries);
    return new Promise((resolve, reject) => {
      const isDone = !sync && this.#writer.isIdle;
      this.#writer.push({
        hardState,
        marker,
        truncateTo,
        entries,
        last: this.#terms.last,
        sync,
        boundBytes: measured,
        settle: isDone ? undefined : { resolve, reject },
      });
      if (isDone) resolve();
    });
  }

  term(index: LogIndex): Term | "compacted" | "unavailable" {
    return this.#terms.term(index);
  }

  cached(
    low: LogIndex,
    high: LogIndex,
    bytesMax: number,
  ): readonly Entry[] | "compacted" | "unavailable" | "loading" {
    if (low < this.firstIndex) return "compacted";
    if (high > this.#terms.lastIndex + 1) return "unavailable";
    if (low >= high) return [];
    if (low >= this.#cache.firstIndex) return this.#cache.slice(low, high, bytesMax);
    return this.#windows.find(low, high, bytesMax) ?? "loading";
  }

  /** Empty when the range is not, or no longer, part of the log. */
  async read(low: LogIndex, high: LogIndex, bytesMax: number): Promise<readonly Entry[]> {
    for (;;) {
      const held = this.cached(low, high, bytesMax);
      if (held === "compacted" || held === "unavailable") return [];
      if (held !== "loading") return held;
      const cuts = this.#cuts;
      const end = Math.min(high, this.#cache.firstIndex);
      const loaded = await this.#reader.load(low, end, Math.max(bytesMax, READ_AHEAD_BYTES));
      if (loaded === undefined || this.#cuts !== cuts) {
        if (this.#closing !== undefined) throw closedError();
        continue;
      }
      const { entries } = loaded;
      // What the disk gave beyond may be void already, by a cut that is still on its way there: memory knows better.
      const known = Math.min(entries.length, this.#cache.firstIndex - low);
      this.#windows.add(known < entries.length ? entries.slice(0, known) : entries, loaded.bytes);
      return cutEntries(entries, 0, Math.min(entries.length, end - low), bytesMax);
    }
  }

  compact(index: LogIndex): Promise<LogIndex> {
    const done = this.#compacting.then(() => this.#compact(index));
    this.#compacting = done.catch(() => undefined);
    return done;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#writer.close();
    this.#failure ??= closedError();
    await this.#preparation.close();
    await this.#compacting;
    for (const segment of this.#segments) await segment.retire();
  }

  /** Seals the current segment, so that nothing is written behind what it holds. For recovery, before any append. */
  async beginSegment(): Promise<void> {
    try {
      await this.#writer.roll();
    } catch (error) {
      this.#writer.fail(error);
      throw this.#failure ?? error;
    }
  }

  /** Takes entries into memory. */
  #remember(entries: readonly Entry[]): void {
    const terms = this.#terms;
    const cache = this.#cache;
    for (const entry of entries) {
      terms.append(entry.term, 1);
      cache.push(entry);
    }
  }

  /** Entries after `lastKept` become void. */
  #cut(lastKept: LogIndex): LogPosition {
    const term = this.#terms.term(lastKept) as Term;
    const kept = { index: lastKept, term };
    this.#terms.truncate(kept);
    this.#cache.truncate(lastKept);
    this.#windows.clear();
    this.#durableIndex = Math.min(this.#durableIndex, lastKept);
    this.#cuts += 1;
    return kept;
  }

  /** A received snapshot makes everything void. */
  #replace(base: LogPosition): void {
    this.#terms.reset(base);
    this.#cache.reset(base.index + 1);
    this.#windows.clear();
    this.#durableIndex = base.index;
    this.#cuts += 1;
  }

  #becomeDurable(
    appends: readonly PendingAppend[],
    segment: Segment,
    from: number,
    to: number,
  ): void {
    for (const append of appends) {
      if (append.marker !== undefined) this.#noteMarker(append.marker, segment);
      if (append.truncateTo !== undefined) this.#extents.truncate(append.truncateTo.index);
      const first = append.entries[0];
      if (first !== undefined) {
        this.#extents.add(first.index, append.last.index, segment.number, from, to);
      }
    }
    const last = appends[appends.length - 1];
    if (last === undefined) return;
    let durable = last.last.index;
    for (const waiting of this.#writer.queue) {
      // What is durable now is void already: the log in memory begins behind a snapshot whose marker is still waiting.
      if (waiting.marker?.replacesLog === true) return;
      if (waiting.truncateTo !== undefined) durable = Math.min(durable, waiting.truncateTo.index);
    }
    this.#durableIndex = durable;
    this.#cache.evict(this.#cacheBytes, durable);
  }

  #noteMarker(marker: SnapshotMarker, segment: Segment): void {
    this.#markers = withMarker(this.#markers, marker);
    if (!marker.replacesLog) return;
    this.#extents.clear();
    this.#voidBelowSegment = segment.number;
  }

  #fail(error: QuorateError): void {
    this.#failure = error;
    // What was appended and is not durable must not be read any more: memory would be ahead of the disk for good.
    if (this.#durableIndex >= this.#terms.base.index && this.#durableIndex < this.lastIndex) {
      this.#cut(this.#durableIndex);
    }
    this.#onEvent({ type: "failed", error });
  }

  /** Highest index that may go: the older snapshot must still find everything after it. */
  #purgeLimit(): LogIndex {
    const [older, newer] = this.#markers;
    if (older === undefined) return 0;
    if (newer !== undefined) return older.info.index;
    // A single snapshot made here has the whole log as its fallback; a received one never had any.
    return older.replacesLog ? older.info.index : 0;
  }

  async #compact(index: LogIndex): Promise<LogIndex> {
    const limit = this.#isGuarded ? Math.min(index, this.#purgeLimit()) : index;
    for (;;) {
      const [oldest, following] = this.#segments;
      if (this.#failure !== undefined || oldest === undefined || following === undefined) break;
      const isVoid = oldest.number < this.#voidBelowSegment;
      // The next segment repeats what recovery needs of the older ones in its first batch: it must be there.
      if (following.content.batches === 0) break;
      if (!isVoid && oldest.content.lastIndex > limit) break;
      this.#segments.shift();
      this.#extents.dropBefore(following.number);
      const first = this.#extents.firstIndex ?? this.#durableIndex + 1;
      this.#terms.compact(first - 1);
      await this.#files.remove(oldest);
    }
    return this.firstIndex;
  }
}

function closedError(): QuorateError {
  return new QuorateError("STOPPED", "the log is closed", {
    outcome: "notApplied",
    retryable: false,
  });
}
