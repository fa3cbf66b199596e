import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Flag, FrameType } from "../../src/http2/protocol.ts";
import { TEST_METHODS } from "../support/methods.ts";
import {
  block,
  bodyOf,
  call,
  frame,
  message,
  PREFACE,
  RawClient,
  requestHeaders,
  settle,
  word,
} from "../support/raw-client.ts";
import { RECORDED, recordedMethods } from "../support/recorded.ts";

/** Held bytes and calls that no input may exceed in these tests. */
const LIMITS = {
  maxConcurrentStreams: 20,
  maxReceivedBytesHeld: 200_000,
  maxHeaderListBytes: 4_096,
  streamWindowBytes: 65_535,
  connectionWindowBytes: 65_535,
} as const;

/** Most octets the server may answer per octet received, besides what services answer. */
const MAX_ANSWER_RATIO = 100;

/** Feeds bytes to a server, and checks what must hold whatever they are. */
const survive = async (pieces: readonly Uint8Array[]): Promise<void> => {
  const methods = recordedMethods().filter(({ path }) => !path.endsWith("/Large"));
  const client = new RawClient({ methods, limits: LIMITS });
  for (const piece of pieces) {
    if (client.socket.destroyed) break;
    client.socket.receive(piece);
    expect(client.server.callCount).toBeLessThanOrEqual(LIMITS.maxConcurrentStreams);
  }
  await settle();
  expect(client.defects).toEqual([]);
  const receivedBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const written = client.socket.takeWritten();
  expect(written.length).toBeLessThanOrEqual(1000 + receivedBytes * MAX_ANSWER_RATIO);
  // Time closes what input left half open, and nothing stays behind.
  for (let i = 0; i < 40; i++) client.clock.advance(1000);
  await settle();
  client.socket.destroy();
  await settle();
  expect(client.server.connectionCount).toBe(0);
  expect(client.server.callCount).toBe(0);
  expect(client.defects).toEqual([]);
};

const pieceSize = fc.integer({ min: 1, max: 400 });

const cut = (bytes: Uint8Array, size: number): Uint8Array[] => {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
};

test("random bytes from the beginning", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), pieceSize, (bytes, size) =>
      survive(cut(bytes, size)),
    ),
    { numRuns: 100 },
  );
});

test("random bytes after the preface", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), pieceSize, (bytes, size) =>
      survive([PREFACE, ...cut(bytes, size)]),
    ),
    { numRuns: 200 },
  );
});

describe("frames that are well formed and make no sense", () => {
  const anyFrame = fc
    .record({
      type: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 255 })),
      flags: fc.oneof(
        fc.constantFrom(0, 1, 4, 5, 8, 9, 0x20, 0x25),
        fc.integer({ min: 0, max: 255 }),
      ),
      streamId: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 2 ** 31 - 1 })),
      payload: fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.constant<Uint8Array>(word(0)),
        fc.constant<Uint8Array>(word(1000)),
        fc.constant<Uint8Array>(word(2 ** 31 - 1)),
        fc.constant<Uint8Array>(Buffer.alloc(8)),
        fc.constant<Uint8Array>(message("hello")),
        fc.constant<Uint8Array>(message("hello").subarray(0, 7)),
        fc.constantFrom(...TEST_METHODS.map(({ path }) => block(requestHeaders(path)))),
        fc.constantFrom(
          ...["1n", "20m", "never"].map((timeout) =>
            block([...requestHeaders("/test.Echo/Never"), ["grpc-timeout", timeout]]),
          ),
        ),
      ),
    })
    .map(({ type, flags, streamId, payload }) => frame(type, flags, streamId, payload));

  /** Mostly what a client does, in an order that it would not. */
  const likelyFrame = fc
    .record({
      streamId: fc.integer({ min: 0, max: 5 }).map((n) => 2 * n + 1),
      method: fc.constantFrom(...TEST_METHODS.filter(({ path }) => !path.endsWith("/Large"))),
      what: fc.constantFrom("headers", "data", "end", "reset", "window", "part", "settings"),
      size: fc.integer({ min: 0, max: 3000 }),
    })
    .map(({ streamId, method, what, size }) => {
      const list = block(requestHeaders(method.path));
      switch (what) {
        case "headers":
          return frame(FrameType.headers, Flag.endHeaders, streamId, list);
        case "data":
          return frame(FrameType.data, 0, streamId, message(Buffer.alloc(size)));
        case "part":
          return frame(FrameType.data, 0, streamId, message(Buffer.alloc(size)).subarray(0, 9));
        case "end":
          return frame(FrameType.data, Flag.endStream, streamId, message("5 5"));
        case "reset":
          return frame(FrameType.rstStream, 0, streamId, word(8));
        case "settings":
          return frame(FrameType.settings, 0, 0, Buffer.from([0, 4, 0, 0, size >> 8, size & 255]));
        default:
          return frame(FrameType.windowUpdate, 0, streamId, word(size + 1));
      }
    });

  test.each([
    { what: "any", frames: fc.array(anyFrame, { maxLength: 60 }) },
    { what: "likely", frames: fc.array(likelyFrame, { maxLength: 80 }) },
    { what: "both", frames: fc.array(fc.oneof(anyFrame, likelyFrame), { maxLength: 80 }) },
  ])("$what", async ({ frames }) => {
    await fc.assert(
      fc.asyncProperty(frames, pieceSize, (list, size) =>
        survive([PREFACE, ...cut(Buffer.concat(list), size)]),
      ),
      { numRuns: 200 },
    );
  });
});

describe.each(RECORDED)("what $client sent, with mistakes", ({ bytes }) => {
  const mistake = fc.record({
    at: fc.nat(bytes.length - 1),
    kind: fc.constantFrom("flip", "set", "drop", "insert", "repeat"),
    value: fc.integer({ min: 0, max: 255 }),
    length: fc.integer({ min: 1, max: 40 }),
  });

  test("a few anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(mistake, { minLength: 1, maxLength: 4 }),
        pieceSize,
        (mistakes, size) => {
          let changed = Buffer.from(bytes);
          for (const { at, kind, value, length } of mistakes) {
            const where = at % changed.length;
            const before = changed.subarray(0, where);
            const after = changed.subarray(where);
            if (kind === "flip") changed[where] = (changed[where] ?? 0) ^ (1 << (value & 7));
            else if (kind === "set") changed[where] = value;
            else if (kind === "drop") changed = Buffer.concat([before, after.subarray(length)]);
            else if (kind === "insert") {
              changed = Buffer.concat([before, Buffer.alloc(length, value), after]);
            } else changed = Buffer.concat([before, after.subarray(0, length), after]);
            if (changed.length === 0) changed = Buffer.from([value]);
          }
          return survive(cut(changed, size));
        },
      ),
      { numRuns: 150 },
    );
  });
});

test("after a thousand broken connections the server serves the next as if nothing had been", async () => {
  const client = new RawClient({ methods: TEST_METHODS });
  for (let i = 0; i < 1000; i++) {
    const socket = client.connect();
    const noise = Buffer.alloc(30, i & 255);
    socket.receive(Buffer.concat([PREFACE, call(1, "/test.Echo/Never"), noise]));
    if (i % 50 === 0) await settle();
    socket.destroy();
  }
  await settle();
  await client.start();
  const answer = await client.exchange(call(1, "/test.Echo/Now", "hello"));
  expect(bodyOf(answer, 1)).toEqual(message("hello"));
  expect(client.server.connectionCount).toBe(1);
  expect(client.server.callCount).toBe(0);
});
