import fc from "fast-check";
import { expect, test } from "vitest";
import { CODE_LENGTHS, decodeHuffman, maxDecodedBytes } from "../../src/hpack/huffman.ts";

/** Canonical codes: by length, then by symbol. */
const CODES: readonly string[] = (() => {
  const codes: string[] = [];
  let code = 0n;
  let length = 0;
  const order = CODE_LENGTHS.map((bits, symbol) => ({ bits, symbol })).sort(
    (a, b) => a.bits - b.bits || a.symbol - b.symbol,
  );
  for (const { bits, symbol } of order) {
    code <<= BigInt(bits - length);
    length = bits;
    codes[symbol] = code.toString(2).padStart(bits, "0");
    code += 1n;
  }
  return codes;
})();

const pack = (bits: string): Uint8Array => {
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, "1");
  return Uint8Array.from(padded.match(/.{8}/g) ?? [], (octet) => Number.parseInt(octet, 2));
};

const encode = (octets: Uint8Array): Uint8Array =>
  pack(Array.from(octets, (octet) => CODES[octet] as string).join(""));

const decode = (code: Uint8Array): Uint8Array | undefined => {
  const out = new Uint8Array(maxDecodedBytes(code.length));
  const length = decodeHuffman(code, 0, code.length, out);
  return length < 0 ? undefined : out.subarray(0, length);
};

test("codes known from the RFC are where they belong", () => {
  expect(CODES["0".charCodeAt(0)]).toBe("00000");
  expect(CODES["a".charCodeAt(0)]).toBe("00011");
  expect(CODES[" ".charCodeAt(0)]).toBe("010100");
  expect(CODES["Z".charCodeAt(0)]).toBe("11111101");
  expect(CODES[0]).toBe("1111111111000");
  expect(CODES[10]).toBe(`${"1".repeat(28)}00`);
  expect(CODES[256]).toBe("1".repeat(30));
});

test("every octet decodes from its code", () => {
  for (let octet = 0; octet < 256; octet++) {
    expect(decode(encode(Uint8Array.of(octet)))).toEqual(Uint8Array.of(octet));
  }
});

test("property: what is encoded is decoded", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      expect(decode(encode(octets))).toEqual(octets);
    }),
    { numRuns: 1000 },
  );
});

test("a code cut off inside a symbol is refused", () => {
  const whole = encode(Uint8Array.of(0, 0));
  expect(decode(whole.subarray(0, whole.length - 1))).toBeUndefined();
});
