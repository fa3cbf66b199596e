import { expect, test } from "vitest";
import {
  AuthUserGetRequest,
  MAX_DEPTH,
  PutRequest,
  RangeRequest,
  type RequestOpInit,
  TxnRequest,
  WatchCreateRequest,
  WireError,
} from "../../src/index.ts";
import { fromHex } from "./golden.ts";

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof WireError) return error.code;
    throw error;
  }
  return "none";
}

test("a put as every etcd client writes it", () => {
  const bytes = fromHex("0a 03 666f6f 12 03 626172 18 07 20 01");
  const decoded = PutRequest.decode(bytes);
  expect(decoded).toEqual({
    key: fromHex("666f6f"),
    value: fromHex("626172"),
    lease: 7n,
    prevKv: true,
    ignoreValue: false,
    ignoreLease: false,
  });
  expect(PutRequest.encode(decoded)).toEqual(bytes);
});

test("repeated enums are read packed and unpacked", () => {
  expect(WatchCreateRequest.decode(fromHex("2a 02 00 01")).filters).toEqual([0, 1]);
  expect(WatchCreateRequest.decode(fromHex("28 01 28 00")).filters).toEqual([1, 0]);
});

test("unknown fields of every wire type are skipped", () => {
  const unknown =
    "a0 06 96 01  a1 06 0102030405060708  a2 06 02 ffff  a3 06 a0 06 05 a4 06  a5 06 01020304";
  expect(RangeRequest.decode(fromHex(`${unknown} 18 05`)).limit).toBe(5);
});

test("a known field with another wire type is skipped like an unknown one", () => {
  expect(RangeRequest.decode(fromHex("1a 01 41 08 05"))).toEqual(RangeRequest.decode(fromHex("")));
});

test.each([
  ["a field without its value", "18", "truncated"],
  ["a varint that does not end", "18 ff", "truncated"],
  ["a length beyond the message", "0a 05 41", "truncated"],
  ["a huge length", "0a ff ff ff ff 0f", "truncated"],
  ["an eleven-byte varint", "18 ff ff ff ff ff ff ff ff ff ff 01", "malformed"],
  ["field number 0", "00 01", "malformed"],
  ["wire type 6", "1e", "malformed"],
  ["the end of a group that never began", "1c", "malformed"],
  ["a group ended by another group's end", "a3 06 ac 06", "malformed"],
])("%s is refused", (_, hex, code) => {
  expect(codeOf(() => RangeRequest.decode(fromHex(hex)))).toBe(code);
});

test("a field may not reach over the end of its message", () => {
  // success { request_range { key: 3 bytes, but the message ends after 1 } }
  expect(codeOf(() => TxnRequest.decode(fromHex("12 05 0a 03 0a 03 41 4242")))).toBe("truncated");
});

test.each([
  ["a lone continuation byte", "80"],
  ["an overlong form", "c0 80"],
  ["a surrogate", "ed a0 80"],
  ["beyond U+10FFFF", "f4 90 80 80"],
  ["a sequence that ends early", "e2 82"],
])("a name with %s is refused", (_, hex) => {
  const bytes = fromHex(hex);
  const message = Uint8Array.of(0x0a, bytes.length, ...bytes);
  expect(codeOf(() => AuthUserGetRequest.decode(message))).toBe("notUtf8");
  expect(codeOf(() => RangeRequest.decode(message))).toBe("none");
});

test("nesting ends at its limit, not at the end of the stack", () => {
  const nested = (levels: number): RequestOpInit =>
    levels === 0
      ? { request: { kind: "requestRange", value: {} } }
      : { request: { kind: "requestTxn", value: { success: [nested(levels - 1)] } } };
  const withinLimit = TxnRequest.encode({ success: [nested(MAX_DEPTH / 2 - 2)] });
  expect(TxnRequest.encode(TxnRequest.decode(withinLimit))).toEqual(withinLimit);
  const tooDeep = TxnRequest.encode({ success: [nested(MAX_DEPTH / 2)] });
  expect(codeOf(() => TxnRequest.decode(tooDeep))).toBe("tooDeep");
});

test("decoded bytes are views of the input", () => {
  const bytes = fromHex("0a 01 41");
  const { key } = RangeRequest.decode(bytes);
  bytes[2] = 0x42;
  expect(key).toEqual(fromHex("42"));
});
