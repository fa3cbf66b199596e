import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64, encodeBase64, JsonError } from "../../src/index.ts";
import { decodeWith } from "../../src/json/base64.ts";
import { readBase64, writeBase64 } from "../../src/json/base64-text.ts";
import { platformBase64 } from "../../src/json/platform-base64.ts";

/** From here on texts go to the platform. */
const LARGE_BYTES = 7000;

/** Long text of base64 that is right, mixed, or spoiled somewhere. */
const texts = fc
  .record({
    bytes: fc.uint8Array({ maxLength: 40 }),
    times: fc.constantFrom(1, 400),
    sign: fc.constantFrom("", "", "-", "_", "+", "/", " ", "\n", "=", "é", "\u0141", "#", "A"),
    at: fc.nat(),
    padded: fc.boolean(),
  })
  .map(({ bytes, times, sign, at, padded }) => {
    const text = Buffer.from(
      Buffer.from(bytes).toString("base64").repeat(times),
      "base64",
    ).toString(padded ? "base64" : "base64url");
    const place = text.length === 0 ? 0 : at % text.length;
    return text.slice(0, place) + sign + text.slice(place + sign.length);
  });

/** What a reading comes to, whatever kind of array it gives. */
function outcome(read: () => Uint8Array): string {
  try {
    return Buffer.from(read()).toString("hex");
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return "refused";
  }
}

describe("the platform's base64", () => {
  test("writes what the portable writer writes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000, size: "max" }), fc.nat(9), (bytes, from) => {
        const part = bytes.subarray(from);
        expect(encodeBase64(part)).toBe(writeBase64(part));
      }),
      { numRuns: 50 },
    );
  });

  test("reads and refuses what the portable reader does", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const long = text.repeat(Math.ceil((2 * LARGE_BYTES) / Math.max(1, text.length)));
        for (const each of [text, long]) {
          expect(outcome(() => decodeBase64(each))).toBe(outcome(() => readBase64(each)));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("is asked for what is long, and its bytes keep nothing else alive", () => {
    const bytes = new Uint8Array(LARGE_BYTES).fill(9);
    const long = encodeBase64(bytes);
    const decoded = decodeWith(platformBase64(globalThis), long);
    expect(decoded).toEqual(bytes);
    expect(decodeBase64(long).buffer.byteLength).toBe(LARGE_BYTES);
    expect(decodeBase64("Zm9v").buffer.byteLength).toBe(3);
  });

  test("is not believed when it gives fewer bytes, throws, or is asked for other signs", () => {
    const lazy = { encode: undefined, decode: () => new Uint8Array(2) };
    const strict = {
      encode: undefined,
      decode: (): Uint8Array => {
        throw new SyntaxError("mixed alphabets");
      },
    };
    expect(decodeWith(lazy, "Zm9v")).toBeUndefined();
    expect(decodeWith(strict, "Zm9v")).toBeUndefined();
    expect(decodeWith(platformBase64(globalThis), "Zm 9")).toBeUndefined();
    expect(() => decodeWith(lazy, "Z")).toThrow(JsonError);
  });
});

describe("finding it", () => {
  test("in an engine whose arrays know base64 themselves", () => {
    const asked: unknown[] = [];
    class Bytes {
      static fromBase64(text: string, options: unknown): Uint8Array {
        asked.push(text, options);
        return readBase64(text);
      }
      toBase64(): string {
        return writeBase64(this as unknown as Uint8Array);
      }
    }
    const { encode, decode } = platformBase64({ Uint8Array: Bytes });
    expect(encode?.(Uint8Array.of(102, 111, 111))).toBe("Zm9v");
    expect(decode?.("Zm9v")).toEqual(Uint8Array.of(102, 111, 111));
    expect(decode?.("-_-_")).toEqual(readBase64("-_-_"));
    expect(asked).toEqual(["Zm9v", { alphabet: "base64" }, "-_-_", { alphabet: "base64url" }]);
  });

  test("in an engine that has none", () => {
    expect(platformBase64({ Uint8Array: class {} })).toEqual({
      encode: undefined,
      decode: undefined,
    });
    expect(decodeWith({ encode: undefined, decode: undefined }, "Zm9v")).toBeUndefined();
  });
});
