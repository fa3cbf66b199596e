import fc from "fast-check";
import { expect, test } from "vitest";
import {
  MemberListResponse,
  PutResponse,
  RangeResponse,
  type RangeResponseInit,
  type ResponseOpInit,
  TxnResponse,
  type TxnResponseInit,
  WatchResponse,
} from "../../src/index.ts";

const bytes = fc.uint8Array({ maxLength: 12 });
const int = fc.option(fc.nat(), { nil: undefined });
const header = fc.option(
  fc.record({ clusterId: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), revision: fc.nat() }),
  { nil: undefined },
);
const kv = fc.record({
  key: bytes,
  value: fc.option(bytes, { nil: undefined }),
  createRevision: int,
  version: int,
  lease: fc.bigInt({ min: -5n, max: 5n }),
});
const kvs = fc.option(fc.array(kv, { maxLength: 4 }), { nil: undefined });
const range: fc.Arbitrary<RangeResponseInit> = fc.record({
  header,
  kvs,
  more: fc.boolean(),
  count: int,
});
const { txn } = fc.letrec<{ txn: TxnResponseInit; operation: ResponseOpInit }>((tie) => ({
  txn: fc.record({
    header,
    succeeded: fc.boolean(),
    responses: fc.array(tie("operation"), { maxLength: 4, depthIdentifier: "txn" }),
  }),
  operation: fc
    .option(
      fc.oneof(
        { depthIdentifier: "txn", maxDepth: 3 },
        range.map((value) => ({ kind: "responseRange" as const, value })),
        fc.record({ header }).map((value) => ({ kind: "responsePut" as const, value })),
        fc
          .record({ prevKvs: kvs })
          .map((value) => ({ kind: "responseDeleteRange" as const, value })),
        tie("txn").map((value) => ({ kind: "responseTxn" as const, value })),
      ),
      { nil: undefined },
    )
    .map((response) => ({ response })),
}));
const watch = fc.record({
  header,
  watchId: fc.bigInt({ min: -1n, max: 3n }),
  created: fc.boolean(),
  cancelReason: fc.string(),
  events: fc.array(fc.record({ type: fc.nat(2), kv, prevKv: fc.option(kv, { nil: undefined }) }), {
    maxLength: 4,
  }),
});
const members = fc.record({
  header,
  members: fc.array(
    fc.record({
      id: fc.bigInt({ min: 0n, max: 9n }),
      name: fc.string(),
      peerUrls: fc.array(fc.string()),
    }),
  ),
});

test("the pieces of an answer are its text, whatever it holds", () => {
  fc.assert(
    fc.property(range, txn, watch, members, (ofRange, ofTxn, ofWatch, ofMembers) => {
      expect([...RangeResponse.toJsonPieces(ofRange)].join("")).toBe(RangeResponse.toJson(ofRange));
      expect([...TxnResponse.toJsonPieces(ofTxn)].join("")).toBe(TxnResponse.toJson(ofTxn));
      expect([...WatchResponse.toJsonPieces(ofWatch)].join("")).toBe(WatchResponse.toJson(ofWatch));
      expect([...MemberListResponse.toJsonPieces(ofMembers)].join("")).toBe(
        MemberListResponse.toJson(ofMembers),
      );
    }),
    { numRuns: 300 },
  );
});

test("no piece holds more than one key and its value, also within a transaction", () => {
  const value = new Uint8Array(3000);
  const kvs = Array.from({ length: 20 }, (_, at) => ({ key: Uint8Array.of(at), value }));
  const response = { kind: "responseRange", value: { kvs } } as const;
  for (const pieces of [
    RangeResponse.toJsonPieces({ kvs }),
    TxnResponse.toJsonPieces({ responses: [{ response }, { response }] }),
    WatchResponse.toJsonPieces({ events: kvs.map((each) => ({ kv: each })) }),
  ]) {
    const lengths = [...pieces].map((piece) => piece.length);
    expect(lengths.length).toBeGreaterThanOrEqual(20);
    expect(Math.max(...lengths)).toBeLessThan(4100);
  }
});

test("pieces are made when they are asked for", () => {
  let made = 0;
  const counted = {
    get key(): Uint8Array {
      made += 1;
      return Uint8Array.of(1);
    },
  };
  const pieces = RangeResponse.toJsonPieces({ kvs: [counted, counted, counted] })[
    Symbol.iterator
  ]();
  expect(made).toBe(0);
  pieces.next();
  const perPiece = made;
  expect(perPiece).toBeGreaterThan(0);
  pieces.next();
  expect(made).toBe(2 * perPiece);
});

test("a message that cannot be long is one piece", () => {
  expect([...PutResponse.toJsonPieces({ header: { revision: 3 } })]).toEqual([
    '{"header":{"revision":"3"}}',
  ]);
});
