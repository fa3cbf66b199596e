import { violated } from "../invariants/invariant.ts";
import { INVARIANTS } from "../invariants/names.ts";
import type { LogIndex } from "../types.ts";

export interface WindowLimits {
  /** Appends on the way to one follower; at least 1. */
  readonly messagesMax: number;
  /** Payload on the way at which sending pauses; the last append may overshoot. */
  readonly bytesMax: number;
}

/** Slots of a new ring: enough for most followers; it doubles as needed up to the limit. */
const FIRST_SLOTS = 16;

/**
 * Appends sent and not yet acknowledged, oldest first, bounded in messages and bytes. A ring of typed arrays: doubles
 * hold indexes exactly, and nothing is allocated per append.
 */
export class InflightWindow {
  readonly #limits: WindowLimits;
  #lastIndex: Float64Array;
  #payload: Float64Array;
  #head = 0;
  #count = 0;
  #bytes = 0;

  constructor(limits: WindowLimits) {
    const slots = Math.min(FIRST_SLOTS, limits.messagesMax);
    this.#limits = limits;
    this.#lastIndex = new Float64Array(slots);
    this.#payload = new Float64Array(slots);
  }

  get count(): number {
    return this.#count;
  }
  get bytes(): number {
    return this.#bytes;
  }
  get isFull(): boolean {
    return this.#count >= this.#limits.messagesMax || this.#bytes >= this.#limits.bytesMax;
  }

  /** An append whose last entry is `lastIndex` was sent. */
  add(lastIndex: LogIndex, bytes: number): void {
    if (this.isFull) violated(INVARIANTS.window, `append to ${lastIndex} into a full window`);
    if (this.#count === this.#lastIndex.length) this.#grow();
    let slot = this.#head + this.#count;
    if (slot >= this.#lastIndex.length) slot -= this.#lastIndex.length;
    this.#lastIndex[slot] = lastIndex;
    this.#payload[slot] = bytes;
    this.#count++;
    this.#bytes += bytes;
  }

  /** Forgets every append whose last entry is at or before `index`: a later answer confirms the earlier ones. */
  freeTo(index: LogIndex): void {
    while (this.#count > 0 && (this.#lastIndex[this.#head] as number) <= index) {
      this.#bytes -= this.#payload[this.#head] as number;
      this.#head = this.#head + 1 === this.#lastIndex.length ? 0 : this.#head + 1;
      this.#count--;
    }
  }

  clear(): void {
    this.#head = 0;
    this.#count = 0;
    this.#bytes = 0;
  }

  #grow(): void {
    const slots = Math.min(this.#lastIndex.length * 2, this.#limits.messagesMax);
    this.#lastIndex = unrolled(this.#lastIndex, this.#head, slots);
    this.#payload = unrolled(this.#payload, this.#head, slots);
    this.#head = 0;
  }
}

function unrolled(ring: Float64Array, head: number, slots: number): Float64Array {
  const grown = new Float64Array(slots);
  grown.set(ring.subarray(head), 0);
  grown.set(ring.subarray(0, head), ring.length - head);
  return grown;
}
