// Everything random in fuzzing: one generator per input, so that any single input can be made again.

/** mulberry32 over a mix of the parts: the same parts, the same numbers. */
export class InputRandom {
  #state;

  constructor(seed, target, number) {
    let state = 0x811c9dc5;
    for (const unit of `${seed}/${target}/${number}`) {
      state = Math.imul(state ^ unit.codePointAt(0), 0x01000193) >>> 0;
    }
    this.#state = state;
  }

  /** From 0 up to and without 1. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to and without `count`. */
  below(count) {
    return Math.floor(this.next() * count);
  }

  chance(probability) {
    return this.next() < probability;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** Mostly small, sometimes near a power of two, where lengths and counters break. */
  number() {
    const kind = this.below(10);
    if (kind < 6) return this.below(20);
    if (kind < 8) return this.below(2 ** this.below(33));
    return Math.max(0, 2 ** this.below(54) + this.below(3) - 1);
  }

  bytes(count) {
    const made = Buffer.allocUnsafe(count);
    for (let at = 0; at < count; at += 1) made[at] = this.below(256);
    return made;
  }
}
