import { compareBytes, type IntervalEnd } from "../bytes/bytes.ts";
import { CHILDREN_MAX, Inner, type Node } from "./inner.ts";
import type { KeyEntry } from "./key-entry.ts";
import { LEAF_BYTES_MAX, Leaf } from "./leaf.ts";

/** A leaf below this size joins a neighbour that has room. A quarter, so that cutting and joining do not alternate. */
const LEAF_BYTES_JOIN = LEAF_BYTES_MAX / 4;

/**
 * Every key of the store with its newest change, in key order, in memory: a B+tree of packed leaves, some 50 to 70
 * bytes a key. Deleted keys stay until compaction forgets them. Counts existing keys of an interval without
 * visiting them.
 */
export class KeyIndex {
  #root: Node = new Leaf(undefined, undefined);
  #size = 0;
  /** The way to the leaf of the last `#descend`, from the root. */
  readonly #path: Inner[] = [];
  readonly #children: number[] = [];
  #depth = 0;
  /** What the last `get` looked for, so that the `set` that mostly follows need not search again. */
  #foundKey: Uint8Array | undefined = undefined;
  #foundLeaf: Leaf = new Leaf(undefined, undefined);
  #foundSlot = 0;

  /** Keys that exist. */
  get live(): number {
    return this.#root.live;
  }

  /** Keys known, with the deleted ones. */
  get size(): number {
    return this.#size;
  }

  /** Fills `into` if the key is known, deleted or not. */
  get(key: Uint8Array, into: KeyEntry): boolean {
    const leaf = this.#descend(key);
    const slot = leaf.search(key);
    this.#foundKey = key;
    this.#foundLeaf = leaf;
    this.#foundSlot = slot;
    if (slot < 0) return false;
    leaf.read(slot, into);
    return true;
  }

  /** Sets what is known about `key`; copies the key's bytes. */
  set(key: Uint8Array, entry: KeyEntry): void {
    const known = this.#foundKey === key;
    const leaf = known ? this.#foundLeaf : this.#descend(key);
    const slot = known ? this.#foundSlot : leaf.search(key);
    this.#foundKey = undefined;
    if (-1 - slot === leaf.count) {
      this.#setAtEnd(leaf, key, 0, key.length, entry);
      return;
    }
    const before = leaf.live;
    if (slot >= 0) leaf.update(slot, entry);
    else {
      leaf.insert(-1 - slot, key, 0, key.length, entry);
      this.#size++;
    }
    this.#addLive(leaf.live - before);
    if (leaf.liveBytes > LEAF_BYTES_MAX && leaf.count > 1) this.#splitLeaf(leaf);
  }

  /** Whether the key `bytes[start, end)` is known to come after all others. */
  isAboveAll(bytes: Uint8Array, start: number, end: number): boolean {
    const last = this.#descendToLast();
    if (last.count === 0) return this.#depth === 0;
    return last.compareWithin(last.count - 1, bytes, start, end) < 0;
  }

  /** Sets what is known about a key for which `isAboveAll`. */
  append(bytes: Uint8Array, start: number, end: number, entry: KeyEntry): void {
    this.#setAtEnd(this.#descendToLast(), bytes, start, end, entry);
  }

  /** A key that comes after all others of its leaf. Keys often do: then full leaves stay full instead of half empty. */
  #setAtEnd(leaf: Leaf, bytes: Uint8Array, start: number, end: number, entry: KeyEntry): void {
    this.#size++;
    const isFull =
      leaf.count > 0 && leaf.liveBytes + Leaf.entryBytes(end - start, entry) > LEAF_BYTES_MAX;
    if (!isFull) {
      leaf.insert(leaf.count, bytes, start, end, entry);
      if (!entry.deleted) this.#addLive(1);
      return;
    }
    const separator = bytes.slice(start, end);
    const right = leaf.openRight(separator);
    right.insert(0, bytes, start, end, entry);
    this.#addLive(right.live);
    this.#addRight(leaf, separator, right);
  }

  /** Forgets the key. */
  remove(key: Uint8Array): boolean {
    this.#foundKey = undefined;
    const leaf = this.#descend(key);
    const slot = leaf.search(key);
    if (slot < 0) return false;
    const before = leaf.live;
    leaf.remove(slot);
    this.#size--;
    this.#addLive(leaf.live - before);
    if (leaf.liveBytes < LEAF_BYTES_JOIN) this.#shrink(leaf);
    return true;
  }

  /**
   * Visits the known keys from `from` up to `end` in order until `visit` returns false. `entry` is filled anew for
   * each. The index must not change meanwhile.
   */
  range(from: Uint8Array, end: IntervalEnd, entry: KeyEntry, visit: () => boolean): void {
    visitRange(this.#root, from, end, entry, visit);
  }

  /** Existing keys from `from` up to `end`. Logarithmic. */
  count(from: Uint8Array, end: IntervalEnd): number {
    if (end === undefined) return this.live - liveBelow(this.#root, from);
    if (compareBytes(end, from) <= 0) return 0;
    return liveBelow(this.#root, end) - liveBelow(this.#root, from);
  }

  #descend(key: Uint8Array): Leaf {
    let node = this.#root;
    let depth = 0;
    while (node instanceof Inner) {
      const child = node.childOf(key);
      this.#path[depth] = node;
      this.#children[depth] = child;
      depth++;
      node = node.children[child] as Node;
    }
    this.#depth = depth;
    return node;
  }

  #descendToLast(): Leaf {
    // The way to what `get` found is lost.
    this.#foundKey = undefined;
    let node = this.#root;
    let depth = 0;
    while (node instanceof Inner) {
      const child = node.children.length - 1;
      this.#path[depth] = node;
      this.#children[depth] = child;
      depth++;
      node = node.children[child] as Node;
    }
    this.#depth = depth;
    return node;
  }

  #addLive(difference: number): void {
    if (difference === 0) return;
    for (let level = 0; level < this.#depth; level++) {
      (this.#path[level] as Inner).live += difference;
    }
  }

  #splitLeaf(leaf: Leaf): void {
    const { separator, right } = leaf.splitAt(leaf.middle());
    this.#addRight(leaf, separator, right);
  }

  /** Puts a new leaf beside the one that `#path` leads to. Its keys are counted above already. */
  #addRight(leaf: Leaf, first: Uint8Array, added: Leaf): void {
    let separator = first;
    let left: Node = leaf;
    let right: Node = added;
    for (let level = this.#depth - 1; level >= 0; level--) {
      const parent = this.#path[level] as Inner;
      parent.insertAfter(this.#children[level] as number, separator, right);
      if (parent.children.length <= CHILDREN_MAX) return;
      const split = parent.split();
      left = parent;
      separator = split.separator;
      right = split.right;
    }
    this.#root = new Inner([left, right], [separator]);
  }

  /** Joins a small leaf with a neighbour of the same parent. An only child stays, even empty: it covers its keys. */
  #shrink(leaf: Leaf): void {
    if (this.#depth === 0) return;
    const parent = this.#path[this.#depth - 1] as Inner;
    const child = this.#children[this.#depth - 1] as number;
    const next = parent.children[child + 1];
    if (next instanceof Leaf && fitTogether(leaf, next)) {
      if (leaf.count === 0) {
        next.coverLeft(leaf);
        parent.remove(child, child);
      } else {
        leaf.absorbRight(next);
        parent.remove(child + 1, child);
      }
      return;
    }
    const previous = parent.children[child - 1];
    if (previous instanceof Leaf && fitTogether(leaf, previous)) {
      previous.absorbRight(leaf);
      parent.remove(child, child - 1);
    }
  }
}

/** An empty leaf always joins; others leave room, so that the next key does not cut the result again. */
function fitTogether(a: Leaf, b: Leaf): boolean {
  return a.count === 0 || b.count === 0 || a.liveBytes + b.liveBytes <= LEAF_BYTES_MAX / 2;
}

/** `from` undefined: from the node's first key on. */
function visitRange(
  node: Node,
  from: Uint8Array | undefined,
  end: IntervalEnd,
  entry: KeyEntry,
  visit: () => boolean,
): boolean {
  if (node instanceof Inner) {
    const first = from === undefined ? 0 : node.childOf(from);
    for (let child = first; child < node.children.length; child++) {
      const below = child > 0 ? node.separators[child - 1] : undefined;
      if (end !== undefined && below !== undefined && compareBytes(below, end) >= 0) return false;
      // A leaf finds only keys that belong to it: in those after the first, everything comes after `from`.
      const within = child === first ? from : undefined;
      if (!visitRange(node.children[child] as Node, within, end, entry, visit)) return false;
    }
    return true;
  }
  const found = from === undefined ? 0 : node.search(from);
  for (let slot = found < 0 ? -1 - found : found; slot < node.count; slot++) {
    if (end !== undefined && node.compareAt(slot, end) >= 0) return false;
    node.read(slot, entry);
    if (!visit()) return false;
  }
  return true;
}

/** Existing keys below `key`. */
function liveBelow(root: Node, key: Uint8Array): number {
  let sum = 0;
  let node = root;
  while (node instanceof Inner) {
    const child = node.childOf(key);
    for (let i = 0; i < child; i++) sum += (node.children[i] as Node).live;
    node = node.children[child] as Node;
  }
  const place = node.search(key);
  const end = place < 0 ? -1 - place : place;
  for (let slot = 0; slot < end; slot++) {
    if (!node.isDeletedAt(slot)) sum++;
  }
  return sum;
}
