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
    this.#dropCancelled();
    return this.#heap[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  after(delayMs: number, run: () => void): Appointment {
    return this.at(this.#nowMs + Math.max(0, delayMs), run);
  }

  /** `atMs` in the past means now. */
  at(atMs: number, run: () => void): Appointment {
    this.#sequence += 1;
    const entry: Entry = { atMs: Math.max(atMs, this.#nowMs), order: this.#sequence, run };
    push(this.#heap, entry);
    return {
      cancel: () => {
        entry.run = undefined;
      },
    };
  }

  /** Lets the next thing happen. False when there is none. */
  step(): boolean {
    for (;;) {
      const entry = pop(this.#heap);
      if (entry === undefined) return false;
      if (entry.run === undefined) continue;
      this.#nowMs = entry.atMs;
      this.#happened += 1;
      entry.run();
      return true;
    }
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

  #dropCancelled(): void {
    while (this.#heap.length > 0 && this.#heap[0]?.run === undefined) pop(this.#heap);
  }
}

interface Entry {
  readonly atMs: number;
  readonly order: number;
  run: (() => void) | undefined;
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
