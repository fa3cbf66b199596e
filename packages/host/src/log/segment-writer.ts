import type { Entry, HardState, LogPosition } from "@quorate/core";
import type { Environment, Timer } from "../environment/environment.ts";
import type { QuorateError } from "../errors.ts";
import { BatchArena } from "./batch-arena.ts";
import { type BatchFrame, encodeBatch, frameBytesMax } from "./batch-encoder.ts";
import { SEGMENT_HEADER_BYTES, TAIL_RESERVE_BYTES } from "./log-format.ts";
import type { Seal } from "./log-record.ts";
import { noteBatch, noteEntries, withMarker } from "./log-replay.ts";
import type { SnapshotMarker } from "./log-store.ts";
import type { PendingAppend } from "./pending-append.ts";
import { encodeMarker } from "./record-writer.ts";
import type { Segment } from "./segment.ts";
import type { SegmentPreparation } from "./segment-preparation.ts";
import { beforeDataIsAtRisk, toStorageError } from "./storage-error.ts";

/** Appends are merged up to this many bytes: beyond, a larger write gains nothing and the first waits too long. */
const BATCH_BYTES_MAX = 4 << 20;
/** Appends that nobody waits for are written at the latest when there are this many bytes of them. */
const LAZY_BYTES_MAX = 256 * 1024;
/** After this long without a write a mark proves that the last batch was durable, so that rot in it is told from a torn write. */
const IDLE_MARK_MS = 200;

/** Where the log is written next. */
export interface WriterPosition {
  readonly segment: Segment;
  readonly offset: number;
  readonly sequence: number;
  readonly previousCrc: number;
  readonly hardState: HardState;
  /** End of the log as written. */
  readonly last: LogPosition;
  readonly markers: readonly SnapshotMarker[];
}

export interface WriterEvents {
  /** The batch [from, to) of `segment` is durable, and these appends with it. */
  onDurable(appends: readonly PendingAppend[], segment: Segment, from: number, to: number): void;
  /** `segment` is the current one from now on. */
  onRolled(segment: Segment): void;
  /** Nothing is written any more; what was not durable is lost. */
  onFailed(error: QuorateError): void;
  onExchange(old: Entry, copy: Entry): void;
}

/**
 * The one writer of a log. While a durable write runs, everything that arrives gathers and becomes the next batch:
 * one encoding, one checksum, one system call, however many appends it carries.
 */
export class SegmentWriter {
  readonly #environment: Environment;
  readonly #preparation: SegmentPreparation;
  readonly #segmentBytes: number;
  readonly #events: WriterEvents;
  readonly #arena: BatchArena = new BatchArena();
  #segment: Segment;
  #offset: number;
  #sequence: number;
  #previousCrc: number;
  #hardState: HardState;
  #last: LogPosition;
  #markers: readonly SnapshotMarker[];
  #queue: PendingAppend[] = [];
  #writing: readonly PendingAppend[] = [];
  #queuedSyncs = 0;
  #queuedBytes = 0;
  #draining: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #idleTimer: Timer | undefined;
  #lastWriteMs = 0;
  /** The newest batch carries what somebody was told is durable, and no later batch proves yet that it was. */
  #isUnproven = true;

  constructor(
    environment: Environment,
    preparation: SegmentPreparation,
    segmentBytes: number,
    position: WriterPosition,
    events: WriterEvents,
  ) {
    this.#environment = environment;
    this.#preparation = preparation;
    this.#segmentBytes = segmentBytes;
    this.#events = events;
    this.#segment = position.segment;
    this.#offset = position.offset;
    this.#sequence = position.sequence;
    this.#previousCrc = position.previousCrc;
    this.#hardState = position.hardState;
    this.#last = position.last;
    this.#markers = position.markers;
    // Nothing proves the newest recovered batch yet, either.
    this.#idle();
  }

  get segment(): Segment {
    return this.#segment;
  }

  /** Nobody waits for a write, so an append that needs none is done at once. */
  get isIdle(): boolean {
    return this.#draining === undefined && this.#queuedSyncs === 0;
  }

  /** Appends that are queued and not yet part of a write. */
  get queue(): readonly PendingAppend[] {
    return this.#queue;
  }

  push(append: PendingAppend): void {
    this.#queue.push(append);
    this.#queuedBytes += append.boundBytes;
    if (append.sync) this.#queuedSyncs += 1;
    if (this.#queuedSyncs > 0 || this.#queuedBytes > LAZY_BYTES_MAX) this.#wake();
    else this.#idle();
  }

  /** Settles when nobody waits for a write any more. */
  async flush(): Promise<void> {
    while (this.#failure === undefined && (this.#draining !== undefined || this.#queuedSyncs > 0)) {
      await this.#drain(false);
    }
  }

  /** Writes what waits and a mark behind it, then stops. */
  async close(): Promise<void> {
    await this.flush();
    if (this.#isUnproven || this.#queue.length > 0) await this.#drain(true);
    this.#idleTimer?.cancel();
    this.#failure ??= { error: undefined };
  }

  /** Seals the current segment and goes on in the next. Nothing else is written meanwhile, the mark of an idle log included. */
  async roll(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining;
    this.#draining = this.#roll(frameBytesMax(this.#encodedMarkers())).finally(() => {
      this.#draining = undefined;
      if (this.#failure === undefined && this.#queuedSyncs > 0) this.#wake();
    });
    await this.#draining;
  }

  /** Ends the writer for good: what was written before the failure stays, the rest counts as lost. */
  fail(cause: unknown): void {
    if (this.#failure !== undefined) return;
    const error = toStorageError(cause);
    this.#failure = { error };
    this.#idleTimer?.cancel();
    const lost = [...this.#writing, ...this.#queue];
    this.#writing = [];
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#queuedSyncs = 0;
    this.#events.onFailed(error);
    for (const append of lost) append.settle?.reject(error);
  }

  /** Starts writing within this turn, after whatever the running call still appends. */
  #wake(): void {
    if (this.#draining !== undefined || this.#failure !== undefined) return;
    void this.#drain(false);
  }

  /** One run at a time: writes until nobody waits. `all`: also what nobody waits for, and a mark if that is nothing. */
  #drain(all: boolean): Promise<void> {
    this.#draining ??= this.#run(all).finally(() => {
      this.#draining = undefined;
      this.#settleLazy();
      if (this.#failure === undefined && this.#queuedSyncs > 0) this.#wake();
    });
    return this.#draining;
  }

  async #run(all: boolean): Promise<void> {
    await undefined;
    try {
      if (all && this.#queuedSyncs === 0 && this.#failure === undefined && this.#hasRoomNow()) {
        await this.#writeAppends(this.#take());
      }
      while (
        this.#failure === undefined &&
        (this.#queuedSyncs > 0 || this.#queuedBytes > LAZY_BYTES_MAX)
      ) {
        await this.#writeAppends(this.#take());
      }
    } catch (error) {
      this.fail(error);
    }
    this.#idle();
  }

  /** What nobody waits for is not worth a full disk. */
  #hasRoomNow(): boolean {
    const bytes = Math.min(this.#queuedBytes, BATCH_BYTES_MAX) + this.#frameBytes();
    return this.#offset + bytes + TAIL_RESERVE_BYTES <= this.#segment.content.announcedBytes;
  }

  /** The appends of the next batch: all that wait, up to the limit. */
  #take(): readonly PendingAppend[] {
    let count = 0;
    let bytes = 0;
    for (const append of this.#queue) {
      if (count > 0 && bytes + append.boundBytes > BATCH_BYTES_MAX) break;
      bytes += append.boundBytes;
      if (append.sync) this.#queuedSyncs -= 1;
      count += 1;
    }
    this.#queuedBytes -= bytes;
    if (count === this.#queue.length) {
      const all = this.#queue;
      this.#queue = [];
      return all;
    }
    return this.#queue.splice(0, count);
  }

  async #writeAppends(appends: readonly PendingAppend[]): Promise<void> {
    this.#writing = appends;
    let bytes = 0;
    for (const append of appends) bytes += append.boundBytes;
    await this.#makeRoom(bytes);
    const segment = this.#segment;
    const from = this.#offset;
    await this.#write(appends, bytes, undefined);
    this.#isUnproven = appends.some((append) => append.sync);
    this.#writing = [];
    for (const append of appends) {
      if (append.entries.length > 0) {
        noteEntries(segment.content, (append.entries[0] as Entry).index, append.last.index);
      }
    }
    this.#events.onDurable(appends, segment, from, this.#offset);
    for (const append of appends) append.settle?.resolve();
    this.#settleLazy();
    this.#preparation.keepAhead(this.#segment, this.#offset);
  }

  /** Appends that need no durability are done as soon as everything before them is. */
  #settleLazy(): void {
    for (const append of this.#queue) {
      if (append.sync) return;
      append.settle?.resolve();
      append.settle = undefined;
    }
  }

  /** Makes sure that a batch with `bytes` of appends fits behind `#offset`, and something small behind it. */
  async #makeRoom(bytes: number): Promise<void> {
    for (;;) {
      const needed = this.#offset + bytes + this.#frameBytes() + TAIL_RESERVE_BYTES;
      if (needed <= this.#segment.content.announcedBytes) return;
      // A batch that is too large for any segment gets one of its own, longer than the others.
      if (needed > this.#segmentBytes && this.#segment.content.entries > 0) {
        await this.#roll(bytes + frameBytesMax(this.#encodedMarkers()));
        continue;
      }
      await beforeDataIsAtRisk(() =>
        this.#preparation.room(this.#segment, needed + TAIL_RESERVE_BYTES),
      );
      // From here on a file without that room is known to have been cut short, whatever it ends with.
      await this.#write([], 0, undefined);
    }
  }

  async #roll(bytes: number): Promise<void> {
    const sealed = this.#segment;
    const room = SEGMENT_HEADER_BYTES + bytes + TAIL_RESERVE_BYTES;
    const next = await beforeDataIsAtRisk(() => this.#preparation.takeNext(sealed, room));
    const { entries, firstIndex, lastIndex, batchesCrc } = sealed.content;
    const seal = { entryCount: entries, firstIndex, lastIndex, batchesCrc, nextTag: next.tag };
    await this.#write([], 0, seal);
    sealed.content.seal = seal;
    this.#segment = next;
    this.#offset = SEGMENT_HEADER_BYTES;
    this.#events.onRolled(next);
    this.#preparation.keepAhead(next, this.#offset);
  }

  /** Encodes and writes one batch; when it settles the batch is durable and the next one follows it. */
  async #write(
    appends: readonly PendingAppend[],
    bytes: number,
    seal: Seal | undefined,
  ): Promise<void> {
    const segment = this.#segment;
    const bound = bytes + this.#frameBytes();
    const frame = this.#frame(segment, seal, appends);
    const batch = encodeBatch(
      this.#arena,
      this.#environment.checksum,
      frame,
      appends,
      bound,
      this.#events.onExchange,
    );
    const handle = await segment.handle();
    await handle.writeDurably(this.#offset, [batch.bytes]);
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#offset += batch.bytes.length;
    this.#sequence += 1;
    this.#previousCrc = batch.headerCrc;
    this.#lastWriteMs = this.#environment.nowMs();
    this.#isUnproven = false;
    segment.content.announcedBytes = Math.max(segment.content.announcedBytes, frame.room);
    noteBatch(segment.content, batch.headerCrc);
  }

  #frame(segment: Segment, seal: Seal | undefined, appends: readonly PendingAppend[]): BatchFrame {
    const isFirst = segment.content.batches === 0;
    const beginning = isFirst ? { base: this.#last, markers: this.#encodedMarkers() } : undefined;
    for (const append of appends) {
      if (append.hardState !== undefined) this.#hardState = append.hardState;
      if (append.marker !== undefined) this.#markers = withMarker(this.#markers, append.marker);
      this.#last = append.last;
    }
    const hasNewRoom = segment.preparedBytes > segment.content.announcedBytes;
    return {
      sequence: this.#sequence,
      // One write at a time: when this one begins, all before it are durable.
      durableThrough: this.#sequence - 1,
      segmentTag: segment.tag,
      previousCrc: this.#previousCrc,
      hardState: this.#hardState,
      beginning,
      room: hasNewRoom ? segment.preparedBytes : 0,
      seal,
    };
  }

  #frameBytes(): number {
    return frameBytesMax(this.#segment.content.batches === 0 ? this.#encodedMarkers() : []);
  }

  #encodedMarkers(): readonly Uint8Array[] {
    return this.#markers.map((marker) => encodeMarker(marker, true));
  }

  #idle(): void {
    if (this.#idleTimer !== undefined || this.#failure !== undefined) return;
    if (!this.#isUnproven && this.#queue.length === 0) return;
    const quietMs = this.#environment.nowMs() - this.#lastWriteMs;
    this.#idleTimer = this.#environment.setTimer(Math.max(1, IDLE_MARK_MS - quietMs), () => {
      this.#idleTimer = undefined;
      const isQuiet = this.#environment.nowMs() - this.#lastWriteMs >= IDLE_MARK_MS;
      if (isQuiet && this.#draining === undefined) void this.#drain(true);
      else this.#idle();
    });
  }
}
