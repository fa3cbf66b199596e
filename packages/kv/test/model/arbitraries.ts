import fc from "fast-check";
import type { Compare, KvCommand, TxnOperation, TxnRequest } from "../../src/command.ts";
import type { RangeRequest } from "../../src/query.ts";

const encoder = new TextEncoder();

/** Few keys, so that requests meet; some nest as prefixes, some sort high. */
export const key: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.constantFrom("a", "ab", "abc", "b", "c", "d").map((text) => encoder.encode(text)),
  fc.constantFrom(Uint8Array.of(0), Uint8Array.of(97, 0), Uint8Array.of(255, 255)),
  fc.nat(30).map((n) => encoder.encode(`item/${n}`)),
);

const rangeEnd: fc.Arbitrary<Uint8Array | undefined> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constant(Uint8Array.of()) },
  { weight: 2, arbitrary: fc.constant(Uint8Array.of(0)) },
  { weight: 3, arbitrary: fc.constantFrom("b", "c", "z", "item0").map((t) => encoder.encode(t)) },
  { weight: 1, arbitrary: key },
);

export const interval: fc.Arbitrary<{ key: Uint8Array; rangeEnd: Uint8Array | undefined }> =
  fc.record({ key, rangeEnd });

/** Mostly short; sometimes longer than a block, sometimes equal. */
const value: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("", "1", "2", "v").map((t) => encoder.encode(t)) },
  { weight: 3, arbitrary: fc.nat(700).map((n) => new Uint8Array(n).fill(n)) },
  { weight: 1, arbitrary: fc.constantFrom(4000, 4072, 9000).map((n) => new Uint8Array(n).fill(9)) },
);

export const lease: fc.Arbitrary<bigint> = fc.constantFrom(1n, 7n, -5n, 2n ** 62n, -(2n ** 63n));

const flag = fc.boolean();

export const put: fc.Arbitrary<TxnOperation & { type: "put" }> = fc.record({
  type: fc.constant("put" as const),
  key,
  value,
  lease: fc.oneof({ weight: 3, arbitrary: fc.constant(0n) }, { weight: 1, arbitrary: lease }),
  prevKv: flag,
  ignoreValue: fc.oneof(
    { weight: 9, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: flag },
  ),
  ignoreLease: fc.oneof(
    { weight: 9, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: flag },
  ),
});

export const deleteRange: fc.Arbitrary<TxnOperation & { type: "deleteRange" }> = fc.record({
  type: fc.constant("deleteRange" as const),
  key,
  rangeEnd,
  prevKv: flag,
});

const revision = fc.oneof(fc.constant(0), fc.integer({ min: -3, max: 60 }));
const bound = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: revision },
);

export const range: fc.Arbitrary<RangeRequest> = fc.record({
  type: fc.constant("range" as const),
  key,
  rangeEnd,
  revision,
  limit: fc.oneof(fc.constant(0), fc.integer({ min: -2, max: 6 })),
  sortOrder: fc.constantFrom("none", "ascend", "descend"),
  sortTarget: fc.constantFrom("key", "version", "create", "mod", "value"),
  keysOnly: flag,
  countOnly: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: flag }),
  minModRevision: bound,
  maxModRevision: bound,
  minCreateRevision: bound,
  maxCreateRevision: bound,
});

const compare: fc.Arbitrary<Compare> = fc
  .tuple(
    interval,
    fc.constantFrom("equal", "greater", "less", "notEqual", "always"),
    fc.oneof(
      fc.record({
        target: fc.constantFrom("version", "create", "mod"),
        operand: fc.oneof(fc.nat(3), fc.integer({ min: -1, max: 60 })),
      }),
      fc.record({ target: fc.constant("value"), operand: value }),
      fc.record({
        target: fc.constant("lease"),
        operand: fc.oneof(fc.constant(0n), lease),
      }),
    ),
  )
  .map(([keys, result, operand]) => ({ ...keys, result, ...operand }) as Compare);

export const txn: fc.Arbitrary<TxnRequest> = fc.letrec<{ txn: TxnRequest; op: TxnOperation }>(
  (tie) => ({
    op: fc.oneof(
      { maxDepth: 2, depthIdentifier: "txn" },
      { weight: 4, arbitrary: put },
      { weight: 2, arbitrary: deleteRange },
      { weight: 3, arbitrary: range },
      { weight: 2, arbitrary: tie("txn") },
    ),
    txn: fc.record({
      type: fc.constant("txn" as const),
      compare: fc.array(compare, { maxLength: 2 }),
      success: fc.array(tie("op"), { maxLength: 4 }),
      failure: fc.array(tie("op"), { maxLength: 3 }),
    }),
  }),
).txn;

/** Everything that changes keys and leases. */
export const command: fc.Arbitrary<KvCommand> = fc.oneof(
  { weight: 10, arbitrary: put },
  { weight: 4, arbitrary: deleteRange },
  { weight: 8, arbitrary: txn },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("compact" as const),
      revision: fc.integer({ min: -1, max: 50 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("leaseGrant" as const),
      id: lease,
      ttlSeconds: fc.integer({ min: 1, max: 1000 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("leaseRevoke" as const), id: lease }) },
);
