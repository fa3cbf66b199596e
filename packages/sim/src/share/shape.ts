import { ShareError } from "./share-error.ts";

/** Reads a value that came from outside, or says at which place it is wrong. Fields it does not know are dropped. */
export type Shape<T> = (value: unknown, place: string) => T;

export function wrong(place: string, what: string): ShareError {
  return new ShareError("invalid", `${place}: ${what}`);
}

export function number(min: number, max: number): Shape<number> {
  return (value, place) => {
    if (typeof value === "number" && value >= min && value <= max) return value;
    throw wrong(place, `must be a number from ${min} to ${max}`);
  };
}

export function whole(min: number, max: number): Shape<number> {
  return (value, place) => {
    if (Number.isSafeInteger(value)) return number(min, max)(value, place);
    throw wrong(place, "must be a whole number");
  };
}

export function text(lengthMax: number): Shape<string> {
  return (value, place) => {
    if (typeof value === "string" && value.length <= lengthMax) return value;
    throw wrong(place, `must be a text of at most ${lengthMax} characters`);
  };
}

export const flag: Shape<boolean> = (value, place) => {
  if (typeof value === "boolean") return value;
  throw wrong(place, "must be true or false");
};

export function oneOf<T extends string>(...values: readonly T[]): Shape<T> {
  return (value, place) => {
    const found = values.find((known) => known === value);
    if (found !== undefined) return found;
    throw wrong(place, `must be one of ${values.join(", ")}`);
  };
}

export function list<T>(lengthMax: number, of: Shape<T>): Shape<T[]> {
  return (value, place) => {
    if (!Array.isArray(value)) throw wrong(place, "must be a list");
    if (value.length > lengthMax) throw wrong(place, `has more than ${lengthMax} items`);
    return value.map((item, at) => of(item, `${place}[${at}]`));
  };
}

export function optional<T>(of: Shape<T>): Shape<T | undefined> {
  return (value, place) => (value === undefined ? undefined : of(value, place));
}

export function orNull<T>(of: Shape<T>): Shape<T | null> {
  return (value, place) => (value === null ? null : of(value, place));
}

type Fields = Readonly<Record<string, Shape<unknown>>>;

type Read<F extends Fields> = { readonly [K in keyof F]: ReturnType<F[K]> };

/** Fields that are absent stay absent. */
export function record<F extends Fields>(fields: F): Shape<Read<F>> {
  return (value, place) => {
    const source = recordOf(value, place);
    const read: Record<string, unknown> = {};
    for (const [name, shape] of Object.entries(fields)) {
      const found = shape(
        Object.hasOwn(source, name) ? source[name] : undefined,
        `${place}.${name}`,
      );
      if (found !== undefined) read[name] = found;
    }
    return read as Read<F>;
  };
}

export function recordOf(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw wrong(place, "must be an object");
}
