import {
  KVService as KV,
  RangeRequest,
  RangeResponse,
  type RangeResponseInit,
} from "@quorate/protocol";
import { expect, test } from "vitest";
import { type CallContext, DetachedCall } from "../../src/rpc/call.ts";
import { EncodeTurns, LONG_ANSWER_BYTES } from "../../src/rpc/encode-turns.ts";
import { STATUS } from "../../src/rpc/status.ts";
import { unary } from "../../src/rpc/typed-method.ts";
import { deleteRangeBytes, rangeBytes, txnBytes } from "../../src/services/kv-responses.ts";

/** Turns that a test takes one by one. */
class Turns {
  readonly due: (() => void)[] = [];
  readonly next = (run: () => void): void => {
    this.due.push(run);
  };

  /** Lets one turn pass, and what it resolves. */
  async take(): Promise<void> {
    for (const run of this.due.splice(0)) run();
    await new Promise(setImmediate);
  }
}

const CALL: CallContext = new DetachedCall({ path: KV.range.path } as CallContext);

/** An answer that says when it is encoded. */
function answerOf(bytes: number, encoded: () => void): RangeResponseInit {
  const value = new Uint8Array(bytes);
  let reads = 0;
  return {
    count: 1,
    get kvs() {
      reads += 1;
      // The first look is for the size.
      if (reads === 2) encoded();
      return [{ value }];
    },
  };
}

test("reads that are answered together are encoded one per turn when they are long, at once when they are short", async () => {
  const turns = new Turns();
  let encoded = 0;
  let bytes = LONG_ANSWER_BYTES;
  const method = unary(KV.range, () => Promise.resolve(answerOf(bytes, () => (encoded += 1))), {
    bytesOf: rangeBytes,
    turns: new EncodeTurns(turns.next),
  });
  const request = RangeRequest.encode({});
  const long = Array.from({ length: 5 }, () => method.handle(request, CALL));
  await new Promise(setImmediate);
  expect([encoded, turns.due.length]).toEqual([0, 1]);
  bytes = 10;
  expect(RangeResponse.decode(await method.handle(request, CALL)).kvs[0]?.value.length).toBe(10);
  expect(encoded).toBe(1);
  for (let turn = 1; turn <= 5; turn += 1) {
    await turns.take();
    expect(encoded).toBe(1 + turn);
  }
  for (const answer of await Promise.all(long)) {
    expect(RangeResponse.decode(answer).kvs[0]?.value.length).toBe(LONG_ANSWER_BYTES);
  }
  expect(turns.due).toEqual([]);
});

test("an answer that nobody waits for any more is not encoded, and one that cannot be fails alone", async () => {
  const turns = new Turns();
  const line = new EncodeTurns(turns.next);
  const defect = new Error("no bytes");
  const gone = line.encode({ cancelled: true }, () => expect.unreachable());
  const broken = line.encode({ cancelled: false }, () => {
    throw defect;
  });
  const good = line.encode({ cancelled: false }, () => Uint8Array.of(1));
  const outcomes = Promise.allSettled([gone, broken, good]);
  while (turns.due.length > 0) await turns.take();
  expect(await outcomes).toMatchObject([
    { status: "rejected", reason: { code: STATUS.CANCELLED } },
    { status: "rejected", reason: defect },
    { status: "fulfilled", value: Uint8Array.of(1) },
  ]);
});

test("the size of an answer is that of its keys and values, within transactions as well", () => {
  const kvs = [{ key: new Uint8Array(5), value: new Uint8Array(1000) }, {}];
  expect(rangeBytes({ kvs })).toBeGreaterThanOrEqual(1005);
  expect(rangeBytes({})).toBe(0);
  expect(deleteRangeBytes({ prevKvs: kvs })).toBe(rangeBytes({ kvs }));
  const ranged = { response: { kind: "responseRange", value: { kvs } } } as const;
  const deleted = { response: { kind: "responseDeleteRange", value: { prevKvs: kvs } } } as const;
  const put = { response: { kind: "responsePut", value: { prevKv: kvs[0] } } } as const;
  const inner = { response: { kind: "responseTxn", value: { responses: [ranged] } } } as const;
  expect(txnBytes({ responses: [ranged, deleted, inner] })).toBe(3 * rangeBytes({ kvs }));
  expect(txnBytes({ responses: [put, {}] })).toBeGreaterThanOrEqual(1005);
});
