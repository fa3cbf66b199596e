import {
  CompareTarget,
  type KeyValue,
  KVService as KV,
  LeaseService,
  MaintenanceService as Maintenance,
  utf8,
  type WatchResponse,
  WatchService,
} from "@quorate/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiStream } from "../member/api.ts";
import { OneMember } from "../member/one-member.ts";

// The calls that a Kubernetes API server makes of its store, in the forms in which it makes them.

const PREFIX = "/registry/pods/default/";
const PREFIX_END = "/registry/pods/default0";

let member: OneMember;
beforeAll(async () => {
  member = await OneMember.start();
});
afterAll(() => member.stop());

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
const pod = (name: string): Uint8Array => utf8(`${PREFIX}${name}`);
const putOf = (name: string, value: string, lease = 0n) => ({
  request: { kind: "requestPut" as const, value: { key: pod(name), value: utf8(value), lease } },
});
const getOf = (name: string) => ({
  request: { kind: "requestRange" as const, value: { key: pod(name) } },
});
const unchangedSince = (name: string, revision: number) => ({
  key: pod(name),
  target: CompareTarget.MOD,
  targetUnion: { kind: "modRevision" as const, value: revision },
});

/** Creates an object that must not exist; resolves with its revision, or undefined when it does. */
async function create(name: string, value: string, lease = 0n): Promise<number | undefined> {
  const answer = await member.api.call(KV.txn, {
    compare: [unchangedSince(name, 0)],
    success: [putOf(name, value, lease)],
  });
  return answer.succeeded ? (answer.header?.revision ?? 0) : undefined;
}

/** The answer of an update or a deletion that names the revision it has read. */
function guarded(name: string, revision: number, value: string | undefined) {
  const change =
    value === undefined
      ? { request: { kind: "requestDeleteRange" as const, value: { key: pod(name) } } }
      : putOf(name, value);
  return member.api.call(KV.txn, {
    compare: [unchangedSince(name, revision)],
    success: [change],
    failure: [getOf(name)],
  });
}

function rangeOf(
  response: { readonly kind: string; readonly value: unknown } | undefined,
): KeyValue {
  if (response?.kind !== "responseRange") throw new Error("the failure branch is a range");
  const [kv] = (response.value as { readonly kvs: readonly KeyValue[] }).kvs;
  if (kv === undefined) throw new Error("the failure branch found nothing");
  return kv;
}

describe("objects", () => {
  test("are created once, updated and deleted by whoever read them last", async () => {
    const created = await create("one", "v1");
    expect(created).toBeGreaterThan(1);
    expect(await create("one", "again")).toBeUndefined();
    const updated = await guarded("one", created ?? 0, "v2");
    expect(updated.succeeded).toBe(true);
    const late = await guarded("one", created ?? 0, "v3");
    expect(late.succeeded).toBe(false);
    const current = rangeOf(late.responses[0]?.response);
    expect([text(current.value), current.modRevision]).toEqual(["v2", updated.header?.revision]);
    expect((await guarded("one", created ?? 0, undefined)).succeeded).toBe(false);
    expect((await guarded("one", current.modRevision, undefined)).succeeded).toBe(true);
    const gone = await member.api.call(KV.range, { key: pod("one"), limit: 1 });
    expect([gone.kvs.length, gone.header?.revision]).toEqual([
      0,
      (updated.header?.revision ?? 0) + 1,
    ]);
    const before = await member.api.call(KV.range, {
      key: pod("one"),
      limit: 1,
      revision: created ?? 0,
    });
    expect(text(before.kvs[0]?.value)).toBe("v1");
  });

  test("are listed in pages of one revision, with what remains counted, whatever is written meanwhile", async () => {
    for (let at = 0; at < 7; at += 1) await create(`list/${at}`, `${at}`);
    const end = utf8(`${PREFIX}list0`);
    const first = await member.api.call(KV.range, { key: pod("list/"), rangeEnd: end, limit: 3 });
    const pinned = first.header?.revision ?? 0;
    expect([first.more, first.count, first.kvs.length]).toEqual([true, 7, 3]);
    await create("list/00", "in between");
    const names = first.kvs.map(({ key }) => text(key));
    let page = first;
    while (page.more) {
      const last = page.kvs.at(-1)?.key ?? new Uint8Array();
      page = await member.api.call(KV.range, {
        key: Buffer.concat([last, Uint8Array.of(0)]),
        rangeEnd: end,
        limit: 3,
        revision: pinned,
      });
      expect(page.count).toBe(7 - names.length);
      expect(page.header?.revision).toBeGreaterThan(pinned);
      names.push(...page.kvs.map(({ key }) => text(key)));
    }
    expect(names).toEqual(Array.from({ length: 7 }, (_, at) => `${PREFIX}list/${at}`));
    const counted = await member.api.call(KV.range, {
      key: pod("list/"),
      rangeEnd: end,
      countOnly: true,
    });
    expect([counted.count, counted.kvs.length]).toEqual([8, 0]);
  });

  test("that expire share one lease", async () => {
    const { id } = await member.api.call(LeaseService.leaseGrant, { ttl: 3600 });
    for (const name of ["event/a", "event/b"]) await create(name, "e", id);
    const { keys } = await member.api.call(LeaseService.leaseTimeToLive, { id, keys: true });
    expect(keys.map(text)).toEqual([`${PREFIX}event/a`, `${PREFIX}event/b`]);
    await member.api.call(LeaseService.leaseRevoke, { id });
    expect((await member.api.call(KV.range, { key: pod("event/a") })).count).toBe(0);
  });
});

describe("watches", () => {
  function watchFrom(startRevision: number): ApiStream<unknown, WatchResponse> {
    const stream = member.api.stream(WatchService.watch, { hasleader: "true" });
    stream.write({
      requestUnion: {
        kind: "createRequest",
        value: {
          key: utf8(PREFIX),
          rangeEnd: utf8(PREFIX_END),
          startRevision,
          prevKv: true,
          progressNotify: true,
        },
      },
    });
    return stream as ApiStream<unknown, WatchResponse>;
  }

  test("from a list's revision on bring every change with what was there before, and bookmarks when asked", async () => {
    const listed = await member.api.call(KV.range, {
      key: utf8(PREFIX),
      rangeEnd: utf8(PREFIX_END),
    });
    const created = (await create("watched", "v1")) ?? 0;
    await guarded("watched", created, "v2");
    await guarded("watched", created + 1, undefined);
    const stream = watchFrom((listed.header?.revision ?? 0) + 1);
    const events: string[] = [];
    expect((await stream.next()).created).toBe(true);
    while (events.length < 3) {
      for (const { type, kv, prevKv } of (await stream.next()).events) {
        events.push(
          `${type} ${text(kv?.value)} after ${text(prevKv?.value)} at ${kv?.modRevision}`,
        );
      }
    }
    expect(events).toEqual([
      `0 v1 after  at ${created}`,
      `0 v2 after v1 at ${created + 1}`,
      `1  after v2 at ${created + 2}`,
    ]);
    stream.write({ requestUnion: { kind: "progressRequest", value: {} } });
    const bookmark = await stream.next();
    expect([bookmark.watchId, bookmark.events.length]).toEqual([-1n, 0]);
    expect(bookmark.header?.revision).toBe(created + 2);
    stream.cancel();
  });

  test("several hundred fit on one connection", async () => {
    const streams = Array.from({ length: 400 }, () => watchFrom(0));
    for (const stream of streams) expect((await stream.next()).created).toBe(true);
    const revision = await create("fan-out", "1");
    for (const stream of streams) {
      expect((await stream.next()).events[0]?.kv?.modRevision).toBe(revision);
      stream.cancel();
    }
  });
});

describe("compaction", () => {
  const KEY = utf8("compact_rev_key");
  const take = (version: number, revision: string) =>
    member.api.call(KV.txn, {
      compare: [
        {
          key: KEY,
          target: CompareTarget.VERSION,
          targetUnion: { kind: "version", value: version },
        },
      ],
      success: [{ request: { kind: "requestPut", value: { key: KEY, value: utf8(revision) } } }],
      failure: [{ request: { kind: "requestRange", value: { key: KEY } } }],
    });

  test("is done by the one of several servers that wins, and readers of the past are told in etcd's words", async () => {
    const old = await create("compacted", "1");
    const rounds = await Promise.all([take(0, "0"), take(0, "0")]);
    expect(rounds.map(({ succeeded }) => succeeded).sort()).toEqual([false, true]);
    const loser = rounds.find(({ succeeded }) => !succeeded);
    expect(rangeOf(loser?.responses[0]?.response).version).toBe(1);
    const { header } = await take(1, "next");
    const revision = header?.revision ?? 0;
    await member.api.call(KV.compact, { revision });
    const range = { key: utf8(PREFIX), rangeEnd: utf8(PREFIX_END) };
    expect(await member.api.failure(KV.range, { ...range, revision: old ?? 0 })).toEqual({
      code: 11,
      details: "etcdserver: mvcc: required revision has been compacted",
    });
    expect(await member.api.failure(KV.range, { ...range, revision: revision + 1000 })).toEqual({
      code: 11,
      details: "etcdserver: mvcc: required revision is a future revision",
    });
    const stream = member.api.stream(WatchService.watch);
    stream.write({
      requestUnion: { kind: "createRequest", value: { ...range, startRevision: 1 } },
    });
    expect((await stream.next()).created).toBe(true);
    expect(await stream.next()).toMatchObject({ canceled: true, compactRevision: revision });
    stream.cancel();
  });
});

test("what it asks about the store itself", async () => {
  const status = await member.api.call(Maintenance.status, {});
  const [major = 0, minor = 0] = status.version.split(".").map(Number);
  // From 3.5.13 on it reads consistently from its cache, with the help of progress requests.
  expect(major * 100 + minor).toBeGreaterThanOrEqual(306);
  expect(Number(status.dbSize)).toBeGreaterThan(0);
  const stream = { ...KV.range, path: "/etcdserverpb.KV/RangeStream" };
  expect(await member.api.failure(stream, { key: utf8("a") })).toEqual({
    code: 12,
    details: "unknown method RangeStream for service etcdserverpb.KV",
  });
});

test("lists of many megabytes come whole", async () => {
  const value = new Uint8Array(1_400_000).fill(7);
  for (let at = 0; at < 12; at += 1) {
    await member.api.call(KV.put, { key: utf8(`/registry/large/${at}`), value });
  }
  const { kvs } = await member.api.call(KV.range, {
    key: utf8("/registry/large/"),
    rangeEnd: utf8("/registry/large0"),
  });
  expect(kvs.map((kv) => kv.value.length)).toEqual(Array.from({ length: 12 }, () => value.length));
});
