import { ShareError } from "./share-error.ts";

/** What a text may unpack to: a plan of twenty thousand actions. A small hostile text must not fill the memory. */
export const UNPACKED_BYTES_MAX: number = 4 * 1024 * 1024;

/** A repetition is worth naming from this length on. */
const MATCH_MIN = 4;
/** Earlier places with the same beginning that are tried. */
const TRIES_MAX = 24;

/**
 * Bytes with repetitions named instead of repeated: runs of literals and copies of what came before, in turn, each with
 * its length. Starts with the whole length and a checksum of the bytes.
 */
export function pack(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  putNumber(out, bytes.length);
  putNumber(out, checksum(bytes));
  const places = new Map<number, number[]>();
  let literalsFrom = 0;
  let at = 0;
  while (at < bytes.length) {
    const match = longestMatch(bytes, at, places);
    const step = match.length < MATCH_MIN ? 1 : match.length;
    if (step > 1) {
      putLiterals(out, bytes, literalsFrom, at);
      putNumber(out, match.length);
      putNumber(out, match.distance);
      literalsFrom = at + step;
    }
    for (let place = at; place < at + step; place += 1) remember(bytes, place, places);
    at += step;
  }
  if (literalsFrom < bytes.length) putLiterals(out, bytes, literalsFrom, bytes.length);
  return Uint8Array.from(out);
}

/** @throws ShareError when the bytes were not packed by `pack`, or changed since. */
export function unpack(packed: Uint8Array): Uint8Array {
  const reader = new Reader(packed);
  const length = reader.number();
  if (length > UNPACKED_BYTES_MAX) {
    throw new ShareError("tooLarge", `the run unpacks to ${length} bytes`);
  }
  const expected = reader.number();
  const out = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const literals = reader.number();
    if (literals > length - filled) throw damaged();
    out.set(reader.take(literals), filled);
    filled += literals;
    if (filled === length) break;
    const matched = reader.number();
    const distance = reader.number();
    if (matched > length - filled || distance === 0 || distance > filled) throw damaged();
    for (let count = 0; count < matched; count += 1) {
      out[filled] = out[filled - distance] as number;
      filled += 1;
    }
  }
  if (!reader.isAtEnd || checksum(out) !== expected) throw damaged();
  return out;
}

function longestMatch(
  bytes: Uint8Array,
  at: number,
  places: ReadonlyMap<number, readonly number[]>,
): { readonly length: number; readonly distance: number } {
  const known = places.get(beginning(bytes, at)) ?? [];
  let length = 0;
  let distance = 0;
  for (let tried = 0; tried < TRIES_MAX && tried < known.length; tried += 1) {
    const place = known[known.length - 1 - tried] as number;
    let same = 0;
    while (at + same < bytes.length && bytes[place + same] === bytes[at + same]) same += 1;
    if (same > length) {
      length = same;
      distance = at - place;
    }
  }
  return { length, distance };
}

function remember(bytes: Uint8Array, place: number, places: Map<number, number[]>): void {
  if (place + MATCH_MIN > bytes.length) return;
  const key = beginning(bytes, place);
  const known = places.get(key);
  if (known === undefined) places.set(key, [place]);
  else known.push(place);
}

function beginning(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) * 0x1000000 +
    (((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0))
  );
}

function putLiterals(out: number[], bytes: Uint8Array, from: number, to: number): void {
  putNumber(out, to - from);
  for (let at = from; at < to; at += 1) out.push(bytes[at] as number);
}

/** Seven bits per byte, the smallest first. */
function putNumber(out: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
}

/** FNV-1a, 32 bits. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; scale <= 0x80 ** 5; scale *= 0x80) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw damaged();
      this.#at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw damaged();
  }

  take(count: number): Uint8Array {
    if (count > this.#bytes.length - this.#at) throw damaged();
    const taken = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return taken;
  }
}

function damaged(): ShareError {
  return new ShareError("damaged", "the link is incomplete or was changed on the way");
}
