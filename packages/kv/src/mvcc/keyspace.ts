import type { Revision } from "../key-value.ts";

/**
 * How the parts of the state share one ordered store: the first byte tells them apart. Rows come last, so that
 * appending to them is appending to the store.
 */
export const META_SPACE = 1;
export const LEASE_SPACE = 2;
export const AUTH_SPACE = 4;
export const ROW_SPACE = 16;

/**
 * The place of a row, and the store's key of the block that begins with it: revision in seven bytes, then the place within the transaction in four unless it is 0.
 * Byte order is the order of the changes.
 */
export function blockKey(revision: Revision, sub: number): Uint8Array {
  const key = new Uint8Array(sub === 0 ? 8 : 12);
  key[0] = ROW_SPACE;
  const high = Math.floor(revision / 0x100000000);
  key[1] = high >>> 16;
  key[2] = high >>> 8;
  key[3] = high;
  writeBigEndian(key, 4, revision);
  if (sub !== 0) writeBigEndian(key, 8, sub);
  return key;
}

export function revisionOfBlockKey(key: Uint8Array): Revision {
  const high = ((key[1] as number) << 16) | ((key[2] as number) << 8) | (key[3] as number);
  return high * 0x100000000 + readBigEndian(key, 4);
}

export function subOfBlockKey(key: Uint8Array): number {
  return key.length > 8 ? readBigEndian(key, 8) : 0;
}

/** At or below every block. */
export const FIRST_BLOCK_KEY: Uint8Array = Uint8Array.of(ROW_SPACE);

/** Above every block. */
export const ROWS_END: Uint8Array = Uint8Array.of(ROW_SPACE + 1);

function writeBigEndian(into: Uint8Array, at: number, value: number): void {
  into[at] = value >>> 24;
  into[at + 1] = value >>> 16;
  into[at + 2] = value >>> 8;
  into[at + 3] = value;
}

function readBigEndian(from: Uint8Array, at: number): number {
  const value =
    ((from[at] as number) << 24) |
    ((from[at + 1] as number) << 16) |
    ((from[at + 2] as number) << 8) |
    (from[at + 3] as number);
  return value >>> 0;
}
