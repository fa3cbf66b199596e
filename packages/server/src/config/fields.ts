import { z } from "zod";
import { parseDuration } from "./duration.ts";
import type { GivenValue } from "./given.ts";
import { parseUrl, type Url } from "./url.ts";

// How the text of a setting becomes its value. Every message continues the sentence "<setting> must be …".

const given: z.ZodType<GivenValue> = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.string()),
]);

/** A field whose text is read by `read`, which says what is expected instead where it cannot. */
function field<T>(
  read: (value: GivenValue) => T | { readonly expected: string },
  fallback: T,
): z.ZodType<T> {
  return given.optional().transform((value, context) => {
    if (value === undefined) return fallback;
    const result = read(value);
    if (typeof result === "object" && result !== null && "expected" in result) {
      context.addIssue({ code: "custom", message: `must be ${result.expected}` });
      return z.NEVER;
    }
    return result;
  }) as unknown as z.ZodType<T>;
}

const plain = (value: GivenValue): string =>
  Array.isArray(value) ? value.join(",") : String(value);

export function text(fallback: string): z.ZodType<string> {
  return field(plain, fallback);
}

export function optionalText(): z.ZodType<string | undefined> {
  return field<string | undefined>((value) => plain(value) || undefined, undefined);
}

export function oneOf<const T extends string>(choices: readonly T[], fallback: T): z.ZodType<T> {
  const expected = { expected: choices.filter((choice) => choice !== "").join(" or ") };
  return field<T>(
    (value) => choices.find((choice) => choice === plain(value)) ?? expected,
    fallback,
  );
}

/** As Go's flags read booleans. */
export function flag(fallback: boolean): z.ZodType<boolean> {
  return field<boolean>((value) => {
    const word = plain(value).toLowerCase();
    if (["true", "t", "1"].includes(word)) return true;
    if (["false", "f", "0"].includes(word)) return false;
    return { expected: "true or false" };
  }, fallback);
}

export function wholeNumber(
  fallback: number,
  least: number,
  most: number,
  unit = "",
): z.ZodType<number> {
  return field<number>((value) => {
    const word = plain(value).trim();
    const number = /^-?\d+$/.test(word) ? Number(word) : Number.NaN;
    if (Number.isSafeInteger(number) && number >= least && number <= most) return number;
    const kind = `a whole number${unit && ` of ${unit}`}`;
    return { expected: `${kind}${rangeText(least, most)}` };
  }, fallback);
}

function rangeText(least: number, most: number): string {
  if (most !== Number.MAX_SAFE_INTEGER) return ` from ${least} to ${most}`;
  return least === -Number.MAX_SAFE_INTEGER ? "" : `, ${least} or more`;
}

export function duration(fallbackMs: number, leastMs: number): z.ZodType<number> {
  return field<number>((value) => {
    const ms = parseDuration(plain(value));
    if (ms !== undefined && ms >= leastMs) return ms;
    return { expected: `a time span such as 10m or 500ms, at least ${leastMs}ms` };
  }, fallbackMs);
}

export function list(fallback: readonly string[]): z.ZodType<readonly string[]> {
  return field<readonly string[]>((value) => split(value), fallback);
}

export function urls(fallback: readonly string[]): z.ZodType<readonly Url[]> {
  const parsed = fallback.map(parseUrl).filter((url): url is Url => !("problem" in url));
  return field<readonly Url[]>((value) => {
    const all: Url[] = [];
    for (const part of split(value)) {
      const url = parseUrl(part);
      if ("problem" in url) return { expected: `a list of URLs, but ${url.problem}` };
      all.push(url);
    }
    return all;
  }, parsed);
}

function split(value: GivenValue): readonly string[] {
  const parts = Array.isArray(value) ? value : plain(value).split(",");
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}
