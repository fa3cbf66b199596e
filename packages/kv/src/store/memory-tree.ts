import { compareBytes, type IntervalEnd } from "../bytes/bytes.ts";

/** Entries of a leaf or children of an inner node, at most. */
const FANOUT = 64;

/** A leaf has `values`, an inner node `children`; `keys` of an inner node are the smallest keys of its children but the first. */
interface TreeNode {
  /** Only the owner with the same number may change the node; others copy it first. */
  owner: number;
  readonly keys: Uint8Array[];
  readonly values: Uint8Array[] | undefined;
  readonly children: TreeNode[] | undefined;
}

let owners = 0;

/**
 * A B+tree of byte strings whose copies cost nothing: `fork` shares all nodes, and whichever side changes a shared
 * node first copies it.
 */
export class MemoryTree {
  #root: TreeNode;
  #owner: number = ++owners;
  #bytes: number;

  constructor() {
    this.#root = { owner: this.#owner, keys: [], values: [], children: undefined };
    this.#bytes = 0;
  }

  /** Bytes of all keys and values. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A copy that later changes to this tree do not reach. */
  fork(): MemoryTree {
    const copy = new MemoryTree();
    copy.#root = this.#root;
    copy.#bytes = this.#bytes;
    this.#owner = ++owners;
    return copy;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    let node = this.#root;
    while (node.children !== undefined) node = node.children[childOf(node, key)] as TreeNode;
    const place = lowerBound(node.keys, key);
    const found = node.keys[place];
    if (found === undefined || compareBytes(found, key) !== 0) return undefined;
    return node.values?.[place];
  }

  set(key: Uint8Array, value: Uint8Array): void {
    this.#root = this.#own(this.#root);
    const right = this.#insert(this.#root, key, value);
    if (right === undefined) return;
    const children = [this.#root, right];
    this.#root = { owner: this.#owner, keys: [smallest(right)], values: undefined, children };
  }

  delete(key: Uint8Array): void {
    if (this.get(key) === undefined) return;
    this.#root = this.#own(this.#root);
    this.#remove(this.#root, key);
    while (this.#root.children?.length === 1) this.#root = this.#root.children[0] as TreeNode;
  }

  clear(): void {
    this.#root = { owner: this.#owner, keys: [], values: [], children: undefined };
    this.#bytes = 0;
  }

  /** Visits `[from, end)` upwards until `visit` returns false. */
  forward(
    from: Uint8Array,
    end: IntervalEnd,
    visit: (key: Uint8Array, value: Uint8Array) => boolean,
  ): void {
    forward(this.#root, from, end, visit);
  }

  /** Visits `[from, end)` downwards until `visit` returns false. */
  backward(
    from: Uint8Array,
    end: IntervalEnd,
    visit: (key: Uint8Array, value: Uint8Array) => boolean,
  ): void {
    backward(this.#root, from, end, visit);
  }

  #own(node: TreeNode): TreeNode {
    if (node.owner === this.#owner) return node;
    return {
      owner: this.#owner,
      keys: node.keys.slice(),
      values: node.values?.slice(),
      children: node.children?.slice(),
    };
  }

  /** Returns the new right neighbour when `node` had to be cut. `node` is owned. */
  #insert(node: TreeNode, key: Uint8Array, value: Uint8Array): TreeNode | undefined {
    if (node.values !== undefined) {
      this.#insertIntoLeaf(node.keys, node.values, key, value);
    } else if (node.children !== undefined) {
      const place = childOf(node, key);
      const child = this.#own(node.children[place] as TreeNode);
      node.children[place] = child;
      const right = this.#insert(child, key, value);
      if (right !== undefined) {
        node.keys.splice(place, 0, smallest(right));
        node.children.splice(place + 1, 0, right);
      }
    }
    return this.#cut(node);
  }

  #insertIntoLeaf(
    keys: Uint8Array[],
    values: Uint8Array[],
    key: Uint8Array,
    value: Uint8Array,
  ): void {
    const place = lowerBound(keys, key);
    const there = keys[place];
    this.#bytes += value.length;
    if (there !== undefined && compareBytes(there, key) === 0) {
      this.#bytes -= (values[place] as Uint8Array).length;
      values[place] = value;
      return;
    }
    this.#bytes += key.length;
    keys.splice(place, 0, key);
    values.splice(place, 0, value);
  }

  #cut(node: TreeNode): TreeNode | undefined {
    if (node.values !== undefined) {
      if (node.keys.length <= FANOUT) return undefined;
      const middle = FANOUT >>> 1;
      return {
        owner: this.#owner,
        keys: node.keys.splice(middle),
        values: node.values.splice(middle),
        children: undefined,
      };
    }
    if (node.children === undefined || node.children.length <= FANOUT) return undefined;
    const middle = FANOUT >>> 1;
    const children = node.children.splice(middle);
    const keys = node.keys.splice(middle);
    node.keys.pop();
    return { owner: this.#owner, keys, values: undefined, children };
  }

  /** Empty children are taken out; others are left as they are, however small. `node` is owned, `key` is below it. */
  #remove(node: TreeNode, key: Uint8Array): void {
    if (node.values !== undefined) {
      const place = lowerBound(node.keys, key);
      this.#bytes -= key.length + (node.values[place] as Uint8Array).length;
      node.keys.splice(place, 1);
      node.values.splice(place, 1);
      return;
    }
    if (node.children === undefined) return;
    const place = childOf(node, key);
    const child = this.#own(node.children[place] as TreeNode);
    node.children[place] = child;
    this.#remove(child, key);
    const empty =
      child.children === undefined ? child.keys.length === 0 : child.children.length === 0;
    if (empty && node.children.length > 1) {
      node.children.splice(place, 1);
      node.keys.splice(Math.max(0, place - 1), 1);
    }
  }
}

/** First place whose key is not below `key`. */
function lowerBound(keys: readonly Uint8Array[], key: Uint8Array): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(keys[middle] as Uint8Array, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function childOf(node: TreeNode, key: Uint8Array): number {
  const place = lowerBound(node.keys, key);
  const separator = node.keys[place];
  return separator !== undefined && compareBytes(separator, key) === 0 ? place + 1 : place;
}

function smallest(node: TreeNode): Uint8Array {
  let at = node;
  while (at.children !== undefined) at = at.children[0] as TreeNode;
  return at.keys[0] as Uint8Array;
}

function forward(
  node: TreeNode,
  from: Uint8Array,
  end: IntervalEnd,
  visit: (key: Uint8Array, value: Uint8Array) => boolean,
): boolean {
  if (node.children !== undefined) {
    for (let place = childOf(node, from); place < node.children.length; place++) {
      if (!forward(node.children[place] as TreeNode, from, end, visit)) return false;
    }
    return true;
  }
  for (let place = lowerBound(node.keys, from); place < node.keys.length; place++) {
    const key = node.keys[place] as Uint8Array;
    if (end !== undefined && compareBytes(key, end) >= 0) return false;
    if (!visit(key, node.values?.[place] as Uint8Array)) return false;
  }
  return true;
}

function backward(
  node: TreeNode,
  from: Uint8Array,
  end: IntervalEnd,
  visit: (key: Uint8Array, value: Uint8Array) => boolean,
): boolean {
  if (node.children !== undefined) {
    const last = end === undefined ? node.children.length - 1 : childOf(node, end);
    for (let place = last; place >= 0; place--) {
      if (!backward(node.children[place] as TreeNode, from, end, visit)) return false;
    }
    return true;
  }
  const last = end === undefined ? node.keys.length : lowerBound(node.keys, end);
  for (let place = last - 1; place >= 0; place--) {
    const key = node.keys[place] as Uint8Array;
    if (compareBytes(key, from) < 0) return false;
    if (!visit(key, node.values?.[place] as Uint8Array)) return false;
  }
  return true;
}
