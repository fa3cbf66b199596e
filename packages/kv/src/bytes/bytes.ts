/** No bytes. */
export const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Order of two byte strings: unsigned, a prefix before what it begins. Negative, 0 or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = a.length < b.length ? a.length : b.length;
  for (let i = 0; i < shorter; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return false;
  }
  return true;
}

/** How many bytes go into one call of `String.fromCharCode`; more could overflow the stack. */
const CHARACTERS_PER_CALL = 4096;

/**
 * One character per byte. Such strings compare and sort like the bytes, and serve as keys of a `Map`.
 */
export function binaryString(bytes: Uint8Array): string {
  if (bytes.length <= CHARACTERS_PER_CALL) return String.fromCharCode.apply(null, asNumbers(bytes));
  let text = "";
  for (let at = 0; at < bytes.length; at += CHARACTERS_PER_CALL) {
    const part = bytes.subarray(at, at + CHARACTERS_PER_CALL);
    text += String.fromCharCode.apply(null, asNumbers(part));
  }
  return text;
}

/** `apply` takes any array-like; its type only knows arrays. */
function asNumbers(bytes: Uint8Array): number[] {
  return bytes as unknown as number[];
}

/** The bytes `binaryString` was given. */
export function bytesOfBinaryString(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Where an interval ends: before these bytes, or nowhere for `undefined`. */
export type IntervalEnd = Uint8Array | undefined;

/** The end of `[key, rangeEnd)` in the API's convention, with a single key as the interval up to its successor. */
export function intervalEnd(key: Uint8Array, rangeEnd: Uint8Array | undefined): IntervalEnd {
  if (rangeEnd === undefined || rangeEnd.length === 0) return successor(key);
  if (rangeEnd.length === 1 && rangeEnd[0] === 0) return undefined;
  return rangeEnd;
}

/** The smallest byte string above `key`. */
export function successor(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

export function isSingleKey(rangeEnd: Uint8Array | undefined): boolean {
  return rangeEnd === undefined || rangeEnd.length === 0;
}
