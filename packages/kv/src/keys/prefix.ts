/**
 * Nodes search by the four bytes that follow a prefix which all their keys share: these stand side by side in one
 * array, so that a search touches few cache lines, and whole keys are compared only among equals.
 */

/** The four bytes of `key` from `from` as an unsigned number; bytes beyond the end count as 0. */
export function wordAt(key: Uint8Array, from: number): number {
  return wordIn(key, from, key.length);
}

/** The same of a key that ends at `end`. */
export function wordIn(bytes: Uint8Array, from: number, end: number): number {
  const b0 = from < end ? (bytes[from] as number) : 0;
  const b1 = from + 1 < end ? (bytes[from + 1] as number) : 0;
  const b2 = from + 2 < end ? (bytes[from + 2] as number) : 0;
  const b3 = from + 3 < end ? (bytes[from + 3] as number) : 0;
  return ((b0 << 24) | (b1 << 16) | (b2 << 8) | b3) >>> 0;
}

/** How many bytes two keys have in common at their beginning; 0 where one end is open. */
export function commonPrefix(a: Uint8Array | undefined, b: Uint8Array | undefined): number {
  if (a === undefined || b === undefined) return 0;
  const shorter = a.length < b.length ? a.length : b.length;
  for (let i = 0; i < shorter; i++) {
    if (a[i] !== b[i]) return i;
  }
  return shorter;
}

/** Compares from byte `from` on; the bytes before are known to be equal. */
export function compareFrom(a: Uint8Array, b: Uint8Array, from: number): number {
  const shorter = a.length < b.length ? a.length : b.length;
  for (let i = from; i < shorter; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
