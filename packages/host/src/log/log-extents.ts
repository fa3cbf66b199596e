import type { LogIndex } from "@quorate/core";

/** Batches next to each other are found as one piece up to this size: one read fetches it, and a long log needs few. */
const EXTENT_BYTES = 64 * 1024;

/**
 * Where a run of entries lies: whole batches of one segment. Only indexes within the run count; where an index occurs
 * more than once in its batches, the last one does.
 */
export interface Extent {
  firstIndex: LogIndex;
  lastIndex: LogIndex;
  readonly segment: number;
  readonly from: number;
  to: number;
}

/** Finds the batches that hold an index. Holds exactly the durable entries of the log, in order and without gaps. */
export class LogExtents {
  #extents: Extent[] = [];

  get isEmpty(): boolean {
    return this.#extents.length === 0;
  }

  /** Lowest index held, undefined when none is. */
  get firstIndex(): LogIndex | undefined {
    return this.#extents[0]?.firstIndex;
  }

  get count(): number {
    return this.#extents.length;
  }

  /** Entries [firstIndex, lastIndex] lie in the batch [from, to) of `segment`. */
  add(firstIndex: LogIndex, lastIndex: LogIndex, segment: number, from: number, to: number): void {
    const last = this.#extents[this.#extents.length - 1];
    if (
      last !== undefined &&
      last.segment === segment &&
      last.lastIndex + 1 === firstIndex &&
      (isSameBatch(last, from, to) || (last.to <= from && to - last.from <= EXTENT_BYTES))
    ) {
      last.lastIndex = lastIndex;
      last.to = to;
      return;
    }
    this.#extents.push({ firstIndex, lastIndex, segment, from, to });
  }

  /** Everything after `last` is void. */
  truncate(last: LogIndex): void {
    let tail = this.#extents[this.#extents.length - 1];
    while (tail !== undefined && tail.firstIndex > last) {
      this.#extents.pop();
      tail = this.#extents[this.#extents.length - 1];
    }
    if (tail !== undefined) tail.lastIndex = Math.min(tail.lastIndex, last);
  }

  clear(): void {
    this.#extents = [];
  }

  /** Forgets what lies in segments before `segment`. */
  dropBefore(segment: number): void {
    const kept = this.#extents.findIndex((extent) => extent.segment >= segment);
    this.#extents.splice(0, kept < 0 ? this.#extents.length : kept);
  }

  /** The extent that holds `index`. */
  find(index: LogIndex): Readonly<Extent> | undefined {
    let low = 0;
    let high = this.#extents.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const extent = this.#extents[middle] as Extent;
      if (extent.lastIndex < index) low = middle + 1;
      else if (extent.firstIndex > index) high = middle;
      else return extent;
    }
    return undefined;
  }
}

/** Group commit puts many records into one batch; were each found by itself, the batch would be read once for each. */
function isSameBatch(last: Readonly<Extent>, from: number, to: number): boolean {
  return last.from <= from && last.to === to;
}
