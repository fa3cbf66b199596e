import { compareBytes, type IntervalEnd } from "./bytes.ts";

/** `[begin, end)`, never empty. */
interface Interval {
  readonly begin: Uint8Array;
  readonly end: IntervalEnd;
}

/** A set of keys made of half-open intervals; those that touch or overlap become one. */
export class IntervalSet {
  /** Disjoint, with gaps between them, in order. */
  #intervals: Interval[] = [];

  get isEmpty(): boolean {
    return this.#intervals.length === 0;
  }

  /** Adds `[begin, end)`; an empty interval adds nothing. */
  add(begin: Uint8Array, end: IntervalEnd): void {
    if (end !== undefined && compareBytes(end, begin) <= 0) return;
    const list = this.#intervals;
    // Everything that ends before `begin` stays on the left; what touches is joined.
    let first = 0;
    let high = list.length;
    while (first < high) {
      const middle = (first + high) >>> 1;
      if (endsBefore(list[middle] as Interval, begin)) first = middle + 1;
      else high = middle;
    }
    let after = first;
    let joinedBegin = begin;
    let joinedEnd = end;
    while (after < list.length && beginsWithin(list[after] as Interval, joinedEnd)) {
      const other = list[after] as Interval;
      if (compareBytes(other.begin, joinedBegin) < 0) joinedBegin = other.begin;
      joinedEnd = laterEnd(joinedEnd, other.end);
      after++;
    }
    list.splice(first, after - first, { begin: joinedBegin, end: joinedEnd });
  }

  addAll(other: IntervalSet): void {
    for (const interval of other.#intervals) this.add(interval.begin, interval.end);
  }

  has(key: Uint8Array): boolean {
    const interval = this.#lastBeginningAtOrBefore(key);
    return (
      interval !== undefined && (interval.end === undefined || compareBytes(key, interval.end) < 0)
    );
  }

  /**
   * Whether all of `[begin, end)` is in the set. Of an empty interval, which names no key, what lies between its ends must
   * be, as in etcd: nobody is told more than a permission is for.
   */
  contains(begin: Uint8Array, end: IntervalEnd): boolean {
    const interval = this.#lastBeginningAtOrBefore(begin);
    if (interval === undefined) return false;
    if (interval.end !== undefined && compareBytes(begin, interval.end) >= 0) return false;
    if (end === undefined) return interval.end === undefined;
    if (compareBytes(end, begin) <= 0) return compareBytes(interval.begin, end) < 0;
    return interval.end === undefined || compareBytes(end, interval.end) <= 0;
  }

  #lastBeginningAtOrBefore(key: Uint8Array): Interval | undefined {
    const list = this.#intervals;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes((list[middle] as Interval).begin, key) <= 0) low = middle + 1;
      else high = middle;
    }
    return list[low - 1];
  }
}

function endsBefore(interval: Interval, begin: Uint8Array): boolean {
  return interval.end !== undefined && compareBytes(interval.end, begin) < 0;
}

function beginsWithin(interval: Interval, end: IntervalEnd): boolean {
  return end === undefined || compareBytes(interval.begin, end) <= 0;
}

function laterEnd(a: IntervalEnd, b: IntervalEnd): IntervalEnd {
  if (a === undefined || b === undefined) return undefined;
  return compareBytes(a, b) >= 0 ? a : b;
}
