import type { FrameBudget } from "./limits.ts";

/** A budget that refills with time: `burst` at first, `perSecond` more, never above `burst`. */
export class TokenBucket {
  readonly #budget: FrameBudget;
  #tokens: number;
  #refilledAtMs: number;

  constructor(budget: FrameBudget, nowMs: number) {
    this.#budget = budget;
    this.#tokens = budget.burst;
    this.#refilledAtMs = nowMs;
  }

  /** Takes one token; false when there is none. Reads the clock only when the bucket is empty. */
  take(nowMs: () => number): boolean {
    if (this.#tokens < 1) this.#refill(nowMs());
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Gives `tokens` for work that the other side had to wait for. */
  earn(tokens: number): void {
    this.#tokens = Math.min(this.#tokens + tokens, this.#budget.burst);
  }

  #refill(nowMs: number): void {
    const elapsedMs = nowMs - this.#refilledAtMs;
    this.#refilledAtMs = nowMs;
    this.earn((elapsedMs * this.#budget.perSecond) / 1000);
  }
}
