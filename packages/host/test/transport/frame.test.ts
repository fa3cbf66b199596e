import fc from "fast-check";
import { expect, test } from "vitest";
import { portableChecksum } from "../../src/environment/memory-environment.ts";
import {
  beginFrame,
  endFrame,
  FRAME_HEADER_BYTES,
  FrameReader,
} from "../../src/transport/frame.ts";
import { ByteWriter } from "../../src/wire/byte-writer.ts";

interface Frame {
  readonly kind: number;
  readonly group: number;
  readonly body: Uint8Array;
}

const BODY_BYTES_MAX = 1_000;

function encode(frames: readonly Frame[]): Uint8Array {
  const writer = new ByteWriter();
  for (const frame of frames) {
    const start = beginFrame(writer, frame.kind, frame.group);
    writer.raw(frame.body);
    endFrame(writer, start, portableChecksum);
  }
  return writer.take();
}

function collector(): {
  readonly frames: Frame[];
  readonly reader: FrameReader;
  push: (bytes: Uint8Array) => string;
} {
  const frames: Frame[] = [];
  const reader = new FrameReader(portableChecksum, BODY_BYTES_MAX);
  const push = (bytes: Uint8Array): string => {
    // The reader may look at the bytes during the call only: they are overwritten after it.
    const lent = bytes.slice();
    const error = reader.push(lent, (kind, group, body, owned) => {
      frames.push({ kind, group, body: owned ? body : body.slice() });
    });
    lent.fill(0xee);
    return error?.reason ?? "fine";
  };
  return { frames, reader, push };
}

const anyFrame: fc.Arbitrary<Frame> = fc.record({
  kind: fc.integer({ min: 1, max: 255 }),
  group: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  body: fc.uint8Array({ maxLength: 60 }),
});

test("frames come out whole wherever the stream is split", () => {
  const frames: Frame[] = [
    { kind: 4, group: 1, body: Uint8Array.of(1, 2, 3) },
    { kind: 8, group: 0, body: new Uint8Array(0) },
    { kind: 5, group: 2 ** 32 - 1, body: new Uint8Array(40).fill(7) },
  ];
  const bytes = encode(frames);
  for (let first = 0; first <= bytes.length; first++) {
    for (let second = first; second <= bytes.length; second++) {
      const { frames: got, push } = collector();
      push(bytes.subarray(0, first));
      push(bytes.subarray(first, second));
      push(bytes.subarray(second));
      expect(got).toEqual(frames);
    }
  }
});

test("frames come out whole byte by byte", () => {
  fc.assert(
    fc.property(fc.array(anyFrame, { maxLength: 5 }), (frames) => {
      const { frames: got, push } = collector();
      for (const byte of encode(frames)) push(Uint8Array.of(byte));
      expect(got).toEqual(frames);
    }),
  );
});

test("a length beyond the limit is refused before anything is allocated for it", () => {
  const header = new Uint8Array(FRAME_HEADER_BYTES);
  header.fill(0xff, 0, 4);
  const { push, frames } = collector();
  expect(push(header)).toBe("tooLong");
  expect(push(encode([{ kind: 1, group: 0, body: new Uint8Array(0) }]))).toBe("fine");
  expect(frames).toEqual([]);
});

test("every flipped bit is noticed", () => {
  const bytes = encode([{ kind: 4, group: 3, body: Uint8Array.of(9, 8, 7, 6, 5) }]);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const damaged = bytes.slice();
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const { push, frames } = collector();
    const verdict = push(damaged);
    // A flipped length bit may also make the reader wait for bytes that never come.
    expect(frames).toEqual([]);
    if (bit >= 32) expect(verdict).toBe("badChecksum");
  }
});

test("random bytes end in a typed error or in waiting, never in a frame", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 5 }), (chunks) => {
      const { frames, push } = collector();
      for (const chunk of chunks) {
        expect(["fine", "tooLong", "badChecksum"]).toContain(push(chunk));
      }
      expect(frames).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});
