import { describe, expect, test } from "vitest";
import { DEFAULT_HTTP2_LIMITS } from "../../src/http2/limits.ts";
import { ErrorCode, Flag, FrameType, Setting } from "../../src/http2/protocol.ts";
import type { GrpcServerOptions } from "../../src/server/grpc-server.ts";
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
  RawClient,
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

const connect = (options: Partial<GrpcServerOptions> = {}): RawClient =>
  new RawClient({ methods: TEST_METHODS, ...options });

const CALM = ErrorCode.enhanceYourCalm;

const repeat = (count: number, make: (i: number) => Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, i) => make(i)));

describe("rapid reset (CVE-2023-44487)", () => {
  const openAndReset = (i: number): Buffer =>
    Buffer.concat([call(1 + 2 * i, NEVER), frame(3, 0, 1 + 2 * i, word(ErrorCode.cancel))]);

  test("a thousand young streams may be reset, one more ends the connection", async () => {
    const client = connect();
    expect(goawayOf(await client.start(repeat(1000, openAndReset)))).toBeUndefined();
    const answer = await client.exchange(openAndReset(1000));
    expect(goawayOf(answer)).toMatchObject({ code: CALM, text: "too many resets" });
    expect(client.server.callCount).toBe(0);
  });

  test("time gives the budget back", async () => {
    const client = connect();
    await client.start(repeat(1000, openAndReset));
    client.clock.advance(1000);
    const answer = await client.exchange(repeat(50, (i) => openAndReset(1000 + i)));
    expect(goawayOf(answer)).toBeUndefined();
    expect(goawayOf(await client.exchange(openAndReset(1050)))?.code).toBe(CALM);
  });

  test("streams older than a second may all be reset at once: their deadline passed", async () => {
    const client = connect();
    await client.start(repeat(5000, (i) => call(1 + 2 * i, NEVER)));
    client.clock.advance(1000);
    const resets = repeat(5000, (i) => frame(3, 0, 1 + 2 * i, word(ErrorCode.cancel)));
    expect(goawayOf(await client.exchange(resets))).toBeUndefined();
    expect(client.server.callCount).toBe(0);
  });

  test("handlers of reset calls that do not stop count as open calls", async () => {
    const client = connect({ limits: { maxConcurrentStreams: 20 } });
    const answer = await client.start(repeat(30, openAndReset));
    const refused = Array.from({ length: 30 }, (_, i) => resetOf(answer, 1 + 2 * i));
    expect(refused.filter((code) => code === ErrorCode.refusedStream)).toHaveLength(10);
    // They may never stop, so that the connection would be of no use: the client is sent elsewhere.
    expect(goawayOf(answer)).toMatchObject({ code: 0, lastStreamId: 0x7fffffff });
  });

  test("streams that we must reset for the client's mistakes count too (CVE-2025-8671)", async () => {
    const client = connect();
    const mistake = (i: number): Buffer =>
      Buffer.concat([call(1 + 2 * i, NEVER), frame(8, 0, 1 + 2 * i, word(0))]);
    expect(goawayOf(await client.start(repeat(1000, mistake)))).toBeUndefined();
    expect(goawayOf(await client.exchange(mistake(1000)))?.code).toBe(CALM);
  });
});

describe("too many calls at once", () => {
  test("are refused without being begun, and the rest go on", async () => {
    const client = connect({ limits: { maxConcurrentStreams: 3 } });
    const answer = await client.start(repeat(5, (i) => call(1 + 2 * i, NEVER)));
    expect(resetOf(answer, 7)).toBe(ErrorCode.refusedStream);
    expect(resetOf(answer, 9)).toBe(ErrorCode.refusedStream);
    expect(goawayOf(answer)).toBeUndefined();
    expect(client.server.callCount).toBe(3);
  });

  test("the limit is announced", async () => {
    const client = connect({ limits: { maxConcurrentStreams: 3 } });
    const [settings] = ofType(await client.exchange(SETTINGS.subarray(0, 0)), FrameType.settings);
    expect(settings).toBeUndefined();
    const introduction = await client.exchange(
      Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
      SETTINGS,
    );
    const announced = ofType(introduction, FrameType.settings)[0]?.payload;
    expect(announced?.includes(setting(Setting.maxConcurrentStreams, 3))).toBe(true);
  });
});

describe("floods of frames", () => {
  const { settings, uselessFrames, windowUpdates, emptyData } = DEFAULT_HTTP2_LIMITS;
  const open = headers(1, requestHeaders(BOTH));
  test.each<[string, number, Buffer]>([
    ["SETTINGS", settings.burst - 1, SETTINGS],
    ["SETTINGS acknowledgements", settings.burst - 1, frame(4, Flag.ack, 0)],
    ["PRIORITY", uselessFrames.burst, frame(2, 0, 1, Buffer.alloc(5))],
    ["unknown frames", uselessFrames.burst, frame(0x55, 0, 1)],
    ["GOAWAY", uselessFrames.burst, frame(7, 0, 0, Buffer.alloc(8))],
    ["WINDOW_UPDATE", windowUpdates.burst, frame(8, 0, 0, word(1))],
    ["WINDOW_UPDATE on a stream", windowUpdates.burst, frame(8, 0, 1, word(1))],
    ["empty DATA", emptyData.burst, data(1, Buffer.alloc(0), false)],
    ["DATA of padding", emptyData.burst, frame(0, Flag.padded, 1, Buffer.alloc(200, 199))],
  ])("%s: %i are let pass, one more is not", async (_what, burst, flood) => {
    const client = connect();
    const allowed = await client.start(
      open,
      repeat(burst, () => flood),
    );
    expect(goawayOf(allowed)).toBeUndefined();
    expect(goawayOf(await client.exchange(flood))?.code).toBe(CALM);
  });

  test("resets of closed streams are of no use", async () => {
    const client = connect();
    await client.start(call(1, NOW));
    const reset = frame(3, 0, 1, word(8));
    expect(goawayOf(await client.exchange(repeat(1000, () => reset)))).toBeUndefined();
    expect(goawayOf(await client.exchange(reset))?.code).toBe(CALM);
  });

  test("our DATA earns WINDOW_UPDATEs", async () => {
    const client = connect({ limits: { windowUpdates: { burst: 4, perSecond: 0 } } });
    await client.start();
    for (let i = 0; i < 50; i++) {
      const id = 1 + 2 * i;
      const answer = await client.exchange(call(id, NOW, "x"), frame(8, 0, 0, word(6)));
      expect(bodyOf(answer, id)).toHaveLength(6);
      expect(goawayOf(answer)).toBeUndefined();
    }
    expect(goawayOf(await client.exchange(repeat(5, () => frame(8, 0, 0, word(1)))))?.code).toBe(
      CALM,
    );
  });
});

describe("pings", () => {
  const ping = frame(FrameType.ping, 0, 0, Buffer.alloc(8));

  test("too many without a call are answered with too_many_pings", async () => {
    const client = connect();
    const answer = await client.start(repeat(3, () => ping));
    expect(ofType(answer, FrameType.ping)).toHaveLength(3);
    expect(goawayOf(await client.exchange(ping))).toMatchObject({
      code: CALM,
      text: "too_many_pings",
    });
  });

  test("one every five seconds during a call is fine", async () => {
    const client = connect();
    await client.start(call(1, NEVER));
    for (let i = 0; i < 20; i++) {
      expect(ofType(await client.exchange(ping), FrameType.ping)).toHaveLength(1);
      client.clock.advance(5000);
    }
  });

  test("one after each answer is fine: it measures the round trip", async () => {
    const client = connect();
    await client.start();
    for (let i = 0; i < 50; i++) {
      const answer = await client.exchange(call(1 + 2 * i, NOW), ping);
      expect(goawayOf(answer)).toBeUndefined();
    }
  });

  test("one after each of thousands of quick answers is fine: a client that waits for each of them", async () => {
    const client = connect();
    await client.start();
    for (let i = 0; i < 3000; i++) {
      const answer = await client.exchange(call(1 + 2 * i, NOW), ping);
      expect(goawayOf(answer), `after ${i} answers`).toBeUndefined();
    }
  });

  test("without end they are a flood, whatever the keepalive rules allow", async () => {
    const client = connect({ keepalive: { minClientPingIntervalMs: 0 } });
    await client.start(call(1, NEVER));
    expect(goawayOf(await client.exchange(repeat(1000, () => ping)))).toBeUndefined();
    expect(goawayOf(await client.exchange(ping))?.code).toBe(CALM);
  });
});

describe("header lists", () => {
  test("over the limit end the call, and the connection lives on", async () => {
    const client = connect();
    const large: [string, string][] = Array.from({ length: 10 }, (_, i) => [
      `x-${i}`,
      "v".repeat(8000),
    ]);
    const list = block([...requestHeaders(NOW), ...large]);
    const answer = await client.start(
      frame(FrameType.headers, 0, 1, list.subarray(0, 16_384)),
      frame(FrameType.continuation, 0, 1, list.subarray(16_384, 32_768)),
      frame(FrameType.continuation, 0, 1, list.subarray(32_768, 49_152)),
      frame(FrameType.continuation, 0, 1, list.subarray(49_152, 65_536)),
      frame(FrameType.continuation, Flag.endHeaders, 1, list.subarray(65_536)),
    );
    expect(statusOf(answer, 1)).toEqual({
      code: "8",
      message: "received headers larger than max (65536)",
    });
    expect(bodyOf(await client.exchange(call(3, NOW, "hi")), 3)).toEqual(message("hi"));
  });

  test("one octet that stands for 4 KiB, repeated, is cut off (HPACK bomb)", async () => {
    const client = connect();
    const value = "v".repeat(4000);
    const length = [0x7f, 0xa1, 0x1e];
    const insert = Buffer.concat([
      Buffer.from([0x40, 3]),
      Buffer.from("x-v"),
      Buffer.from(length),
      Buffer.from(value),
    ]);
    const bomb = Buffer.concat([block(requestHeaders(NOW)), insert, Buffer.alloc(10_000, 0xbe)]);
    const answer = await client.start(frame(FrameType.headers, Flag.endHeaders, 1, bomb));
    expect(statusOf(answer, 1)?.code).toBe("8");
    expect(goawayOf(answer)).toBeUndefined();
  });

  test("CONTINUATION without end stops at the limit of octets", async () => {
    const client = connect();
    await client.start(headers(1, requestHeaders(NOW), 0));
    const more = frame(FrameType.continuation, 0, 1, Buffer.alloc(16_384));
    const answer = await client.exchange(repeat(8, () => more));
    expect(goawayOf(answer)).toMatchObject({ code: CALM, text: "header block too large" });
  });

  test("empty CONTINUATION without end stops at the limit of frames", async () => {
    const client = connect();
    const { maxContinuationFrames } = DEFAULT_HTTP2_LIMITS;
    const empty = frame(FrameType.continuation, 0, 1);
    await client.start(
      headers(1, requestHeaders(NOW), 0),
      repeat(maxContinuationFrames, () => empty),
    );
    expect(goawayOf(client.frames())).toBeUndefined();
    const answer = await client.exchange(empty);
    expect(goawayOf(answer)).toMatchObject({ code: CALM, text: "too many CONTINUATION frames" });
  });
});

describe("the headers of open calls", () => {
  const rich = (streamId: number): Buffer =>
    Buffer.concat([
      headers(streamId, [...requestHeaders(NEVER), ["x-large", "v".repeat(5000)]]),
      data(streamId, message("")),
    ]);

  test("are bounded together, and given back when the calls end", async () => {
    const client = connect({ limits: { maxReceivedBytesHeld: 20_000 } });
    const answer = await client.start(rich(1), rich(3), rich(5), rich(7));
    expect([1, 3, 5, 7].map((id) => statusOf(answer, id)?.code)).toEqual([
      undefined,
      undefined,
      undefined,
      "8",
    ]);
    const after = await client.exchange(frame(3, 0, 1, word(8)), rich(9));
    expect(statusOf(after, 9)).toBeUndefined();
    for (let i = 0; i < 100; i++) {
      const id = 11 + 2 * i;
      const answered = await client.exchange(call(id, NOW, "x"));
      expect(statusOf(answered, id)?.code).toBe("0");
    }
  });
});

describe("SETTINGS that change windows again and again", () => {
  test("touch the streams once per frame, and count as their last word", async () => {
    const client = connect();
    const many = Array.from({ length: 1000 }, (_, i) => setting(Setting.initialWindowSize, i));
    const answer = await client.start(
      headers(1, requestHeaders("/test.Echo/Count")),
      frame(4, 0, 0, Buffer.concat(many)),
      data(1, message("1 5000")),
    );
    expect(bodyOf(answer, 1)).toHaveLength(999);
    const more = await client.exchange(frame(8, 0, 1, word(1)));
    expect(bodyOf(more, 1)).toHaveLength(1);
  });
});

describe("messages", () => {
  test("unfinished ones of many streams are bounded together", async () => {
    const client = connect({ limits: { maxReceivedBytesHeld: 51_000 } });
    const half = (i: number): Buffer =>
      Buffer.concat([
        headers(1 + 2 * i, requestHeaders(NOW)),
        data(1 + 2 * i, message(Buffer.alloc(30_000)).subarray(0, 12_000), false),
      ]);
    const answer = await client.start(repeat(4, half));
    const codes = [1, 3, 5, 7].map((id) => statusOf(answer, id)?.code);
    expect(codes).toEqual([undefined, undefined, undefined, "8"]);
    await client.exchange(frame(3, 0, 1, word(8)));
    expect(goawayOf(client.frames())).toBeUndefined();
    const next = await client.exchange(half(4));
    expect(statusOf(next, 9)).toBeUndefined();
  });
});

describe("slow clients", () => {
  test("one that says nothing is cut off", async () => {
    const client = connect();
    client.socket.receive(Buffer.from("PRI * HT"));
    await settle();
    client.clock.advance(9_000);
    expect(client.socket.destroyed).toBe(false);
    client.clock.advance(2_000);
    expect(client.socket.destroyed).toBe(true);
    await settle();
    expect(client.server.connectionCount).toBe(0);
  });

  test("one that does not finish a frame is cut off", async () => {
    const client = connect();
    await client.start(headers(1, requestHeaders(NOW)).subarray(0, 20));
    for (let i = 0; i < 5; i++) {
      client.clock.advance(6_000);
      client.socket.receive(Buffer.from([0]));
      await settle();
    }
    expect(goawayOf(client.frames())).toBeUndefined();
    client.clock.advance(2_000);
    await settle();
    expect(goawayOf(client.frames())).toMatchObject({
      code: CALM,
      text: "frame not finished in time",
    });
  });

  test("one that drips CONTINUATION is cut off", async () => {
    const client = connect();
    await client.start(headers(1, requestHeaders(NOW), 0));
    for (let i = 0; i < 3; i++) {
      client.clock.advance(10_000);
      client.socket.receive(frame(FrameType.continuation, 0, 1, block([["x-a", "b"]])));
      await settle();
    }
    expect(goawayOf(client.frames())).toBeUndefined();
    client.clock.advance(1_000);
    await settle();
    expect(goawayOf(client.frames())?.code).toBe(CALM);
  });

  test("one that sends frame after frame is not, however they are cut", async () => {
    const client = connect();
    await client.start(headers(1, requestHeaders("/test.Echo/Sum")));
    let rest = Buffer.alloc(0);
    for (let i = 0; i < 20; i++) {
      const bytes = Buffer.concat([rest, data(1, message("x"), false)]);
      rest = bytes.subarray(bytes.length - 5);
      client.socket.receive(bytes.subarray(0, bytes.length - 5));
      await settle();
      client.clock.advance(10_000);
    }
    expect(goawayOf(client.frames())).toBeUndefined();
  });
});
