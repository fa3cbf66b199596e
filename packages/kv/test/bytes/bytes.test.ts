import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteReader, MalformedBytesError } from "../../src/bytes/byte-reader.ts";
import { ByteWriter } from "../../src/bytes/byte-writer.ts";
import {
  binaryString,
  bytesOfBinaryString,
  compareBytes,
  equalBytes,
  intervalEnd,
} from "../../src/bytes/bytes.ts";
import { crc32c } from "../../src/bytes/crc32c.ts";
import { Fingerprint } from "../../src/bytes/fingerprint.ts";
import { IntervalSet } from "../../src/bytes/interval-set.ts";
import { readVarint, varintBytes, writeVarint } from "../../src/bytes/varint.ts";

const bytes = fc.uint8Array({ maxLength: 12 });

test("bytes compare like their binary strings", () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const [x, y] = [binaryString(a), binaryString(b)];
      expect(Math.sign(compareBytes(a, b))).toBe(x === y ? 0 : x < y ? -1 : 1);
      expect(equalBytes(a, b)).toBe(x === y);
      expect(bytesOfBinaryString(x)).toEqual(a);
    }),
  );
});

test("long binary strings come back whole", () => {
  const long = Uint8Array.from({ length: 10_000 }, (_, i) => i * 7);
  expect(bytesOfBinaryString(binaryString(long))).toEqual(long);
});

test("integers of every length come back, in the length announced", () => {
  const cursor = { at: 0 };
  const into = new Uint8Array(16);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.nat(),
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        fc.integer({ min: 0, max: 52 }).map((bits) => 2 ** bits),
        fc.integer({ min: 1, max: 53 }).map((bits) => 2 ** bits - 1),
      ),
      (value) => {
        const end = writeVarint(into, 3, value);
        expect(end - 3).toBe(varintBytes(value));
        cursor.at = 3;
        expect(readVarint(into, cursor)).toBe(value);
        expect(cursor.at).toBe(end);
      },
    ),
    { numRuns: 2000 },
  );
});

test("a reader never reads past the end and never returns unsafe integers", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), fc.nat(6), (input, what) => {
      const reader = new ByteReader(input);
      const read = [
        () => reader.varint(),
        () => reader.signed(),
        () => reader.int64(),
        () => reader.bytes(),
        () => reader.text(),
        () => reader.count(3),
        () => reader.flag(),
      ][what] as () => unknown;
      try {
        const value = read();
        if (typeof value === "number") expect(Number.isSafeInteger(value)).toBe(true);
        expect(reader.at).toBeLessThanOrEqual(input.length);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedBytesError);
      }
    }),
    { numRuns: 5000 },
  );
});

test("what a writer wrote a reader reads", () => {
  fc.assert(
    fc.property(
      fc.maxSafeInteger(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.string({ unit: "binary" }),
      bytes,
      fc.boolean(),
      (number, big, text, raw, flag) => {
        const writer = new ByteWriter(1);
        writer.signed(number);
        writer.int64(big);
        writer.uint64(BigInt.asUintN(64, big));
        writer.text(text);
        writer.bytes(raw);
        writer.flag(flag);
        const reader = new ByteReader(writer.finish());
        expect(reader.signed()).toBe(number);
        expect(reader.int64()).toBe(big);
        expect(reader.uint64()).toBe(BigInt.asUintN(64, big));
        expect(reader.text()).toBe(text);
        expect(reader.bytes()).toEqual(raw);
        expect(reader.flag()).toBe(flag);
        reader.end();
      },
    ),
  );
});

test("crc32c matches published values, in one piece or several", () => {
  const ascii = (text: string) => new TextEncoder().encode(text);
  expect(crc32c(ascii(""))).toBe(0);
  expect(crc32c(ascii("a"))).toBe(0xc1d04330);
  expect(crc32c(ascii("123456789"))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(60), (all, at) => {
      const cut = Math.min(at, all.length);
      expect(crc32c(all.subarray(cut), crc32c(all.subarray(0, cut)))).toBe(crc32c(all));
    }),
  );
});

test("fingerprints differ when anything they were fed differs", () => {
  const of = (...parts: Uint8Array[]) => {
    const fingerprint = new Fingerprint();
    for (const part of parts) fingerprint.addBytes(part);
    return fingerprint.toString();
  };
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.nat(),
      fc.nat(7),
      (a, at, bit) => {
        const b = a.slice();
        const place = at % a.length;
        b[place] = (b[place] as number) ^ (1 << bit);
        expect(of(a)).toBe(of(a.slice()));
        expect(of(a)).not.toBe(of(b));
        expect(of(a, b)).not.toBe(of(b, a));
        expect(of(a, Uint8Array.of())).not.toBe(of(a));
      },
    ),
  );
});

test("a fingerprint goes on where another stopped", () => {
  const first = new Fingerprint();
  first.addText("some history");
  const second = new Fingerprint(first.a, first.b);
  first.addNumber(2 ** 40);
  second.addNumber(2 ** 40);
  expect(second.toString()).toBe(first.toString());
  expect(first.toString()).toMatch(/^[0-9a-f]{16}$/);
});

test("an interval set holds what was added and nothing else", () => {
  const point = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(point, fc.option(point, { nil: undefined })), { maxLength: 12 }),
      point,
      fc.option(point, { nil: undefined }),
      (intervals, from, to) => {
        const set = new IntervalSet();
        const covered = (n: number) =>
          intervals.some(([begin, end]) => n >= begin && (end === undefined || n < end));
        for (const [begin, end] of intervals) {
          set.add(Uint8Array.of(begin), end === undefined ? undefined : Uint8Array.of(end));
        }
        for (let n = 0; n <= 50; n++) expect(set.has(Uint8Array.of(n))).toBe(covered(n));
        if (to !== undefined && to <= from) return;
        // Between two neighbouring bytes there are more keys, but no interval of this test ends there.
        let all = to !== undefined || intervals.some(([, end]) => end === undefined);
        for (let n = from; n < (to ?? 60); n++) all &&= covered(n);
        const end = to === undefined ? undefined : Uint8Array.of(to);
        expect(set.contains(Uint8Array.of(from), end)).toBe(all);
      },
    ),
    { numRuns: 1000 },
  );
});

test("interval ends follow the convention of the API", () => {
  const key = Uint8Array.of(5);
  expect(intervalEnd(key, undefined)).toEqual(Uint8Array.of(5, 0));
  expect(intervalEnd(key, Uint8Array.of())).toEqual(Uint8Array.of(5, 0));
  expect(intervalEnd(key, Uint8Array.of(0))).toBeUndefined();
  expect(intervalEnd(key, Uint8Array.of(9))).toEqual(Uint8Array.of(9));
});

test("an interval without keys is in the set when all that lies between its ends is", () => {
  const set = new IntervalSet();
  set.add(Uint8Array.of(10), Uint8Array.of(20));
  const contains = (begin: number, end: number) =>
    set.contains(Uint8Array.of(begin), Uint8Array.of(end));
  expect([contains(15, 12), contains(15, 15)]).toEqual([true, true]);
  // Measured on etcd 3.4.23: a user who may read from 10 on may not ask for what ends before it.
  expect([contains(15, 10), contains(15, 5), contains(25, 15)]).toEqual([false, false, false]);
});
