/** So much later than its time, a tick is missing: what counts in ticks no longer counts time. */
const LATE_TICKS = 1.5;

/** Whether ticks have come at their times lately, so that a lease that is counted in ticks can be trusted. */
export class Pulse {
  readonly #tickMs: number;
  readonly #electionTicks: number;
  #lastTickMs: number;
  /** Ticks until everything that a lease may be counted from lies after the last irregularity. */
  #unsteadyTicks: number;

  constructor(tickMs: number, electionTicks: number, nowMs: number) {
    this.#tickMs = tickMs;
    this.#electionTicks = electionTicks;
    this.#lastTickMs = nowMs;
    this.#unsteadyTicks = electionTicks;
  }

  tick(nowMs: number): void {
    if (this.#isLate(nowMs)) this.#unsteadyTicks = this.#electionTicks;
    else if (this.#unsteadyTicks > 0) this.#unsteadyTicks -= 1;
    this.#lastTickMs = nowMs;
  }

  stalled(): void {
    this.#unsteadyTicks = this.#electionTicks;
  }

  /** Also false while a tick is overdue: input may be handled before the timer after a stall. */
  isSteady(nowMs: number): boolean {
    return this.#unsteadyTicks === 0 && !this.#isLate(nowMs);
  }

  #isLate(nowMs: number): boolean {
    return nowMs - this.#lastTickMs > LATE_TICKS * this.#tickMs;
  }
}
