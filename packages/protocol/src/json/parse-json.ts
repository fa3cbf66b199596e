import { JsonError } from "./json-error.ts";

/** What `JSON.parse` gives, named. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export type JsonObject = { readonly [name: string]: JsonValue };

const QUOTE = 0x22;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const SMALL_E = 0x65;
const LARGE_E = 0x45;

/** Arrays and objects within each other; three of them make one level of a nested transaction. */
const JSON_DEPTH_MAX = 300;

/** Integers of this many digits may lie beyond what a JavaScript number holds exactly. */
const LONG_DIGITS = 16;

/**
 * Reads JSON text without losing 64-bit integers: numbers of sixteen and more digits become strings of digits, which
 * every 64-bit field accepts as well.
 */
export function parseJson(text: string): JsonValue {
  const exact = withQuotedIntegers(text, longIntegers(text));
  try {
    return JSON.parse(exact) as JsonValue;
  } catch (cause) {
    throw new JsonError(
      "the body is not valid JSON: send one object with the fields of the request",
      {
        cause,
      },
    );
  }
}

/**
 * Where long integers begin and end, in turn. Looks at every character once, however the text is made, and refuses
 * nesting that would overflow the stack of whoever walks the value.
 */
function longIntegers(text: string): readonly number[] {
  const found: number[] = [];
  const strings = new StringEnds(text);
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit === QUOTE) {
      i = strings.endOf(i);
    } else if (unit === OPENING_BRACKET || unit === OPENING_BRACE) {
      depth += 1;
      if (depth > JSON_DEPTH_MAX) throw new JsonError("the body is nested too deeply");
    } else if (unit === CLOSING_BRACKET || unit === CLOSING_BRACE) {
      depth -= 1;
    } else if (isDigit(unit) || unit === MINUS) {
      const end = numberEnd(text, i + 1);
      if (isLongInteger(text, i, end)) found.push(i, end);
      i = end - 1;
    }
  }
  return found;
}

/**
 * Finds where strings end. Values of megabytes are passed over by the platform's own search; asked in the order of the
 * text, it looks at every character at most twice.
 */
class StringEnds {
  readonly #text: string;
  #quote = -1;
  #backslash = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** Where the string that begins at `start` has its last quote; the end of the text when it has none. */
  endOf(start: number): number {
    let at = start + 1;
    while (at < this.#text.length) {
      if (this.#quote < at) this.#quote = this.#find('"', at);
      if (this.#backslash < at) this.#backslash = this.#find("\\", at);
      if (this.#quote <= this.#backslash) return this.#quote;
      at = this.#backslash + 2;
    }
    return this.#text.length;
  }

  #find(sign: string, from: number): number {
    const at = this.#text.indexOf(sign, from);
    return at < 0 ? this.#text.length : at;
  }
}

/** The first place from `at` on that is no part of a number. */
function numberEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && isNumberUnit(text.charCodeAt(end))) end += 1;
  return end;
}

function isLongInteger(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start) === MINUS ? start + 1 : start;
  if (end - first < LONG_DIGITS) return false;
  for (let i = first; i < end; i += 1) if (!isDigit(text.charCodeAt(i))) return false;
  return true;
}

function withQuotedIntegers(text: string, places: readonly number[]): string {
  if (places.length === 0) return text;
  const parts: string[] = [];
  let done = 0;
  for (let at = 0; at < places.length; at += 2) {
    const start = places[at] as number;
    const end = places[at + 1] as number;
    parts.push(text.slice(done, start), '"', text.slice(start, end), '"');
    done = end;
  }
  parts.push(text.slice(done));
  return parts.join("");
}

function isDigit(unit: number): boolean {
  return unit >= ZERO && unit <= NINE;
}

/** Digits, signs, the point and the exponent's letter. */
function isNumberUnit(unit: number): boolean {
  return (
    isDigit(unit) ||
    unit === MINUS ||
    unit === PLUS ||
    unit === POINT ||
    unit === SMALL_E ||
    unit === LARGE_E
  );
}
