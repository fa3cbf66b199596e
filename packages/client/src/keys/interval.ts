import { NO_BYTES } from "@quorate/protocol";
import { type Bytes, NO_END, prefixEnd, toBytes } from "./bytes.ts";

/** Which keys: one, all that begin with it (`prefix`), all from it on (`fromKey`), or up to `end`, exclusive. */
export interface IntervalOptions {
  readonly prefix?: boolean | undefined;
  readonly fromKey?: boolean | undefined;
  readonly end?: Bytes | undefined;
}

/** Keys from `key` up to `rangeEnd`, exclusive; only `key` when that is empty. */
export interface Interval {
  readonly key: Uint8Array;
  readonly rangeEnd: Uint8Array;
}

/** The interval that is meant. An empty key with `prefix` or `fromKey` means every key there is. */
export function interval(key: Bytes, options: IntervalOptions): Interval {
  const start = toBytes(key);
  const from = start.length === 0 ? NO_END : start;
  if (options.prefix === true) {
    return { key: from, rangeEnd: start.length === 0 ? NO_END : prefixEnd(start) };
  }
  if (options.fromKey === true) return { key: from, rangeEnd: NO_END };
  return { key: start, rangeEnd: options.end === undefined ? NO_BYTES : toBytes(options.end) };
}
