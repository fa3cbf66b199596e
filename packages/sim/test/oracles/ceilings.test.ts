import type { CoreStatus } from "@quorate/core";
import { expect, test } from "vitest";
import { beyondCeilings, type Ceilings } from "../../src/oracles/ceilings.ts";
import type { NodeLife } from "../../src/world/sim-node.ts";

const LIMITS: Ceilings = {
  inflightMessagesMax: 3,
  inflightBytesMax: 400,
  uncommittedBytesMax: 2_000,
  appendBytesMax: 200,
  queueBytesMax: 10_000,
};

function lifeWith(queuedBytes: number): NodeLife {
  return { host: { peers: () => [{ peer: 2, queuedBytes }] } } as unknown as NodeLife;
}

function coreWith(uncommittedBytes: number, inflightMessages: number): CoreStatus {
  const progress = new Map([[2, { inflightMessages, inflightBytes: 100 }]]);
  return { id: 1, uncommittedBytes, progress } as unknown as CoreStatus;
}

test("accepts what is at its limit, and one command more where that is how limits work", () => {
  expect(beyondCeilings(lifeWith(10_000), coreWith(2_000, 3), LIMITS)).toEqual([]);
  expect(beyondCeilings(lifeWith(10_500), coreWith(3_000, 0), LIMITS)).toEqual([]);
});

test("reports messages, bytes and queues beyond their limits", () => {
  const found = beyondCeilings(lifeWith(1_000_000), coreWith(500_000, 4), LIMITS).join("; ");
  expect(found).toContain("uncommitted bytes is 500000");
  expect(found).toContain("messages on the way to 2 is 4");
  expect(found).toContain("bytes queued for 2 is 1000000");
});
