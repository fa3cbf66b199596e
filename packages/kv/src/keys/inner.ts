import { NO_BYTES } from "../bytes/bytes.ts";
import type { Leaf } from "./leaf.ts";
import { commonPrefix, compareFrom, wordAt } from "./prefix.ts";

export type Node = Inner | Leaf;

/** An inner node is cut in two beyond this many children. Three levels hold more than 10⁸ keys. */
export const CHILDREN_MAX = 128;

/** Children in key order; `separators[i]` is above every key of child `i` and not above any of child `i + 1`. */
export class Inner {
  readonly children: Node[];
  readonly separators: Uint8Array[];
  /** Keys below that exist. */
  live = 0;
  /** Bytes that all separators share at their beginning. */
  #prefix = 0;
  /** The word after the prefix of every separator. */
  #words: Uint32Array = new Uint32Array(0);

  constructor(children: Node[], separators: Uint8Array[]) {
    this.children = children;
    this.separators = separators;
    for (const child of children) this.live += child.live;
    this.#indexSeparators();
  }

  /** The child whose keys may include `key`. */
  childOf(key: Uint8Array): number {
    const separators = this.separators;
    const count = separators.length;
    const prefix = this.#prefix;
    if (prefix > 0) {
      const first = separators[0] as Uint8Array;
      for (let i = 0; i < prefix; i++) {
        const difference = i < key.length ? (first[i] as number) - (key[i] as number) : 1;
        if (difference !== 0) return difference > 0 ? 0 : count;
      }
    }
    const words = this.#words;
    const word = wordAt(key, prefix);
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((words[middle] as number) < word) low = middle + 1;
      else high = middle;
    }
    while (
      low < count &&
      words[low] === word &&
      compareFrom(separators[low] as Uint8Array, key, prefix) <= 0
    ) {
      low++;
    }
    return low;
  }

  insertAfter(child: number, separator: Uint8Array, node: Node): void {
    this.separators.splice(child, 0, separator);
    this.children.splice(child + 1, 0, node);
    this.#indexSeparators();
  }

  /** Takes out a child; `separator` is the one that stood beside it. */
  remove(child: number, separator: number): void {
    this.children.splice(child, 1);
    this.separators.splice(separator, 1);
    this.#indexSeparators();
  }

  /** Moves the right half out; the separator between the halves belongs to the parent. */
  split(): { readonly separator: Uint8Array; readonly right: Inner } {
    const middle = this.children.length >>> 1;
    const right = new Inner(this.children.splice(middle), this.separators.splice(middle));
    const separator = this.separators.pop() ?? NO_BYTES;
    this.live -= right.live;
    this.#indexSeparators();
    return { separator, right };
  }

  #indexSeparators(): void {
    const separators = this.separators;
    const count = separators.length;
    // In sorted order the first and the last have in common what all have.
    this.#prefix = commonPrefix(separators[0], separators[count - 1]);
    if (this.#words.length < count) this.#words = new Uint32Array(CHILDREN_MAX);
    for (let i = 0; i < count; i++) {
      this.#words[i] = wordAt(separators[i] as Uint8Array, this.#prefix);
    }
  }
}
