import { describe, expect, test } from "vitest";
import { binaryString } from "../../src/bytes/bytes.ts";
import type { Compare, KvCommand, TxnOperation } from "../../src/command.ts";
import type { KvQuery } from "../../src/query.ts";
import type { KvResult, RangeResult, TxnResult } from "../../src/result.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";
import { checkRequest, isReadOnly } from "../../src/txn/check-request.ts";
import { MachineDriver } from "../model/machine-driver.ts";

const encoder = new TextEncoder();
const bytes = (text: string): Uint8Array => encoder.encode(text);
const ZERO = Uint8Array.of(0);

function put(key: string, value = "", more: object = {}): KvCommand & { type: "put" } {
  return { type: "put", key: bytes(key), value: bytes(value), ...more };
}
function get(key: string, more: object = {}): TxnOperation & { type: "range" } {
  return { type: "range", key: bytes(key), ...more };
}
function del(key: string, more: object = {}): KvCommand & { type: "deleteRange" } {
  return { type: "deleteRange", key: bytes(key), ...more };
}
function txn(
  compare: readonly Compare[],
  success: readonly TxnOperation[] = [],
  failure: readonly TxnOperation[] = [],
): KvCommand & { type: "txn" } {
  return { type: "txn", compare, success, failure };
}
function when(
  key: string,
  target: Compare["target"],
  result: Compare["result"],
  operand: number | bigint | string,
  more: object = {},
): Compare {
  const value = typeof operand === "string" ? bytes(operand) : operand;
  return { key: bytes(key), target, result, operand: value, ...more } as Compare;
}

function fresh(): MachineDriver {
  return new MachineDriver(new MemoryStore());
}
function code(result: { readonly type: string }): string {
  return "code" in result ? String(result.code) : result.type;
}
function txnResult(result: KvResult): TxnResult {
  if (result.type !== "txn") throw new Error(code(result));
  return result;
}
function range(driver: MachineDriver, query: KvQuery): RangeResult {
  const answer = driver.query(query);
  if (answer.type !== "range") throw new Error(code(answer));
  return answer;
}
function valueAt(driver: MachineDriver, key: string): string | undefined {
  const [kv] = range(driver, { type: "range", key: bytes(key) }).kvs;
  return kv === undefined ? undefined : binaryString(kv.value);
}

describe("put", () => {
  test("a fresh store is at revision 1 and the first write makes 2", () => {
    const driver = fresh();
    expect(driver.machine.revision).toBe(1);
    expect(driver.apply(put("a", "1"))).toEqual({ type: "put", prevKv: undefined, revision: 2 });
    const [kv] = range(driver, get("a")).kvs;
    expect(kv).toEqual({
      key: bytes("a"),
      value: bytes("1"),
      createRevision: 2,
      modRevision: 2,
      version: 1,
      lease: 0n,
    });
  });

  test("overwriting keeps the creation and counts versions; an equal value counts too", () => {
    const driver = fresh();
    driver.apply(put("a", "x"));
    driver.apply(put("a", "x"));
    const [kv] = range(driver, get("a")).kvs;
    expect([kv?.createRevision, kv?.modRevision, kv?.version]).toEqual([2, 3, 2]);
  });

  test("a key that is created again begins at version 1", () => {
    const driver = fresh();
    for (const command of [put("a"), put("a"), del("a"), put("a")]) driver.apply(command);
    const [kv] = range(driver, get("a")).kvs;
    expect([kv?.createRevision, kv?.modRevision, kv?.version]).toEqual([5, 5, 1]);
  });

  test("the previous pair is complete, and absent for a new or deleted key", () => {
    const driver = fresh();
    expect(driver.apply(put("a", "1", { prevKv: true }))).toMatchObject({ prevKv: undefined });
    const second = driver.apply(put("a", "2", { prevKv: true }));
    expect(second).toMatchObject({ prevKv: { value: bytes("1"), modRevision: 2, version: 1 } });
    driver.apply(del("a"));
    expect(driver.apply(put("a", "3", { prevKv: true }))).toMatchObject({ prevKv: undefined });
  });

  test.each([
    ["emptyKey", put("")],
    ["valueProvided", put("a", "v", { ignoreValue: true })],
    ["leaseProvided", put("a", "", { ignoreLease: true, lease: 5n })],
    ["keyNotFound", put("missing", "", { ignoreValue: true })],
    ["keyNotFound", put("missing", "v", { ignoreLease: true })],
    ["leaseNotFound", put("a", "v", { lease: 99n })],
  ])("is refused as %s and changes nothing", (expected, command) => {
    const driver = fresh();
    driver.apply(put("a", "before"));
    expect(code(driver.apply(command))).toBe(expected);
    expect(driver.machine.revision).toBe(2);
    expect(valueAt(driver, "a")).toBe("before");
  });

  test("ignoreValue and ignoreLease keep what they name", () => {
    const driver = fresh();
    driver.apply({ type: "leaseGrant", id: 7n, ttlSeconds: 60 });
    driver.apply({ type: "leaseGrant", id: 8n, ttlSeconds: 60 });
    driver.apply(put("a", "v", { lease: 7n }));
    driver.apply(put("a", "", { ignoreValue: true, lease: 8n }));
    const [moved] = range(driver, get("a")).kvs;
    expect([moved?.value, moved?.lease, moved?.version]).toEqual([bytes("v"), 8n, 2]);
    driver.apply(put("a", "w", { ignoreLease: true }));
    const [kept] = range(driver, get("a")).kvs;
    expect([kept?.value, kept?.lease]).toEqual([bytes("w"), 8n]);
  });
});

describe("deleteRange", () => {
  test("deleting nothing makes no revision", () => {
    const driver = fresh();
    expect(driver.apply(del("a"))).toMatchObject({ deleted: 0, revision: 1 });
  });

  test("deletes an interval at one revision and returns the pairs in key order", () => {
    const driver = fresh();
    for (const key of ["c", "a", "b", "d"]) driver.apply(put(key, key));
    const result = driver.apply(del("a", { rangeEnd: bytes("d"), prevKv: true }));
    expect(result).toMatchObject({ deleted: 3, revision: 6 });
    const keys =
      result.type === "deleteRange" ? result.prevKvs.map((kv) => binaryString(kv.key)) : [];
    expect(keys).toEqual(["a", "b", "c"]);
    expect(range(driver, get("\0", { rangeEnd: ZERO })).count).toBe(1);
  });

  test("from a key on", () => {
    const driver = fresh();
    for (const key of ["a", "b", "c"]) driver.apply(put(key));
    expect(driver.apply(del("b", { rangeEnd: ZERO }))).toMatchObject({ deleted: 2 });
  });
});

describe("range", () => {
  const keys = ["a", "b", "c", "d", "e"];
  function listed(): MachineDriver {
    const driver = fresh();
    const puts: [string, number, string][] = [
      ["a", 1, "z"],
      ["b", 3, "y"],
      ["c", 2, "x"],
      ["d", 1, "w"],
      ["e", 1, "v"],
    ];
    for (const [key, times, value] of puts) {
      for (let i = 0; i < times; i++) driver.apply(put(key, value));
    }
    return driver;
  }
  function names(result: RangeResult): string {
    return result.kvs.map((kv) => binaryString(kv.key)).join("");
  }
  const all = { rangeEnd: ZERO };

  test.each([
    [{}, "abcde", false],
    [{ limit: 2 }, "ab", true],
    [{ limit: 5 }, "abcde", false],
    [{ limit: -3 }, "abcde", false],
    [{ sortOrder: "descend" }, "edcba", false],
    [{ sortOrder: "descend", limit: 2 }, "ed", true],
    [{ sortOrder: "descend", sortTarget: "version" }, "bcade", false],
    [{ sortOrder: "ascend", sortTarget: "create", limit: 1 }, "a", true],
    [{ sortOrder: "descend", sortTarget: "create" }, "edcba", false],
    [{ sortOrder: "descend", sortTarget: "mod" }, "edcba", false],
    [{ sortTarget: "value" }, "edcba", false],
    [{ sortTarget: "value", keysOnly: true }, "edcba", false],
    // Without an order asked for, only the first keys are looked at, and then sorted.
    [{ sortTarget: "value", limit: 2 }, "cb", true],
    [{ sortOrder: "ascend", sortTarget: "value", limit: 2 }, "ed", true],
    [{ minModRevision: 7 }, "cde", false],
    [{ maxModRevision: 7 }, "abc", false],
    [{ minModRevision: 7, limit: 2 }, "cd", true],
    [{ minModRevision: 7, limit: 3 }, "cde", false],
    [{ minCreateRevision: 3, maxCreateRevision: 8 }, "bcd", false],
  ] as const)("%o", (options, expected, more) => {
    const result = range(listed(), get("a", { ...all, ...options }));
    expect([names(result), result.more, result.count]).toEqual([expected, more, 5]);
  });

  test("intervals are half open, and empty when they end before they begin", () => {
    const driver = listed();
    expect(names(range(driver, get("b", { rangeEnd: bytes("d") })))).toBe("bc");
    expect(names(range(driver, get("aa", { rangeEnd: bytes("cc") })))).toBe("bc");
    expect(range(driver, get("d", { rangeEnd: bytes("b") }))).toMatchObject({ count: 0, kvs: [] });
    expect(names(range(driver, get("b")))).toBe("b");
    expect(range(driver, get("b", { rangeEnd: Uint8Array.of() })).count).toBe(1);
  });

  test("countOnly counts everything and says nothing of more", () => {
    const result = range(listed(), get("a", { ...all, countOnly: true, limit: 2 }));
    expect(result).toMatchObject({ count: 5, kvs: [], more: false });
  });

  test("keysOnly leaves the values out and the rest in", () => {
    const [kv] = range(listed(), get("b", { keysOnly: true })).kvs;
    expect(kv).toMatchObject({ value: Uint8Array.of(), version: 3, modRevision: 5 });
  });

  test("counts from the requested start on, so that pages can be counted down", () => {
    expect(range(listed(), get("c", { ...all, limit: 1 })).count).toBe(3);
  });

  test("history can be read at every revision, the header staying current", () => {
    const driver = listed();
    const at = (revision: number) => range(driver, get("a", { ...all, revision }));
    expect(keys.map((_, i) => names(at(i + 1)))).toEqual(["", "a", "ab", "ab", "ab"]);
    expect(at(9)).toMatchObject({ count: 5, revision: 9 });
    expect(at(4)).toMatchObject({ count: 2, revision: 9 });
    expect(at(-7).count).toBe(5);
    expect(code(driver.query(get("a", { revision: 10 })))).toBe("futureRevision");
  });

  test("an empty key is refused", () => {
    expect(code(fresh().query(get("")))).toBe("emptyKey");
  });
});

describe("compaction", () => {
  test("what is below is gone, the revision itself can be read", () => {
    const driver = fresh();
    for (const command of [put("a", "1"), put("a", "2"), put("b"), del("b"), put("a", "3")]) {
      driver.apply(command);
    }
    expect(driver.apply({ type: "compact", revision: 5 })).toEqual({
      type: "compact",
      revision: 6,
    });
    driver.deferred.drain();
    expect(code(driver.query(get("a", { revision: 4 })))).toBe("compacted");
    expect(range(driver, get("a", { revision: 5 })).kvs[0]?.value).toEqual(bytes("2"));
    expect(range(driver, get("a")).kvs[0]).toMatchObject({ version: 3, createRevision: 2 });
    expect(code(driver.apply({ type: "compact", revision: 5 }))).toBe("compacted");
    expect(code(driver.apply({ type: "compact", revision: -1 }))).toBe("compacted");
    expect(code(driver.apply({ type: "compact", revision: 7 }))).toBe("futureRevision");
    expect(driver.machine.revision).toBe(6);
  });

  test("revision 0 can be compacted once", () => {
    const driver = fresh();
    expect(driver.apply({ type: "compact", revision: 0 }).type).toBe("compact");
    expect(code(driver.apply({ type: "compact", revision: 0 }))).toBe("compacted");
  });
});

describe("txn", () => {
  test("all writes share a revision, reads see the writes before them", () => {
    const driver = fresh();
    driver.apply(put("old"));
    const result = txnResult(
      driver.apply(txn([], [get("k"), put("k", "n"), get("k"), del("zz"), del("old"), get("old")])),
    );
    expect(result.revision).toBe(3);
    expect(result.responses.map((response) => response.revision)).toEqual([2, 3, 3, 3, 3, 3]);
    const counts = result.responses.map((r) => (r.type === "range" ? r.count : r.type));
    expect(counts).toEqual([0, "put", 1, "deleteRange", "deleteRange", 0]);
  });

  test("an empty transaction succeeds without a revision", () => {
    expect(fresh().apply(txn([]))).toEqual({
      type: "txn",
      succeeded: true,
      responses: [],
      revision: 1,
    });
  });

  test("a missing key is 0 everywhere and has no value to compare", () => {
    const driver = fresh();
    for (const target of ["version", "create", "mod"] as const) {
      const held = txnResult(driver.apply(txn([when("k", target, "equal", 0)])));
      expect(held.succeeded).toBe(true);
    }
    expect(txnResult(driver.apply(txn([when("k", "lease", "equal", 0n)]))).succeeded).toBe(true);
    for (const result of ["equal", "notEqual", "less", "greater"] as const) {
      for (const operand of ["", "x"]) {
        const compared = driver.apply(txn([when("k", "value", result, operand)]));
        expect(txnResult(compared).succeeded).toBe(false);
      }
    }
  });

  test("a condition on an interval must hold for every key in it", () => {
    const driver = fresh();
    for (const key of ["a", "b", "b"]) driver.apply(put(key, "v"));
    const over = (target: Compare["target"], result: Compare["result"], operand: number | string) =>
      txnResult(driver.apply(txn([when("a", target, result, operand, { rangeEnd: bytes("c") })])))
        .succeeded;
    expect(over("value", "equal", "v")).toBe(true);
    expect(over("version", "equal", 1)).toBe(false);
    expect(over("version", "less", 3)).toBe(true);
    const empty = when("x", "version", "equal", 0, { rangeEnd: bytes("y") });
    expect(txnResult(driver.apply(txn([empty]))).succeeded).toBe(true);
  });

  test("nested conditions see the state before the outermost transaction", () => {
    const driver = fresh();
    const nested = txn(
      [when("a", "version", "greater", 0)],
      [put("saw", "yes")],
      [put("saw", "no")],
    );
    const result = txnResult(driver.apply(txn([], [put("a", "1"), nested])));
    expect(result.responses[1]).toMatchObject({ type: "txn", succeeded: false, revision: 0 });
    expect(valueAt(driver, "saw")).toBe("no");
  });

  test.each([
    ["same key twice", [put("k", "1"), put("k", "2")]],
    ["put under a deletion", [put("k"), del("k")]],
    ["put in a deleted interval", [del("a", { rangeEnd: bytes("z") }), put("k")]],
    ["parent and child put", [put("k"), txn([], [put("k")])]],
    ["siblings put", [txn([], [put("k")]), txn([], [], [put("k")])]],
    ["parent deletes what a child puts", [del("a", { rangeEnd: bytes("z") }), txn([], [put("k")])]],
    ["child deletes what the parent puts", [put("k"), txn([], [del("k")])]],
    [
      "keeping what is deleted to the end",
      [del("a", { rangeEnd: ZERO }), put("k", "", { ignoreValue: true })],
    ],
    [
      "a child keeping what the parent deletes to the end",
      [del("a", { rangeEnd: ZERO }), txn([], [put("k", "v", { ignoreLease: true })])],
    ],
  ])("refuses %s, in either branch", (_, operations) => {
    const driver = fresh();
    driver.apply(put("k", "before"));
    expect(code(driver.apply(txn([], operations)))).toBe("duplicateKey");
    expect(code(driver.apply(txn([], [], operations)))).toBe("duplicateKey");
    expect(driver.machine.revision).toBe(2);
  });

  test.each([
    ["branches may put the same key", txn([], [put("k", "1")], [put("k", "2")])],
    ["nested branches may, too", txn([], [txn([], [put("k")], [put("k")])])],
    ["deletions may overlap", txn([], [del("k"), del("a", { rangeEnd: bytes("z") })])],
    ["a deletion to the end is not noticed", txn([], [put("n"), del("a", { rangeEnd: ZERO })])],
    [
      "a later sibling may delete what an earlier one put",
      txn([], [txn([], [put("k")]), txn([], [del("k")])]),
    ],
  ])("%s", (_, command) => {
    expect(fresh().apply(command).type).toBe("txn");
  });

  test("put and delete in one transaction leave two changes of one key", () => {
    const driver = fresh();
    driver.apply(put("n", "old"));
    const command = txn(
      [],
      [del("a", { rangeEnd: ZERO }), put("n", "new", { prevKv: true }), get("n")],
    );
    const result = txnResult(driver.apply(command));
    expect(result.responses[1]).toMatchObject({ prevKv: undefined });
    const [kv] = result.responses[2]?.type === "range" ? result.responses[2].kvs : [];
    expect(kv).toMatchObject({ version: 1, createRevision: 3, modRevision: 3 });
    expect(valueAt(driver, "n")).toBe("new");
  });

  test("operations are counted per level, and a nested transaction has what is left", () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => put(`k${i}`));
    expect(checkRequest(txn([], many(128)), 128)).toBeUndefined();
    expect(checkRequest(txn([], many(129)), 128)?.code).toBe("tooManyOps");
    const compares = Array.from({ length: 129 }, () => when("k", "version", "equal", 0));
    expect(checkRequest(txn(compares), 128)?.code).toBe("tooManyOps");
    expect(checkRequest(txn([], [txn([], many(127))]), 128)).toBeUndefined();
    expect(checkRequest(txn([], [txn([], many(128))]), 128)?.code).toBe("tooManyOps");
  });

  test("transactions nest only so deep", () => {
    let deep = txn([], [put("k")]);
    for (let i = 0; i < 100; i++) deep = txn([], [deep]);
    expect(code(fresh().apply(deep))).toBe("tooManyOps");
  });

  test.each([
    ["emptyKey", txn([when("", "version", "equal", 0)])],
    ["emptyKey", txn([], [], [get("")])],
    ["emptyKey", txn([], [txn([], [del("")])])],
    ["keyNotFound", txn([], [{ type: "empty" }])],
    ["valueProvided", txn([], [put("x", "v", { ignoreValue: true })])],
    ["leaseNotFound", txn([], [put("a"), put("b", "", { lease: 5n })])],
    ["keyNotFound", txn([], [put("a"), put("b", "", { ignoreValue: true })])],
    ["futureRevision", txn([], [put("a"), get("a", { revision: 50 })])],
    [
      "leaseNotFound",
      txn([], [get("a", { revision: 50 }), txn([], [put("a", "", { lease: 5n })])]),
    ],
  ])("fails as a whole: %s", (expected, command) => {
    const driver = fresh();
    expect(code(driver.apply(command))).toBe(expected);
    expect(driver.machine.revision).toBe(1);
    expect(range(driver, get("\0", { rangeEnd: ZERO })).count).toBe(0);
  });

  test("what the branch that does not run needs from the store does not matter", () => {
    const driver = fresh();
    const failing = [put("b", "", { lease: 5n })];
    expect(driver.apply(txn([], [put("a")], failing)).type).toBe("txn");
  });

  test("a range can read history; a negative revision is one only here", () => {
    const driver = fresh();
    driver.apply(put("k", "old"));
    driver.apply(put("k", "new"));
    const old = txnResult(driver.apply(txn([], [put("x"), get("k", { revision: 2 })])));
    expect(old.responses[1]).toMatchObject({ kvs: [{ value: bytes("old") }], revision: 4 });
    expect(driver.apply(txn([], [get("k", { revision: -1 })])).type).toBe("txn");
    driver.apply({ type: "compact", revision: 3 });
    expect(code(driver.apply(txn([], [get("k", { revision: -1 })])))).toBe("compacted");
    expect(code(driver.apply(txn([], [get("k", { revision: 2 })])))).toBe("compacted");
    expect(driver.query(get("k", { revision: -1 })).type).toBe("range");
  });

  test("transactions that only read can be asked instead of applied", () => {
    const driver = fresh();
    driver.apply(put("k", "v"));
    const reading = txn([when("k", "version", "equal", 1)], [get("k"), txn([], [get("k")])]);
    expect(isReadOnly(reading)).toBe(true);
    expect(driver.query(reading)).toMatchObject({ type: "txn", succeeded: true, revision: 2 });
    expect(code(driver.query(txn([], [put("k")])))).toBe("notReadOnly");
    expect(isReadOnly(txn([], [], [del("k")]))).toBe(false);
  });
});
