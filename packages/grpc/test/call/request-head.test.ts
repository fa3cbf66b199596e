import { describe, expect, test } from "vitest";
import { headerKindOf } from "../../src/call/header-kind.ts";
import { isGrpcContentType, RequestHead } from "../../src/call/request-head.ts";
import { HeaderField } from "../../src/hpack/header-field.ts";

const fields = (...pairs: readonly [string, string][]): HeaderField[] =>
  pairs.map(([name, value]) => new HeaderField(name, value, headerKindOf(name, value)));

const GOOD: [string, string][] = [
  [":method", "POST"],
  [":scheme", "http"],
  [":path", "/a.B/C"],
  [":authority", "host"],
];

test("what gRPC needs is found", () => {
  const head = new RequestHead();
  const isGood = head.read(
    fields(
      ...GOOD,
      ["content-type", "application/grpc+proto"],
      ["te", "trailers"],
      ["grpc-timeout", "5S"],
      ["grpc-encoding", "gzip"],
      ["grpc-accept-encoding", "gzip"],
      ["grpc-accept-encoding", "identity"],
      ["content-length", "12"],
      ["x-any", "thing"],
    ),
  );
  expect(isGood).toBe(true);
  expect(head).toMatchObject({
    method: "POST",
    path: "/a.B/C",
    authority: "host",
    contentType: "application/grpc+proto",
    timeout: "5S",
    encoding: "gzip",
    acceptEncoding: "gzip,identity",
    contentLength: 12,
  });
});

test("host stands in for a missing authority", () => {
  const head = new RequestHead();
  head.read(fields(...GOOD.slice(0, 3), ["host", "other"]));
  expect(head.authority).toBe("other");
  head.read(fields(...GOOD, ["host", "other"]));
  expect(head.authority).toBe("host");
});

test("nothing of one request is left in the next", () => {
  const head = new RequestHead();
  head.read(fields(...GOOD, ["grpc-timeout", "5S"], ["content-length", "12"]));
  head.read(fields(...GOOD));
  expect(head).toMatchObject({ timeout: "", contentLength: -1, acceptEncoding: "" });
});

describe("malformed lists", () => {
  test.each<[string, [string, string][]]>([
    ["no method", GOOD.slice(1)],
    ["no path", [...GOOD.slice(0, 2), ...GOOD.slice(3)]],
    ["no scheme", [...GOOD.slice(0, 1), ...GOOD.slice(2)]],
    ["a pseudo field twice", [...GOOD, [":path", "/x"]]],
    ["an unknown pseudo field", [...GOOD, [":status", "200"]]],
    ["a pseudo field after others", [["x-a", "b"], ...GOOD]],
    ["an upper case name", [...GOOD, ["X-A", "b"]]],
    ["an empty name", [...GOOD, ["", "b"]]],
    ["a blank in a name", [...GOOD, ["x a", "b"]]],
    ["a colon in a name", [...GOOD, ["x:a", "b"]]],
    ["a line feed in a value", [...GOOD, ["x-a", "b\nc"]]],
    ["a NUL in a value", [...GOOD, ["x-a", "b\0c"]]],
    ["a blank before a value", [...GOOD, ["x-a", " b"]]],
    ["a blank after a value", [...GOOD, ["x-a", "b\t"]]],
    ["connection", [...GOOD, ["connection", "close"]]],
    ["transfer-encoding", [...GOOD, ["transfer-encoding", "chunked"]]],
    ["te other than trailers", [...GOOD, ["te", "gzip"]]],
    ["a length that is none", [...GOOD, ["content-length", "1x"]]],
    ["two lengths", [...GOOD, ["content-length", "1"], ["content-length", "2"]]],
  ])("%s", (_what, pairs) => {
    expect(new RequestHead().read(fields(...pairs))).toBe(false);
  });
});

test.each([
  ["application/grpc", true],
  ["application/grpc+proto", true],
  ["application/grpc;charset=utf-8", true],
  ["application/grpc-web", false],
  ["application/json", false],
  ["", false],
])("content type %j: %s", (contentType, isGrpc) => {
  expect(isGrpcContentType(contentType)).toBe(isGrpc);
});
