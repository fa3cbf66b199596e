import { expect, test } from "vitest";
import {
  HashKVResponse,
  KeyValue,
  LeaseGrantRequest,
  MemberRemoveRequest,
  RangeRequest,
  WireError,
} from "../../src/index.ts";
import { fromHex, varintField } from "./golden.ts";

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;

test.each([
  0n,
  1n,
  -1n,
  127n,
  128n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n,
  -(2n ** 53n),
  INT64_MAX,
  INT64_MIN,
])("a lease id of %s survives exactly", (id) => {
  expect(LeaseGrantRequest.decode(LeaseGrantRequest.encode({ id }))).toEqual({ ttl: 0, id });
});

test("a member id uses all 64 bits", () => {
  const bytes = MemberRemoveRequest.encode({ id: UINT64_MAX });
  expect(bytes).toEqual(fromHex("08 ff ff ff ff ff ff ff ff ff 01"));
  expect(MemberRemoveRequest.decode(bytes).id).toBe(UINT64_MAX);
});

test.each([
  ["the largest int64", INT64_MAX, Number.MAX_SAFE_INTEGER],
  ["the smallest int64", INT64_MIN, -Number.MAX_SAFE_INTEGER],
  ["2^53", 2n ** 53n, Number.MAX_SAFE_INTEGER],
  ["2^53 - 1", 2n ** 53n - 1n, Number.MAX_SAFE_INTEGER],
  ["-1", -1n, -1],
  ["-2^32", -(2n ** 32n), -(2 ** 32)],
])("%s as a revision becomes the nearest safe number", (_, sent, got) => {
  expect(RangeRequest.decode(varintField(4, sent)).revision).toBe(got);
});

test("a number that is not a safe integer is refused, and the next message is intact", () => {
  const intact = RangeRequest.encode({ limit: 7 });
  for (const revision of [2 ** 53, -(2 ** 53), 1.5, -1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => RangeRequest.encode({ revision, maxCreateRevision: 3 })).toThrow(WireError);
    expect(RangeRequest.encode({ limit: 7 })).toEqual(intact);
  }
});

test("uint32 keeps its upper half", () => {
  expect(HashKVResponse.decode(HashKVResponse.encode({ hash: 0xffff_fffe })).hash).toBe(
    0xffff_fffe,
  );
});

test("messages encoded one after the other do not share bytes", () => {
  const encoded = Array.from({ length: 3000 }, (_, i) =>
    KeyValue.encode({ key: new Uint8Array(i % 97).fill(i % 251), version: i + 1 }),
  );
  encoded.forEach((bytes, i) => {
    const { key, version } = KeyValue.decode(bytes);
    expect([version, key.length, key.every((byte) => byte === i % 251)]).toEqual([
      i + 1,
      i % 97,
      true,
    ]);
  });
});

test("a message larger than any slab", () => {
  const value = new Uint8Array(5_000_000).map((_, i) => i % 256);
  const bytes = KeyValue.encode({ key: Uint8Array.of(1), value, lease: -1n });
  expect(bytes.length).toBe(3 + 1 + 4 + value.length + 11);
  const decoded = KeyValue.decode(bytes);
  expect(decoded.lease).toBe(-1n);
  expect(decoded.value.length).toBe(value.length);
  expect(decoded.value.every((byte, i) => byte === i % 256)).toBe(true);
});
