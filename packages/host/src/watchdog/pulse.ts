/** So much later than its time, a tick is missing: what counts in ticks no longer counts time. */
const LATE_TICKS = 1.5;

/** The wall clock counts whole milliseconds. */
const WALL_CLOCK_GRAIN_MS = 1;

/**
 * Whether ticks have come at their times lately, so that a lease that is counted in ticks can be trusted. By both clocks:
 * the monotonic one stands still while the machine is suspended, and others may have elected a leader meanwhile.
 */
export class Pulse {
  readonly #tickMs: number;
  readonly #electionTicks: number;
  #lastTickMs: number;
  #lastTickWallMs: number;
  /** Ticks until everything that a lease may be counted from lies after the last irregularity. */
  #unsteadyTicks: number;

  constructor(tickMs: number, electionTicks: number, nowMs: number, wallClockMs: number) {
    this.#tickMs = tickMs;
    this.#electionTicks = electionTicks;
    this.#lastTickMs = nowMs;
    this.#lastTickWallMs = wallClockMs;
    this.#unsteadyTicks = electionTicks;
  }

  tick(nowMs: number, wallClockMs: number): void {
    if (this.#isLate(nowMs, wallClockMs)) this.#unsteadyTicks = this.#electionTicks;
    else if (this.#unsteadyTicks > 0) this.#unsteadyTicks -= 1;
    this.#lastTickMs = nowMs;
    this.#lastTickWallMs = wallClockMs;
  }

  stalled(): void {
    this.#unsteadyTicks = this.#electionTicks;
  }

  /** Also false while a tick is overdue: input may be handled before the timer after a stall. */
  isSteady(nowMs: number, wallClockMs: number): boolean {
    return this.#unsteadyTicks === 0 && !this.#isLate(nowMs, wallClockMs);
  }

  #isLate(nowMs: number, wallClockMs: number): boolean {
    const lateMs = LATE_TICKS * this.#tickMs;
    if (nowMs - this.#lastTickMs > lateMs) return true;
    return wallClockMs - this.#lastTickWallMs > lateMs + WALL_CLOCK_GRAIN_MS;
  }
}
