import type { ReceiveBudget } from "../http2/receive-budget.ts";

/** Room taken at a time. Pieces of one octet each, a frame for every one of them, cost no more than this. */
const BLOCK_BYTES = 4096;

interface Block {
  readonly bytes: Buffer;
  start: number;
  end: number;
}

/**
 * Received bytes that wait, copied together: a view of each piece would keep the whole chunk that it
 * came in, and its own object besides. What is allocated counts against the connection's budget.
 */
export class ByteBacklog {
  readonly #budget: ReceiveBudget;
  readonly #blocks: Block[] = [];
  #heldBytes = 0;

  constructor(budget: ReceiveBudget) {
    this.#budget = budget;
  }

  get isEmpty(): boolean {
    return this.#blocks.length === 0;
  }

  /** Adds `bytes[start, end)`; false when the budget is used up, and then not all of it was added. */
  push(bytes: Buffer, start: number, end: number): boolean {
    let at = start;
    while (at < end) {
      const last = this.#blocks.at(-1);
      if (last === undefined || last.end === last.bytes.length) {
        if (!this.#addBlock(end - at)) return false;
      } else {
        const part = Math.min(end - at, last.bytes.length - last.end);
        bytes.copy(last.bytes, last.end, at, at + part);
        last.end += part;
        at += part;
      }
    }
    return true;
  }

  /**
   * Hands the bytes over in order, block by block, until all are taken. `take` returns where it
   * stopped; short of the end it wants no more for now.
   */
  drain(take: (bytes: Buffer, start: number, end: number) => number): void {
    for (;;) {
      const block = this.#blocks[0];
      if (block === undefined) return;
      const { end } = block;
      block.start = take(block.bytes, block.start, end);
      // The taker may have cleared everything, or be sent more while it takes.
      if (this.#blocks[0] !== block || block.start < end) return;
      if (end < block.end) continue;
      this.#blocks.shift();
      this.#release(block.bytes.length);
    }
  }

  clear(): void {
    this.#blocks.length = 0;
    this.#release(this.#heldBytes);
  }

  #addBlock(bytes: number): boolean {
    const size = Math.max(bytes, BLOCK_BYTES);
    if (!this.#budget.hold(size)) return false;
    this.#heldBytes += size;
    this.#blocks.push({ bytes: Buffer.allocUnsafeSlow(size), start: 0, end: 0 });
    return true;
  }

  #release(bytes: number): void {
    this.#heldBytes -= bytes;
    this.#budget.release(bytes);
  }
}
