import { request } from "node:http";
import { connect } from "node:net";
import { KVService as KV, utf8, WatchService } from "@quorate/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OneMember } from "../member/one-member.ts";
import { freePorts } from "../processes/member-process.ts";

let member: OneMember;
let httpPort = 0;
beforeAll(async () => {
  [httpPort = 0] = await freePorts(1);
  member = await OneMember.start([
    "--max-request-bytes=10000",
    "--max-watches-per-stream=3",
    "--host-whitelist=127.0.0.1,quorate.test",
    `--listen-client-http-urls=http://127.0.0.1:${httpPort}`,
  ]);
});
afterAll(() => member.stop());

test("a request that is too large is refused, in both languages, and nothing is written", async () => {
  const value = new Uint8Array(20_000);
  expect(await member.api.failure(KV.put, { key: utf8("large"), value })).toEqual({
    code: 3,
    details: "etcdserver: request is too large",
  });
  const huge = await member.api.failure(KV.put, {
    key: utf8("large"),
    value: new Uint8Array(600_000),
  });
  expect(huge).toMatchObject({
    code: 8,
    details: expect.stringMatching(/^grpc: received message larger than max/),
  });
  const body = { key: "bGFyZ2U=", value: Buffer.from(value).toString("base64") };
  expect((await member.post("/v3/kv/put", body)).status).toBe(400);
  const endless = "x".repeat(2_000_000);
  expect([400, 429]).toContain((await member.post("/v3/kv/put", endless)).status);
  expect((await member.api.call(KV.range, { key: utf8("large") })).count).toBe(0);
});

test("a stream has so many watchers and no more, until some have gone", async () => {
  const stream = member.api.stream(WatchService.watch);
  const create = (key: string): void =>
    stream.write({ requestUnion: { kind: "createRequest", value: { key: utf8(key) } } });
  for (const key of ["a", "b", "c", "d"]) create(key);
  for (const watchId of [0n, 1n, 2n])
    expect(await stream.next()).toMatchObject({ created: true, canceled: false, watchId });
  expect(await stream.next()).toMatchObject({
    created: true,
    canceled: true,
    watchId: -1n,
    cancelReason: expect.stringContaining("open another stream"),
  });
  stream.write({ requestUnion: { kind: "cancelRequest", value: { watchId: 1n } } });
  expect(await stream.next()).toMatchObject({ canceled: true, watchId: 1n });
  create("e");
  expect(await stream.next()).toMatchObject({ created: true, canceled: false });
  stream.cancel();
});

/** The status a plain request gets, with these headers. */
function status(port: number, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path: "/version", headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on("error", reject);
    asked.end();
  });
}

test("a page from elsewhere cannot reach in under a name of its own", async () => {
  const port = Number(member.endpoint.split(":")[1]);
  expect(await status(port, { Host: "quorate.test:2379" })).toBe(200);
  expect(await status(port, { Host: "127.0.0.1" })).toBe(200);
  expect(await status(port, { Host: "rebound.example:2379" })).toBe(421);
});

test("headers without end get a refusal, and the member goes on", async () => {
  const port = Number(member.endpoint.split(":")[1]);
  const socket = connect(port, "127.0.0.1");
  const closed = new Promise<string>((resolve) => {
    let said = "";
    socket.on("data", (chunk) => {
      said += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(said));
  });
  socket.write("GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  const pour = (): void => {
    if (!socket.destroyed && socket.write(`X-${Math.random()}: ${"y".repeat(1000)}\r\n`))
      setImmediate(pour);
  };
  socket.on("drain", pour);
  pour();
  expect(await closed).toMatch(/^HTTP\/1.1 4\d\d|^$/);
  expect(await status(port, {})).toBe(200);
});

test("an address for HTTP alone serves pages and no gRPC", async () => {
  expect(await status(httpPort, {})).toBe(200);
  const health = await fetch(`http://127.0.0.1:${httpPort}/health`);
  expect(await health.json()).toEqual({ health: "true", reason: "" });
  const socket = connect(httpPort, "127.0.0.1");
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  socket.on("error", () => {});
  socket.resume();
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  await closed;
});
