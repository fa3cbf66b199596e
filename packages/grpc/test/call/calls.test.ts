import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { CallContext } from "../../src/call/call-context.ts";
import type { RpcMethod, RpcStream } from "../../src/call/method.ts";
import { RpcError } from "../../src/call/status.ts";
import { ErrorCode, Flag, FrameType } from "../../src/http2/protocol.ts";
import { TEST_METHODS } from "../support/methods.ts";
import {
  bodyOf,
  call,
  data,
  frame,
  headers,
  message,
  ofType,
  RawClient,
  requestHeaders,
  resetOf,
  settle,
  statusOf,
  word,
} from "../support/raw-client.ts";

const NOW = "/test.Echo/Now";
const PATH = "/a.B/C";

const unary = (handle: (request: Uint8Array, call: CallContext) => Uint8Array): RpcMethod => ({
  kind: "unary",
  path: PATH,
  handle,
});

const streaming = (open: (stream: RpcStream) => void, singleRequest = false): RpcMethod => ({
  kind: "stream",
  path: PATH,
  singleRequest,
  open,
});

const connect = (...methods: readonly RpcMethod[]): RawClient =>
  new RawClient({ methods: methods.length === 0 ? TEST_METHODS : methods });

const withHeaders = (path: string, ...more: [string, string][]): Buffer =>
  Buffer.concat([headers(1, [...requestHeaders(path), ...more]), data(1, message("x".repeat(10)))]);

describe("what is no gRPC call", () => {
  const replaced = (name: string, value: string): Buffer =>
    headers(
      1,
      requestHeaders(NOW).map(([key, old]) => [key, key === name ? value : old]),
      Flag.endHeaders | Flag.endStream,
    );

  test.each([
    ["another content type", replaced("content-type", "application/json"), "415"],
    ["grpc-web", replaced("content-type", "application/grpc-web"), "415"],
    ["another method", replaced(":method", "GET"), "405"],
  ])("%s", async (_what, request, status) => {
    const answer = await connect().start(request);
    expect(answer).toHaveLength(1);
    expect(answer[0]?.headers?.[":status"]).toBe(status);
    expect(answer[0]?.flags).toBe(Flag.endHeaders | Flag.endStream);
  });

  test.each([
    ["/test.Echo/None", "unknown method None for service test.Echo"],
    ["/test.Other/Now", "unknown service test.Other"],
    ["/Now", 'malformed method name: "/Now"'],
    ["nothing", 'malformed method name: "nothing"'],
  ])("the path %s", async (path, text) => {
    const answer = await connect().start(call(1, path));
    expect(statusOf(answer, 1)).toEqual({ code: "12", message: text });
    expect(answer[0]?.headers?.[":status"]).toBe("200");
  });
});

describe("a request that is refused before it is complete", () => {
  test("is swallowed without a word when it ends in time", async () => {
    const client = connect();
    const answer = await client.start(
      headers(1, requestHeaders("/test.Echo/None")),
      data(1, Buffer.alloc(1000), false),
      data(1, Buffer.alloc(1000)),
    );
    expect(statusOf(answer, 1)?.code).toBe("12");
    expect(ofType(answer, FrameType.rstStream)).toEqual([]);
    expect(client.server.callCount).toBe(0);
  });

  test("gets its HTTP status once it is complete, or after a second", async () => {
    const client = connect();
    const list = requestHeaders(NOW).filter(([name]) => name !== "content-type");
    await client.start(headers(1, list), headers(3, list));
    const answer = await client.exchange(data(1, Buffer.from("{}")));
    expect(answer).toHaveLength(1);
    expect(answer[0]).toMatchObject({ streamId: 1, headers: { ":status": "415" } });
    client.clock.advance(1100);
    await settle();
    const late = client.frames();
    expect(late[0]).toMatchObject({ streamId: 3, headers: { ":status": "415" } });
    expect(resetOf(late, 3)).toBe(ErrorCode.noError);
  });

  test("is reset when it does not", async () => {
    const client = connect();
    await client.start(headers(1, requestHeaders("/test.Echo/None")));
    expect(client.frames()).toEqual([]);
    client.clock.advance(1100);
    await settle();
    expect(resetOf(client.frames(), 1)).toBe(ErrorCode.noError);
    expect(client.server.callCount).toBe(0);
  });
});

describe("the number of messages", () => {
  const send = async (path: string, body: Uint8Array): Promise<unknown> => {
    const client = connect();
    const answer = await client.start(headers(1, requestHeaders(path)), data(1, body));
    return statusOf(answer, 1);
  };
  const text = (count: string): string =>
    `grpc: ${count} message received for a method that takes exactly one`;

  test.each([NOW, "/test.Echo/Count"])("%s takes exactly one", async (path) => {
    const two = Buffer.concat([message("1 1"), message("1 1")]);
    expect(await send(path, Buffer.alloc(0))).toEqual({ code: "12", message: text("no") });
    expect(await send(path, two)).toEqual({ code: "12", message: text("more than one") });
  });

  test.each([NOW, "/test.Echo/Both"])("%s does not take half a one", async (path) => {
    expect(await send(path, message("half").subarray(0, 7))).toEqual({
      code: "13",
      message: "grpc: the request ends inside a message",
    });
  });

  test("headers alone that end the request are a call without a message", async () => {
    const client = connect();
    const answer = await client.start(
      headers(1, requestHeaders(NOW), Flag.endHeaders | Flag.endStream),
      headers(3, requestHeaders("/test.Echo/Sum"), Flag.endHeaders | Flag.endStream),
    );
    expect(statusOf(answer, 1)?.code).toBe("12");
    expect(bodyOf(answer, 3)).toEqual(message("0 0"));
  });
});

test.each([NOW, "/test.Echo/Both"])(
  "%s: the limit of a message holds to the octet",
  async (path) => {
    const client = new RawClient({ methods: TEST_METHODS, maxRequestBytes: 10 });
    const answer = await client.start(call(1, path, "x".repeat(10)), call(3, path, "x".repeat(11)));
    expect(bodyOf(answer, 1)).toEqual(message("x".repeat(10)));
    expect(statusOf(answer, 3)).toEqual({
      code: "8",
      message: "grpc: received message larger than max (11 vs. 10)",
    });
  },
);

test("messages cut over frames in every way, and several in one frame", async () => {
  const client = connect();
  const body = Buffer.concat([message("one"), message(""), message("three")]);
  await client.start();
  let id = 1;
  for (let at = 0; at <= body.length; at++, id += 2) {
    const answer = await client.exchange(
      headers(id, requestHeaders("/test.Echo/Both")),
      data(id, body.subarray(0, at), false),
      data(id, body.subarray(at)),
    );
    expect(bodyOf(answer, id)).toEqual(body);
    expect(statusOf(answer, id)?.code).toBe("0");
  }
});

describe("compression", () => {
  const packed = (text: string): Buffer => message(gzipSync(text), 1);
  const request = (body: Uint8Array, ...more: [string, string][]): Buffer =>
    Buffer.concat([headers(1, [...requestHeaders(NOW), ...more]), data(1, body)]);

  test("a large answer is compressed the way the request was", async () => {
    const text = "compress me ".repeat(1000);
    const answer = await connect().start(request(packed(text), ["grpc-encoding", "gzip"]));
    expect(answer[0]?.headers?.["grpc-encoding"]).toBe("gzip");
    const body = bodyOf(answer, 1);
    expect(body[0]).toBe(1);
    expect(gunzipSync(body.subarray(5)).toString()).toBe(text);
  });

  test("a small one is not, and says so", async () => {
    const answer = await connect().start(request(packed("hi"), ["grpc-encoding", "gzip"]));
    expect(bodyOf(answer, 1)).toEqual(message("hi"));
  });

  test("nor is one for a client that does not take it", async () => {
    const answer = await connect().start(
      request(
        packed("hi".repeat(1000)),
        ["grpc-encoding", "gzip"],
        ["grpc-accept-encoding", "identity"],
      ),
    );
    expect(answer[0]?.headers?.["grpc-encoding"]).toBeUndefined();
    expect(bodyOf(answer, 1)).toEqual(message("hi".repeat(1000)));
  });

  test("an encoding nobody knows is refused, with those that are known", async () => {
    const answer = await connect().start(request(message("hi"), ["grpc-encoding", "br"]));
    expect(statusOf(answer, 1)).toEqual({
      code: "12",
      message: 'grpc: Decompressor is not installed for grpc-encoding "br"',
    });
    expect(answer[0]?.headers?.["grpc-accept-encoding"]).toBe("identity,deflate,gzip");
  });

  test("the flag without an encoding is refused", async () => {
    const answer = await connect().start(request(packed("hi"), ["grpc-encoding", "identity"]));
    expect(statusOf(answer, 1)?.code).toBe("13");
  });
});

describe("deadlines", () => {
  test("an unanswered call ends when its deadline passes, and its handler hears of it", async () => {
    const events: string[] = [];
    const client = connect({
      kind: "unary",
      path: PATH,
      handle: (_request, context) => {
        expect(context.timeoutMs).toBe(500);
        context.onCancel(() => events.push("cancelled"));
        return new Promise(() => {});
      },
    });
    await client.start(withHeaders(PATH, ["grpc-timeout", "500m"]));
    client.clock.advance(499);
    await settle();
    expect(client.frames()).toEqual([]);
    client.clock.advance(41);
    await settle();
    expect(statusOf(client.frames(), 1)).toEqual({
      code: "4",
      message: "context deadline exceeded",
    });
    expect(events).toEqual(["cancelled"]);
    expect(client.server.callCount).toBe(0);
  });

  test("a request that never becomes whole ends too", async () => {
    const client = connect();
    await client.start(headers(1, [...requestHeaders(NOW), ["grpc-timeout", "1S"]]));
    client.clock.advance(1040);
    await settle();
    expect(statusOf(client.frames(), 1)?.code).toBe("4");
  });

  test("an answer that the client does not take is reset", async () => {
    const client = connect();
    await client.start(
      headers(1, [...requestHeaders("/test.Echo/Large"), ["grpc-timeout", "1S"]]),
      data(1, message("100000")),
    );
    client.clock.advance(1040);
    await settle();
    expect(resetOf(client.frames(), 1)).toBe(ErrorCode.cancel);
    expect(client.server.callCount).toBe(0);
  });

  test("an answered call leaves no timer behind", async () => {
    const client = connect();
    await client.start(withHeaders(NOW, ["grpc-timeout", "1H"]));
    client.clock.advance(100);
    // One timer is left: the tick that looks after the connections.
    expect(client.clock.timerCount).toBe(1);
  });

  test("a deadline of nothing has passed already", async () => {
    const answer = await connect().start(withHeaders(NOW, ["grpc-timeout", "0n"]));
    expect(statusOf(answer, 1)?.code).toBe("4");
  });

  test("one that nobody can read is refused", async () => {
    const answer = await connect().start(withHeaders(NOW, ["grpc-timeout", "5 minutes"]));
    expect(statusOf(answer, 1)).toEqual({
      code: "13",
      message: "malformed grpc-timeout: 5 minutes",
    });
  });
});

describe("metadata of the answer", () => {
  test("before and after a message", async () => {
    const client = connect(
      unary((_request, context) => {
        context.addHeader("x-before", "b");
        context.addTrailer("x-after-bin", Uint8Array.of(1, 2, 3));
        return Buffer.from("m");
      }),
    );
    const answer = await client.start(call(1, PATH));
    expect(answer[0]?.headers).toMatchObject({ ":status": "200", "x-before": "b" });
    expect(answer[2]?.headers).toEqual({ "grpc-status": "0", "x-after-bin": "AQID" });
  });

  test("after a message only", async () => {
    const client = connect(
      unary((_request, context) => {
        context.addTrailer("x-after", "a");
        return Buffer.from("m");
      }),
    );
    await client.start(call(1, PATH));
    const answer = await client.exchange(call(3, PATH));
    expect(answer[2]?.headers).toEqual({ "grpc-status": "0", "x-after": "a" });
  });

  test("all in one when there is no message", async () => {
    const client = connect(
      unary((_request, context) => {
        context.addHeader("x-before", "b");
        context.addTrailer("x-after", "a");
        throw new RpcError(5, "nothing here", { trailers: [["x-why", "because"]] });
      }),
    );
    const [only] = await client.start(call(1, PATH));
    expect(only?.headers).toEqual({
      ":status": "200",
      "content-type": "application/grpc",
      "grpc-status": "5",
      "grpc-message": "nothing here",
      "x-before": "b",
      "x-after": "a",
      "x-why": "because",
    });
  });

  test("what is not allowed is a bug of the service, and the connection's headers stay in step", async () => {
    const client = connect(
      unary((_request, context) => {
        context.addTrailer("x-name", "line\nfeed");
        return Buffer.from("m");
      }),
      { kind: "unary", path: "/a.B/Good", handle: (request) => request },
      {
        kind: "unary",
        path: "/a.B/Trailers",
        handle: () => {
          throw new RpcError(5, "x", { trailers: [["Bad", "name"]] });
        },
      },
    );
    const answer = await client.start(
      call(1, PATH),
      call(3, "/a.B/Trailers"),
      call(5, "/a.B/Good"),
    );
    expect(statusOf(answer, 1)).toEqual({ code: "13", message: "internal error" });
    expect(statusOf(answer, 3)).toEqual({ code: "13", message: "internal error" });
    expect(statusOf(answer, 5)?.code).toBe("0");
    expect(client.defects).toHaveLength(2);
  });
});

describe("errors", () => {
  test("any error with a numeric status is one; nothing else is told to the client", async () => {
    const thrown: unknown[] = [
      Object.assign(new Error("like a status"), { code: 3 }),
      Object.assign(new Error("a system error"), { code: "ENOENT" }),
      Object.assign(new Error("no such status"), { code: 17 }),
      "a string",
    ];
    const client = connect(
      unary((request) => {
        throw thrown[request[0] ?? 0];
      }),
    );
    const answer = await client.start(
      ...thrown.map((_, i) => call(1 + 2 * i, PATH, Uint8Array.of(i))),
    );
    expect(statusOf(answer, 1)).toEqual({ code: "3", message: "like a status" });
    for (const id of [3, 5, 7]) {
      expect(statusOf(answer, id)).toEqual({ code: "13", message: "internal error" });
    }
    expect(client.defects).toHaveLength(3);
  });

  test.each(["open", "message", "end", "drain", "cancel"])(
    "thrown by a stream's %s is contained",
    async (where) => {
      const bug = (): never => {
        throw new Error("bug");
      };
      const client = connect(
        streaming((stream) => {
          if (where === "open") bug();
          if (where === "message") stream.onMessage(bug);
          if (where === "end") stream.onEnd(bug);
          if (where === "cancel") stream.call.onCancel(bug);
          if (where === "drain") {
            stream.onDrain(bug);
            stream.write(Buffer.alloc(200_000));
          }
        }),
        ...TEST_METHODS,
      );
      await client.start(
        headers(1, requestHeaders(PATH)),
        data(1, message("x")),
        frame(8, 0, 1, word(1_000_000)),
        frame(8, 0, 0, word(1_000_000)),
      );
      await client.exchange(frame(FrameType.rstStream, 0, 1, word(8)));
      expect(client.defects.length).toBeGreaterThanOrEqual(1);
      expect(client.server.callCount).toBe(0);
      expect(statusOf(await client.exchange(call(3, NOW)), 3)?.code).toBe("0");
    },
  );
});

describe("a stream", () => {
  test("that ends before its client does tells it to stop", async () => {
    const client = connect(
      streaming((stream) => {
        stream.write(Buffer.from("all there is"));
        stream.end();
      }),
    );
    const answer = await client.start(headers(1, requestHeaders(PATH)));
    expect(bodyOf(answer, 1)).toEqual(message("all there is"));
    expect(statusOf(answer, 1)?.code).toBe("0");
    expect(resetOf(answer, 1)).toBe(ErrorCode.noError);
    expect(client.server.callCount).toBe(0);
  });

  test("that ends calls nothing any more and sends nothing", async () => {
    const events: string[] = [];
    let kept: RpcStream | undefined;
    const client = connect(
      streaming((stream) => {
        kept = stream;
        stream.onMessage((bytes) => {
          events.push(Buffer.from(bytes).toString());
          stream.end();
        });
        stream.onEnd(() => events.push("end"));
        stream.onDrain(() => events.push("drain"));
        stream.call.onCancel(() => events.push("cancel"));
      }),
    );
    await client.start(
      headers(1, requestHeaders(PATH)),
      data(1, Buffer.concat([message("a"), message("b")])),
      frame(FrameType.rstStream, 0, 1, word(8)),
    );
    expect(kept?.write(Buffer.from("late"))).toBe(false);
    kept?.end();
    kept?.fail({ code: 2, message: "late" });
    kept?.resume();
    await settle();
    expect(client.frames()).toEqual([]);
    expect(events).toEqual(["a"]);
  });

  test("that has ended in order is not cancelled by a reset that comes while its last messages wait", async () => {
    const events: string[] = [];
    let kept: RpcStream | undefined;
    const client = connect(
      streaming((stream) => {
        kept = stream;
        stream.call.onCancel(() => events.push("cancelled"));
        stream.write(Buffer.alloc(100_000));
        stream.end();
      }),
    );
    await client.start(headers(1, requestHeaders(PATH)));
    expect(client.server.callCount).toBe(1);
    await client.exchange(frame(3, 0, 1, word(8)));
    kept?.call.onCancel(() => events.push("late"));
    expect(client.server.callCount).toBe(0);
    expect(kept?.call.cancelled).toBe(false);
    expect(events).toEqual([]);
  });

  test("that pauses and resumes within a message hears of the end after the last one", async () => {
    const events: string[] = [];
    let kept: RpcStream | undefined;
    const client = connect(
      streaming((stream) => {
        kept = stream;
        stream.pause();
        stream.onMessage((bytes) => {
          events.push(Buffer.from(bytes).toString());
          stream.pause();
          stream.resume();
        });
        stream.onEnd(() => events.push("end"));
      }),
    );
    await client.start(
      headers(1, requestHeaders(PATH)),
      data(1, Buffer.concat([message("a"), message("b"), message("c")])),
    );
    expect(events).toEqual([]);
    kept?.resume();
    expect(events).toEqual(["a", "b", "c", "end"]);
  });

  test("hears of its cancellation once, or at once when it asks late", async () => {
    const events: string[] = [];
    let kept: RpcStream | undefined;
    const client = connect(
      streaming((stream) => {
        kept = stream;
        stream.call.onCancel(() => events.push("first"));
        stream.call.onCancel(() => {
          events.push("second");
          stream.end();
        });
      }),
    );
    await client.start(headers(1, requestHeaders(PATH)), frame(3, 0, 1, word(8)));
    kept?.call.onCancel(() => events.push("late"));
    expect(events).toEqual(["first", "second", "late"]);
    expect(kept?.call.cancelled).toBe(true);
    expect(ofType(client.frames(), FrameType.headers)).toEqual([]);
  });
});

test.each([
  ["at once", () => undefined],
  ["later", () => Promise.resolve(undefined)],
])("answering %s with no bytes is a bug of the service", async (_when, handle) => {
  const method = { kind: "unary", path: PATH, handle } as unknown as RpcMethod;
  const client = connect(method, ...TEST_METHODS);
  const answer = await client.start(call(1, PATH), call(3, NOW));
  expect(statusOf(answer, 1)).toEqual({ code: "13", message: "internal error" });
  expect(statusOf(answer, 3)?.code).toBe("0");
  expect(client.defects).toHaveLength(1);
});

test("failing with what is no status is a bug of the service", async () => {
  const client = connect(streaming((stream) => stream.fail({ code: 0, message: "fine?" })));
  const answer = await client.start(headers(1, requestHeaders(PATH)));
  expect(statusOf(answer, 1)).toEqual({ code: "13", message: "internal error" });
  expect(client.defects).toHaveLength(1);
});

test("every call's end is reported once, with its status", async () => {
  const ends: string[] = [];
  const client = new RawClient({
    methods: TEST_METHODS,
    onCallEnd: (path, code) => ends.push(`${path.slice(11)} ${code}`),
  });
  await client.start(
    call(1, NOW),
    call(3, "/test.Echo/Later"),
    call(5, "/test.Echo/Fail", "9"),
    call(7, "/test.Echo/Never"),
    frame(3, 0, 7, word(8)),
    call(9, "/test.Echo/Large", "100000"),
    call(11, "/test.Echo/None"),
    frame(8, 0, 9, word(100_000)),
    frame(8, 0, 0, word(100_000)),
  );
  expect(ends.sort()).toEqual(["Fail 9", "Later 0", "Large 0", "Never 1", "Now 0"].sort());
});

test("an observer that throws breaks no call", async () => {
  const defects: string[] = [];
  const client = new RawClient({
    methods: TEST_METHODS,
    onCallEnd: () => {
      throw new Error("bug");
    },
    onDefect: (where) => defects.push(where),
  });
  const answer = await client.start(call(1, NOW, "a"), call(3, NOW, "b"));
  expect(bodyOf(answer, 1)).toEqual(message("a"));
  expect(bodyOf(answer, 3)).toEqual(message("b"));
  expect(defects).toEqual(["onCallEnd", "onCallEnd"]);
});

test.each([
  ["no slash", "a.B/C"],
  ["too many", "/a.B/C/D"],
  ["nothing behind", "/a.B/"],
])("a method's path with %s is a mistake", (_what, path) => {
  const method: RpcMethod = { kind: "unary", path, handle: (request) => request };
  expect(() => connect(method)).toThrow(TypeError);
});

test("a method's path that is there twice is a mistake", () => {
  const method = unary((request) => request);
  expect(() => connect(method, method)).toThrow(TypeError);
});
