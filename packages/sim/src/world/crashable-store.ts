import type {
  MemoryStore,
  OrderedStore,
  StoreBatch,
  StoreRangeOptions,
  StoreReader,
  StoreSize,
  StoreView,
} from "@quorate/kv";

type Range = Parameters<StoreReader["range"]>;

/**
 * A machine's ordered store as one life of its process sees it: batches become durable some time after they were
 * written, in order, whole or not at all. What was not durable when the process ended is gone.
 */
export class CrashableStore implements OrderedStore {
  readonly #durable: MemoryStore;
  readonly #whenDurable: () => Promise<void>;
  readonly #isDead: () => boolean;
  #last: Promise<void> = Promise.resolve();

  /**
   * @param durable - What survives; shared by all lives.
   * @param whenDurable - Resolves when the next batch has reached the disk.
   */
  constructor(durable: MemoryStore, whenDurable: () => Promise<void>, isDead: () => boolean) {
    this.#durable = durable;
    this.#whenDurable = whenDurable;
    this.#isDead = isDead;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#durable.get(key);
  }

  borrow(key: Uint8Array): Uint8Array | undefined {
    return this.#durable.borrow(key);
  }

  range(from: Range[0], end: Range[1], visit: Range[2], options?: StoreRangeOptions): void {
    this.#durable.range(from, end, visit, options);
  }

  write(fill: (batch: StoreBatch) => void): Promise<void> {
    const changes: ((batch: StoreBatch) => void)[] = [];
    try {
      fill(recorder(changes));
    } catch (error) {
      return Promise.reject(error);
    }
    this.#last = this.#last.then(async () => {
      await this.#whenDurable();
      if (this.#isDead()) return new Promise<void>(() => undefined);
      return this.#durable.write((batch) => {
        for (const change of changes) change(batch);
      });
    });
    return this.#last;
  }

  pin(): StoreView {
    return this.#durable.pin();
  }

  size(): StoreSize {
    return this.#durable.size();
  }

  async close(): Promise<void> {
    await this.#last;
  }
}

function recorder(changes: ((batch: StoreBatch) => void)[]): StoreBatch {
  return {
    put: (key, value) => {
      const [keyCopy, valueCopy] = [key.slice(), value.slice()];
      changes.push((batch) => batch.put(keyCopy, valueCopy));
    },
    delete: (key) => {
      const keyCopy = key.slice();
      changes.push((batch) => batch.delete(keyCopy));
    },
    clear: () => {
      changes.push((batch) => batch.clear());
    },
  };
}
