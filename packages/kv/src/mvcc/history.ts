import type { Revision } from "../key-value.ts";
import type { OrderedStore, StoreBatch, StoreReader, StoreView } from "../store/ordered-store.ts";
import { ROWS_END, revisionOfRowKey, rowKey, subOfRowKey } from "./keyspace.ts";
import { RowSegment } from "./row-segment.ts";

/** Called for each row in order; returning false ends the scan. */
export type RowVisitor = (revision: Revision, sub: number, record: Uint8Array) => boolean;

/** Bytes a row to be deleted keeps in memory until the deletion is written, about. */
const PENDING_DELETE_BYTES = 16;

/**
 * Every change since the last compaction, in order. The newest are in memory until a flush has written them; reads
 * do not notice where a row is.
 */
export class History {
  readonly #store: OrderedStore;
  /** Rows being written, oldest first. */
  #sealed: RowSegment[] = [];
  #current: RowSegment = new RowSegment();
  /** Pairs of revision and sub. */
  #pendingDeletes: number[] = [];

  constructor(store: OrderedStore) {
    this.#store = store;
  }

  /** Applied and not yet known to be durable. */
  get unflushedBytes(): number {
    let bytes = this.#current.bytes + (this.#pendingDeletes.length / 2) * PENDING_DELETE_BYTES;
    for (const segment of this.#sealed) bytes += segment.bytes;
    return bytes;
  }

  append(revision: Revision, sub: number, record: Uint8Array): void {
    this.#current.append(revision, sub, record);
  }

  read(revision: Revision, sub: number): Uint8Array | undefined {
    const current = this.#current;
    if (current.length > 0 && revision >= current.firstRevision) {
      const place = current.find(revision, sub);
      if (place >= 0) return current.recordAt(place);
    }
    for (const segment of this.#sealed) {
      const place = segment.find(revision, sub);
      if (place >= 0) return segment.recordAt(place);
    }
    return this.#store.get(rowKey(revision, sub));
  }

  /** Visits the rows from `(revision, sub)` on, up to and including all of `last`. */
  scan(revision: Revision, sub: number, last: Revision, visit: RowVisitor): void {
    scanRows(this.#store, this.#segments(), revision, sub, last, visit);
  }

  /** Visits the rows of the newest revision, which the last transaction made. */
  scanNewest(revision: Revision, visit: (sub: number, record: Uint8Array) => void): void {
    const current = this.#current;
    for (let place = current.lowerBound(revision, 0); place < current.length; place++) {
      visit(current.subAt(place), current.recordAt(place));
    }
  }

  /** Forgets a row that nobody can ask for any more. */
  delete(revision: Revision, sub: number): void {
    const place = this.#current.find(revision, sub);
    if (place >= 0) this.#current.drop(place);
    else this.#pendingDeletes.push(revision, sub);
  }

  /** Pins the rows of this moment. */
  pin(): HistoryView {
    return new HistoryView(this.#store.pin(), this.#segments());
  }

  /** Takes the changes that are not written yet; later ones go into the next flush. */
  seal(): SealedHistory {
    const segment = this.#current;
    const deletes = this.#pendingDeletes;
    this.#sealed.push(segment);
    this.#current = new RowSegment();
    this.#pendingDeletes = [];
    return {
      write: (batch) => writeSegment(segment, deletes, batch),
      written: () => {
        this.#sealed = this.#sealed.filter((other) => other !== segment);
      },
    };
  }

  #segments(): PinnedSegment[] {
    const segments: PinnedSegment[] = [];
    for (const segment of this.#sealed) segments.push({ segment, length: segment.length });
    segments.push({ segment: this.#current, length: this.#current.length });
    return segments;
  }
}

/** Changes on their way into the store. */
export interface SealedHistory {
  write(batch: StoreBatch): void;
  /** The store has them: memory need not keep them. */
  written(): void;
}

/** A segment as far as it had grown. */
interface PinnedSegment {
  readonly segment: RowSegment;
  readonly length: number;
}

/** The rows of one moment. */
export class HistoryView {
  readonly #view: StoreView;
  #segments: readonly PinnedSegment[];

  constructor(view: StoreView, segments: readonly PinnedSegment[]) {
    this.#view = view;
    this.#segments = segments;
  }

  scan(revision: Revision, sub: number, last: Revision, visit: RowVisitor): void {
    scanRows(this.#view, this.#segments, revision, sub, last, visit);
  }

  release(): void {
    this.#view.release();
    this.#segments = [];
  }
}

function writeSegment(segment: RowSegment, deletes: readonly number[], batch: StoreBatch): void {
  for (let place = 0; place < segment.length; place++) {
    if (segment.isDropped(place)) continue;
    batch.put(rowKey(segment.revisionAt(place), segment.subAt(place)), segment.recordAt(place));
  }
  for (let i = 0; i < deletes.length; i += 2) {
    batch.delete(rowKey(deletes[i] as number, deletes[i + 1] as number));
  }
}

function scanRows(
  store: StoreReader,
  segments: readonly PinnedSegment[],
  revision: Revision,
  sub: number,
  last: Revision,
  visit: RowVisitor,
): void {
  if (revision > last) return;
  const inMemory = segments.find((pinned) => pinned.length > 0);
  const memoryStart = inMemory?.segment.firstRevision ?? Number.POSITIVE_INFINITY;
  let goOn = true;
  if (revision < memoryStart) {
    // A flush may have landed meanwhile: rows that are in memory as well must not be seen twice.
    const end =
      last + 1 < memoryStart || inMemory === undefined
        ? endOfRevision(last)
        : rowKey(memoryStart, inMemory.segment.subAt(0));
    store.range(rowKey(revision, sub), end, (key, record) => {
      goOn = visit(revisionOfRowKey(key), subOfRowKey(key), record);
      return goOn;
    });
  }
  for (const { segment, length } of segments) {
    if (!goOn) return;
    for (let place = segment.lowerBound(revision, sub); place < length; place++) {
      if (segment.revisionAt(place) > last) return;
      if (!visit(segment.revisionAt(place), segment.subAt(place), segment.recordAt(place))) return;
    }
  }
}

function endOfRevision(last: Revision): Uint8Array {
  return last >= Number.MAX_SAFE_INTEGER ? ROWS_END : rowKey(last + 1, 0);
}
