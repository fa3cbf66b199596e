import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AlarmResponse,
  AlarmType,
  Compare,
  decodeBase64,
  encodeBase64,
  HashKVResponse,
  JsonError,
  LeaseGrantRequest,
  LeaseKeepAliveResponse,
  MemberListResponse,
  NO_BYTES,
  PutResponse,
  parseJson,
  RangeRequest,
  RangeResponse,
  TxnRequest,
  TxnResponse,
  utf8,
  WatchRequest,
  WatchResponse,
} from "../../src/index.ts";

const header = { clusterId: 12n, memberId: 2n ** 64n - 1n, revision: 29820, raftTerm: 2 };
const HEADER = `{"cluster_id":"12","member_id":"18446744073709551615","revision":"29820","raft_term":"2"}`;

describe("writing", () => {
  test("64-bit integers are text, zero values are left out, there are no blanks", () => {
    expect(PutResponse.toJson({ header })).toBe(`{"header":${HEADER}}`);
    expect(
      RangeResponse.toJson({
        header,
        kvs: [
          { key: utf8("foo"), createRevision: 1, modRevision: 2, version: 1, value: utf8("bar") },
        ],
        count: 1,
      }),
    ).toBe(
      `{"header":${HEADER},"kvs":[{"key":"Zm9v","create_revision":"1","mod_revision":"2","version":"1","value":"YmFy"}],"count":"1"}`,
    );
  });

  test("an empty message is {}", () => {
    expect(PutResponse.toJson({})).toBe("{}");
    expect(PutResponse.toJson({ header: {} })).toBe(`{"header":{}}`);
  });

  test("a chosen member of a oneof appears even when it is zero", () => {
    expect(Compare.toJson({ targetUnion: { kind: "version", value: 0 } })).toBe(`{"version":"0"}`);
    expect(
      TxnResponse.toJson({ responses: [{ response: { kind: "responsePut", value: {} } }] }),
    ).toBe(`{"responses":[{"response_put":{}}]}`);
  });

  test("names are the API's own, whatever their case", () => {
    expect(
      MemberListResponse.toJson({
        members: [
          { id: 5n, name: 'a"b', peerUrls: ["http://x:1"], clientUrls: [], isLearner: true },
        ],
      }),
    ).toBe(`{"members":[{"ID":"5","name":"a\\"b","peerURLs":["http://x:1"],"isLearner":true}]}`);
    expect(LeaseKeepAliveResponse.toJson({ id: -7n, ttl: 3 })).toBe(`{"ID":"-7","TTL":"3"}`);
  });

  test("32-bit integers are numbers, enums are names, unknown ones numbers", () => {
    expect(HashKVResponse.toJson({ hash: 4294967295, compactRevision: -1 })).toBe(
      `{"hash":4294967295,"compact_revision":"-1"}`,
    );
    const alarm = (type: number): string => AlarmResponse.toJson({ alarms: [{ alarm: type }] });
    expect(alarm(AlarmType.NOSPACE)).toBe(`{"alarms":[{"alarm":"NOSPACE"}]}`);
    expect(alarm(9)).toBe(`{"alarms":[{"alarm":9}]}`);
  });

  test("the first of an enum's values is left out in events, too", () => {
    expect(WatchResponse.toJson({ watchId: 0n, events: [{ type: 0, kv: {} }, { type: 1 }] })).toBe(
      `{"events":[{"kv":{}},{"type":"DELETE"}]}`,
    );
  });
});

describe("reading", () => {
  test("own and camel-case names, numbers and text, null for absent", () => {
    const text = `{"key":"Zm9v","range_end":"AA==","limit":5,"minModRevision":"7","revision":null,"unknown":{"a":[1]}}`;
    expect(RangeRequest.fromJson(parseJson(text))).toMatchObject({
      key: utf8("foo"),
      rangeEnd: Uint8Array.of(0),
      limit: 5,
      minModRevision: 7,
      revision: 0,
    });
  });

  test("names are case-sensitive", () => {
    expect(LeaseGrantRequest.fromJson({ ttl: 5, id: 5 })).toEqual({ ttl: 0, id: 0n });
    expect(LeaseGrantRequest.fromJson({ TTL: 5, ID: "5" })).toEqual({ ttl: 5, id: 5n });
  });

  test("enums by name and by number", () => {
    expect(RangeRequest.fromJson({ sort_order: "DESCEND", sort_target: 3 })).toMatchObject({
      sortOrder: 2,
      sortTarget: 3,
    });
    expect(() => RangeRequest.fromJson({ sort_order: "SIDEWAYS" })).toThrow(JsonError);
    expect(() => RangeRequest.fromJson({ sort_order: "toString" })).toThrow(JsonError);
  });

  test("a oneof by the name of its member", () => {
    const txn = TxnRequest.fromJson(
      parseJson(`{"compare":[{"target":"CREATE","key":"YQ==","create_revision":"0"}],
        "success":[{"request_put":{"key":"YQ==","value":"Yg=="}}],"failure":[{"requestRange":{"key":"YQ=="}}]}`),
    );
    expect(txn.compare[0]?.targetUnion).toEqual({ kind: "createRevision", value: 0 });
    expect(txn.success[0]?.request?.kind).toBe("requestPut");
    expect(txn.failure[0]?.request?.kind).toBe("requestRange");
    expect(WatchRequest.fromJson({ create_request: {} }).requestUnion?.kind).toBe("createRequest");
    expect(WatchRequest.fromJson({}).requestUnion).toBeUndefined();
  });

  test("64-bit numbers are exact even as JSON numbers", () => {
    const text = `{"ID":7587862094148311043,"TTL":-9223372036854775808}`;
    expect(LeaseGrantRequest.fromJson(parseJson(text))).toEqual({
      ttl: Number.MIN_SAFE_INTEGER,
      id: 7587862094148311043n,
    });
    expect(parseJson(`{"a":"\\"1234567890123456789","b":1234567890123456789}`)).toEqual({
      a: '"1234567890123456789',
      b: "1234567890123456789",
    });
  });

  test.each([
    ["text where a number belongs", { limit: "five" }],
    ["a fraction", { limit: 1.5 }],
    ["beyond 64 bits", { limit: "9223372036854775808" }],
    ["bytes that are not base64", { key: "####" }],
    ["bytes as a number", { key: 5 }],
    ["a boolean as text", { serializable: "true" }],
  ])("%s is refused", (_, value) => {
    expect(() => RangeRequest.fromJson(value)).toThrow(JsonError);
  });

  test.each([
    ["an array", []],
    ["text", "x"],
    ["a number", 1],
    ["null", null],
  ])("%s is not a message", (_, value) => {
    expect(() => RangeRequest.fromJson(value)).toThrow(JsonError);
    expect(() => WatchRequest.fromJson({ progress_request: [] })).toThrow(JsonError);
  });

  test("text with a string that never ends is refused in one look at it", () => {
    // A pattern that tries every quote anew would need a trillion steps for this.
    const endless = `[1234567890123456,"${'\\"'.repeat(1_000_000)}`;
    expect(() => parseJson(endless)).toThrow(JsonError);
  });

  test("an integer of a million digits is refused without being converted", () => {
    const digits = "9".repeat(1_000_000);
    expect(() => LeaseGrantRequest.fromJson(parseJson(`{"TTL":${digits}}`))).toThrow(JsonError);
    expect(() => LeaseGrantRequest.fromJson({ TTL: digits })).toThrow(JsonError);
    expect(LeaseGrantRequest.fromJson({ TTL: `${"0".repeat(50)}7` }).ttl).toBe(7);
  });

  test("what is wrong is said of the field by its name", () => {
    expect(() => RangeRequest.fromJson({ range_end: "####" })).toThrow("range_end must be base64");
    expect(() => RangeRequest.fromJson({ limit: "x" })).toThrow("limit must be a whole number");
  });

  test("text that is not JSON, and nesting beyond reason", () => {
    expect(() => parseJson("{")).toThrow(JsonError);
    const deep = `${'{"request_txn":{"success":['.repeat(50_000)}${"]}}".repeat(50_000)}`;
    expect(() => parseJson(`{"success":[${deep}]}`)).toThrow("nested too deeply");
    expect(parseJson(`{"key":"${"[".repeat(1000)}\\"{"}`)).toEqual({
      key: `${"[".repeat(1000)}"{`,
    });
  });
});

describe("base64", () => {
  test("is what the platform makes of the same bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = Buffer.from(bytes).toString("base64");
        expect(encodeBase64(bytes)).toBe(text);
        expect(decodeBase64(text)).toEqual(bytes);
        expect(decodeBase64(Buffer.from(bytes).toString("base64url"))).toEqual(bytes);
      }),
    );
  });

  test("of more bytes than one chunk", () => {
    const bytes = new Uint8Array(100_001).map((_, i) => (i * 7) % 256);
    expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
  });

  test.each(["A", "AAAAA", "AA=", "A===", "AA=A", "AB C", "é===", "=", "AAAA="])(
    "%s is refused",
    (text) => {
      expect(() => decodeBase64(text)).toThrow(JsonError);
    },
  );

  test("nothing is no bytes", () => {
    expect(decodeBase64("")).toEqual(NO_BYTES);
    expect(encodeBase64(NO_BYTES)).toBe("");
  });
});
