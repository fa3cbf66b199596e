/** Deadlines are met within this many milliseconds: clients keep their own, ours only frees resources. */
export const DEADLINE_TICK_MS = 20;

/** Slots of the wheel; a longer deadline stays in its slot for another round (10 s). */
const SLOTS = 512;

/** Something with a deadline. The links belong to the wheel. */
export interface DeadlineEntry {
  /** By the wheel's clock. */
  readonly deadlineAtMs: number;
  deadlineBefore: DeadlineEntry | undefined;
  deadlineAfter: DeadlineEntry | undefined;
  deadlineSlot: number;
  onDeadline(): void;
}

/** What a wheel's timer needs: a way to be called later, that does not keep the process alive. */
export type StartTimer = (ms: number, run: () => void) => void;

/**
 * All deadlines of a server under one timer, which runs only while there are any. Adding and removing
 * take constant time and allocate nothing: most calls end long before their deadline.
 */
export class DeadlineWheel {
  readonly #nowMs: () => number;
  readonly #startTimer: StartTimer;
  readonly #onDefect: (defect: unknown) => void;
  readonly #slots: (DeadlineEntry | undefined)[] = new Array<DeadlineEntry | undefined>(SLOTS).fill(
    undefined,
  );
  #count = 0;
  /** The tick up to which everything has been looked at. */
  #doneTick = 0;
  #isRunning = false;

  /** `onDefect` gets what an entry throws when it is met: the others are met all the same. */
  constructor(nowMs: () => number, startTimer: StartTimer, onDefect: (defect: unknown) => void) {
    this.#nowMs = nowMs;
    this.#startTimer = startTimer;
    this.#onDefect = onDefect;
  }

  get count(): number {
    return this.#count;
  }

  add(entry: DeadlineEntry): void {
    if (!this.#isRunning) this.#start();
    // A tick that is past would only come round again in ten seconds.
    const tick = Math.max(Math.ceil(entry.deadlineAtMs / DEADLINE_TICK_MS), this.#doneTick + 1);
    const slot = tick % SLOTS;
    const first = this.#slots[slot];
    entry.deadlineSlot = slot;
    entry.deadlineBefore = undefined;
    entry.deadlineAfter = first;
    if (first !== undefined) first.deadlineBefore = entry;
    this.#slots[slot] = entry;
    this.#count += 1;
  }

  /** Removes an entry; one that is not in the wheel is left alone. */
  remove(entry: DeadlineEntry): void {
    if (entry.deadlineSlot < 0) return;
    if (entry.deadlineBefore === undefined) this.#slots[entry.deadlineSlot] = entry.deadlineAfter;
    else entry.deadlineBefore.deadlineAfter = entry.deadlineAfter;
    if (entry.deadlineAfter !== undefined) {
      entry.deadlineAfter.deadlineBefore = entry.deadlineBefore;
    }
    entry.deadlineBefore = undefined;
    entry.deadlineAfter = undefined;
    entry.deadlineSlot = -1;
    this.#count -= 1;
  }

  #start(): void {
    this.#isRunning = true;
    this.#doneTick = Math.floor(this.#nowMs() / DEADLINE_TICK_MS) - 1;
    this.#startTimer(DEADLINE_TICK_MS, this.#turn);
  }

  readonly #turn = (): void => {
    const nowMs = this.#nowMs();
    const nowTick = Math.floor(nowMs / DEADLINE_TICK_MS);
    // After a long stall once round is enough: every slot has been seen then.
    const from = Math.max(this.#doneTick + 1, nowTick - SLOTS + 1);
    for (let tick = from; tick <= nowTick; tick++) this.#expire(tick % SLOTS, nowMs);
    this.#doneTick = nowTick;
    this.#isRunning = this.#count > 0;
    if (this.#isRunning) this.#startTimer(DEADLINE_TICK_MS, this.#turn);
  };

  #meet(entry: DeadlineEntry): void {
    try {
      entry.onDeadline();
    } catch (defect) {
      this.#onDefect(defect);
    }
  }

  #expire(slot: number, nowMs: number): void {
    const expired: DeadlineEntry[] = [];
    for (let entry = this.#slots[slot]; entry !== undefined; entry = entry.deadlineAfter) {
      if (entry.deadlineAtMs <= nowMs) expired.push(entry);
    }
    // Out of the wheel first: what one of them does when it expires may end others.
    for (const entry of expired) this.remove(entry);
    for (const entry of expired) this.#meet(entry);
  }
}
