import { compareBytes, type IntervalEnd } from "../bytes/bytes.ts";

/** Something that stands for `[key, end)`. */
export interface IntervalItem {
  readonly key: Uint8Array;
  readonly end: IntervalEnd;
}

interface TreeNode<T extends IntervalItem> {
  readonly item: T;
  /** Keeps the tree balanced: no child has a higher one. */
  readonly priority: number;
  left: TreeNode<T> | undefined;
  right: TreeNode<T> | undefined;
  /** The latest end in this subtree. */
  latestEnd: IntervalEnd;
}

/** Intervals, each at most once, that answers which of them a key is in: a treap in order of beginnings. */
export class IntervalTree<T extends IntervalItem> {
  #root: TreeNode<T> | undefined;
  #size = 0;
  #random = 0x2545f491;

  get size(): number {
    return this.#size;
  }

  /** No equal interval may be there. */
  add(item: T): void {
    this.#size++;
    this.#root = insert(this.#root, {
      item,
      priority: this.#nextPriority(),
      left: undefined,
      right: undefined,
      latestEnd: item.end,
    });
  }

  /** The very item must be there. */
  remove(item: T): void {
    this.#size--;
    this.#root = remove(this.#root, item);
  }

  /** Calls `visit` for every interval that `key` is in. */
  visitContaining(key: Uint8Array, visit: (item: T) => void): void {
    visitContaining(this.#root, key, visit);
  }

  /** A fixed sequence: the shape of the tree does not matter to anyone, but runs must be repeatable. */
  #nextPriority(): number {
    let x = this.#random;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#random = x;
    return x >>> 0;
  }
}

function isLater(a: IntervalEnd, b: IntervalEnd): boolean {
  if (b === undefined) return false;
  return a === undefined || compareBytes(a, b) > 0;
}

function order(a: IntervalItem, b: IntervalItem): number {
  const begins = compareBytes(a.key, b.key);
  if (begins !== 0) return begins;
  if (isLater(a.end, b.end)) return 1;
  return isLater(b.end, a.end) ? -1 : 0;
}

function update<T extends IntervalItem>(node: TreeNode<T>): TreeNode<T> {
  let latest = node.item.end;
  if (node.left !== undefined && isLater(node.left.latestEnd, latest)) latest = node.left.latestEnd;
  if (node.right !== undefined && isLater(node.right.latestEnd, latest)) {
    latest = node.right.latestEnd;
  }
  node.latestEnd = latest;
  return node;
}

function insert<T extends IntervalItem>(
  node: TreeNode<T> | undefined,
  added: TreeNode<T>,
): TreeNode<T> {
  if (node === undefined) return added;
  if (order(added.item, node.item) < 0) {
    const left = insert(node.left, added);
    node.left = left;
    if (left.priority > node.priority) {
      node.left = left.right;
      update(node);
      left.right = node;
      return update(left);
    }
  } else {
    const right = insert(node.right, added);
    node.right = right;
    if (right.priority > node.priority) {
      node.right = right.left;
      update(node);
      right.left = node;
      return update(right);
    }
  }
  return update(node);
}

function remove<T extends IntervalItem>(
  node: TreeNode<T> | undefined,
  item: T,
): TreeNode<T> | undefined {
  if (node === undefined) return undefined;
  const place = order(item, node.item);
  if (place === 0) return merge(node.left, node.right);
  if (place < 0) node.left = remove(node.left, item);
  else node.right = remove(node.right, item);
  return update(node);
}

function merge<T extends IntervalItem>(
  left: TreeNode<T> | undefined,
  right: TreeNode<T> | undefined,
): TreeNode<T> | undefined {
  if (left === undefined) return right;
  if (right === undefined) return left;
  if (left.priority > right.priority) {
    left.right = merge(left.right, right);
    return update(left);
  }
  right.left = merge(left, right.left);
  return update(right);
}

function visitContaining<T extends IntervalItem>(
  node: TreeNode<T> | undefined,
  key: Uint8Array,
  visit: (item: T) => void,
): void {
  if (node === undefined) return;
  const { latestEnd } = node;
  if (latestEnd !== undefined && compareBytes(key, latestEnd) >= 0) return;
  visitContaining(node.left, key, visit);
  if (compareBytes(node.item.key, key) > 0) return;
  const { end } = node.item;
  if (end === undefined || compareBytes(key, end) < 0) visit(node.item);
  visitContaining(node.right, key, visit);
}
