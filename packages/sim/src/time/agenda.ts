/** Something that was put on the agenda and may be taken off it. */
export interface Appointment {
  cancel(): void;
}

/**
 * Virtual time: what will happen, in order. Everything of one moment happens in the order in which it was put here, so
 * that a run is decided by what is put here alone.
 */
export class Agenda {
  readonly #heap: Entry[] = [];
  /** What is due at this very moment, in order: most of what a run does, and no heap is needed for it. */
  #now: Entry[] = [];
  #nowDone = 0;
  #nowMs = 0;
  #sequence = 0;
  #happened = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** How many things have happened. */
  get happened(): number {
    return this.#happened;
  }

  /** When the next thing happens; Infinity when nothing will. */
  get nextMs(): number {
    return this.#next()?.atMs ?? Number.POSITIVE_INFINITY;
  }

  after(delayMs: number, run: () => void): Appointment {
    return this.at(this.#nowMs + Math.max(0, delayMs), run);
  }

  /** `atMs` in the past means now. */
  at(atMs: number, run: () => void): Appointment {
    this.#sequence += 1;
    if (atMs > this.#nowMs) {
      const entry = new Entry(atMs, this.#sequence, run);
      push(this.#heap, entry);
      return entry;
    }
    const entry = new Entry(this.#nowMs, this.#sequence, run);
    this.#now.push(entry);
    return entry;
  }

  /** Lets the next thing happen. False when there is none. */
  step(): boolean {
    const entry = this.#next();
    if (entry === undefined) return false;
    if (entry === this.#heap[0]) pop(this.#heap);
    else this.#nowDone += 1;
    const run = entry.run as () => void;
    entry.run = undefined;
    this.#nowMs = entry.atMs;
    this.#happened += 1;
    run();
    return true;
  }

  /** Lets everything happen until `untilMs`, which is the time afterwards. */
  runUntil(untilMs: number): void {
    while (this.nextMs <= untilMs) this.step();
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  /** Lets time pass until `untilMs`, or until something is due. */
  passTo(untilMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, Math.min(untilMs, this.nextMs));
  }

  /** What happens next, still in its place. */
  #next(): Entry | undefined {
    while (this.#heap.length > 0 && this.#heap[0]?.run === undefined) pop(this.#heap);
    const timed = this.#heap[0];
    const now = this.#nextNow();
    if (now === undefined) return timed;
    return timed !== undefined && isBefore(timed, now) ? timed : now;
  }

  #nextNow(): Entry | undefined {
    while (this.#nowDone < this.#now.length) {
      const entry = this.#now[this.#nowDone] as Entry;
      if (entry.run !== undefined) return entry;
      this.#nowDone += 1;
    }
    if (this.#nowDone > 0) {
      this.#now = [];
      this.#nowDone = 0;
    }
    return undefined;
  }
}

class Entry implements Appointment {
  readonly atMs: number;
  readonly order: number;
  run: (() => void) | undefined;

  constructor(atMs: number, order: number, run: () => void) {
    this.atMs = atMs;
    this.order = order;
    this.run = run;
  }

  cancel(): void {
    this.run = undefined;
  }
}

function isBefore(left: Entry, right: Entry): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] as Entry;
    if (!isBefore(entry, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): Entry | undefined {
  const top = heap[0];
  const moved = heap.pop();
  if (top === undefined || moved === undefined || heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) {
      child += 1;
    }
    const below = heap[child] as Entry;
    if (!isBefore(below, moved)) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = moved;
  return top;
}
