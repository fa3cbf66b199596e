import type { EventBatch } from "@quorate/kv";
import { WatchResponse } from "@quorate/protocol";
import { expect, test } from "vitest";
import { eventOut, WATCH_ENCODING } from "../../src/services/watch-encoding.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const header = { clusterId: 2n ** 63n + 1n, memberId: 7n, revision: 12, raftTerm: 3 };

function batch(): EventBatch {
  const kv = {
    key: bytes("key"),
    value: bytes("value"),
    createRevision: 5,
    modRevision: 12,
    version: 2,
    lease: 9n,
  };
  const events = [
    { kind: "put", kv, prevKv: { ...kv, modRevision: 5, version: 1 } },
    { kind: "delete", kv, prevKv: undefined },
  ] as const;
  return { events, sizeBytes: 100, encoded: undefined };
}

test("what watchers share is encoded once, and each response reads as if it were its own", () => {
  const shared = batch();
  for (const watchId of [0n, 1n, 200n, -5n, 2n ** 62n]) {
    const before = shared.encoded;
    const encoded = WATCH_ENCODING.encode({ response: { header, watchId }, batch: shared });
    if (before !== undefined) expect(shared.encoded).toBe(before);
    const events = shared.events.map(eventOut);
    const whole = WatchResponse.decode(WatchResponse.encode({ header, watchId, events }));
    expect(WatchResponse.decode(encoded)).toEqual(whole);
  }
});

test("a response without shared events has all of its fields", () => {
  const response = { header, watchId: 4n, canceled: true, compactRevision: 11 };
  const encoded = WATCH_ENCODING.encode({ response });
  expect(WatchResponse.decode(encoded)).toEqual(
    WatchResponse.decode(WatchResponse.encode(response)),
  );
});
