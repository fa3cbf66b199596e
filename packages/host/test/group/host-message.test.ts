import { expect, test } from "vitest";
import {
  decodeHostMessage,
  encodeHostMessage,
  type HostMessage,
} from "../../src/group/host-message.ts";

const LARGEST = Number.MAX_SAFE_INTEGER;
const body = new Uint8Array(5_000).fill(0x71);
const MESSAGES: readonly HostMessage[] = [
  { type: "batch", payload: body },
  {
    type: "batchRefused",
    incarnation: LARGEST,
    firstSequence: LARGEST,
    reason: "storageFull",
    leader: LARGEST,
  },
  { type: "request", requestId: LARGEST, body },
  { type: "reply", requestId: LARGEST, body },
  { type: "removed", index: LARGEST },
];

test("what replicas say to each other comes back as it was", () => {
  for (const message of MESSAGES) {
    expect(decodeHostMessage(encodeHostMessage(message))).toEqual(message);
  }
});

test("a batch that is passed on takes memory for itself, not a slab of 64 KiB", () => {
  for (const message of MESSAGES) {
    const bytes = encodeHostMessage(message);
    expect(bytes.buffer.byteLength).toBeLessThan(bytes.length + 64);
  }
});
