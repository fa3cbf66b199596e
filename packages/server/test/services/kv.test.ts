import { KVService as KV, LeaseService, type RangeRequestInit, utf8 } from "@quorate/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OneMember } from "../member/one-member.ts";

let member: OneMember;
beforeAll(async () => {
  member = await OneMember.start(["--max-txn-ops=20", "--max-request-bytes=100000"]);
});
afterAll(() => member.stop());

const put = (key: string, value: string): Promise<number> =>
  member.api
    .call(KV.put, { key: utf8(key), value: utf8(value) })
    .then(({ header }) => header?.revision ?? 0);

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

async function keys(request: RangeRequestInit): Promise<string> {
  const { kvs } = await member.api.call(KV.range, request);
  return kvs.map(({ key }) => text(key)).join(" ");
}

describe("put and range", () => {
  test("a header names cluster, member, revision and term", async () => {
    const { header } = await member.api.call(KV.put, { key: utf8("h"), value: utf8("1") });
    expect(header?.clusterId).not.toBe(0n);
    expect(header?.memberId).not.toBe(0n);
    expect(header?.revision).toBeGreaterThan(1);
    expect(header?.raftTerm).toBeGreaterThan(0);
  });

  test("a pair has its revisions, its version and its previous self", async () => {
    const first = await put("pair", "1");
    const { header, prevKv } = await member.api.call(KV.put, {
      key: utf8("pair"),
      value: utf8("2"),
      prevKv: true,
    });
    expect([text(prevKv?.value), prevKv?.modRevision]).toEqual(["1", first]);
    const { kvs } = await member.api.call(KV.range, { key: utf8("pair") });
    expect(kvs[0]).toMatchObject({
      createRevision: first,
      modRevision: header?.revision,
      version: 2,
      lease: 0n,
    });
  });

  test("limits, sorting, filters and counts", async () => {
    for (const key of ["r/a", "r/b", "r/c"]) await put(key, key === "r/b" ? "0" : key);
    await put("r/b", "0");
    const all = { key: utf8("r/"), rangeEnd: utf8("r0") };
    expect(await keys(all)).toBe("r/a r/b r/c");
    expect(await keys({ ...all, sortOrder: 2 })).toBe("r/c r/b r/a");
    expect(await keys({ ...all, sortTarget: 4 })).toBe("r/b r/a r/c");
    expect(await keys({ ...all, sortTarget: 1, sortOrder: 2, limit: 1 })).toBe("r/b");
    const limited = await member.api.call(KV.range, { ...all, limit: 2 });
    expect([limited.more, limited.count, limited.kvs.length]).toEqual([true, 3, 2]);
    const counted = await member.api.call(KV.range, { ...all, countOnly: true });
    expect([counted.more, counted.count, counted.kvs.length]).toEqual([false, 3, 0]);
    const named = await member.api.call(KV.range, { ...all, keysOnly: true, serializable: true });
    expect(named.kvs.every(({ value, version }) => value.length === 0 && version > 0)).toBe(true);
  });

  test.each<[string, RangeRequestInit, number, string]>([
    ["an empty key", { key: utf8("") }, 3, "etcdserver: key is not provided"],
    [
      "a sort order that does not exist",
      { key: utf8("a"), sortOrder: 9 },
      3,
      "etcdserver: invalid sort option",
    ],
    [
      "a sort target that does not exist",
      { key: utf8("a"), sortTarget: 5 },
      3,
      "etcdserver: invalid sort option",
    ],
    [
      "the future",
      { key: utf8("a"), revision: 1e9 },
      11,
      "etcdserver: mvcc: required revision is a future revision",
    ],
  ])("a range for %s is refused", async (_, request, code, details) => {
    expect(await member.api.failure(KV.range, request)).toEqual({ code, details });
  });

  test.each([
    [{ value: utf8("x") }, 3, "etcdserver: key is not provided"],
    [{ key: utf8("p"), value: utf8("x"), ignoreValue: true }, 3, "etcdserver: value is provided"],
    [{ key: utf8("p"), lease: 5n, ignoreLease: true }, 3, "etcdserver: lease is provided"],
    [{ key: utf8("absent"), ignoreLease: true }, 3, "etcdserver: key not found"],
    [{ key: utf8("p"), lease: -99n }, 5, "etcdserver: requested lease not found"],
    [{ key: utf8("p"), value: new Uint8Array(120_000) }, 3, "etcdserver: request is too large"],
  ])("put %# is refused", async (request, code, details) => {
    expect(await member.api.failure(KV.put, request)).toEqual({ code, details });
  });

  test("a message that is none", async () => {
    const broken = {
      ...KV.range,
      request: { ...KV.range.request, encode: () => utf8("\x0a\xff") },
    };
    expect(await member.api.failure(broken, {})).toMatchObject({ code: 13 });
  });
});

describe("transactions", () => {
  const putOp = (key: string, value = "") =>
    ({ request: { kind: "requestPut", value: { key: utf8(key), value: utf8(value) } } }) as const;
  const getOp = (key: string) =>
    ({ request: { kind: "requestRange", value: { key: utf8(key) } } }) as const;

  test("the branch that the conditions choose runs, at one revision", async () => {
    await put("t/x", "1");
    const request = {
      compare: [
        {
          key: utf8("t/x"),
          target: 3,
          result: 0,
          targetUnion: { kind: "value", value: utf8("1") },
        },
      ],
      success: [putOp("t/x", "2"), putOp("t/y", "2"), getOp("t/x")],
      failure: [getOp("t/x")],
    } as const;
    const done = await member.api.call(KV.txn, request);
    expect(done.succeeded).toBe(true);
    expect(done.responses.map(({ response }) => response?.kind)).toEqual([
      "responsePut",
      "responsePut",
      "responseRange",
    ]);
    const again = await member.api.call(KV.txn, request);
    const [read] = again.responses;
    expect(again.succeeded).toBe(false);
    expect(
      read?.response?.kind === "responseRange" && text(read.response.value.kvs[0]?.value),
    ).toBe("2");
    expect(again.header?.revision).toBe(done.header?.revision);
  });

  test("nested ones answer nested, with empty headers", async () => {
    const { responses } = await member.api.call(KV.txn, {
      success: [{ request: { kind: "requestTxn", value: { success: [putOp("t/n")] } } }],
    });
    const [outer] = responses;
    if (outer?.response?.kind !== "responseTxn") throw new Error("no nested answer");
    expect(outer.response.value.succeeded).toBe(true);
    expect(outer.response.value.header?.revision).toBe(0);
    const [inner] = outer.response.value.responses;
    expect(inner?.response?.kind).toBe("responsePut");
  });

  test.each([
    ["an operation that says nothing", { success: [{}] }, 3, "etcdserver: key not found"],
    [
      "one key twice",
      { success: [putOp("d"), putOp("d")] },
      3,
      "etcdserver: duplicate key given in txn request",
    ],
    [
      "more operations than allowed here",
      { success: Array.from({ length: 21 }, (_, i) => putOp(`m${i}`)) },
      3,
      "etcdserver: too many operations in txn request",
    ],
  ])("%s is refused", async (_, request, code, details) => {
    expect(await member.api.failure(KV.txn, request)).toEqual({ code, details });
  });
});

describe("deleting and compacting", () => {
  test("deleted pairs are counted and shown", async () => {
    await put("del/a", "1");
    await put("del/b", "2");
    const answer = await member.api.call(KV.deleteRange, {
      key: utf8("del/"),
      rangeEnd: utf8("del0"),
      prevKv: true,
    });
    expect([answer.deleted, answer.prevKvs.map(({ value }) => text(value))]).toEqual([
      2,
      ["1", "2"],
    ]);
  });

  test("history below a compaction is gone, at it not", async () => {
    const old = await put("c", "old");
    const at = await put("c", "new");
    await member.api.call(KV.compact, { revision: at, physical: true });
    expect(await member.api.failure(KV.range, { key: utf8("c"), revision: old })).toEqual({
      code: 11,
      details: "etcdserver: mvcc: required revision has been compacted",
    });
    const { kvs } = await member.api.call(KV.range, { key: utf8("c"), revision: at });
    expect(text(kvs[0]?.value)).toBe("new");
    expect(await member.api.failure(KV.compact, { revision: at })).toMatchObject({ code: 11 });
    expect(await member.api.failure(KV.compact, { revision: at + 1000 })).toMatchObject({
      details: "etcdserver: mvcc: required revision is a future revision",
    });
  });
});

describe("leases", () => {
  test("a lease takes its keys along", async () => {
    const { id, ttl } = await member.api.call(LeaseService.leaseGrant, { ttl: 100 });
    expect(ttl).toBe(100);
    await member.api.call(KV.put, { key: utf8("leased"), value: utf8("1"), lease: id });
    const left = await member.api.call(LeaseService.leaseTimeToLive, { id, keys: true });
    expect([left.grantedTtl, left.keys.map(text)]).toEqual([100, ["leased"]]);
    expect(left.ttl).toBeGreaterThan(90);
    const { leases } = await member.api.call(LeaseService.leaseLeases, {});
    expect(leases).toContainEqual({ id });
    await member.api.call(LeaseService.leaseRevoke, { id });
    expect((await member.api.call(KV.range, { key: utf8("leased") })).count).toBe(0);
    expect((await member.api.call(LeaseService.leaseTimeToLive, { id })).ttl).toBe(-1);
    expect(await member.api.failure(LeaseService.leaseRevoke, { id })).toMatchObject({ code: 5 });
  });

  test("ids of clients are taken as they are, once; short lives are lengthened", async () => {
    const id = -(2n ** 62n);
    expect((await member.api.call(LeaseService.leaseGrant, { id, ttl: 0 })).ttl).toBe(2);
    expect(await member.api.failure(LeaseService.leaseGrant, { id, ttl: 10 })).toEqual({
      code: 9,
      details: "etcdserver: lease already exists",
    });
    expect(await member.api.failure(LeaseService.leaseGrant, { ttl: 9_000_000_001 })).toEqual({
      code: 11,
      details: "etcdserver: too large lease TTL",
    });
  });

  test("a kept lease lives, a forgotten one ends, and its keys with it", async () => {
    const kept = await member.api.call(LeaseService.leaseGrant, { ttl: 2 });
    const forgotten = await member.api.call(LeaseService.leaseGrant, { ttl: 2 });
    await member.api.call(KV.put, { key: utf8("forgotten"), lease: forgotten.id });
    const stream = member.api.stream(LeaseService.leaseKeepAlive);
    let answers = 0;
    for (;;) {
      stream.write({ id: kept.id });
      expect(await stream.next()).toMatchObject({ id: kept.id, ttl: 2 });
      answers += 1;
      const { count } = await member.api.call(KV.range, { key: utf8("forgotten") });
      if (count === 0) break;
    }
    expect(answers).toBeGreaterThan(1);
    stream.write({ id: forgotten.id });
    expect(await stream.next()).toMatchObject({ id: forgotten.id, ttl: 0 });
    stream.end();
    expect(await stream.failure()).toEqual({ code: 0, details: "" });
  });
});
