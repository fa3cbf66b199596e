import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MalformedBytesError } from "../../src/bytes/byte-reader.ts";
import type { Caller } from "../../src/caller.ts";
import { kvCommandCodec } from "../../src/codec/command-codec.ts";
import { kvResultCodec } from "../../src/codec/result-codec.ts";
import type { KvCommand, WriteRequest } from "../../src/command.ts";
import { KV_ERRORS, type KvErrorCode, reportOf } from "../../src/error.ts";
import type { KeyValue } from "../../src/key-value.ts";
import type { KvResult, TxnOperationResult } from "../../src/result.ts";
import { command as keyCommand } from "../model/arbitraries.ts";

const text = fc.string({ unit: "binary", maxLength: 12 });
const bytes = fc.uint8Array({ maxLength: 20 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const revision = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

function request<T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(shape) as unknown as fc.Arbitrary<T>;
}
function kind<K extends string>(type: K): fc.Arbitrary<K> {
  return fc.constant(type);
}

const other: fc.Arbitrary<WriteRequest> = fc.oneof(
  request({
    type: kind("leaseCheckpoint"),
    checkpoints: fc.array(fc.record({ id: int64, remainingSeconds: fc.nat() })),
  }),
  request({
    type: kind("leaseCheckpoint"),
    checkpoints: fc.array(fc.record({ id: int64, remainingSeconds: fc.nat() })),
    leaderTerm: revision,
  }),
  request({ type: kind("leaseRevoke"), id: int64, leaderTerm: revision }),
  request({
    type: kind("alarm"),
    action: fc.constantFrom("activate" as const, "deactivate" as const),
    memberId: uint64,
    alarm: fc.constantFrom("nospace" as const, "corrupt" as const),
    automatic: fc.boolean(),
  }),
  request({ type: fc.constantFrom("authEnable" as const, "authDisable" as const) }),
  request({ type: kind("authenticate"), name: text, passwordHash: text, token: text }),
  request({ type: kind("userAdd"), name: text, passwordHash: text, noPassword: fc.boolean() }),
  request({ type: kind("userDelete"), name: text }),
  request({ type: kind("userChangePassword"), name: text, passwordHash: text }),
  request({
    type: fc.constantFrom("userGrantRole" as const, "userRevokeRole" as const),
    name: text,
    role: text,
  }),
  request({ type: fc.constantFrom("roleAdd" as const, "roleDelete" as const), role: text }),
  request({
    type: kind("roleGrantPermission"),
    role: text,
    permission: fc.record({
      access: fc.constantFrom("read" as const, "write" as const, "readwrite" as const),
      key: bytes,
      rangeEnd: bytes,
    }),
  }),
  request({ type: kind("roleRevokePermission"), role: text, key: bytes, rangeEnd: bytes }),
);

const caller: fc.Arbitrary<Caller | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constant({ kind: "system" as const }),
  fc.record({ kind: fc.constant("user" as const), name: text, authRevision: revision }),
);

const command: fc.Arbitrary<KvCommand> = fc
  .tuple(fc.oneof(keyCommand, other as fc.Arbitrary<KvCommand>), caller)
  .map(([request, who]) => (who === undefined ? request : { ...request, caller: who }));

/** Absent and empty range ends mean the same, and defaults come back filled in. */
function normal(value: unknown): unknown {
  if (value instanceof Uint8Array || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(normal);
  const fields: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) {
    const isDefault =
      field === undefined ||
      field === false ||
      field === 0 ||
      field === 0n ||
      (name === "rangeEnd" && field instanceof Uint8Array && field.length === 0) ||
      (name === "sortOrder" && field === "none") ||
      (name === "sortTarget" && field === "key");
    if (!isDefault) fields[name] = normal(field);
  }
  return fields;
}

describe("commands", () => {
  test("come back as they were", () => {
    fc.assert(
      fc.property(command, (value) => {
        const decoded = kvCommandCodec.decode(kvCommandCodec.encode(value));
        expect(normal(decoded)).toEqual(normal(value));
        expect(decoded.caller).toEqual(value.caller);
      }),
      { numRuns: 2000 },
    );
  });

  test("damaged bytes are recognised or mean something else, but never throw anything unexpected", () => {
    fc.assert(
      fc.property(command, fc.nat(), fc.nat(255), fc.nat(), (value, at, byte, cut) => {
        const encoded = kvCommandCodec.encode(value).slice();
        encoded[at % encoded.length] = byte;
        const damaged = encoded.subarray(0, 1 + (cut % encoded.length));
        try {
          kvCommandCodec.decode(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedBytesError);
        }
      }),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (noise) => {
        try {
          kvCommandCodec.decode(noise);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedBytesError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("commands encoded one after the other, with and without a byte in front, leave each other alone", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(command, fc.option(fc.nat(255), { nil: undefined })), { maxLength: 20 }),
        (values) => {
          const all = values.map(([value, front]) => kvCommandCodec.encode(value, front));
          const copies = all.map((bytes) => bytes.slice());
          for (const [value] of values) kvCommandCodec.encode(value);
          expect(all.map((bytes) => bytes.slice())).toEqual(copies);
          for (const [place, [value, front]] of values.entries()) {
            const bytes = copies[place] as Uint8Array;
            if (front !== undefined) expect(bytes[0]).toBe(front);
            const decoded = kvCommandCodec.decode(bytes, front === undefined ? 0 : 1);
            expect(kvCommandCodec.encode(decoded, front).slice()).toEqual(bytes);
            expect(decoded.type).toBe(value.type);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a cut-off command is never taken for a whole one", () => {
    fc.assert(
      fc.property(command, fc.nat(), (value, cut) => {
        const encoded = kvCommandCodec.encode(value);
        const part = encoded.subarray(0, cut % encoded.length);
        expect(() => kvCommandCodec.decode(part)).toThrow(MalformedBytesError);
      }),
      { numRuns: 1000 },
    );
  });

  test("what could not be read back is not written", () => {
    let deep: KvCommand & { type: "txn" } = { type: "txn", compare: [], success: [], failure: [] };
    for (let i = 0; i < 64; i++) deep = { type: "txn", compare: [], success: [deep], failure: [] };
    expect(kvCommandCodec.decode(kvCommandCodec.encode(deep)).type).toBe("txn");
    const deeper = { type: "txn", compare: [], success: [deep], failure: [] } as const;
    const unreadable: unknown[] = [
      deeper,
      { type: "unknown" },
      { type: "compact", revision: Number.NaN },
      { type: "compact", revision: 1.5 },
      { type: "leaseCheckpoint", checkpoints: [{ id: 1n, remainingSeconds: -1 }] },
      { type: "alarm", action: "activate", memberId: 1n, alarm: "fire" },
    ];
    for (const value of unreadable) {
      expect(() => kvCommandCodec.encode(value as KvCommand)).toThrow(RangeError);
    }
  });

  test("deep nesting in damaged bytes is refused before it can exhaust the stack", () => {
    // A transaction without conditions whose first branch is a transaction, and so on.
    const bytes = Uint8Array.from({ length: 3000 }, (_, i) => [0, 1, 3][(i - 1) % 3] ?? 2);
    bytes[0] = 2;
    expect(() => kvCommandCodec.decode(bytes)).toThrow(/nested/);
  });

  test("the bytes of a put stay what they are: logs outlive versions", () => {
    const value = {
      type: "put",
      key: Uint8Array.of(1, 2),
      value: Uint8Array.of(9),
      lease: -2n,
    } as const;
    expect([...kvCommandCodec.encode(value)]).toEqual([
      0, 8, 2, 1, 2, 255, 255, 255, 255, 255, 255, 255, 254, 1, 9,
    ]);
    const system = { ...value, lease: 0n, caller: { kind: "system" as const } };
    expect([...kvCommandCodec.encode(system)]).toEqual([0x80, 0, 2, 1, 2, 1, 9]);
  });
});

const keyValue: fc.Arbitrary<KeyValue> = fc.record({
  key: bytes,
  value: bytes,
  createRevision: revision,
  modRevision: revision,
  version: revision,
  lease: int64,
});
const keyValues = fc.array(keyValue, { maxLength: 3 });
const operation = fc.letrec<{ txn: TxnOperationResult; op: TxnOperationResult }>((tie) => ({
  op: fc.oneof(
    { maxDepth: 2, depthIdentifier: "result" },
    request({
      type: kind("range"),
      kvs: keyValues,
      more: fc.boolean(),
      count: revision,
      revision,
    }),
    request({ type: kind("put"), prevKv: fc.option(keyValue, { nil: undefined }), revision }),
    request({ type: kind("deleteRange"), deleted: revision, prevKvs: keyValues, revision }),
    tie("txn"),
  ),
  txn: request({
    type: kind("txn"),
    succeeded: fc.boolean(),
    responses: fc.array(tie("op"), { maxLength: 3 }),
    revision,
  }),
}));
const codes = Object.keys(KV_ERRORS) as KvErrorCode[];
const result = fc.oneof(
  operation.op.filter((value) => value.type !== "range"),
  request({ type: kind("error"), code: fc.constantFrom(...codes) }),
  request({
    type: fc.constantFrom(
      "compact" as const,
      "leaseRevoke" as const,
      "leaseCheckpoint" as const,
      "authChanged" as const,
    ),
    revision,
  }),
  request({ type: kind("leaseGrant"), id: int64, ttlSeconds: revision, revision }),
  request({ type: kind("authenticate"), token: text, revision }),
  request({
    type: kind("alarm"),
    alarms: fc.array(
      fc.record({
        memberId: uint64,
        alarm: fc.constantFrom("nospace" as const, "corrupt" as const),
      }),
    ),
    revision,
  }),
) as fc.Arbitrary<KvResult>;

describe("results", () => {
  test("come back as they were", () => {
    fc.assert(
      fc.property(result, (value) => {
        expect(kvResultCodec.decode(kvResultCodec.encode(value))).toEqual(value);
      }),
      { numRuns: 2000 },
    );
  });

  test("damaged bytes never throw anything unexpected", () => {
    fc.assert(
      fc.property(result, fc.nat(), fc.nat(255), (value, at, byte) => {
        const encoded = kvResultCodec.encode(value).slice();
        encoded[at % encoded.length] = byte;
        try {
          kvResultCodec.decode(encoded);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedBytesError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test("every failure has the text that etcd's clients compare", () => {
  const texts = codes.map((code) => {
    const { grpcCode, message } = reportOf({ type: "error", code });
    return `${grpcCode} ${message}`;
  });
  expect(new Set(texts).size).toBe(codes.length);
  expect(texts).toContain("11 etcdserver: mvcc: required revision has been compacted");
  expect(texts).toContain("8 etcdserver: mvcc: database space exceeded");
  expect(texts).toContain("5 etcdserver: requested lease not found");
  expect(texts).toContain("3 etcdserver: key is not provided");
  expect(texts).toContain("16 etcdserver: invalid auth token");
  expect(texts).toContain("2 mvcc: watcher range is empty");
});
