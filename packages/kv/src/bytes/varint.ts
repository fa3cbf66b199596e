/**
 * Variable-length unsigned integers, seven bits a byte, low bits first, up to the safe integers. Free functions on
 * plain arrays, because the key index and the history read and write several per put.
 */

/** Longest encoding of a safe integer. */
export const VARINT_BYTES_MAX: number = 8;

export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  if (value < 0x10000000) return 4;
  let bytes = 4;
  for (let rest = Math.floor(value / 0x10000000); rest > 0; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}

/** Writes `value` at `at`; returns the place after it. */
export function writeVarint(into: Uint8Array, at: number, value: number): number {
  let place = at;
  let rest = value;
  while (rest >= 0x80000000) {
    into[place++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  while (rest >= 0x80) {
    into[place++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  into[place++] = rest;
  return place;
}

/** Where and what was read. One object is reused: read its fields before the next call. */
export interface VarintCursor {
  at: number;
}

/**
 * Reads at `cursor.at` and moves it behind. Input that ends early reads as zeros, so the caller checks the cursor
 * against the length where the bytes come from outside.
 */
export function readVarint(from: Uint8Array, cursor: VarintCursor): number {
  let at = cursor.at;
  let byte = from[at++] as number;
  if (byte < 0x80) {
    cursor.at = at;
    return byte;
  }
  let value = byte & 0x7f;
  let shift = 7;
  while (shift < 28) {
    byte = from[at++] as number;
    value |= (byte & 0x7f) << shift;
    if (!(byte >= 0x80)) {
      cursor.at = at;
      return value;
    }
    shift += 7;
  }
  let factor = 0x10000000;
  do {
    byte = from[at++] as number;
    value += (byte & 0x7f) * factor;
    factor *= 0x80;
  } while (byte >= 0x80 && factor <= 2 ** 49);
  cursor.at = at;
  return value;
}
