/** Memory is taken in pieces of this size: batches are cut from it, and the entry cache keeps views of them. */
const SLAB_BYTES = 1 << 20;

/**
 * Memory for batches. Cut in order from zeroed slabs and never written twice, because cached entries keep their
 * payloads in it; a slab goes when the last of its entries leaves the cache.
 */
export class BatchArena {
  #slab: Uint8Array = new Uint8Array(0);
  #at = 0;

  /** Zeroed bytes, at least `bytesMax` of them behind `place`. Nothing is taken before `take`. */
  room(bytesMax: number): { readonly bytes: Uint8Array; readonly place: number } {
    if (this.#at + bytesMax > this.#slab.length) {
      this.#slab = new Uint8Array(Math.max(SLAB_BYTES, bytesMax));
      this.#at = 0;
    }
    return { bytes: this.#slab, place: this.#at };
  }

  /** Takes the next `bytes` and answers a view of them. */
  take(bytes: number): Uint8Array {
    const taken = this.#slab.subarray(this.#at, this.#at + bytes);
    this.#at += bytes;
    return taken;
  }
}
