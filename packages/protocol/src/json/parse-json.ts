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
const BACKSLASH = 0x5c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

const LONG_DIGITS = /\d{16}/;
const STRING_OR_LONG_INTEGER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d{16,}(?![\d.eE])/gs;

/** Arrays and objects within each other; three of them make one level of a nested transaction. */
const JSON_DEPTH_MAX = 300;

/**
 * Reads JSON text without losing 64-bit integers: numbers of sixteen and more digits become strings of digits, which
 * every 64-bit field accepts as well.
 */
export function parseJson(text: string): JsonValue {
  checkDepth(text);
  const exact = LONG_DIGITS.test(text)
    ? text.replace(STRING_OR_LONG_INTEGER, (found) =>
        found.startsWith('"') ? found : `"${found}"`,
      )
    : text;
  try {
    return JSON.parse(exact) as JsonValue;
  } catch (cause) {
    throw new JsonError("the body is not valid JSON", { cause });
  }
}

/** Refuses text whose nesting would overflow the stack of whoever walks it. */
function checkDepth(text: string): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (inString) {
      if (unit === BACKSLASH) i += 1;
      else if (unit === QUOTE) inString = false;
    } else if (unit === QUOTE) {
      inString = true;
    } else if (unit === OPENING_BRACKET || unit === OPENING_BRACE) {
      depth += 1;
      if (depth > JSON_DEPTH_MAX) throw new JsonError("the body is nested too deeply");
    } else if (unit === CLOSING_BRACKET || unit === CLOSING_BRACE) {
      depth -= 1;
    }
  }
}
