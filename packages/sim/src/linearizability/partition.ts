import type { Operation } from "../history/operation.ts";
import type { Model } from "./model.ts";

export interface Partition<I, O> {
  /** The keys of the partition, in the order they first appeared. */
  readonly keys: readonly string[];
  readonly operations: readonly Operation<I, O>[];
}

/** Splits a history into groups of operations that no operation connects. */
export function partitionsOf<S, I, O>(
  model: Model<S, I, O>,
  operations: readonly Operation<I, O>[],
): readonly Partition<I, O>[] {
  if (model.keysOf === undefined) return [{ keys: [], operations }];
  const groups = new KeyGroups();
  const firstKeys: number[] = [];
  for (const operation of operations) firstKeys.push(groups.join(model.keysOf(operation.input)));
  const partitions: { keys: string[]; operations: Operation<I, O>[] }[] = [];
  const byRoot = new Map<number, number>();
  const partitionOf = (key: number): { keys: string[]; operations: Operation<I, O>[] } => {
    const root = groups.root(key);
    const known = byRoot.get(root);
    if (known !== undefined) return partitions[known] as (typeof partitions)[number];
    const fresh = { keys: [], operations: [] };
    byRoot.set(root, partitions.length);
    partitions.push(fresh);
    return fresh;
  };
  groups.names.forEach((name, key) => {
    partitionOf(key).keys.push(name);
  });
  operations.forEach((operation, offset) => {
    partitionOf(firstKeys[offset] as number).operations.push(operation);
  });
  return partitions;
}

/** Keys that belong together because one operation touches them. */
class KeyGroups {
  readonly names: string[] = [];
  readonly #numbers: Map<string, number> = new Map();
  readonly #parents: number[] = [];

  /** Puts all `keys` into one group; returns a key of it. Operations without keys form a group of their own. */
  join(keys: readonly string[]): number {
    const first = this.#number(keys[0] ?? "");
    for (let at = 1; at < keys.length; at += 1) {
      const left = this.root(first);
      const right = this.root(this.#number(keys[at] as string));
      if (left !== right) this.#parents[right] = left;
    }
    return first;
  }

  root(key: number): number {
    let at = key;
    for (;;) {
      const parent = this.#parents[at] as number;
      if (parent === at) return at;
      const above = this.#parents[parent] as number;
      this.#parents[at] = above;
      at = above;
    }
  }

  #number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const fresh = this.names.length;
    this.#numbers.set(name, fresh);
    this.names.push(name);
    this.#parents.push(fresh);
    return fresh;
  }
}
