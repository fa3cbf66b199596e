import { expect, test } from "vitest";
import { ChunkPool } from "../../src/http2/chunk-pool.ts";
import { FrameWriter } from "../../src/http2/frame-writer.ts";
import { DEFAULT_HTTP2_LIMITS } from "../../src/http2/limits.ts";
import { ErrorCode } from "../../src/http2/protocol.ts";
import { ReceiveBudget } from "../../src/http2/receive-budget.ts";

const budgetOf = (limits: Partial<typeof DEFAULT_HTTP2_LIMITS>): ReceiveBudget =>
  new ReceiveBudget(new FrameWriter(new ChunkPool()), { ...DEFAULT_HTTP2_LIMITS, ...limits });

test("more than the window at once is an error of flow control", () => {
  const budget = budgetOf({ connectionWindowBytes: 70_000 });
  budget.received(70_000);
  expect(() => budget.received(70_001)).toThrow(
    expect.objectContaining({ code: ErrorCode.flowControlError }),
  );
});

test("held bytes have a limit, and released ones make room", () => {
  const budget = budgetOf({ maxReceivedBytesHeld: 100 });
  expect(budget.hold(60)).toBe(true);
  expect(budget.hold(41)).toBe(false);
  expect(budget.hold(40)).toBe(true);
  budget.release(60);
  expect(budget.heldBytes).toBe(40);
  expect(budget.hold(60)).toBe(true);
});
