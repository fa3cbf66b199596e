import type { Agenda } from "../time/agenda.ts";

/**
 * One machine's clocks: a monotonic one that may run fast or slow but never jumps, and a wall clock that does whatever
 * it likes.
 */
export class NodeClock {
  readonly #agenda: Agenda;
  #baseTrueMs = 0;
  #baseMs: number;
  #rate = 1;
  #wallOffsetMs: number;

  constructor(agenda: Agenda, startMs: number, wallOffsetMs: number) {
    this.#agenda = agenda;
    this.#baseMs = startMs;
    this.#wallOffsetMs = wallOffsetMs;
  }

  get rate(): number {
    return this.#rate;
  }

  nowMs(): number {
    return this.#baseMs + (this.#agenda.nowMs - this.#baseTrueMs) * this.#rate;
  }

  wallClockMs(): number {
    return this.nowMs() + this.#wallOffsetMs;
  }

  /** Milliseconds of this clock per true millisecond, from now on. Running timers keep their old pace. */
  setRate(rate: number): void {
    this.#baseMs = this.nowMs();
    this.#baseTrueMs = this.#agenda.nowMs;
    this.#rate = rate;
  }

  jumpWallClock(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }
}
