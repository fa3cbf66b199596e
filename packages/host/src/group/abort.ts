import type { AbortSignalLike } from "../transport/transport.ts";

/** A signal and the means to give it, without the platform's `AbortController`. */
export class Abort implements AbortSignalLike {
  #aborted = false;
  #reason: unknown;
  readonly #listeners: Set<() => void> = new Set();

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
  }

  addEventListener(_type: "abort", listener: () => void): void {
    if (!this.#aborted) this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.delete(listener);
  }
}
