import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MessageReader, type MessageSink } from "../../src/call/message-reader.ts";
import { RpcError } from "../../src/call/status.ts";
import { ChunkPool } from "../../src/http2/chunk-pool.ts";
import { FrameWriter } from "../../src/http2/frame-writer.ts";
import { DEFAULT_HTTP2_LIMITS } from "../../src/http2/limits.ts";
import { ReceiveBudget } from "../../src/http2/receive-budget.ts";
import { message } from "../support/raw-client.ts";

class Sink implements MessageSink {
  isPaused = false;
  readonly messages: string[] = [];
  onEach: (text: string) => void = () => {};

  takeMessage(isCompressed: boolean, bytes: Buffer): void {
    const text = `${isCompressed ? "z:" : ""}${bytes.toString()}`;
    this.messages.push(text);
    this.onEach(text);
  }
}

const setUp = (maxHeld = 1 << 20, maxMessage = 100_000) => {
  const limits = { ...DEFAULT_HTTP2_LIMITS, maxReceivedBytesHeld: maxHeld };
  const budget = new ReceiveBudget(new FrameWriter(new ChunkPool()), limits);
  const sink = new Sink();
  return { budget, sink, reader: new MessageReader(budget, maxMessage, sink) };
};

const LONG = "l".repeat(40_000);
const STREAM = Buffer.concat([
  message("one"),
  message(""),
  message("three", 1),
  message("l".repeat(50)),
]);
const EXPECTED = ["one", "", "z:three", "l".repeat(50)];

test("every split into two pieces", () => {
  for (let at = 0; at <= STREAM.length; at++) {
    const { budget, sink, reader } = setUp();
    reader.push(STREAM, 0, at);
    reader.push(STREAM, at, STREAM.length);
    expect(sink.messages).toEqual(EXPECTED);
    expect(budget.heldBytes).toBe(0);
    expect(reader.isInsideMessage).toBe(false);
  }
});

test("property: any pieces, any pauses, the messages are the same and nothing stays held", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 30 }), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 10 }),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 10 }),
      (texts, sizes, pauses) => {
        const { budget, sink, reader } = setUp();
        const bytes = Buffer.concat(texts.map((text) => message(text)));
        let turn = 0;
        sink.onEach = () => {
          sink.isPaused = pauses[turn++ % pauses.length] as boolean;
        };
        let at = 0;
        for (let i = 0; at < bytes.length; i++) {
          const end = Math.min(at + (sizes[i % sizes.length] as number), bytes.length);
          reader.push(bytes, at, end);
          at = end;
          if (i % 3 === 0) {
            sink.isPaused = false;
            reader.resume();
          }
        }
        for (let i = 0; i <= texts.length; i++) {
          sink.isPaused = false;
          reader.resume();
        }
        expect(sink.messages).toEqual(texts);
        expect(reader.hasBacklog).toBe(false);
        expect(budget.heldBytes).toBe(0);
      },
    ),
    { numRuns: 500 },
  );
});

test("a sink that resumes from within a message gets the rest once and in order", () => {
  const { sink, reader } = setUp();
  sink.isPaused = true;
  reader.push(STREAM, 0, STREAM.length);
  expect(sink.messages).toEqual([]);
  sink.onEach = () => reader.resume();
  sink.isPaused = false;
  reader.resume();
  expect(sink.messages).toEqual(EXPECTED);
});

describe("memory", () => {
  test("a promised length allocates little until the bytes come", () => {
    const { budget, reader } = setUp();
    reader.push(message(LONG), 0, 6);
    expect(budget.heldBytes).toBeLessThanOrEqual(16 * 1024);
    reader.push(message(LONG), 6, 20_000);
    expect(budget.heldBytes).toBeLessThanOrEqual(40_000);
    reader.push(message(LONG), 20_000, 40_005);
    expect(budget.heldBytes).toBe(0);
  });

  test("more than the connection may hold fails the call", () => {
    const { reader } = setUp(10_000);
    expect(() => reader.push(message(LONG), 0, 100)).toThrow(expect.objectContaining({ code: 8 }));
  });

  test("disposing gives back what a half message and a pause held", () => {
    const { budget, sink, reader } = setUp();
    reader.push(message(LONG), 0, 20_000);
    sink.isPaused = true;
    reader.push(message(LONG), 20_000, 30_000);
    expect(budget.heldBytes).toBeGreaterThan(10_000);
    reader.dispose();
    expect(budget.heldBytes).toBe(0);
    reader.push(STREAM, 0, STREAM.length);
    expect(sink.messages).toEqual([]);
    expect(budget.heldBytes).toBe(0);
  });

  test("a sink that disposes in the middle hears no more", () => {
    const { budget, sink, reader } = setUp();
    sink.onEach = () => reader.dispose();
    reader.push(STREAM, 0, STREAM.length);
    expect(sink.messages).toEqual(["one"]);
    expect(budget.heldBytes).toBe(0);
  });
});

test("a message over the limit is refused by its prefix alone", () => {
  const { reader } = setUp(1 << 20, 1000);
  const prefix = Buffer.from([0, 0, 0, 3, 0xe9]);
  expect(() => reader.push(prefix, 0, 5)).toThrow(
    "grpc: received message larger than max (1001 vs. 1000)",
  );
});

test("flags other than compressed are refused", () => {
  const { reader } = setUp();
  expect(() => reader.push(message("x", 2), 0, 6)).toThrow(RpcError);
});
