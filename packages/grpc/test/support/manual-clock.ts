import type { ServerClock } from "../../src/server/clock.ts";

/** Time that passes when a test says so. */
export class ManualClock implements ServerClock {
  #nowMs = 1_000_000;
  #timers: { readonly atMs: number; readonly run: () => void }[] = [];

  readonly nowMs = (): number => this.#nowMs;

  readonly startTimer = (ms: number, run: () => void): void => {
    this.#timers.push({ atMs: this.#nowMs + ms, run });
  };

  get timerCount(): number {
    return this.#timers.length;
  }

  /** Lets `ms` pass, running timers in order as they fall due. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      this.#timers.sort((a, b) => a.atMs - b.atMs);
      const next = this.#timers[0];
      if (next === undefined || next.atMs > endMs) break;
      this.#timers.shift();
      this.#nowMs = next.atMs;
      next.run();
    }
    this.#nowMs = endMs;
  }
}
