import type { Timer } from "./environment.ts";
import { SeededRandom } from "./seeded-random.ts";

/** How virtual time begins and what drives chance. */
export interface WorldOptions {
  /** The same seed plays the same run. Default 1. */
  readonly seed?: number | undefined;
  /** Wall clock at virtual time 0, in milliseconds since 1970. Default 2026-01-01. */
  readonly wallClockMs?: number | undefined;
  /**
   * Lets everything that promises have made runnable run, before time goes on. The default waits for a fixed number
   * of turns of the promise queue, which needs nothing of the platform.
   */
  readonly settle?: (() => Promise<void>) | undefined;
}

const DEFAULT_WALL_CLOCK_MS = 1_767_225_600_000;
/** Deeper chains of promises than this go on in the next event's turns, which is just as deterministic. */
const SETTLE_TURNS = 64;

/**
 * Virtual time with a queue of events: one thread, one order, no clock. Everything that happens in an in-memory
 * environment (timers, disk completions, bytes on the wire) is an event here, so a run depends on its seed alone.
 * Events of the same moment run in the order they were scheduled.
 */
export class World {
  readonly random: SeededRandom;
  readonly #wallClockMs: number;
  readonly #settle: () => Promise<void>;
  readonly #heap: ScheduledEvent[] = [];
  #nowMs = 0;
  #sequence = 0;

  constructor(options: WorldOptions = {}) {
    this.random = new SeededRandom(options.seed ?? 1);
    this.#wallClockMs = options.wallClockMs ?? DEFAULT_WALL_CLOCK_MS;
    this.#settle = options.settle ?? settleByTurns;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get wallClockMs(): number {
    return this.#wallClockMs + this.#nowMs;
  }

  /** Events that wait, cancelled ones included until their time has come. */
  get pendingEvents(): number {
    return this.#heap.length;
  }

  schedule(afterMs: number, run: () => void): Timer {
    this.#sequence += 1;
    const event: ScheduledEvent = {
      atMs: this.#nowMs + Math.max(0, afterMs),
      sequence: this.#sequence,
      run,
    };
    pushEvent(this.#heap, event);
    return {
      cancel: () => {
        event.run = undefined;
      },
    };
  }

  /** Moves time to the next event and runs it with everything it made runnable. False when nothing waits. */
  async step(): Promise<boolean> {
    const event = popEvent(this.#heap);
    if (event === undefined) return false;
    if (event.run === undefined) return true;
    this.#nowMs = Math.max(this.#nowMs, event.atMs);
    event.run();
    await this.#settle();
    return true;
  }

  /** Plays `forMs` of virtual time; events due exactly at its end included. */
  async run(forMs: number): Promise<void> {
    const endMs = this.#nowMs + forMs;
    await this.#settle();
    while ((this.#heap[0]?.atMs ?? Number.POSITIVE_INFINITY) <= endMs) await this.step();
    this.#nowMs = endMs;
  }

  /** Plays until `done` answers true; false when it did not within `withinMs` of virtual time. */
  async runUntil(done: () => boolean, withinMs: number): Promise<boolean> {
    const endMs = this.#nowMs + withinMs;
    await this.#settle();
    while (!done()) {
      const nextMs = this.#heap[0]?.atMs;
      if (nextMs === undefined || nextMs > endMs) {
        this.#nowMs = endMs;
        return done();
      }
      await this.step();
    }
    return true;
  }

  /** Plays until `promise` settles and passes its outcome on; rejects when virtual time runs out first. */
  async complete<T>(promise: Promise<T>, withinMs: number = 60_000): Promise<T> {
    let settled = false;
    const mark = (): void => {
      settled = true;
    };
    promise.then(mark, mark);
    if (!(await this.runUntil(() => settled, withinMs))) {
      throw new Error(`not settled within ${withinMs} ms of virtual time`);
    }
    return promise;
  }
}

interface ScheduledEvent {
  readonly atMs: number;
  readonly sequence: number;
  run: (() => void) | undefined;
}

async function settleByTurns(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await undefined;
}

function isBefore(left: ScheduledEvent, right: ScheduledEvent): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.sequence < right.sequence);
}

function pushEvent(heap: ScheduledEvent[], event: ScheduledEvent): void {
  let at = heap.length;
  heap.push(event);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] as ScheduledEvent;
    if (!isBefore(event, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = event;
}

function popEvent(heap: ScheduledEvent[]): ScheduledEvent | undefined {
  const top = heap[0];
  const moved = heap.pop();
  if (top === undefined || moved === undefined || heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= heap.length) break;
    if (
      child + 1 < heap.length &&
      isBefore(heap[child + 1] as ScheduledEvent, heap[child] as ScheduledEvent)
    ) {
      child += 1;
    }
    const below = heap[child] as ScheduledEvent;
    if (!isBefore(below, moved)) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = moved;
  return top;
}
