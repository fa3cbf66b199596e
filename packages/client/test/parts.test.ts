import { createServer, type Http2Server, type ServerHttp2Stream } from "node:http2";
import { type Event, KVService, PutResponse, type WatchResponse } from "@quorate/protocol";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { backoffMs } from "../src/cluster/backoff.ts";
import { EndpointPool } from "../src/cluster/endpoint-pool.ts";
import { judge } from "../src/cluster/verdict.ts";
import { Client } from "../src/index.ts";
import { framed, MESSAGE_BYTES_MAX, MessageFraming } from "../src/transport/message-framing.ts";
import { WatchPosition } from "../src/watch/watch-position.ts";

const SEED = 7_340_033;

describe("messages on a stream", () => {
  test("come out as they went in, however they were cut on their way", () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });
    fc.assert(
      fc.property(
        messages,
        fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 1 }),
        (sent, sizes) => {
          const bytes = Buffer.concat(sent.map(framed));
          const framing = new MessageFraming();
          const got: Uint8Array[] = [];
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            got.push(...framing.push(bytes.subarray(at, at + size)));
            at += size;
          }
          expect(got.map((one) => Buffer.from(one).toString("hex"))).toEqual(
            sent.map((one) => Buffer.from(one).toString("hex")),
          );
          expect(framing.pendingBytes).toBe(0);
        },
      ),
      { seed: SEED },
    );
  });

  test("a length beyond the limit, or a compressed message, ends the stream before memory is taken", () => {
    const header = (first: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(5);
      bytes[0] = first;
      new DataView(bytes.buffer).setUint32(1, length);
      return bytes;
    };
    expect(() => new MessageFraming().push(header(0, MESSAGE_BYTES_MAX + 1))).toThrow(/bytes/);
    expect(() => new MessageFraming().push(header(1, 3))).toThrow(/compressed/);
  });
});

describe("what the end of a call means", () => {
  const status = (code: number, details: string) => ({ type: "status", code, details }) as const;

  test.each([
    ["no leader, nothing done", status(14, "etcdserver: no leader"), "notApplied", true],
    [
      "stopping, perhaps after it was logged",
      status(14, "etcdserver: server stopped"),
      "unknown",
      false,
    ],
    ["timed out within", status(14, "etcdserver: request timed out"), "unknown", false],
    ["no room", status(8, "etcdserver: mvcc: database space exceeded"), "notApplied", false],
    [
      "too many requests, later perhaps",
      status(8, "etcdserver: too many requests"),
      "notApplied",
      true,
    ],
    ["a limit of something in between", status(8, "Bandwidth exhausted"), "unknown", false],
    ["a bad request", status(3, "etcdserver: key is not provided"), "notApplied", false],
    ["no permission", status(7, "etcdserver: permission denied"), "notApplied", false],
    ["an inner error", status(13, "oh"), "unknown", false],
    ["an unknown error", status(2, "oh"), "unknown", false],
    ["cancelled over there", status(1, "context canceled"), "unknown", false],
    ["no time left over there", status(4, "context deadline exceeded"), "unknown", false],
    ["cut, reached", { type: "broken", reached: true, cause: undefined }, "unknown", false],
    ["cut, not reached", { type: "broken", reached: false, cause: undefined }, "notApplied", true],
    ["silent", { type: "timeout", reached: true }, "unknown", false],
    ["given up", { type: "cancelled", reached: true }, "unknown", false],
    ["given up before it left", { type: "cancelled", reached: false }, "notApplied", false],
  ] as const)("for a write: %s", (_, end, outcome, again) => {
    const verdict = judge(end, "write", "a:1");
    expect([verdict.error.outcome, verdict.again]).toEqual([outcome, again]);
  });

  test("a read is never unknown; what names itself may be sent again and stays unknown until it is known", () => {
    const cut = { type: "broken", reached: true, cause: undefined } as const;
    expect(judge(cut, "read", "a:1")).toMatchObject({
      again: true,
      error: { outcome: "notApplied" },
    });
    expect(judge(cut, "identified", "a:1")).toMatchObject({
      again: true,
      error: { outcome: "unknown" },
    });
  });
});

describe("endpoints", () => {
  test("who failed is left alone, twice as long each time, and asked last meanwhile", () => {
    let now = 0;
    const pool = new EndpointPool(["a:1", "b:1", "c:1"], undefined, () => now);
    const names = (): string[] => pool.candidates("same").map(({ name }) => name);
    const [a, b] = pool.places;
    if (a === undefined || b === undefined) throw new Error("there are three");
    pool.failed(a);
    expect(names()).toEqual(["b:1", "c:1", "a:1"]);
    pool.failed(b);
    pool.failed(b);
    pool.failed(b);
    expect(names()).toEqual(["c:1", "a:1", "b:1"]);
    now = 51;
    expect(names()).toEqual(["a:1", "c:1", "b:1"]);
    pool.answered(b);
    expect(names()[0]).toBe("b:1");
    expect(pool.health().map(({ state }) => state)).toEqual(["unknown", "healthy", "unknown"]);
  });

  test("writes go to the leader, reads to one after the other", () => {
    const pool = new EndpointPool(["a:1", "b:1", "c:1"], undefined);
    for (const [place, { name }] of pool.places.entries()) {
      const one = pool.places[place];
      if (one !== undefined) one.memberId = BigInt(place + 1);
      expect(name).toMatch(/:1$/);
    }
    pool.lead(3n);
    expect(pool.candidates("leader")[0]?.name).toBe("c:1");
    const asked = Array.from({ length: 6 }, () => pool.candidates("spread")[0]?.name);
    expect([...new Set(asked)].sort()).toEqual(["a:1", "b:1", "c:1"]);
    const leader = pool.places[2];
    if (leader !== undefined) pool.failed(leader);
    expect(pool.leader).toBeUndefined();
  });

  test("pauses grow, end at two seconds, and never fall below half", () => {
    expect([1, 2, 3].map((failures) => backoffMs(failures, () => 0))).toEqual([50, 100, 200]);
    expect(backoffMs(60, () => 0)).toBe(2_000);
    expect(backoffMs(60, () => 0.999)).toBeGreaterThan(1_000);
  });
});

describe("how far a watch has come", () => {
  const event = (modRevision: number): Event =>
    ({ type: 0, kv: { modRevision }, prevKv: undefined }) as unknown as Event;
  const response = (
    revision: number,
    events: readonly Event[],
    more: Partial<WatchResponse> = {},
  ) =>
    ({ header: { revision }, events, fragment: false, created: false, ...more }) as WatchResponse;

  test("it goes on after the last revision, drops what came before, and takes progress for what it is", () => {
    const position = new WatchPosition(undefined);
    position.began(10);
    expect(position.next).toBe(11);
    expect(position.take(response(12, [event(11), event(12)]))?.revision).toBe(12);
    expect(position.take(response(12, [event(11), event(12)]))).toBeUndefined();
    expect(position.take(response(20, []))).toEqual({ revision: 20, events: [] });
    expect(position.next).toBe(21);
    expect(position.take(response(20, []))).toBeUndefined();
  });

  test("a revision in fragments counts when all of it is there; a break in the middle takes it from its beginning", () => {
    const position = new WatchPosition(5);
    expect(position.take(response(5, [event(5)], { fragment: true }))).toBeUndefined();
    position.restart();
    expect(position.next).toBe(5);
    expect(position.take(response(5, [event(5)], { fragment: true }))).toBeUndefined();
    expect(position.take(response(5, [event(5)]))?.events).toHaveLength(2);
    expect(position.next).toBe(6);
  });

  test("that a watch was created says nothing about changes since the revision it was asked from", () => {
    const position = new WatchPosition(3);
    position.began(50);
    expect(position.take(response(50, [], { created: true }))).toBeUndefined();
    expect(position.next).toBe(3);
  });
});

describe("members that do not process a request", () => {
  const open: (() => void)[] = [];
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });

  async function listening(handle: (stream: ServerHttp2Stream, calls: number) => void): Promise<{
    readonly endpoint: string;
    calls(): number;
  }> {
    const server: Http2Server = createServer();
    let calls = 0;
    server.on("stream", (stream) => {
      stream.on("error", () => {});
      calls += 1;
      handle(stream, calls);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    open.push(() => server.close());
    return {
      endpoint: `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
      calls: () => calls,
    };
  }

  function answer(stream: ServerHttp2Stream): void {
    stream.respond(
      { ":status": 200, "content-type": "application/grpc" },
      { waitForTrailers: true },
    );
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(framed(PutResponse.encode({ header: { revision: 9 } })));
  }

  function client(endpoint: string): Client {
    const made = new Client({ endpoints: [endpoint], timeoutMs: 3_000, callsMax: 2 });
    open.push(() => made.close());
    return made;
  }

  test("a refused stream is sent again, for it did nothing", async () => {
    const member = await listening((stream, calls) => {
      if (calls === 1) stream.close(7);
      else answer(stream);
    });
    expect((await client(member.endpoint).put("a", "b")).header?.revision).toBe(9);
    expect(member.calls()).toBe(2);
  });

  test("any other reset leaves a write's outcome unknown, and it is not sent again", async () => {
    const member = await listening((stream) => stream.close(2));
    await expect(client(member.endpoint).put("a", "b")).rejects.toMatchObject({
      code: "INTERRUPTED",
      outcome: "unknown",
    });
    expect(member.calls()).toBe(1);
  });

  test("a web server that is no member is named as such, and what it made of a write is unknown", async () => {
    const member = await listening((stream) => {
      stream.respond({ ":status": 404 });
      stream.end("not here");
    });
    await expect(client(member.endpoint).put("a", "b")).rejects.toMatchObject({
      code: "REFUSED",
      outcome: "unknown",
      message: expect.stringContaining("HTTP status 404"),
    });
  });

  test("one call more than allowed is refused at once", async () => {
    const member = await listening(() => {});
    const some = client(member.endpoint);
    const running = [some.put("a", "1"), some.put("a", "2")];
    for (const one of running) one.catch(() => {});
    await expect(some.get("a")).rejects.toMatchObject({
      code: "OVERLOADED",
      outcome: "notApplied",
    });
    some.close();
    const ended = await Promise.allSettled(running);
    expect(ended.map((one) => one.status === "rejected" && one.reason.code)).toEqual([
      "ABORTED",
      "ABORTED",
    ]);
  });

  test("bytes that are no message leave a write's outcome unknown", async () => {
    const member = await listening((stream) => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" });
      stream.end(Buffer.from([1, 0, 0, 0, 1, 0]));
    });
    await expect(client(member.endpoint).call(KVService.put, {}, "write")).rejects.toMatchObject({
      code: "INTERRUPTED",
      outcome: "unknown",
    });
  });
});
