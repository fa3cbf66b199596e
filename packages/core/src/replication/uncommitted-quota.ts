import type { Entry, Term } from "../types.ts";

/** Payload that a leader took in its term and has not applied yet. Bounds what a leader without a quorum collects. */
export class UncommittedQuota {
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }
  get bytesMax(): number {
    return this.#bytesMax;
  }

  /** One proposal always fits into an empty quota, and an empty entry always: leaders need those. */
  admits(bytes: number): boolean {
    return this.#bytes === 0 || bytes === 0 || this.#bytes + bytes <= this.#bytesMax;
  }
  add(bytes: number): void {
    this.#bytes += bytes;
  }
  /** Entries of other terms were never counted. */
  applied(entries: readonly Entry[], term: Term): void {
    if (this.#bytes === 0) return;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as Entry;
      if (entry.term === term) this.#bytes -= entry.payload.length;
    }
  }
  reset(): void {
    this.#bytes = 0;
  }
}
