import type { KeyValue, RangeResponse } from "@quorate/protocol";
import type { CallOptions } from "../requests.ts";
import { type Bytes, NO_END, toBytes } from "./bytes.ts";
import { type IntervalOptions, interval } from "./interval.ts";

/** What is read page by page. */
export interface PageOptions extends CallOptions, IntervalOptions {
  /** At most this many pairs in a page. Default 1 000. */
  readonly size?: number | undefined;
  /** As of this revision. Default: the newest when the first page is read; the others follow it. */
  readonly revision?: number | undefined;
  readonly keysOnly?: boolean | undefined;
}

/** Some pairs of an interval, in the order of their keys. */
export interface Page {
  readonly kvs: readonly KeyValue[];
  /** The revision that all pages are as of. */
  readonly revision: number;
  /** Pairs in the whole interval. */
  readonly count: number;
}

const SIZE_DEFAULT = 1_000;

type Get = (
  key: Bytes,
  options: CallOptions & {
    readonly end?: Bytes;
    readonly fromKey?: boolean;
    readonly limit: number;
    readonly revision: number | undefined;
    readonly keysOnly: boolean | undefined;
  },
) => Promise<RangeResponse>;

/** Reads an interval page by page, each page beginning right after the last key of the one before. */
export async function* pages(get: Get, key: Bytes, options: PageOptions): AsyncGenerator<Page> {
  const { rangeEnd, key: first } = interval(key, options);
  const limit = options.size ?? SIZE_DEFAULT;
  let { revision } = options;
  let from = first;
  let count: number | undefined;
  const { keysOnly, signal, timeoutMs } = options;
  for (;;) {
    const where = isNoEnd(rangeEnd)
      ? { fromKey: true }
      : rangeEnd.length === 0
        ? {}
        : { end: rangeEnd };
    const how = { ...where, limit, revision, keysOnly, signal, timeoutMs };
    // An interval of all keys begins before the first one, which `fromKey` says with an empty key.
    const answer = await get(isNoEnd(from) && isNoEnd(rangeEnd) ? "" : from, how);
    revision ??= answer.header?.revision;
    count ??= answer.count;
    const last = answer.kvs.at(-1);
    if (last !== undefined) yield { kvs: answer.kvs, revision: revision ?? 0, count };
    if (!answer.more || last === undefined) return;
    from = after(toBytes(last.key));
  }
}

/** The smallest key that is greater. */
function after(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

function isNoEnd(bytes: Uint8Array): boolean {
  return bytes.length === 1 && bytes[0] === NO_END[0];
}
