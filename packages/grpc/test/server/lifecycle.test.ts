import { describe, expect, test } from "vitest";
import type { RpcMethod } from "../../src/call/method.ts";
import { ErrorCode, Flag, FrameType } from "../../src/http2/protocol.ts";
import { TEST_METHODS } from "../support/methods.ts";
import {
  bodyOf,
  call,
  frame,
  goawayOf,
  message,
  ofType,
  RawClient,
  settle,
  statusOf,
} from "../support/raw-client.ts";

const NOW = "/test.Echo/Now";
const NEVER = "/test.Echo/Never";

/** A method that answers when the test says so. */
const slow = (): { readonly method: RpcMethod; answer: (bytes: Uint8Array) => void } => {
  const found = {
    method: {
      kind: "unary" as const,
      path: "/a.B/Slow",
      handle: () =>
        new Promise<Uint8Array>((resolve) => {
          found.answer = resolve;
        }),
    },
    answer: (_bytes: Uint8Array): void => {},
  };
  return found;
};

const pongOf = (frames: ReturnType<RawClient["frames"]>): Buffer => {
  const ping = ofType(frames, FrameType.ping).find(({ flags }) => flags === 0);
  return frame(FrameType.ping, Flag.ack, 0, ping?.payload);
};

const watch = (promise: Promise<void>): { isDone: boolean } => {
  const state = { isDone: false };
  void promise.then(() => {
    state.isDone = true;
  });
  return state;
};

describe("closing in order", () => {
  test("says so, takes what is under way for a round trip, finishes, and closes", async () => {
    const target = slow();
    const client = new RawClient({ methods: [target.method, ...TEST_METHODS] });
    await client.start(call(1, "/a.B/Slow"));
    const closed = watch(client.server.close(10_000));
    const first = await client.exchange();
    expect(goawayOf(first)).toMatchObject({ code: 0, lastStreamId: 0x7fffffff });
    const underWay = await client.exchange(call(3, NOW, "just in time"));
    expect(bodyOf(underWay, 3)).toEqual(message("just in time"));
    const second = await client.exchange(pongOf(first));
    expect(goawayOf(second)).toMatchObject({ code: 0, lastStreamId: 3 });
    expect(await client.exchange(call(5, NOW, "too late"))).toEqual([]);
    expect(closed.isDone).toBe(false);
    target.answer(Buffer.from("done"));
    await settle();
    const last = client.frames();
    expect(bodyOf(last, 1)).toEqual(message("done"));
    expect(client.socket.writableFinished).toBe(true);
    client.socket.push(null);
    await settle();
    expect(closed.isDone).toBe(true);
  });

  test("does not wait for a client that does not answer the ping", async () => {
    const client = new RawClient({ methods: TEST_METHODS });
    await client.start(call(1, NEVER));
    void client.server.close(10_000);
    await settle();
    client.clock.advance(2_000);
    await settle();
    expect(goawayOf(client.frames())).toMatchObject({ code: 0, lastStreamId: 1 });
  });

  test("cuts what is not finished when the grace is over, with a status", async () => {
    const client = new RawClient({ methods: TEST_METHODS });
    await client.start(call(1, NEVER));
    const closed = watch(client.server.close(5_000));
    await settle();
    client.clock.advance(4_999);
    await settle();
    const waiting = client.frames();
    expect(goawayOf(waiting)).toMatchObject({ code: ErrorCode.noError, lastStreamId: 1 });
    expect(statusOf(waiting, 1)).toBeUndefined();
    client.clock.advance(1);
    await settle();
    const answer = client.frames();
    expect(statusOf(answer, 1)).toEqual({ code: "14", message: "server is shutting down" });
    expect(client.socket.writableFinished).toBe(true);
    client.clock.advance(4_000);
    await settle();
    expect(client.socket.destroyed).toBe(true);
    expect(closed.isDone).toBe(true);
  });

  test("an idle connection closes at once, one that said nothing too, and no other is taken", async () => {
    const client = new RawClient({ methods: TEST_METHODS });
    await client.start();
    const silent = client.connect();
    const closed = watch(client.server.close(60_000));
    const first = await client.exchange();
    await client.exchange(pongOf(first));
    expect(client.socket.writableFinished).toBe(true);
    expect(silent.destroyed).toBe(true);
    expect(client.connect().destroyed).toBe(true);
    client.socket.push(null);
    await settle();
    expect(closed.isDone).toBe(true);
  });

  test("a server without connections is closed at once", async () => {
    const client = new RawClient({ methods: TEST_METHODS });
    client.socket.destroy();
    await settle();
    await client.server.close(60_000);
    expect(client.server.connectionCount).toBe(0);
  });
});

describe("silence", () => {
  test("is asked about after two hours, and the connection lives on with an answer", async () => {
    const client = new RawClient({ methods: TEST_METHODS });
    await client.start();
    client.clock.advance(2 * 3_600_000 - 1_000);
    await settle();
    expect(client.frames()).toEqual([]);
    client.clock.advance(2_000);
    await settle();
    const asked = client.frames();
    expect(ofType(asked, FrameType.ping)).toHaveLength(1);
    await client.exchange(pongOf(asked));
    client.clock.advance(60_000);
    expect(client.socket.destroyed).toBe(false);
  });

  test("after that ends the connection and its calls", async () => {
    let cancelled = 0;
    const client = new RawClient({
      keepalive: { pingAfterIdleMs: 10_000, pingTimeoutMs: 5_000 },
      methods: [
        {
          kind: "unary",
          path: "/a.B/C",
          handle: (_request, context) => {
            context.onCancel(() => {
              cancelled += 1;
            });
            return new Promise(() => {});
          },
        },
      ],
    });
    await client.start(call(1, "/a.B/C"));
    client.clock.advance(14_000);
    expect(client.socket.destroyed).toBe(false);
    client.clock.advance(3_000);
    await settle();
    expect(client.socket.destroyed).toBe(true);
    expect(cancelled).toBe(1);
    expect(client.server.connectionCount).toBe(0);
    client.clock.advance(10_000);
    expect(client.clock.timerCount).toBe(0);
  });
});
