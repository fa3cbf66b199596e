import { expect, test } from "vitest";
import { CHUNK_BYTES, ChunkPool } from "../../src/http2/chunk-pool.ts";
import { FrameReader } from "../../src/http2/frame-reader.ts";
import { type ByteSink, FrameWriter } from "../../src/http2/frame-writer.ts";

class Sink implements ByteSink {
  readonly parts: Buffer[] = [];
  accepts = true;
  writableLength = 0;
  corks = 0;

  write(bytes: Uint8Array): boolean {
    // As a socket does: the bytes are kept, not copied, until the kernel has them.
    this.parts.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (!this.accepts) this.writableLength += bytes.length;
    return this.accepts;
  }

  cork(): void {
    this.corks += 1;
  }

  uncork(): void {
    this.corks -= 1;
  }

  frames(): unknown[] {
    const frames: unknown[] = [];
    const sink = {
      onFrame: (
        type: number,
        flags: number,
        streamId: number,
        bytes: Buffer,
        start: number,
        end: number,
      ) => {
        frames.push([type, flags, streamId, bytes.toString("latin1", start, end)]);
      },
    };
    new FrameReader().push(Buffer.concat(this.parts), sink);
    return frames;
  }
}

test("each kind of frame is as it should be, and all leave in one write", () => {
  const writer = new FrameWriter(new ChunkPool());
  const sink = new Sink();
  writer.settings([
    [3, 100],
    [4, 0x10203],
  ]);
  writer.settingsAck();
  writer.ping(Buffer.from("..12345678"), 2, true);
  writer.windowUpdate(7, 0x7fffffff);
  writer.rstStream(9, 0x8);
  writer.goaway(11, 0xb, "calm");
  writer.headers(1, Buffer.from("block and rest"), 5, true);
  expect(writer.flushTo(sink)).toBe(true);
  expect(sink.parts).toHaveLength(1);
  expect(writer.pendingBytes).toBe(0);
  expect(sink.frames()).toEqual([
    [4, 0, 0, "\0\x03\0\0\0\x64\0\x04\0\x01\x02\x03"],
    [4, 1, 0, ""],
    [6, 1, 0, "12345678"],
    [8, 0, 7, "\x7f\xff\xff\xff"],
    [3, 0, 9, "\0\0\0\x08"],
    [7, 0, 0, "\0\0\0\x0b\0\0\0\x0bcalm"],
    [1, 5, 1, "block"],
  ]);
});

test("a block longer than a frame goes on in CONTINUATION", () => {
  const writer = new FrameWriter(new ChunkPool());
  const sink = new Sink();
  writer.headers(3, Buffer.alloc(40_000, "h"), 40_000, true);
  writer.flushTo(sink);
  const frames = sink.frames() as [number, number, number, string][];
  expect(frames.map(([type, flags, , payload]) => [type, flags, payload.length])).toEqual([
    [1, 1, 16_384],
    [9, 0, 16_384],
    [9, 4, 7232],
  ]);
});

test("an empty block is still a frame", () => {
  const writer = new FrameWriter(new ChunkPool());
  const sink = new Sink();
  writer.headers(3, Buffer.alloc(0), 0, false);
  writer.flushTo(sink);
  expect(sink.frames()).toEqual([[1, 4, 3, ""]]);
});

test("output of several chunks leaves corked, and the chunks are used again", () => {
  const pool = new ChunkPool();
  const writer = new FrameWriter(pool);
  const sink = new Sink();
  for (let i = 0; i < 5; i++) {
    const chunk = writer.reserve(CHUNK_BYTES - 100);
    chunk.fill(0x61 + i, writer.claim(CHUNK_BYTES - 100), CHUNK_BYTES - 100);
  }
  expect(writer.pendingBytes).toBe(5 * (CHUNK_BYTES - 100));
  writer.flushTo(sink);
  expect(sink.corks).toBe(0);
  expect(sink.parts).toHaveLength(5);
  expect(pool.freeCount).toBe(5);
});

test("a chunk that the socket still holds is not used again", () => {
  const pool = new ChunkPool();
  const writer = new FrameWriter(pool);
  const sink = new Sink();
  sink.accepts = false;
  writer.reserve(10_000).fill(0x78, writer.claim(10_000), 10_000);
  expect(writer.flushTo(sink)).toBe(false);
  expect(pool.freeCount).toBe(0);
  writer.reserve(10_000).fill(0x79, writer.claim(10_000), 10_000);
  expect(sink.parts[0]?.every((octet) => octet === 0x78)).toBe(true);
});

test("little output is copied, so that a socket that does not drain holds little", () => {
  const pool = new ChunkPool();
  const writer = new FrameWriter(pool);
  const sink = new Sink();
  sink.accepts = false;
  writer.settingsAck();
  writer.flushTo(sink);
  expect(pool.freeCount).toBe(1);
  writer.ping(Buffer.alloc(8, 0xff), 0, false);
  expect(sink.frames()).toEqual([[4, 1, 0, ""]]);
});

test("what is discarded goes back to the pool", () => {
  const pool = new ChunkPool();
  const writer = new FrameWriter(pool);
  for (let i = 0; i < 3; i++) writer.claim(writer.reserve(CHUNK_BYTES).length);
  writer.discard();
  expect(pool.freeCount).toBe(3);
  expect(writer.pendingBytes).toBe(0);
});
