import type { IntervalEnd } from "../bytes/bytes.ts";

/** Longest key a store must take; the shortest is one byte. What lmdb guarantees in every build. */
export const STORE_KEY_BYTES_MAX: number = 511;

/** Reads of an ordered store. Keys are byte strings in unsigned order. Bytes that come out are the caller's to keep, not to change. */
export interface StoreReader {
  /** The value of `key`. */
  get(key: Uint8Array): Uint8Array | undefined;
  /** Like `get`, but the bytes are lent: good until the next call on the store or a view of it. */
  borrow(key: Uint8Array): Uint8Array | undefined;
  /**
   * Visits the pairs with keys from `from` up to `end` until `visit` returns false; from the highest down with
   * `backward`. `visit` may read the store, but not write to it.
   */
  range(
    from: Uint8Array,
    end: IntervalEnd,
    visit: (key: Uint8Array, value: Uint8Array) => boolean,
    options?: StoreRangeOptions,
  ): void;
}

/** How an interval of an ordered store is read. */
export interface StoreRangeOptions {
  /** Default false. */
  readonly backward?: boolean | undefined;
  /** At most this many pairs. Default: all. */
  readonly limit?: number | undefined;
  /** The values are lent: good until `visit` returns or reads the store. Saves a copy of each. Default false. */
  readonly lends?: boolean | undefined;
}

/** The store as it was at one moment; later writes do not show. Keeps old data alive, so release it soon. */
export interface StoreView extends StoreReader {
  release(): void;
}

/** Collects what one write changes, in order: a later operation on a key wins. Keys and values must stay unchanged until the write settles. */
export interface StoreBatch {
  put(key: Uint8Array, value: Uint8Array): void;
  /** Fine when the key does not exist. */
  delete(key: Uint8Array): void;
  /** Deletes everything there is, including what this batch put before. */
  clear(): void;
}

/** Room that a store takes, and how much of it holds data. */
export interface StoreSize {
  /** Bytes occupied. */
  readonly bytes: number;
  /** Those of them that hold data. */
  readonly inUseBytes: number;
}

/**
 * Bytes under keys, in order, changed in atomic batches. Reads are synchronous and see every write that has settled,
 * and possibly the one in progress, never half of one. Writes run one after the other in the order of the calls.
 */
export interface OrderedStore extends StoreReader {
  /** Calls `fill` once, synchronously, and makes all of it durable or, on rejection, nothing. */
  write(fill: (batch: StoreBatch) => void): Promise<void>;
  /** Whether the disk has room for so many bytes more. A store that cannot tell has no such method. */
  hasRoomFor?(bytes: number): boolean;
  /** Pins the state that reads see now. */
  pin(): StoreView;
  size(): StoreSize;
  /** Waits for running writes. Views must be released before. */
  close(): Promise<void>;
}
