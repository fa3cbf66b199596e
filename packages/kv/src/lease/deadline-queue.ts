/** Items with the time each is due at; gives out the earliest first. A binary heap. */
export class DeadlineQueue<T> {
  readonly #times: number[] = [];
  readonly #items: T[] = [];

  get length(): number {
    return this.#items.length;
  }

  push(timeMs: number, item: T): void {
    let place = this.#items.length;
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      const parentTime = this.#times[parent] as number;
      if (parentTime <= timeMs) break;
      this.#times[place] = parentTime;
      this.#items[place] = this.#items[parent] as T;
      place = parent;
    }
    this.#times[place] = timeMs;
    this.#items[place] = item;
  }

  /** The earliest item if it is due. */
  popDue(nowMs: number): T | undefined {
    const first = this.#times[0];
    if (first === undefined || first > nowMs) return undefined;
    const item = this.#items[0];
    const lastTime = this.#times.pop() as number;
    const lastItem = this.#items.pop() as T;
    if (this.#items.length > 0) this.#sink(lastTime, lastItem);
    return item;
  }

  #sink(timeMs: number, item: T): void {
    const length = this.#items.length;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= length) break;
      const right = child + 1;
      if (right < length && (this.#times[right] as number) < (this.#times[child] as number)) {
        child = right;
      }
      if ((this.#times[child] as number) >= timeMs) break;
      this.#times[place] = this.#times[child] as number;
      this.#items[place] = this.#items[child] as T;
      place = child;
    }
    this.#times[place] = timeMs;
    this.#items[place] = item;
  }
}
