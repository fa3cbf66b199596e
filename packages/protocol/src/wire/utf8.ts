import { WireError } from "./wire-error.ts";

const CHUNK_CODE_UNITS = 4096;
const REPLACEMENT = 0xfffd;

/** Reads UTF-8, strictly: no overlong forms, no surrogates, nothing above U+10FFFF. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  let units: number[] = [];
  let at = start;
  while (at < end) {
    const first = bytes[at] as number;
    if (first < 0x80) {
      units.push(first);
      at += 1;
    } else {
      const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
      const point = codePoint(bytes, at, end, first, length);
      if (point >= 0x10000) {
        units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
      } else {
        units.push(point);
      }
      at += length;
    }
    if (units.length >= CHUNK_CODE_UNITS) {
      text += String.fromCharCode(...units);
      units = [];
    }
  }
  return units.length === 0 ? text : text + String.fromCharCode(...units);
}

const LEAST_OF_LENGTH: readonly number[] = [0, 0, 0x80, 0x800, 0x10000];

function codePoint(
  bytes: Uint8Array,
  at: number,
  end: number,
  first: number,
  length: number,
): number {
  if (first < 0xc2 || first > 0xf4 || at + length > end) throw notUtf8();
  let point = first & (0xff >> (length + 1));
  for (let i = 1; i < length; i += 1) {
    const next = bytes[at + i] as number;
    if ((next & 0xc0) !== 0x80) throw notUtf8();
    point = (point << 6) | (next & 0x3f);
  }
  const isSurrogate = point >= 0xd800 && point <= 0xdfff;
  if (point < (LEAST_OF_LENGTH[length] as number) || point > 0x10ffff || isSurrogate) {
    throw notUtf8();
  }
  return point;
}

function notUtf8(): WireError {
  return new WireError("notUtf8", "a string field is not valid UTF-8");
}

/** Bytes that `text` takes in UTF-8; a lone surrogate counts as U+FFFD. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800) length += 2;
    else if (isPair(text, i, unit)) {
      length += 4;
      i += 1;
    } else length += 3;
  }
  return length;
}

/** Writes `text` as UTF-8 at `at` and returns where it ends. `into` must have room for `utf8Length(text)`. */
export function encodeUtf8(text: string, into: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i += 1) {
    let unit = text.charCodeAt(i);
    if (unit < 0x80) {
      into[at++] = unit;
    } else if (unit < 0x800) {
      into[at++] = 0xc0 | (unit >> 6);
      into[at++] = 0x80 | (unit & 0x3f);
    } else if (isPair(text, i, unit)) {
      i += 1;
      const point = 0x10000 + ((unit & 0x3ff) << 10) + (text.charCodeAt(i) & 0x3ff);
      into[at++] = 0xf0 | (point >> 18);
      into[at++] = 0x80 | ((point >> 12) & 0x3f);
      into[at++] = 0x80 | ((point >> 6) & 0x3f);
      into[at++] = 0x80 | (point & 0x3f);
    } else {
      if (unit >= 0xd800 && unit <= 0xdfff) unit = REPLACEMENT;
      into[at++] = 0xe0 | (unit >> 12);
      into[at++] = 0x80 | ((unit >> 6) & 0x3f);
      into[at++] = 0x80 | (unit & 0x3f);
    }
  }
  return at;
}

function isPair(text: string, at: number, unit: number): boolean {
  if (unit < 0xd800 || unit > 0xdbff || at + 1 >= text.length) return false;
  const next = text.charCodeAt(at + 1);
  return next >= 0xdc00 && next <= 0xdfff;
}

/** The bytes of `text` in UTF-8. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  encodeUtf8(text, bytes, 0);
  return bytes;
}
