import { describe, expect, test } from "vitest";
import type { RpcMethod, RpcStream } from "../../src/call/method.ts";
import { ErrorCode, FrameType, Setting } from "../../src/http2/protocol.ts";
import { TEST_METHODS } from "../support/methods.ts";
import {
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
  setting,
  settle,
  statusOf,
  word,
} from "../support/raw-client.ts";

const LARGE = "/test.Echo/Large";

/** A streaming method whose stream the test drives itself. */
const held = (): { readonly method: RpcMethod; readonly streams: RpcStream[] } => {
  const streams: RpcStream[] = [];
  const method: RpcMethod = {
    kind: "stream",
    path: "/test.Held/Open",
    singleRequest: false,
    open: (stream) => {
      streams.push(stream);
    },
  };
  return { method, streams };
};

const openHeld = (streamId: number): Buffer => headers(streamId, requestHeaders("/test.Held/Open"));

describe("a stream whose client gives no window", () => {
  test("tells the service to wait at the high-water mark, and when there is room again", async () => {
    const { method, streams } = held();
    const client = new RawClient({ methods: [method] });
    await client.start(frame(4, 0, 0, setting(Setting.initialWindowSize, 0)), openHeld(1));
    await client.exchange(frame(8, 0, 0, word(1_000_000)));
    const [stream] = streams;
    let drains = 0;
    stream?.onDrain(() => {
      drains += 1;
    });
    const part = Buffer.alloc(10_000, "p");
    const answers = Array.from({ length: 8 }, () => stream?.write(part));
    expect(answers).toEqual([true, true, true, true, true, true, false, false]);
    await client.exchange(frame(8, 0, 1, word(50_000)));
    expect(drains).toBe(0);
    await client.exchange(frame(8, 0, 1, word(50_000)));
    expect(drains).toBe(1);
    expect(stream?.write(part)).toBe(true);
    await client.exchange(frame(8, 0, 1, word(50_000)));
    expect(drains).toBe(1);
  });

  test("fails when the service does not wait", async () => {
    const { method, streams } = held();
    const client = new RawClient({ methods: [method], limits: { maxStreamQueuedBytes: 100_000 } });
    await client.start(frame(4, 0, 0, setting(Setting.initialWindowSize, 0)), openHeld(1));
    const [stream] = streams;
    let isCancelled = false;
    stream?.call.onCancel(() => {
      isCancelled = true;
    });
    for (let i = 0; i < 11; i++) stream?.write(Buffer.alloc(10_000));
    expect(isCancelled).toBe(true);
    const answer = await client.exchange();
    expect(resetOf(answer, 1)).toBe(ErrorCode.enhanceYourCalm);
    expect(stream?.write(Buffer.alloc(1))).toBe(false);
  });

  test("may get one message of any size", async () => {
    const client = new RawClient({
      methods: TEST_METHODS,
      limits: { maxStreamQueuedBytes: 1000, maxConnectionQueuedBytes: 1000 },
    });
    const answer = await client.start(call(1, LARGE, "1000000"));
    expect(bodyOf(answer, 1)).toHaveLength(65_535);
    expect(goawayOf(answer)).toBeUndefined();
  });

  test("an ended stream delivers everything before its status", async () => {
    const { method, streams } = held();
    const client = new RawClient({ methods: [method] });
    await client.start(frame(4, 0, 0, setting(Setting.initialWindowSize, 0)), openHeld(1));
    streams[0]?.write(Buffer.from("one"));
    streams[0]?.write(Buffer.from("two"));
    streams[0]?.fail({ code: 10, message: "then this" });
    const waiting = await client.exchange();
    expect(statusOf(waiting, 1)).toBeUndefined();
    const answer = await client.exchange(frame(8, 0, 1, word(100)));
    expect(bodyOf(answer, 1)).toEqual(Buffer.concat([message("one"), message("two")]));
    expect(statusOf(answer, 1)).toEqual({ code: "10", message: "then this" });
    expect(resetOf(answer, 1)).toBe(ErrorCode.noError);
  });
});

describe("a connection whose client gives no window", () => {
  test("is closed when more answers wait than one client may have waiting", async () => {
    const client = new RawClient({
      methods: TEST_METHODS,
      limits: { maxConnectionQueuedBytes: 500_000 },
    });
    const calls = [1, 3, 5, 7, 9, 11].map((id) => call(id, LARGE, "100000"));
    const answer = await client.start(...calls);
    expect(goawayOf(answer)).toMatchObject({
      code: ErrorCode.enhanceYourCalm,
      text: "answers are not read",
    });
    expect(client.server.callCount).toBe(0);
  });
});

describe("a socket that does not drain", () => {
  const wide = (client: RawClient): Promise<unknown> =>
    client.start(
      frame(4, 0, 0, setting(Setting.initialWindowSize, 0x7fffffff)),
      frame(8, 0, 0, word(0x7fffffff - 65_535)),
    );

  test("holds back frames, and gets all of them in order when it drains", async () => {
    const client = new RawClient({ methods: TEST_METHODS });
    await wide(client);
    client.socket.stall();
    await client.exchange(call(1, LARGE, "3000000"), call(3, "/test.Echo/Now", "hi"));
    expect(client.socket.writableLength).toBeLessThan(400_000);
    client.socket.unstall();
    for (let i = 0; i < 30; i++) await settle();
    const answer = client.frames();
    expect(bodyOf(answer, 1)).toHaveLength(3_000_005);
    expect(statusOf(answer, 1)?.code).toBe("0");
    expect(bodyOf(answer, 3)).toEqual(message("hi"));
  });

  test("is not read from while too much waits for it", async () => {
    const client = new RawClient({
      methods: TEST_METHODS,
      limits: { pauseReadingAboveBytes: 100_000 },
    });
    await wide(client);
    client.socket.stall();
    await client.exchange(call(1, LARGE, "1000000"));
    expect(client.socket.isPaused()).toBe(false);
    await client.exchange(call(3, LARGE, "1000"));
    expect(client.socket.isPaused()).toBe(true);
    client.socket.receive(
      Buffer.concat([call(5, "/test.Echo/Never"), call(7, "/test.Echo/Never")]),
    );
    await settle();
    expect(client.server.callCount).toBe(1);
    client.socket.unstall();
    for (let i = 0; i < 10; i++) await settle();
    expect(client.socket.isPaused()).toBe(false);
    expect(client.server.callCount).toBe(2);
  });

  test("is closed after a minute", async () => {
    const client = new RawClient({ methods: TEST_METHODS });
    await wide(client);
    client.socket.stall();
    await client.exchange(call(1, LARGE, "1000000"));
    client.clock.advance(59_000);
    expect(client.socket.destroyed).toBe(false);
    client.clock.advance(3_000);
    expect(client.socket.destroyed).toBe(true);
  });
});

describe("a service that reads slowly", () => {
  test("makes its client wait, and no one else's", async () => {
    const { method, streams } = held();
    const client = new RawClient({
      methods: [method, ...TEST_METHODS],
      limits: { streamWindowBytes: 65_535, connectionWindowBytes: 131_072 },
    });
    await client.start(openHeld(1));
    const received: string[] = [];
    const [stream] = streams;
    stream?.onMessage((bytes) => received.push(Buffer.from(bytes).toString()));
    stream?.pause();
    const part = message("x".repeat(9995));
    const sent = await client.exchange(...Array.from({ length: 6 }, () => data(1, part, false)));
    expect(received).toEqual([]);
    expect(ofType(sent, FrameType.windowUpdate).filter(({ streamId }) => streamId === 1)).toEqual(
      [],
    );
    const others = await client.exchange(call(3, "/test.Echo/Now", "me too"));
    expect(bodyOf(others, 3)).toEqual(message("me too"));
    stream?.resume();
    const resumed = await client.exchange();
    expect(received).toHaveLength(6);
    expect(ofType(resumed, FrameType.windowUpdate).map(({ streamId }) => streamId)).toContain(1);
  });

  test("hears of the end after the messages", async () => {
    const { method, streams } = held();
    const client = new RawClient({ methods: [method] });
    await client.start(openHeld(1));
    const events: string[] = [];
    const [stream] = streams;
    stream?.onMessage((bytes) => {
      events.push(Buffer.from(bytes).toString());
      stream.pause();
    });
    stream?.onEnd(() => {
      events.push("end");
    });
    await client.exchange(data(1, Buffer.concat([message("a"), message("b")])));
    expect(events).toEqual(["a"]);
    stream?.resume();
    expect(events).toEqual(["a", "b"]);
    stream?.resume();
    expect(events).toEqual(["a", "b", "end"]);
    stream?.resume();
    expect(events).toEqual(["a", "b", "end"]);
  });
});
