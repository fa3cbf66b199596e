const FIRST_CAPACITY = 16;

/** A set of 64-bit fingerprints in an open-addressed table: two things with one fingerprint count as one. */
export class Fingerprints {
  #slots: Uint32Array = new Uint32Array(FIRST_CAPACITY * 2);
  #used = 0;

  get size(): number {
    return this.#used;
  }

  /** False when it is there already. */
  add(high: number, low: number): boolean {
    // 0/0 marks a free slot.
    const second = high === 0 && low === 0 ? 1 : low;
    const at = this.#find(this.#slots, high, second);
    if (this.#slots[at * 2] !== 0 || this.#slots[at * 2 + 1] !== 0) return false;
    this.#slots[at * 2] = high;
    this.#slots[at * 2 + 1] = second;
    this.#used += 1;
    if (this.#used * 4 > this.#slots.length) this.#grow();
    return true;
  }

  /** Where it is, or where it would have to go. */
  #find(slots: Uint32Array, high: number, low: number): number {
    const mask = slots.length / 2 - 1;
    let at = (high ^ Math.imul(low, 0x9e3779b1)) & mask;
    for (;;) {
      const slotHigh = slots[at * 2] as number;
      const slotLow = slots[at * 2 + 1] as number;
      if ((slotHigh === 0 && slotLow === 0) || (slotHigh === high && slotLow === low)) return at;
      at = (at + 1) & mask;
    }
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Uint32Array(old.length * 2);
    for (let from = 0; from < old.length; from += 2) {
      const high = old[from] as number;
      const low = old[from + 1] as number;
      if (high === 0 && low === 0) continue;
      const at = this.#find(slots, high, low);
      slots[at * 2] = high;
      slots[at * 2 + 1] = low;
    }
    this.#slots = slots;
  }
}
