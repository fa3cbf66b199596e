import { JsonError } from "./json-error.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const NOT_A_DIGIT = 255;
const CHUNK_BYTES = 3 * 4096;

const DIGITS: Uint8Array = (() => {
  const digits = new Uint8Array(128).fill(NOT_A_DIGIT);
  for (let i = 0; i < ALPHABET.length; i += 1) digits[ALPHABET.charCodeAt(i)] = i;
  // The URL-safe alphabet, too: proto3 JSON asks readers for both.
  digits["-".charCodeAt(0)] = 62;
  digits["_".charCodeAt(0)] = 63;
  return digits;
})();

const CODES: Uint8Array = (() => {
  const codes = new Uint8Array(64);
  for (let i = 0; i < 64; i += 1) codes[i] = ALPHABET.charCodeAt(i);
  return codes;
})();

const PADDING = "=".charCodeAt(0);

/** Standard alphabet, padded; on any platform. */
export function writeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    text += encodeChunk(bytes, at, Math.min(bytes.length, at + CHUNK_BYTES));
  }
  return text;
}

function encodeChunk(bytes: Uint8Array, start: number, end: number): string {
  const units: number[] = [];
  let at = start;
  for (; at + 2 < end; at += 3) {
    const three =
      ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    units.push(code(three >> 18), code(three >> 12), code(three >> 6), code(three));
  }
  const left = end - at;
  if (left === 1) {
    const one = bytes[at] as number;
    units.push(code(one >> 2), code(one << 4), PADDING, PADDING);
  } else if (left === 2) {
    const two = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    units.push(code(two >> 10), code(two >> 4), code(two << 2), PADDING);
  }
  return String.fromCharCode(...units);
}

function code(bits: number): number {
  return CODES[bits & 63] as number;
}

/** How many digits base64 text has before its padding, and what they come to. */
export interface Base64Shape {
  readonly digits: number;
  readonly bytes: number;
}

/** Judges the length and the padding. Throws `JsonError`. */
export function base64Shape(text: string): Base64Shape {
  let digits = text.length;
  while (digits > 0 && digits > text.length - 2 && text.charCodeAt(digits - 1) === PADDING) {
    digits -= 1;
  }
  const tail = digits % 4;
  const padded = text.length !== digits;
  if (tail === 1 || (padded && text.length % 4 !== 0)) throw notBase64();
  return { digits, bytes: (digits >> 2) * 3 + (tail === 0 ? 0 : tail - 1) };
}

/** Standard or URL-safe alphabet, with or without padding; on any platform. Throws `JsonError`. */
export function readBase64(text: string): Uint8Array {
  const shape = base64Shape(text);
  const bytes = new Uint8Array(shape.bytes);
  let at = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < shape.digits; i += 1) {
    const unit = text.charCodeAt(i);
    const digit = unit < 128 ? (DIGITS[unit] as number) : NOT_A_DIGIT;
    if (digit === NOT_A_DIGIT) throw notBase64();
    bits = (bits << 6) | digit;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = (bits >> held) & 0xff;
    }
  }
  return bytes;
}

function notBase64(): JsonError {
  return new JsonError("bytes must be base64");
}
