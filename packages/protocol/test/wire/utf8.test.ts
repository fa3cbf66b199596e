import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeUtf8, utf8 } from "../../src/index.ts";

test("text of any script survives, as the platform encodes it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      const bytes = utf8(text);
      expect(bytes).toEqual(new TextEncoder().encode(text));
      expect(decodeUtf8(bytes, 0, bytes.length)).toBe(text);
    }),
  );
});

test("text longer than one chunk", () => {
  const text = "日本語 🦀 é x".repeat(5000);
  const bytes = utf8(text);
  expect(decodeUtf8(bytes, 0, bytes.length)).toBe(text);
});

test("a lone surrogate becomes the replacement character", () => {
  expect(utf8("a\ud800b\udc00")).toEqual(new TextEncoder().encode("a\ud800b\udc00"));
});

test("bytes that the platform refuses are refused", () => {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
      let expected: string | undefined;
      try {
        expected = strict.decode(bytes);
      } catch {
        expect(() => decodeUtf8(bytes, 0, bytes.length)).toThrow("UTF-8");
        return;
      }
      expect(decodeUtf8(bytes, 0, bytes.length)).toBe(expected);
    }),
    { numRuns: 3000 },
  );
});
