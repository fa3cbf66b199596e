import type { IntervalEnd } from "../bytes/bytes.ts";
import { MemoryTree } from "./memory-tree.ts";
import type {
  OrderedStore,
  StoreBatch,
  StoreRangeOptions,
  StoreReader,
  StoreSize,
  StoreView,
} from "./ordered-store.ts";

/**
 * An ordered store in memory, for browsers, simulations and tests. Pins cost nothing. It outlives the machine that
 * uses it, so a simulated crash keeps what was written and loses what was not.
 */
export class MemoryStore implements OrderedStore {
  readonly #tree: MemoryTree = new MemoryTree();
  #closed = false;

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#tree.get(key);
  }

  borrow(key: Uint8Array): Uint8Array | undefined {
    return this.#tree.get(key);
  }

  range(
    from: Uint8Array,
    end: IntervalEnd,
    visit: (key: Uint8Array, value: Uint8Array) => boolean,
    options?: StoreRangeOptions,
  ): void {
    visitTree(this.#tree, from, end, visit, options);
  }

  write(fill: (batch: StoreBatch) => void): Promise<void> {
    if (this.#closed) return Promise.reject(new Error("The store is closed."));
    const changes = new Changes();
    try {
      fill(changes);
    } catch (error) {
      return Promise.reject(error);
    }
    changes.applyTo(this.#tree);
    return Promise.resolve();
  }

  pin(): StoreView {
    return new MemoryView(this.#tree.fork());
  }

  size(): StoreSize {
    return { bytes: this.#tree.bytes, inUseBytes: this.#tree.bytes };
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  /** Allows writes again after `close`, as opening the same files again would. */
  reopen(): this {
    this.#closed = false;
    return this;
  }
}

class MemoryView implements StoreView {
  #tree: MemoryTree;

  constructor(tree: MemoryTree) {
    this.#tree = tree;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#tree.get(key);
  }

  borrow(key: Uint8Array): Uint8Array | undefined {
    return this.#tree.get(key);
  }

  range(
    from: Uint8Array,
    end: IntervalEnd,
    visit: (key: Uint8Array, value: Uint8Array) => boolean,
    options?: StoreRangeOptions,
  ): void {
    visitTree(this.#tree, from, end, visit, options);
  }

  release(): void {
    this.#tree = new MemoryTree();
  }
}

function visitTree(
  tree: MemoryTree,
  from: Uint8Array,
  end: IntervalEnd,
  visit: (key: Uint8Array, value: Uint8Array) => boolean,
  options: StoreRangeOptions | undefined,
): void {
  let left = options?.limit ?? Number.POSITIVE_INFINITY;
  if (left <= 0) return;
  const counted: StoreReader["range"] extends (...args: infer A) => void ? A[2] : never = (
    key,
    value,
  ) => {
    left--;
    return visit(key, value) && left > 0;
  };
  if (options?.backward === true) tree.backward(from, end, counted);
  else tree.forward(from, end, counted);
}

/** Holds back the changes of one batch until `fill` has returned: a throw from it changes nothing. */
class Changes implements StoreBatch {
  #cleared = false;
  #keys: Uint8Array[] = [];
  #values: (Uint8Array | undefined)[] = [];

  put(key: Uint8Array, value: Uint8Array): void {
    this.#keys.push(key.slice());
    this.#values.push(value.slice());
  }

  delete(key: Uint8Array): void {
    this.#keys.push(key.slice());
    this.#values.push(undefined);
  }

  clear(): void {
    this.#cleared = true;
    this.#keys = [];
    this.#values = [];
  }

  applyTo(tree: MemoryTree): void {
    if (this.#cleared) tree.clear();
    for (let i = 0; i < this.#keys.length; i++) {
      const value = this.#values[i];
      if (value === undefined) tree.delete(this.#keys[i] as Uint8Array);
      else tree.set(this.#keys[i] as Uint8Array, value);
    }
  }
}
