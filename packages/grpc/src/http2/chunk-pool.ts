/** Size of one output chunk: a frame of the largest size and a few small ones fit. */
export const CHUNK_BYTES: number = 32 * 1024;

/**
 * Most chunks kept for reuse by one server. Between two turns all of them are free, so this bounds
 * what an idle server holds: 2 MiB. A turn that needs more allocates and lets go again.
 */
const MAX_FREE_CHUNKS = 64;

/** Output chunks shared by the connections of one server; each has at most a few at a time. */
export class ChunkPool {
  readonly #free: Buffer[] = [];

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
  }

  /** Gives a chunk back; nobody else may still read it. */
  give(chunk: Buffer): void {
    if (this.#free.length < MAX_FREE_CHUNKS) this.#free.push(chunk);
  }

  get freeCount(): number {
    return this.#free.length;
  }
}
