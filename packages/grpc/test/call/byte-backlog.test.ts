import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteBacklog } from "../../src/call/byte-backlog.ts";
import { ChunkPool } from "../../src/http2/chunk-pool.ts";
import { FrameWriter } from "../../src/http2/frame-writer.ts";
import { DEFAULT_HTTP2_LIMITS } from "../../src/http2/limits.ts";
import { ReceiveBudget } from "../../src/http2/receive-budget.ts";

const setUp = (maxHeld = 1 << 20): { budget: ReceiveBudget; backlog: ByteBacklog } => {
  const limits = { ...DEFAULT_HTTP2_LIMITS, maxReceivedBytesHeld: maxHeld };
  const budget = new ReceiveBudget(new FrameWriter(new ChunkPool()), limits);
  return { budget, backlog: new ByteBacklog(budget) };
};

test("property: bytes come out in order, in what pieces ever they went in and are taken", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 6000 }), { maxLength: 8 }),
      fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 8 }),
      (pieces, takes) => {
        const { budget, backlog } = setUp();
        const out: number[] = [];
        let turn = 0;
        const take = (bytes: Buffer, start: number, end: number): number => {
          const stop = Math.min(end, start + (takes[turn++ % takes.length] as number));
          out.push(...bytes.subarray(start, stop));
          return stop;
        };
        for (const piece of pieces) {
          expect(backlog.push(Buffer.from(piece), 0, piece.length)).toBe(true);
          backlog.drain(take);
        }
        backlog.drain((bytes, start, end) => {
          out.push(...bytes.subarray(start, end));
          return end;
        });
        expect(out).toEqual(pieces.flatMap((piece) => [...piece]));
        expect(backlog.isEmpty).toBe(true);
        expect(budget.heldBytes).toBe(0);
      },
    ),
    { numRuns: 200 },
  );
});

test("ten thousand pieces of one octet take three blocks", () => {
  const { budget, backlog } = setUp();
  for (let i = 0; i < 10_000; i++) backlog.push(Buffer.from("x"), 0, 1);
  expect(budget.heldBytes).toBe(3 * 4096);
});

test("what the budget does not allow is refused, and clearing gives everything back", () => {
  const { budget, backlog } = setUp(10_000);
  expect(backlog.push(Buffer.alloc(8000), 0, 8000)).toBe(true);
  expect(backlog.push(Buffer.alloc(8000), 0, 8000)).toBe(false);
  backlog.clear();
  expect(budget.heldBytes).toBe(0);
});

test("what comes while bytes are taken is taken too", () => {
  const { backlog } = setUp();
  backlog.push(Buffer.from("ab"), 0, 2);
  let text = "";
  backlog.drain((bytes, start, end) => {
    if (text === "") backlog.push(Buffer.from("cd"), 0, 2);
    text += bytes.toString("latin1", start, end);
    return end;
  });
  expect(text).toBe("abcd");
});
