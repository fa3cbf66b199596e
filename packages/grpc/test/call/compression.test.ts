import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { acceptsEncoding, compress, decompress } from "../../src/call/compression.ts";

const TEXT = Buffer.alloc(10_000, "compress me ");

describe.each(["gzip", "deflate"] as const)("%s", (encoding) => {
  const pack = encoding === "gzip" ? gzipSync : deflateSync;

  test("is undone, up to the limit exactly", () => {
    expect(Buffer.from(decompress(pack(TEXT), encoding, 10_000)).equals(TEXT)).toBe(true);
    expect(decompress(pack(Buffer.alloc(0)), encoding, 10_000)).toHaveLength(0);
  });

  test("a small frame that expands beyond the limit is refused", () => {
    const bomb = pack(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(60_000);
    expect(() => decompress(bomb, encoding, 1_000_000)).toThrow(
      expect.objectContaining({ code: 8 }),
    );
  });

  test("rubbish is refused", () => {
    expect(() => decompress(Buffer.from("rubbish"), encoding, 100)).toThrow(
      expect.objectContaining({ code: 13 }),
    );
  });

  test("compresses what is worth it, and says when nothing is", () => {
    const packed = compress(TEXT, encoding);
    expect(packed?.length).toBeLessThan(1000);
    expect(Buffer.from(decompress(packed as Uint8Array, encoding, 10_000)).equals(TEXT)).toBe(true);
    expect(compress(TEXT.subarray(0, 100), encoding)).toBeUndefined();
    // It would take as long as hundreds of other calls.
    expect(compress(new Uint8Array(1024 * 1024), encoding)?.length).toBeLessThan(10_000);
    expect(compress(new Uint8Array(1024 * 1024 + 1), encoding)).toBeUndefined();
    expect(compress(pack(Buffer.from(randomLooking(5000))), encoding)).toBeUndefined();
  });
});

test("the compressed flag without an encoding is refused", () => {
  expect(() => decompress(TEXT, undefined, 100)).toThrow(
    "grpc: compressed flag set with identity or empty encoding",
  );
});

test("which encodings a client takes", () => {
  expect(acceptsEncoding("", "gzip")).toBe(true);
  expect(acceptsEncoding("identity, gzip", "gzip")).toBe(true);
  expect(acceptsEncoding("identity,deflate", "gzip")).toBe(false);
});

function randomLooking(length: number): Uint8Array {
  let state = 12_345;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  });
}
