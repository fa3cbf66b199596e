import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteReader } from "../../src/wire/byte-reader.ts";
import { ByteWriter } from "../../src/wire/byte-writer.ts";
import { WireError } from "../../src/wire/wire-error.ts";

const anyNumber = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.constantFrom(0, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER),
);

test("every safe integer comes back as it was, in its shortest form", () => {
  fc.assert(
    fc.property(fc.array(anyNumber), (numbers) => {
      const writer = new ByteWriter();
      for (const number of numbers) writer.varint(number);
      const reader = new ByteReader(writer.take());
      expect(numbers.map(() => reader.varint())).toEqual(numbers);
      reader.end();
    }),
  );
});

test("a number that is longer than needed or not safe is refused", () => {
  const longer = Uint8Array.of(0x80, 0x00);
  const unsafe = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f);
  const endless = new Uint8Array(16).fill(0xff);
  for (const bytes of [longer, unsafe, endless]) {
    expect(() => new ByteReader(bytes).varint()).toThrow(WireError);
  }
});

test("text of any kind comes back, lone surrogates as the replacement character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const writer = new ByteWriter();
      writer.text(text);
      const wellFormed = Buffer.from(text, "utf8").toString("utf8");
      expect(new ByteReader(writer.take()).text(1 << 20)).toBe(wellFormed);
    }),
  );
  const writer = new ByteWriter();
  writer.text("a\ud800b");
  expect(new ByteReader(writer.take()).text(16)).toBe("a\ufffdb");
});

test("text is encoded and refused as the platform does it", () => {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      const framed = Uint8Array.of(bytes.length, ...bytes);
      let expected: string | undefined;
      try {
        expected = decoder.decode(bytes);
      } catch {
        expected = undefined;
      }
      if (expected === undefined) {
        expect(() => new ByteReader(framed).text(64)).toThrow(WireError);
      } else {
        expect(new ByteReader(framed).text(64)).toBe(expected);
        const writer = new ByteWriter();
        writer.text(expected);
        expect(writer.take()).toEqual(framed);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("what was taken is never written again", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40_000 }), { maxLength: 12 }), (parts) => {
      const writer = new ByteWriter();
      const taken = parts.map((part) => {
        writer.raw(part);
        return writer.take();
      });
      expect(taken.map((bytes) => bytes.length)).toEqual(parts.map((part) => part.length));
      expect(taken).toEqual(parts);
    }),
    { numRuns: 50 },
  );
});

test("a count never promises more than the bytes that follow it", () => {
  const writer = new ByteWriter();
  writer.varint(2 ** 40);
  expect(() => new ByteReader(writer.take()).count(1)).toThrow(WireError);
});
