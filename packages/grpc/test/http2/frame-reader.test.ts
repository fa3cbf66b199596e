import { describe, expect, test } from "vitest";
import { FrameReader } from "../../src/http2/frame-reader.ts";
import { ConnectionError, ErrorCode } from "../../src/http2/protocol.ts";
import { frame } from "../support/raw-client.ts";

const STREAM = Buffer.concat([
  frame(4, 0, 0, Buffer.from("settings")),
  frame(0, 1, 1, Buffer.alloc(0)),
  frame(1, 5, 0x7fffffff, Buffer.from("header block")),
  frame(0xff, 0xff, 3, Buffer.alloc(300, "d")),
]);

const EXPECTED = [
  [4, 0, 0, "settings"],
  [0, 1, 1, ""],
  [1, 5, 0x7fffffff, "header block"],
  [0xff, 0xff, 3, "d".repeat(300)],
];

const readAll = (chunks: readonly Buffer[]): unknown[] => {
  const reader = new FrameReader();
  const frames: unknown[] = [];
  for (const chunk of chunks) {
    reader.push(chunk, {
      onFrame: (type, flags, streamId, bytes, start, end) =>
        frames.push([type, flags, streamId, bytes.toString("latin1", start, end)]),
    });
  }
  expect(reader.isInsideFrame).toBe(false);
  return frames;
};

test("frames in one chunk", () => {
  expect(readAll([STREAM])).toEqual(EXPECTED);
});

test("every split into two chunks", () => {
  for (let at = 0; at <= STREAM.length; at++) {
    expect(readAll([STREAM.subarray(0, at), STREAM.subarray(at)])).toEqual(EXPECTED);
  }
});

test.each([1, 2, 3, 7, 8, 9, 10])("chunks of %i octets", (size) => {
  const chunks: Buffer[] = [];
  for (let at = 0; at < STREAM.length; at += size) chunks.push(STREAM.subarray(at, at + size));
  expect(readAll(chunks)).toEqual(EXPECTED);
});

test("the reserved bit of the stream number is ignored", () => {
  const bytes = frame(0, 0, 5);
  bytes[5] = 0x80;
  expect(readAll([bytes])).toEqual([[0, 0, 5, ""]]);
});

test("a frame that was split keeps its bytes when more frames come", () => {
  const reader = new FrameReader();
  const views: Buffer[] = [];
  const sink = {
    onFrame: (_t: number, _f: number, _s: number, bytes: Buffer, start: number, end: number) => {
      views.push(bytes.subarray(start, end));
    },
  };
  for (const letter of ["a", "b", "c"]) {
    const bytes = frame(0, 0, 1, Buffer.alloc(40, letter));
    reader.push(bytes.subarray(0, 20), sink);
    reader.push(bytes.subarray(20), sink);
  }
  expect(views.map(String)).toEqual(["a".repeat(40), "b".repeat(40), "c".repeat(40)]);
});

describe("a frame larger than announced", () => {
  const tooLarge = frame(0, 0, 1, Buffer.alloc(16_385));

  test.each([9, 1])("is refused before anything is kept of it, in chunks of %i", (size) => {
    const feed = (): void => {
      const reader = new FrameReader();
      const sink = { onFrame: () => {} };
      for (let at = 0; at < 9; at += size) reader.push(tooLarge.subarray(at, at + size), sink);
    };
    expect(feed).toThrow(ConnectionError);
    expect(feed).toThrow(expect.objectContaining({ code: ErrorCode.frameSizeError }));
  });

  test("one of exactly the largest size is not", () => {
    expect(readAll([frame(0, 0, 1, Buffer.alloc(16_384, "x"))])).toHaveLength(1);
  });
});
