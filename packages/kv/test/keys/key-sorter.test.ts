import fc from "fast-check";
import { expect, test } from "vitest";
import { compareBytes } from "../../src/bytes/bytes.ts";
import { KeySorter } from "../../src/keys/key-sorter.ts";

/** Few distinct bytes, zeros among them, so that keys are equal, nest, and differ late or only in their length. */
const key = fc.oneof(
  fc.array(fc.constantFrom(0, 1, 255), { maxLength: 7 }),
  fc
    .tuple(fc.nat(12), fc.array(fc.constantFrom(0, 97), { maxLength: 3 }))
    .map(([zeros, end]) => [...new Array<number>(zeros).fill(0), ...end]),
  fc.nat(300).map((n) => [...`registry/pods/default/${n}`].map((c) => c.charCodeAt(0))),
);

test("brings keys into the order of their bytes, and equal ones into that in which they came", () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 200, size: "max" }), (bytes) => {
      const keys = bytes.map((each) => Uint8Array.from(each));
      const sorter = new KeySorter(256);
      for (const each of keys) expect(sorter.add(each, 0, each.length)).toBe(true);
      sorter.sort();
      const sorted = keys.map((_, place) => sorter.at(place));
      const expected = keys
        .map((_, place) => place)
        .sort((a, b) => compareBytes(keys[a] as Uint8Array, keys[b] as Uint8Array) || a - b);
      expect(sorted).toEqual(expected);
      for (const place of sorted) {
        const [start, end] = [sorter.startOf(place), sorter.endOf(place)];
        expect(sorter.bytes.slice(start, end)).toEqual(keys[place]);
      }
      for (const [a, b] of [
        [0, 1],
        [1, 0],
        [0, 0],
      ] as const) {
        if (keys.length < 2) continue;
        const isEqual = compareBytes(keys[a] as Uint8Array, keys[b] as Uint8Array) === 0;
        expect(sorter.isEqual(a, b)).toBe(isEqual);
      }
    }),
    { numRuns: 300 },
  );
});

test("takes as many keys as it has room for, and one of any length when it is empty", () => {
  const sorter = new KeySorter(2);
  const long = new Uint8Array(3 * 1024 * 1024).fill(7);
  expect(sorter.add(long, 1, long.length)).toBe(true);
  expect(sorter.add(Uint8Array.of(1), 0, 1)).toBe(false);
  sorter.sort();
  expect([sorter.startOf(0), sorter.endOf(0)]).toEqual([0, long.length - 1]);
  sorter.clear();
  expect(sorter.add(Uint8Array.of(9, 2, 9), 1, 2)).toBe(true);
  expect(sorter.add(long, 0, long.length)).toBe(false);
  expect(sorter.add(Uint8Array.of(1), 0, 1)).toBe(true);
  expect(sorter.add(Uint8Array.of(0), 0, 1)).toBe(false);
  sorter.sort();
  expect([sorter.at(0), sorter.at(1)]).toEqual([1, 0]);
});
