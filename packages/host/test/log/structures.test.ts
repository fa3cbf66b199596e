import type { Entry } from "@quorate/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { EntryCache } from "../../src/log/entry-cache.ts";
import { LogExtents } from "../../src/log/log-extents.ts";
import { readU64, writeU64, writeVarint } from "../../src/log/numbers.ts";
import { ReadWindows } from "../../src/log/read-windows.ts";
import { TermRuns } from "../../src/log/term-runs.ts";
import { ByteReader } from "../../src/wire/byte-reader.ts";
import { entries } from "./log-fixture.ts";

type Change =
  | { readonly type: "append"; readonly termsUp: number; readonly count: number }
  | { readonly type: "truncate"; readonly share: number }
  | { readonly type: "compact"; readonly share: number }
  | { readonly type: "reset"; readonly ahead: number };

const share = fc.double({ min: 0, max: 1, noNaN: true });
const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("append" as const),
      termsUp: fc.integer({ min: 0, max: 2 }),
      count: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("truncate" as const), share }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("compact" as const), share }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("reset" as const),
      ahead: fc.integer({ min: 0, max: 9 }),
    }),
  },
);

test("term runs answer like a list of terms", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const runs = new TermRuns({ index: 0, term: 0 });
      let base = { index: 0, term: 0 };
      let terms: number[] = [];
      const termAt = (index: number): number =>
        index === base.index ? base.term : (terms[index - base.index - 1] ?? -1);
      for (const each of changes) {
        const last = base.index + terms.length;
        if (each.type === "append") {
          const term = termAt(last) + each.termsUp;
          runs.append(term, each.count);
          terms = [...terms, ...Array.from({ length: each.count }, () => term)];
        } else if (each.type === "truncate") {
          const index = base.index + Math.floor(each.share * terms.length);
          runs.truncate({ index, term: termAt(index) });
          terms = terms.slice(0, index - base.index);
        } else if (each.type === "compact") {
          const index = base.index + Math.floor(each.share * terms.length);
          runs.compact(index);
          const kept = terms.slice(index - base.index);
          base = { index, term: termAt(index) };
          terms = kept;
        } else {
          base = { index: last + each.ahead, term: termAt(last) + 1 };
          runs.reset(base);
          terms = [];
        }
        const end = base.index + terms.length;
        expect(runs.base).toEqual(base);
        expect(runs.last).toEqual({ index: end, term: termAt(end) });
        expect(runs.term(base.index - 1)).toBe("compacted");
        expect(runs.term(end + 1)).toBe("unavailable");
        for (let index = base.index; index <= end; index += 1) {
          expect(runs.term(index)).toBe(termAt(index));
        }
      }
    }),
  );
});

test("truncating before the base takes the base along", () => {
  const runs = new TermRuns({ index: 100, term: 7 });
  runs.append(7, 5);
  runs.truncate({ index: 50, term: 3 });
  expect(runs.base).toEqual({ index: 50, term: 3 });
  expect(runs.lastIndex).toBe(50);
});

test("the cache is a gapless tail whatever is pushed, cut and evicted", () => {
  const step = fc.oneof(
    fc.record({ type: fc.constant("push" as const), count: fc.integer({ min: 1, max: 600 }) }),
    fc.record({ type: fc.constant("cut" as const), share }),
    fc.record({ type: fc.constant("evict" as const), share, durableShare: share }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const cache = new EntryCache(1);
      let held: Entry[] = [];
      let first = 1;
      for (const each of steps) {
        const next = first + held.length;
        if (each.type === "push") {
          const more = entries(next, next + each.count - 1, 1, 3);
          for (const entry of more) cache.push(entry);
          held = [...held, ...more];
        } else if (each.type === "cut") {
          const last = Math.max(0, first - 2) + Math.floor(each.share * (held.length + 1));
          cache.truncate(last);
          held = held.filter((entry) => entry.index <= last);
          if (held.length === 0) first = Math.min(first, last + 1);
        } else {
          const bytesMax = Math.floor(each.share * cache.bytes);
          const durable = first - 1 + Math.floor(each.durableShare * held.length);
          cache.evict(bytesMax, durable);
          while (held.length > 0 && first <= durable && held.length * 131 > bytesMax) {
            held = held.slice(1);
            first += 1;
          }
        }
        expect(cache.bytes).toBe(held.length * 131);
        expect(cache.nextIndex).toBe(first + held.length);
        if (held.length > 0) {
          expect(cache.firstIndex).toBe(first);
          expect(cache.slice(first, first + held.length, Number.POSITIVE_INFINITY)).toEqual(held);
          expect(cache.at(first + held.length - 1)).toBe(held.at(-1));
        }
      }
    }),
  );
});

test("extents find the batch that holds an index, after any cuts", () => {
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        type: fc.constant("add" as const),
        count: fc.integer({ min: 1, max: 5 }),
        bytes: fc.integer({ min: 50, max: 40_000 }),
        /** How often the batch goes on with one more record, cut back before it or not. */
        records: fc.array(fc.boolean(), { maxLength: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("cut" as const), share }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("drop" as const), share }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("roll" as const) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const extents = new LogExtents();
      const where = new Map<number, { segment: number; from: number; to: number }>();
      let [first, last, segment, at] = [1, 0, 1, 64];
      for (const each of steps) {
        if (each.type === "roll") {
          segment += 1;
          at = 64;
        } else if (each.type === "cut") {
          const cut = first - 1 + Math.floor(each.share * (last - first + 1));
          extents.truncate(cut);
          for (let index = cut + 1; index <= last; index += 1) where.delete(index);
          last = cut;
        } else if (each.type === "drop") {
          const from = 1 + Math.floor(each.share * segment);
          extents.dropBefore(from);
          for (const [index, place] of where) if (place.segment < from) where.delete(index);
          first = Math.min(...where.keys(), last + 1);
        } else {
          for (const isCut of [false, ...each.records]) {
            if (isCut && last >= first) {
              extents.truncate(last - 1);
              where.delete(last);
              last -= 1;
            }
            extents.add(last + 1, last + each.count, segment, at, at + each.bytes);
            for (let index = last + 1; index <= last + each.count; index += 1) {
              where.set(index, { segment, from: at, to: at + each.bytes });
            }
            last += each.count;
          }
          at += each.bytes;
        }
        expect(extents.firstIndex).toBe(where.size === 0 ? undefined : first);
        expect(extents.find(first - 1)).toBeUndefined();
        expect(extents.find(last + 1)).toBeUndefined();
        for (const [index, place] of where) {
          const found = extents.find(index);
          expect(found?.segment).toBe(place.segment);
          expect(found?.from).toBeLessThanOrEqual(place.from);
          expect(found?.to).toBeGreaterThanOrEqual(place.to);
        }
      }
    }),
  );
});

test("records that share a batch share an extent: a follower that lags is not sent each from a read of its own", () => {
  const extents = new LogExtents();
  for (let index = 1; index <= 2_000; index += 1) {
    const from = 64 + Math.floor((index - 1) / 1_000) * 300_000;
    extents.add(index, index, 1, from, from + 300_000);
  }
  expect(extents.count).toBe(2);
});

test("many small batches share an extent, so that a long log needs little memory", () => {
  const extents = new LogExtents();
  for (let index = 1; index <= 10_000; index += 1) {
    extents.add(index, index, 1, index * 100, index * 100 + 100);
  }
  expect(extents.count).toBeLessThan(20);
});

test("read windows keep the latest used within their bytes", () => {
  const windows = new ReadWindows(1_000);
  windows.add(entries(1, 10, 1), 400);
  windows.add(entries(11, 20, 1), 400);
  expect(windows.find(1, 3, 1_000)?.map((entry) => entry.index)).toEqual([1, 2]);
  windows.add(entries(21, 30, 1), 400);
  expect(windows.find(11, 12, 1_000)).toBeUndefined();
  expect(windows.find(8, 15, 1_000)?.map((entry) => entry.index)).toEqual([8, 9, 10]);
  expect(windows.find(8, 15, 0)?.map((entry) => entry.index)).toEqual([8]);
  windows.add(entries(31, 40, 1), 5_000);
  expect(windows.find(40, 41, 1_000)?.length).toBe(1);
  windows.clear();
  expect(windows.find(40, 41, 1_000)).toBeUndefined();
});

test("numbers survive their bytes up to the largest safe integer", () => {
  const bytes = new Uint8Array(16);
  const check = (value: number): void => {
    const end = writeVarint(bytes, 0, value);
    const reader = new ByteReader(bytes, 0, end);
    expect(reader.varint()).toBe(value);
    reader.end();
    writeU64(bytes, 8, value);
    expect(readU64(bytes, 8)).toBe(value);
  };
  for (let bit = 0; bit <= 53; bit += 1) {
    check(2 ** bit - 1);
    if (bit < 53) check(2 ** bit);
  }
  fc.assert(fc.property(fc.maxSafeNat(), check));
  bytes.fill(0xff, 8);
  expect(readU64(bytes, 8)).toBeNaN();
});
