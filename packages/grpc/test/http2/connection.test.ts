import { describe, expect, test } from "vitest";
import { PROBE_ANSWER_MS } from "../../src/http2/probe-answers.ts";
import { ErrorCode, Flag, FrameType, Setting } from "../../src/http2/protocol.ts";
import { TEST_METHODS } from "../support/methods.ts";
import {
  block,
  bodyOf,
  call,
  data,
  frame,
  goawayOf,
  headers,
  message,
  ofType,
  PREFACE,
  RawClient,
  type ReceivedFrame,
  requestHeaders,
  resetOf,
  SETTINGS,
  setting,
  settle,
  statusOf,
  word,
} from "../support/raw-client.ts";

const NOW = "/test.Echo/Now";
const NEVER = "/test.Echo/Never";
const BOTH = "/test.Echo/Both";

const connect = (): RawClient => new RawClient({ methods: TEST_METHODS });

test("the server introduces itself, acknowledges, and answers a call in three frames", async () => {
  const client = connect();
  const introduction = await client.exchange(PREFACE);
  expect(introduction.map(({ type, flags }) => [type, flags])).toEqual([
    [FrameType.settings, 0],
    [FrameType.windowUpdate, 0],
    [FrameType.settings, Flag.ack],
  ]);
  const answer = await client.exchange(call(1, NOW, "hello"));
  expect(answer.map(({ type, flags }) => [type, flags])).toEqual([
    [FrameType.headers, Flag.endHeaders],
    [FrameType.data, 0],
    [FrameType.headers, Flag.endHeaders | Flag.endStream],
  ]);
  expect(answer[0]?.headers).toEqual({ ":status": "200", "content-type": "application/grpc" });
  expect(bodyOf(answer, 1)).toEqual(message("hello"));
  expect(answer[2]?.headers).toEqual({ "grpc-status": "0" });
});

test("the constants of an answer cost one octet each from the second call on", async () => {
  const client = connect();
  await client.start(call(1, NOW));
  const answer = await client.exchange(call(3, NOW));
  expect(answer.map(({ payload }) => payload.length)).toEqual([2, 5, 1]);
});

test("all answers of a turn leave in one write", async () => {
  const client = connect();
  await client.start();
  client.socket.receive(Buffer.concat([1, 3, 5, 7, 9].map((id) => call(id, NOW, `${id}`))));
  await settle();
  expect(client.socket.written).toHaveLength(1);
  expect(client.frames()).toHaveLength(15);
});

test("a PING is answered with what it carried", async () => {
  const client = connect();
  const [pong] = await client.start(frame(FrameType.ping, 0, 0, Buffer.from("12345678")));
  expect(pong).toMatchObject({ type: FrameType.ping, flags: Flag.ack });
  expect(pong?.payload.toString()).toBe("12345678");
});

describe("a PING after our own data, by which clients measure the bandwidth", () => {
  const probe = frame(FrameType.ping, 0, 0, Buffer.from("probe..."));
  const kinds = (frames: readonly ReceivedFrame[]): number[] => frames.map(({ type }) => type);

  test("is answered together with the next answer, in one write", async () => {
    const client = connect();
    await client.start(call(1, NOW));
    expect(await client.exchange(probe)).toEqual([]);
    client.socket.receive(call(3, NOW, "hello"));
    await settle();
    expect(client.socket.written).toHaveLength(1);
    const answer = client.frames();
    expect(kinds(ofType(answer, FrameType.ping))).toHaveLength(1);
    expect(ofType(answer, FrameType.ping)[0]?.payload.toString()).toBe("probe...");
    expect(statusOf(answer, 3)?.code).toBe("0");
    client.clock.advance(1000);
    expect(await client.exchange()).toEqual([]);
  });

  test("is answered after ten milliseconds when nothing else is to be sent", async () => {
    const client = connect();
    await client.start(call(1, NOW), call(3, NEVER));
    expect(await client.exchange(probe)).toEqual([]);
    client.clock.advance(PROBE_ANSWER_MS - 1);
    expect(await client.exchange()).toEqual([]);
    client.clock.advance(1);
    expect(kinds(await client.exchange())).toEqual([FrameType.ping]);
    client.clock.advance(1000);
    expect(await client.exchange()).toEqual([]);
  });

  test("is answered at once when another follows", async () => {
    const client = connect();
    await client.start(call(1, NOW));
    expect(kinds(await client.exchange(probe))).toEqual([]);
    const second = frame(FrameType.ping, 0, 0, Buffer.from("second.."));
    const answers = await client.exchange(second);
    expect(answers.map(({ payload }) => payload.toString())).toEqual(["probe...", "second.."]);
  });
});

test("padding and priority of HEADERS and padding of DATA are passed over", async () => {
  const client = connect();
  const list = block(requestHeaders(NOW));
  const padded = Buffer.concat([
    Uint8Array.of(3),
    word(0x80000000),
    Uint8Array.of(15),
    list,
    Buffer.alloc(3),
  ]);
  const body = Buffer.concat([Uint8Array.of(200), message("hi"), Buffer.alloc(200)]);
  const flags = Flag.endHeaders | Flag.padded | Flag.priority;
  const answer = await client.start(
    frame(FrameType.headers, flags, 1, padded),
    frame(FrameType.data, Flag.padded | Flag.endStream, 1, body),
  );
  expect(bodyOf(answer, 1)).toEqual(message("hi"));
});

test("a header block in many CONTINUATION frames", async () => {
  const client = connect();
  const list = block(requestHeaders(NOW));
  const answer = await client.start(
    frame(FrameType.headers, 0, 1, list.subarray(0, 10)),
    frame(FrameType.continuation, 0, 1, list.subarray(10, 10)),
    frame(FrameType.continuation, 0, 1, list.subarray(10, 50)),
    frame(FrameType.continuation, Flag.endHeaders, 1, list.subarray(50)),
    data(1, message("hi")),
  );
  expect(bodyOf(answer, 1)).toEqual(message("hi"));
});

test("trailers end a request", async () => {
  const client = connect();
  const answer = await client.start(
    headers(1, requestHeaders(NOW)),
    data(1, message("hi"), false),
    headers(1, [["x-trailer", "yes"]], Flag.endHeaders | Flag.endStream),
  );
  expect(bodyOf(answer, 1)).toEqual(message("hi"));
});

test("frames of unknown types are passed over", async () => {
  const client = connect();
  const answer = await client.start(frame(0x42, 0xff, 99, Buffer.from("?")), call(1, NOW, "hi"));
  expect(bodyOf(answer, 1)).toEqual(message("hi"));
});

describe("mistakes that end the connection", () => {
  const { protocolError, frameSizeError, flowControlError, compressionError, streamClosed } =
    ErrorCode;
  test.each<[string, number, () => Buffer[]]>([
    ["DATA on stream 0", protocolError, () => [data(0, message(""))]],
    ["HEADERS on stream 0", protocolError, () => [headers(0, requestHeaders(NOW))]],
    ["HEADERS on an even stream", protocolError, () => [headers(2, requestHeaders(NOW))]],
    ["DATA on an idle stream", protocolError, () => [data(1, message(""))]],
    ["RST_STREAM on an idle stream", protocolError, () => [frame(3, 0, 1, word(8))]],
    ["RST_STREAM on stream 0", protocolError, () => [frame(3, 0, 0, word(8))]],
    ["RST_STREAM of 3 octets", frameSizeError, () => [frame(3, 0, 1, Buffer.alloc(3))]],
    ["WINDOW_UPDATE on an idle stream", protocolError, () => [frame(8, 0, 1, word(8))]],
    ["WINDOW_UPDATE of 5 octets", frameSizeError, () => [frame(8, 0, 0, Buffer.alloc(5))]],
    ["WINDOW_UPDATE of zero", protocolError, () => [frame(8, 0, 0, word(0))]],
    [
      "a connection window beyond 2^31-1",
      flowControlError,
      () => [frame(8, 0, 0, word(0x7fffffff))],
    ],
    ["PING on a stream", protocolError, () => [frame(6, 0, 1, Buffer.alloc(8))]],
    ["PING of 7 octets", frameSizeError, () => [frame(6, 0, 0, Buffer.alloc(7))]],
    ["SETTINGS on a stream", protocolError, () => [frame(4, 0, 1)]],
    ["SETTINGS of 5 octets", frameSizeError, () => [frame(4, 0, 0, Buffer.alloc(5))]],
    [
      "SETTINGS acknowledgement with content",
      frameSizeError,
      () => [frame(4, 1, 0, setting(1, 1))],
    ],
    ["ENABLE_PUSH of 2", protocolError, () => [frame(4, 0, 0, setting(2, 2))]],
    ["INITIAL_WINDOW_SIZE of 2^31", flowControlError, () => [frame(4, 0, 0, setting(4, 2 ** 31))]],
    ["MAX_FRAME_SIZE too small", protocolError, () => [frame(4, 0, 0, setting(5, 16_383))]],
    ["MAX_FRAME_SIZE too large", protocolError, () => [frame(4, 0, 0, setting(5, 2 ** 24))]],
    ["PUSH_PROMISE", protocolError, () => [frame(5, 4, 1, word(2))]],
    ["PRIORITY on stream 0", protocolError, () => [frame(2, 0, 0, Buffer.alloc(5))]],
    ["PRIORITY of 4 octets", frameSizeError, () => [frame(2, 0, 1, Buffer.alloc(4))]],
    ["GOAWAY on a stream", protocolError, () => [frame(7, 0, 1, Buffer.alloc(8))]],
    ["GOAWAY of 7 octets", frameSizeError, () => [frame(7, 0, 0, Buffer.alloc(7))]],
    ["CONTINUATION without HEADERS", protocolError, () => [frame(9, 4, 1)]],
    [
      "a header block interrupted",
      protocolError,
      () => [headers(1, requestHeaders(NOW), 0), frame(6, 0, 0, Buffer.alloc(8))],
    ],
    [
      "CONTINUATION of another stream",
      protocolError,
      () => [headers(1, requestHeaders(NOW), 0), frame(9, 4, 3)],
    ],
    ["a block that does not decode", compressionError, () => [frame(1, 4, 1, Buffer.from([0xff]))]],
    ["padding longer than HEADERS", protocolError, () => [frame(1, 12, 1, Buffer.from([9, 1]))]],
    ["HEADERS too short for priority", protocolError, () => [frame(1, 0x24, 1, Buffer.alloc(4))]],
    [
      "padding longer than DATA",
      protocolError,
      () => [headers(1, requestHeaders(NOW)), frame(0, 8, 1, Buffer.from([9, 1]))],
    ],
    [
      "padded DATA without a length",
      protocolError,
      () => [headers(1, requestHeaders(NOW)), frame(0, 8, 1), frame(0, 8, 1)],
    ],
    ["a frame of 16 385 octets", frameSizeError, () => [frame(0, 0, 1, Buffer.alloc(16_385))]],
    [
      "HEADERS on a stream that ended",
      streamClosed,
      () => [call(1, NOW), call(3, NOW), headers(1, requestHeaders(NOW))],
    ],
  ])("%s", async (_what, code, bytes) => {
    const client = connect();
    const answer = await client.start(...bytes());
    expect(goawayOf(answer)?.code).toBe(code);
    expect(client.socket.writableFinished).toBe(true);
    expect(client.defects).toEqual([]);
  });

  test("a first frame other than SETTINGS", async () => {
    const client = connect();
    const answer = await client.exchange(PREFACE.subarray(0, 24), call(1, NOW));
    expect(goawayOf(answer)?.code).toBe(ErrorCode.protocolError);
  });

  test("nothing is done any more with what follows", async () => {
    const client = connect();
    const answer = await client.start(data(0, message("")), call(1, NOW));
    expect(ofType(answer, FrameType.headers)).toEqual([]);
  });

  test("open calls are cancelled", async () => {
    let cancelled = 0;
    const client = new RawClient({
      methods: [
        {
          kind: "unary",
          path: "/a.B/C",
          handle: (_request, context) => {
            context.onCancel(() => {
              cancelled += 1;
            });
            return new Promise<Uint8Array>(() => {});
          },
        },
      ],
    });
    await client.start(call(1, "/a.B/C"), call(3, "/a.B/C"), data(0, message("")));
    expect(cancelled).toBe(2);
    expect(client.server.callCount).toBe(0);
  });
});

describe("mistakes that end a stream only", () => {
  test.each<[string, number, () => Buffer[]]>([
    [
      "DATA after the end",
      ErrorCode.streamClosed,
      () => [call(1, NEVER), data(1, message("more"))],
    ],
    [
      "HEADERS after the end",
      ErrorCode.streamClosed,
      () => [call(1, NEVER), headers(1, [["x-a", "b"]], Flag.endHeaders | Flag.endStream)],
    ],
    [
      "trailers that do not end it",
      ErrorCode.protocolError,
      () => [headers(1, requestHeaders(BOTH)), headers(1, [["x-a", "b"]])],
    ],
    [
      "WINDOW_UPDATE of zero",
      ErrorCode.protocolError,
      () => [headers(1, requestHeaders(BOTH)), frame(8, 0, 1, word(0))],
    ],
    [
      "a window beyond 2^31-1",
      ErrorCode.flowControlError,
      () => [headers(1, requestHeaders(BOTH)), frame(8, 0, 1, word(0x7fffffff))],
    ],
    [
      "PRIORITY of 4 octets on an open stream",
      ErrorCode.frameSizeError,
      () => [headers(1, requestHeaders(BOTH)), frame(2, 0, 1, Buffer.alloc(4))],
    ],
    [
      "a malformed header list",
      ErrorCode.protocolError,
      () => [headers(1, [...requestHeaders(NOW), ["connection", "close"]])],
    ],
    [
      "less data than content-length says",
      ErrorCode.protocolError,
      () => [headers(1, [...requestHeaders(NOW), ["content-length", "6"]]), data(1, message(""))],
    ],
    [
      "more data than content-length says",
      ErrorCode.protocolError,
      () => [headers(1, [...requestHeaders(NOW), ["content-length", "6"]]), data(1, message("ab"))],
    ],
    [
      "no data although content-length says so",
      ErrorCode.protocolError,
      () => [
        headers(
          1,
          [...requestHeaders(NOW), ["content-length", "6"]],
          Flag.endHeaders | Flag.endStream,
        ),
      ],
    ],
    [
      "DATA on a stream that was answered",
      ErrorCode.streamClosed,
      () => [call(1, NOW), data(1, message("more"))],
    ],
  ])("%s", async (_what, code, bytes) => {
    const client = connect();
    const answer = await client.start(...bytes());
    expect(resetOf(answer, 1)).toBe(code);
    const after = await client.exchange(call(5, NOW, "alive"));
    expect(bodyOf(after, 5)).toEqual(message("alive"));
  });

  test("more data than the stream's window", async () => {
    const client = new RawClient({
      methods: TEST_METHODS,
      limits: { streamWindowBytes: 20_000 },
    });
    // Half of the window is not passed, so it is not replenished before it is exceeded.
    const answer = await client.start(
      headers(1, requestHeaders("/test.Echo/Sum")),
      data(1, Buffer.alloc(9_999), false),
      data(1, Buffer.alloc(10_002), false),
    );
    expect(resetOf(answer, 1)).toBe(ErrorCode.flowControlError);
  });

  test("frames under way when we reset a stream are passed over", async () => {
    const client = connect();
    const answer = await client.start(
      headers(1, requestHeaders("/test.Echo/FailAfterOne")),
      data(1, message("a"), false),
      data(1, message("b"), false),
      frame(8, 0, 1, word(100)),
      headers(1, [["x-a", "b"]], Flag.endHeaders | Flag.endStream),
    );
    expect(statusOf(answer, 1)?.code).toBe("10");
    expect(ofType(answer, FrameType.rstStream)).toHaveLength(1);
    expect(resetOf(answer, 1)).toBe(ErrorCode.noError);
    expect(goawayOf(answer)).toBeUndefined();
  });
});

describe("receiving: flow control", () => {
  test("the connection's window is announced and replenished in batches", async () => {
    const client = new RawClient({
      methods: TEST_METHODS,
      limits: { connectionWindowBytes: 100_000, streamWindowBytes: 100_000 },
    });
    const introduction = await client.exchange(PREFACE);
    const [raise] = ofType(introduction, FrameType.windowUpdate);
    expect(raise?.payload.readUInt32BE()).toBe(100_000 - 65_535);
    const parts = Array.from({ length: 6 }, () => data(1, Buffer.alloc(10_000), false));
    const answer = await client.exchange(headers(1, requestHeaders("/test.Echo/Sum")), ...parts);
    const updates = ofType(answer, FrameType.windowUpdate);
    expect(updates.map(({ streamId, payload }) => [streamId, payload.readUInt32BE()])).toEqual([
      [0, 50_000],
      [1, 50_000],
    ]);
  });

  test("padding counts", async () => {
    const client = new RawClient({
      methods: TEST_METHODS,
      limits: { connectionWindowBytes: 65_535 },
    });
    await client.start(headers(1, requestHeaders("/test.Echo/Sum")));
    const body = Buffer.concat([Uint8Array.of(255), message("x"), Buffer.alloc(255)]);
    const frames = Array.from({ length: 126 }, () => frame(0, Flag.padded, 1, body));
    expect(body.length * 126).toBeGreaterThan(65_535 / 2);
    const answer = await client.exchange(...frames);
    expect(ofType(answer, FrameType.windowUpdate).some(({ streamId }) => streamId === 0)).toBe(
      true,
    );
  });
});

describe("sending: flow control", () => {
  const LARGE = "/test.Echo/Large";

  test("no more than the windows allow, and the rest as they grow", async () => {
    const client = connect();
    const first = await client.start(call(1, LARGE, "100000"));
    expect(bodyOf(first, 1)).toHaveLength(65_535);
    expect(statusOf(first, 1)).toBeUndefined();
    const second = await client.exchange(frame(8, 0, 0, word(100_000)));
    expect(second).toEqual([]);
    const third = await client.exchange(frame(8, 0, 1, word(10)));
    expect(bodyOf(third, 1)).toHaveLength(10);
    const last = await client.exchange(frame(8, 0, 1, word(100_000)));
    expect(bodyOf(last, 1)).toHaveLength(100_005 - 65_545);
    expect(statusOf(last, 1)?.code).toBe("0");
  });

  test("SETTINGS change the windows of open streams, below zero and back", async () => {
    const client = connect();
    const settings = (bytes: number): Buffer =>
      frame(FrameType.settings, 0, 0, setting(Setting.initialWindowSize, bytes));
    await client.start(settings(1000), frame(8, 0, 0, word(1_000_000)));
    const first = await client.exchange(call(1, LARGE, "5000"));
    expect(bodyOf(first, 1)).toHaveLength(1000);
    await client.exchange(settings(400));
    expect(bodyOf(await client.exchange(frame(8, 0, 1, word(600))), 1)).toHaveLength(0);
    expect(bodyOf(await client.exchange(frame(8, 0, 1, word(1))), 1)).toHaveLength(1);
    const last = await client.exchange(settings(10_000));
    expect(bodyOf(last, 1)).toHaveLength(5005 - 1001);
  });

  test("streams share the connection's window fairly", async () => {
    const client = connect();
    const settings = frame(4, 0, 0, setting(Setting.initialWindowSize, 1_000_000));
    const ids = [1, 3, 5, 7];
    const answer = await client.start(settings, ...ids.map((id) => call(id, LARGE, "100000")));
    const shares = ids.map((id) => bodyOf(answer, id).length);
    expect(shares.reduce((sum, share) => sum + share)).toBe(65_535);
    expect(Math.min(...shares)).toBeGreaterThan(65_535 / 4 - 16_384);
  });

  test("many small answers stay within the connection's window", async () => {
    const client = connect();
    const settings = frame(4, 0, 0, setting(Setting.initialWindowSize, 1_000_000));
    const ids = Array.from({ length: 70 }, (_, i) => 1 + 2 * i);
    const answer = await client.start(settings, ...ids.map((id) => call(id, LARGE, "995")));
    const sentBytes = ids.reduce((sum, id) => sum + bodyOf(answer, id).length, 0);
    expect(sentBytes).toBe(65_535);
    const rest = await client.exchange(frame(8, 0, 0, word(10_000)));
    expect(ids.reduce((sum, id) => sum + bodyOf(rest, id).length, sentBytes)).toBe(70_000);
  });

  test("a small message does not overtake a large one of its stream", async () => {
    const client = new RawClient({
      methods: [
        {
          kind: "stream",
          path: "/a.B/C",
          singleRequest: false,
          open: (stream) => {
            stream.write(Buffer.alloc(20_000, "l"));
            stream.write(Buffer.from("small"));
            stream.end();
          },
        },
      ],
    });
    const answer = await client.start(headers(1, requestHeaders("/a.B/C")));
    const expected = Buffer.concat([message("l".repeat(20_000)), message("small")]);
    expect(bodyOf(answer, 1).equals(expected)).toBe(true);
  });

  test("an answer without a message needs no window", async () => {
    const client = connect();
    await client.start(call(1, LARGE, "70000"));
    const answer = await client.exchange(call(3, "/test.Echo/Fail", "5"));
    expect(statusOf(answer, 3)?.code).toBe("5");
  });

  test("what a reset stream had queued leaves the way free for others", async () => {
    const client = connect();
    await client.start(call(1, LARGE, "70000"));
    await client.exchange(frame(3, 0, 1, word(8)), frame(8, 0, 0, word(10_000)));
    const answer = await client.exchange(call(3, LARGE, "5000"));
    expect(bodyOf(answer, 3)).toHaveLength(5005);
    expect(bodyOf(answer, 1)).toHaveLength(0);
  });
});

test("a client that changes its header table gets answers it can read", async () => {
  const client = connect();
  await client.start(call(1, NOW));
  for (const [i, size] of [0, 4096, 50, 4096].entries()) {
    const table = frame(4, 0, 0, setting(Setting.headerTableSize, size));
    const answer = await client.exchange(table, call(3 + 2 * i, NOW, "x"));
    expect(statusOf(answer, 3 + 2 * i)?.code).toBe("0");
  }
});

test("closing the client's side cancels its calls and closes ours", async () => {
  const client = connect();
  await client.start(call(1, NEVER));
  expect(client.server.callCount).toBe(1);
  client.socket.push(null);
  await settle();
  expect(client.server.callCount).toBe(0);
  expect(client.socket.writableFinished).toBe(true);
});

test("a reset cancels the call, and its late answer goes nowhere", async () => {
  let answerLate = (_answer: Uint8Array): void => {};
  let cancelled = false;
  const client = new RawClient({
    methods: [
      {
        kind: "unary",
        path: "/a.B/C",
        handle: (_request, context) => {
          context.onCancel(() => {
            cancelled = context.cancelled;
          });
          return new Promise<Uint8Array>((resolve) => {
            answerLate = resolve;
          });
        },
      },
    ],
  });
  await client.start(call(1, "/a.B/C"));
  await client.exchange(frame(FrameType.rstStream, 0, 1, word(ErrorCode.cancel)));
  expect(cancelled).toBe(true);
  answerLate(Buffer.from("too late"));
  await settle();
  expect(client.frames()).toEqual([]);
});

test("acknowledged SETTINGS and a GOAWAY of the client change nothing", async () => {
  const client = connect();
  const answer = await client.start(
    frame(FrameType.settings, Flag.ack, 0),
    frame(FrameType.goaway, 0, 0, Buffer.alloc(8)),
    SETTINGS,
    call(1, NOW, "hi"),
  );
  expect(bodyOf(answer, 1)).toEqual(message("hi"));
});
