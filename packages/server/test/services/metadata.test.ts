import { type ClientHttp2Session, connect } from "node:http2";
import { gzipSync } from "node:zlib";
import { KVService as KV, RangeRequest, utf8 } from "@quorate/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OneMember } from "../member/one-member.ts";

let member: OneMember;
let session: ClientHttp2Session;
beforeAll(async () => {
  member = await OneMember.start();
  session = connect(member.url);
});
afterAll(async () => {
  session.close();
  await member.stop();
});

/** Calls Range with these headers; resolves with status and text. */
function range(
  headers: Readonly<Record<string, string>>,
  body: Uint8Array = RangeRequest.encode({ key: utf8("a") }),
): Promise<readonly [string, string]> {
  const frame = Buffer.alloc(5 + body.length);
  frame[0] = headers["grpc-encoding"] === undefined ? 0 : 1;
  frame.writeUInt32BE(body.length, 1);
  frame.set(body, 5);
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ":method": "POST",
      ":path": KV.range.path,
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
    });
    const take = (found: Readonly<Record<string, unknown>>): void => {
      if (found["grpc-status"] === undefined) return;
      resolve([
        String(found["grpc-status"]),
        decodeURIComponent(String(found["grpc-message"] ?? "")),
      ]);
    };
    stream.on("response", take);
    stream.on("trailers", take);
    stream.on("error", reject);
    stream.resume();
    stream.end(frame);
  });
}

test("a client's version may be any text, and must be text", async () => {
  expect(await range({ "client-api-version": "3.6" })).toEqual(["0", ""]);
  expect(
    await range({ "client-api-version": Buffer.from("dreisechs é").toString("latin1") }),
  ).toEqual(["0", ""]);
  expect(await range({ "client-api-version": "\xff\xfe" })).toEqual([
    "3",
    "etcdserver: invalid client api version",
  ]);
});

test("compressed requests are read", async () => {
  const body = gzipSync(RangeRequest.encode({ key: utf8("a") }));
  expect(await range({ "grpc-encoding": "gzip" }, body)).toEqual(["0", ""]);
  expect((await range({ "grpc-encoding": "snappy" }, body))[0]).toBe("12");
});

test("a call that needs a leader is served while there is one", async () => {
  expect(await range({ hasleader: "true" })).toEqual(["0", ""]);
});

test("a page with doubled slashes has moved to where there is one", async () => {
  const answer = await fetch(`${member.url}/v3//kv/range?x=1`, {
    method: "POST",
    body: "{}",
    redirect: "manual",
  });
  expect([answer.status, answer.headers.get("location")]).toEqual([301, "/v3/kv/range?x=1"]);
  await answer.text();
});
