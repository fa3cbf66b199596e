const WORD = 0x1_0000_0000;

/** Longest varint of a safe integer. */
export const VARINT_BYTES_MAX = 8;

export function readU32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}

export function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

export function readU16(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}

export function writeU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
}

/** An unsigned 64-bit number, NaN when it is beyond the safe integers. */
export function readU64(bytes: Uint8Array, at: number): number {
  const value = readU32(bytes, at + 4) * WORD + readU32(bytes, at);
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

export function writeU64(bytes: Uint8Array, at: number, value: number): void {
  writeU32(bytes, at, value % WORD);
  writeU32(bytes, at + 4, Math.floor(value / WORD));
}

/** Writes `value` in groups of seven bits, lowest first; answers the place after it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let place = at;
  while (rest >= 0x8000_0000) {
    bytes[place] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
    place += 1;
  }
  while (rest >= 0x80) {
    bytes[place] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
    place += 1;
  }
  bytes[place] = rest;
  return place + 1;
}
