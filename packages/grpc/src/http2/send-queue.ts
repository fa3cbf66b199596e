/**
 * Bytes of one stream that wait for flow control or for the socket, in order.
 * Holds references: the bytes belong to the queue until they are sent and must not change.
 */
export class SendQueue {
  readonly #segments: Uint8Array[] = [];
  #head = 0;
  /** How much of the first segment is already sent. */
  #sentOfHead = 0;
  #lengthBytes = 0;

  get lengthBytes(): number {
    return this.#lengthBytes;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#segments.push(bytes);
    this.#lengthBytes += bytes.length;
  }

  /** Moves `count` bytes, at most `lengthBytes`, to `target` at `at`. */
  moveTo(target: Uint8Array, at: number, count: number): void {
    let to = at;
    let left = count;
    while (left > 0) {
      const segment = this.#segments[this.#head] as Uint8Array;
      const part = Math.min(left, segment.length - this.#sentOfHead);
      target.set(segment.subarray(this.#sentOfHead, this.#sentOfHead + part), to);
      to += part;
      left -= part;
      this.#sentOfHead += part;
      if (this.#sentOfHead === segment.length) this.#dropHead();
    }
    this.#lengthBytes -= count;
  }

  #dropHead(): void {
    this.#segments[this.#head] = EMPTY;
    this.#head += 1;
    this.#sentOfHead = 0;
    // Compacting at half keeps the cost per segment constant and the array no longer than twice
    // what is queued.
    if (this.#head * 2 >= this.#segments.length) {
      this.#segments.splice(0, this.#head);
      this.#head = 0;
    }
  }
}

const EMPTY = new Uint8Array(0);

/** Stands for the queue of a stream that never had to queue: most calls never do. Nobody pushes to it. */
export const NO_QUEUE: SendQueue = new SendQueue();
