import { violated } from "../invariants/invariant.ts";
import { INVARIANTS } from "../invariants/names.ts";
import type { LogIndex } from "../types.ts";

/**
 * What an entry costs beside its payload while it is being applied. Without it a million empty entries would
 * pass any quota in bytes.
 */
export const ENTRY_OVERHEAD_BYTES = 16;

/** How far committed entries have been handed out and applied, and how many bytes are on the way. */
export class ApplyCursor {
  readonly #bytesMax: number;
  #applied: LogIndex;
  #applying: LogIndex;
  #bytes = 0;
  #full = false;

  constructor(applied: LogIndex, bytesMax: number) {
    this.#applied = applied;
    this.#applying = applied;
    this.#bytesMax = bytesMax;
  }

  get applied(): LogIndex {
    return this.#applied;
  }
  /** Handed out for applying; never less than `applied`. */
  get applying(): LogIndex {
    return this.#applying;
  }
  /** No more may be handed out before something is acknowledged. */
  get full(): boolean {
    return this.#full;
  }
  /** Room that is left; the first entry of a batch may overshoot it. */
  get roomBytes(): number {
    return this.#bytesMax - this.#bytes;
  }
  get bytes(): number {
    return this.#bytes;
  }

  /** `cut`: more could have been handed out, had there been room. */
  handedOut(last: LogIndex, bytes: number, cut: boolean): void {
    this.#applying = last;
    this.#bytes += bytes;
    this.#full = cut || this.#bytes >= this.#bytesMax;
  }

  acknowledged(index: LogIndex, bytes: number, commit: LogIndex): void {
    if (index < this.#applied || index > commit) {
      violated(
        INVARIANTS.appliedWithinCommit,
        `applied ${index}, before ${this.#applied}, commit ${commit}`,
      );
    }
    this.#applied = index;
    this.#applying = Math.max(this.#applying, index);
    this.#bytes = Math.max(0, this.#bytes - bytes);
    this.#full = this.#bytes >= this.#bytesMax;
  }
}
