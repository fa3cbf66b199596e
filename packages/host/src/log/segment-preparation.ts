import type { Environment, Timer } from "../environment/environment.ts";
import { aligned } from "./log-format.ts";
import type { Segment } from "./segment.ts";
import type { SegmentFiles } from "./segment-files.ts";
import { isFull } from "./storage-error.ts";

/** Room of the first segment at first: a group that hardly writes costs the disk no more than this. */
const FIRST_ROOM_BYTES = 1 << 20;
/** Room grows by as much as there is, up to this step: large enough that a busy log seldom waits, small enough to write at once. */
const GROWTH_BYTES_MAX = 8 << 20;
/** How often a full disk is tried again. */
const RETRY_MS = 1_000;

export interface PreparationEvents {
  /** The disk is full and the room that is left is all there is, or it is not any more. */
  onSpace(space: "enough" | "low"): void;
  /** Preparing failed for another reason than a full disk: nothing on this disk can be relied on. */
  onFailure(error: unknown): void;
}

/**
 * Keeps zero-written room ahead of the log in the background: more of the current segment, then the next segment.
 * Writes into room that was written before need no journal commit and cannot find the disk full.
 */
export class SegmentPreparation {
  readonly #environment: Environment;
  readonly #files: SegmentFiles;
  readonly #segmentBytes: number;
  readonly #events: PreparationEvents;
  #next: Segment | undefined;
  #running: Promise<void> | undefined;
  #space: "enough" | "low" = "enough";
  #retry: Timer | undefined;
  #closed = false;
  /** Where the log is written at the moment. */
  #current: { readonly segment: Segment; readonly position: number } | undefined;

  constructor(
    environment: Environment,
    files: SegmentFiles,
    segmentBytes: number,
    events: PreparationEvents,
    next: Segment | undefined,
  ) {
    this.#environment = environment;
    this.#files = files;
    this.#segmentBytes = segmentBytes;
    this.#events = events;
    this.#next = next;
  }

  get space(): "enough" | "low" {
    return this.#space;
  }

  /** The segment that waits for its turn. */
  get next(): Segment | undefined {
    return this.#next;
  }

  /** Called after every write: prepares in the background what will be needed soon. */
  keepAhead(segment: Segment, position: number): void {
    this.#current = { segment, position };
    if (this.#running !== undefined || this.#retry !== undefined || this.#closed) return;
    const work = this.#dueWork(segment, position);
    if (work === undefined) return;
    this.#run(work).catch((error: unknown) => {
      if (isFull(error)) this.#waitForSpace();
      else this.#events.onFailure(error);
    });
  }

  /** Waits until the segment has room up to `bytes`. */
  async room(segment: Segment, bytes: number): Promise<void> {
    while (segment.preparedBytes < bytes) {
      if (this.#running === undefined) {
        await this.#run(() => this.#files.grow(segment, this.#grownSize(segment, bytes)));
      } else {
        await settled(this.#running);
      }
    }
  }

  /** The segment that follows `segment`, with room for a batch of `bytes`; it is the caller's from now on. */
  async takeNext(segment: Segment, bytes: number): Promise<Segment> {
    while (this.#next === undefined || this.#next.preparedBytes < bytes) {
      if (this.#running === undefined) await this.#run(() => this.#prepareNext(segment, bytes));
      else await settled(this.#running);
    }
    const next = this.#next;
    this.#next = undefined;
    return next;
  }

  /** Waits for what runs; nothing starts any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#retry?.cancel();
    if (this.#running !== undefined) await settled(this.#running);
    await this.#next?.retire();
  }

  #dueWork(segment: Segment, position: number): (() => Promise<void>) | undefined {
    const left = segment.preparedBytes - position;
    const isLow = left < Math.min(segment.preparedBytes, GROWTH_BYTES_MAX) / 2;
    if (isLow && segment.preparedBytes < this.#segmentBytes) {
      return () => this.#files.grow(segment, this.#grownSize(segment, 0));
    }
    if (this.#next === undefined && position > this.#segmentBytes / 2) {
      return () => this.#prepareNext(segment, 0);
    }
    return undefined;
  }

  async #prepareNext(segment: Segment, bytes: number): Promise<void> {
    const next = this.#next;
    if (next !== undefined) {
      await this.#files.grow(next, Math.max(bytes, next.preparedBytes));
      return;
    }
    const room = Math.min(this.#segmentBytes, GROWTH_BYTES_MAX);
    this.#next = await this.#files.create(segment.number + 1, aligned(Math.max(room, bytes)));
  }

  /** Doubles, within the step and the segment's size; `bytes` at least. */
  #grownSize(segment: Segment, bytes: number): number {
    const step = Math.min(segment.preparedBytes, GROWTH_BYTES_MAX);
    const wanted = Math.min(segment.preparedBytes + step, this.#segmentBytes);
    return aligned(Math.max(wanted, bytes));
  }

  async #run(work: () => Promise<void>): Promise<void> {
    const running = work();
    this.#running = running;
    try {
      await running;
      this.#setSpace("enough");
    } catch (error) {
      if (isFull(error)) this.#setSpace("low");
      throw error;
    } finally {
      this.#running = undefined;
    }
  }

  #waitForSpace(): void {
    if (this.#closed) return;
    this.#retry = this.#environment.setTimer(RETRY_MS, () => {
      this.#retry = undefined;
      if (this.#current !== undefined) {
        this.keepAhead(this.#current.segment, this.#current.position);
      }
    });
  }

  #setSpace(space: "enough" | "low"): void {
    if (this.#space === space) return;
    this.#space = space;
    this.#events.onSpace(space);
  }
}

/** Room of a log's first segment. */
export function firstRoomBytes(segmentBytes: number): number {
  return Math.min(segmentBytes, FIRST_ROOM_BYTES);
}

async function settled(promise: Promise<void>): Promise<void> {
  try {
    await promise;
  } catch {
    // Whoever started it hears of the error; here only its end matters.
    return;
  }
}
