import { WireError } from "./wire-error.ts";

const REPLACEMENT = 0xfffd;

/** Bytes that `text` takes in UTF-8; a lone surrogate counts as the replacement character. */
export function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) length += pointLength(pointOf(character));
  return length;
}

/** Writes `text` at `at` and returns the place after it; the caller has made room. */
export function writeUtf8(text: string, into: Uint8Array, at: number): number {
  let next = at;
  for (const character of text) next = writePoint(pointOf(character), into, next);
  return next;
}

/** Strict: overlong forms, surrogates and anything beyond U+10FFFF are refused. */
export function readUtf8(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  let at = from;
  while (at < to) {
    const first = bytes[at] as number;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      at += 1;
      continue;
    }
    const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || at + length > to) throw badText();
    let point = first & (0xff >> (length + 1));
    for (let offset = 1; offset < length; offset++) {
      const next = bytes[at + offset] as number;
      if ((next & 0xc0) !== 0x80) throw badText();
      point = (point << 6) | (next & 0x3f);
    }
    if (pointLength(point) !== length || point > 0x10ffff || isSurrogate(point)) throw badText();
    text += String.fromCodePoint(point);
    at += length;
  }
  return text;
}

function pointOf(character: string): number {
  const point = character.codePointAt(0) ?? REPLACEMENT;
  return isSurrogate(point) ? REPLACEMENT : point;
}

function isSurrogate(point: number): boolean {
  return point >= 0xd800 && point <= 0xdfff;
}

function pointLength(point: number): number {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

function writePoint(point: number, into: Uint8Array, at: number): number {
  const length = pointLength(point);
  if (length === 1) {
    into[at] = point;
    return at + 1;
  }
  let rest = point;
  for (let offset = length - 1; offset > 0; offset--) {
    into[at + offset] = 0x80 | (rest & 0x3f);
    rest >>= 6;
  }
  into[at] = ((0xf00 >> length) & 0xff) | rest;
  return at + length;
}

function badText(): WireError {
  return new WireError("badText", "not valid UTF-8");
}
