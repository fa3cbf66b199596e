import { decodeBase64 } from "./base64.ts";
import { JsonError } from "./json-error.ts";
import type { JsonObject, JsonValue } from "./parse-json.ts";

/** No more digits than any 64-bit integer has, besides zeros in front: longer ones are not worth converting. */
const INTEGER_TEXT = /^-?0*\d{1,20}$/;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

/** The object behind a message; nothing at all stands for an empty message. */
export function readObject(value: JsonValue, what: string): JsonObject {
  if (typeof value === "object" && value !== null && !isArray(value)) return value;
  throw wrong(what, "an object");
}

/** A field under its own name or its camel-case one; undefined when absent or null. */
export function field(object: JsonObject, name: string, camelName: string): JsonValue | undefined {
  const value = Object.hasOwn(object, name)
    ? object[name]
    : camelName !== name && Object.hasOwn(object, camelName)
      ? object[camelName]
      : undefined;
  return value === null ? undefined : value;
}

export function readArray(value: JsonValue, what: string): readonly JsonValue[] {
  if (isArray(value)) return value;
  throw wrong(what, "an array");
}

export function readBytes(value: JsonValue, what: string): Uint8Array {
  if (typeof value !== "string") throw wrong(what, "base64 in a string");
  try {
    return decodeBase64(value);
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw wrong(what, "base64, as bytes are written in JSON");
  }
}

export function readString(value: JsonValue, what: string): string {
  if (typeof value !== "string") throw wrong(what, "a string");
  return value;
}

export function readBool(value: JsonValue, what: string): boolean {
  if (typeof value !== "boolean") throw wrong(what, "true or false");
  return value;
}

/** A 64-bit integer, as number or text; beyond the safe range it becomes the safe range's end. */
export function readInt64(value: JsonValue, what: string): number {
  const exact = readInt64Exact(value, what);
  if (exact > BigInt(Number.MAX_SAFE_INTEGER)) return Number.MAX_SAFE_INTEGER;
  if (exact < BigInt(Number.MIN_SAFE_INTEGER)) return Number.MIN_SAFE_INTEGER;
  return Number(exact);
}

export function readUint64(value: JsonValue, what: string): number {
  const exact = readUint64Exact(value, what);
  return exact > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(exact);
}

export function readInt64Exact(value: JsonValue, what: string): bigint {
  return within(value, what, INT64_MIN, INT64_MAX);
}

export function readUint64Exact(value: JsonValue, what: string): bigint {
  return within(value, what, 0n, UINT64_MAX);
}

export function readInt32(value: JsonValue, what: string): number {
  return Number(within(value, what, -(2n ** 31n), 2n ** 31n - 1n));
}

export function readUint32(value: JsonValue, what: string): number {
  return Number(within(value, what, 0n, 2n ** 32n - 1n));
}

/** An enum's value by name or number; unknown numbers pass, unknown names do not. */
export function readEnum(
  value: JsonValue,
  what: string,
  numbers: Readonly<Record<string, number>>,
): number {
  if (typeof value === "string" && Object.hasOwn(numbers, value)) return numbers[value] ?? 0;
  if (typeof value === "number" && Number.isInteger(value)) return readInt32(value, what);
  throw wrong(what, `one of ${Object.keys(numbers).join(", ")}`);
}

function within(value: JsonValue, what: string, low: bigint, high: bigint): bigint {
  const isInteger =
    (typeof value === "number" && Number.isInteger(value)) ||
    (typeof value === "string" && INTEGER_TEXT.test(value));
  if (isInteger) {
    const exact = BigInt(value);
    if (exact >= low && exact <= high) return exact;
  }
  throw wrong(what, "a whole number within range");
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function wrong(what: string, expected: string): JsonError {
  return new JsonError(`${what} must be ${expected}`);
}
