import {
  KVService as KV,
  utf8,
  type WatchCreateRequestInit,
  type WatchRequestInit,
  type WatchResponse,
  WatchService,
} from "@quorate/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiStream } from "../member/api.ts";
import { OneMember } from "../member/one-member.ts";

let member: OneMember;
beforeAll(async () => {
  member = await OneMember.start([
    "--experimental-watch-progress-notify-interval=100ms",
    "--max-request-bytes=20000",
  ]);
});
afterAll(() => member.stop());

type Stream = ApiStream<WatchRequestInit, WatchResponse>;

const open = (): Stream => member.api.stream(WatchService.watch);

const create = (stream: Stream, value: WatchCreateRequestInit): void =>
  stream.write({ requestUnion: { kind: "createRequest", value } });

async function watching(value: WatchCreateRequestInit): Promise<Stream> {
  const stream = open();
  create(stream, value);
  expect(await stream.next()).toMatchObject({ created: true, canceled: false });
  return stream;
}

const put = (key: string, value: string | Uint8Array = ""): Promise<number> =>
  member.api
    .call(KV.put, { key: utf8(key), value: typeof value === "string" ? utf8(value) : value })
    .then(({ header }) => header?.revision ?? 0);

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

describe("watchers", () => {
  test("hear of every change, with the pair before it when they asked", async () => {
    const stream = await watching({ key: utf8("w/a"), prevKv: true });
    const first = await put("w/a", "1");
    await put("w/a", "2");
    await member.api.call(KV.deleteRange, { key: utf8("w/a") });
    const responses = [await stream.next(), await stream.next(), await stream.next()];
    expect(responses.map(({ header }) => header?.revision)).toEqual([first, first + 1, first + 2]);
    const [one, two, three] = responses.map(({ events }) => events[0]);
    expect([one?.type, text(one?.kv?.value), one?.prevKv]).toEqual([0, "1", undefined]);
    expect([two?.type, text(two?.kv?.value), text(two?.prevKv?.value)]).toEqual([0, "2", "1"]);
    expect([three?.type, three?.kv?.version, text(three?.prevKv?.value)]).toEqual([1, 0, "2"]);
    stream.cancel();
  });

  test("replay history from where they start", async () => {
    const first = await put("h/1", "1");
    await put("h/2", "2");
    const stream = await watching({ key: utf8("h/"), rangeEnd: utf8("h0"), startRevision: first });
    const heard: string[] = [];
    while (heard.length < 2) {
      heard.push(...(await stream.next()).events.map(({ kv }) => text(kv?.key)));
    }
    expect(heard).toEqual(["h/1", "h/2"]);
    stream.cancel();
  });

  test("choose their id or get one, of 64 bits if need be", async () => {
    const stream = open();
    for (const watchId of [0n, 7n, 0n, 2n ** 62n]) create(stream, { key: utf8("i"), watchId });
    const ids: bigint[] = [];
    for (let i = 0; i < 4; i += 1) ids.push((await stream.next()).watchId);
    expect(ids).toEqual([0n, 7n, 1n, 2n ** 62n]);
    await put("i", "1");
    const heard = new Set<bigint>();
    for (let i = 0; i < 4; i += 1) heard.add((await stream.next()).watchId);
    expect(heard).toEqual(new Set(ids));
    stream.write({ requestUnion: { kind: "cancelRequest", value: { watchId: 2n ** 62n } } });
    expect(await stream.next()).toMatchObject({ watchId: 2n ** 62n, canceled: true });
    stream.cancel();
  });

  test("are refused one by one; the stream goes on", async () => {
    const stream = open();
    create(stream, { key: utf8("b"), rangeEnd: utf8("a") });
    expect(await stream.next()).toMatchObject({
      created: true,
      canceled: true,
      watchId: -1n,
      cancelReason: "mvcc: watcher range is empty",
    });
    create(stream, { key: utf8("b"), watchId: 3n });
    await stream.next();
    create(stream, { key: utf8("c"), watchId: 3n });
    expect(await stream.next()).toMatchObject({
      watchId: -1n,
      cancelReason: "mvcc: duplicate watch ID provided on the WatchStream",
    });
    create(stream, { key: utf8("c"), startRevision: -1 });
    expect(await stream.next()).toMatchObject({
      cancelReason: "etcdserver: mvcc: required revision has been compacted",
    });
    await put("b", "1");
    expect(await stream.next()).toMatchObject({ watchId: 3n });
    stream.cancel();
  });

  test("that start below a compaction are told where history begins", async () => {
    const revision = await put("gone", "1");
    await put("gone", "2");
    await member.api.call(KV.compact, { revision: revision + 1 });
    const stream = await watching({ key: utf8("gone"), startRevision: revision });
    const told = await stream.next();
    expect(told).toMatchObject({ canceled: true, compactRevision: revision + 1, cancelReason: "" });
    expect(told.header?.revision).toBe(0);
    stream.cancel();
  });

  test("do not hear what they filter", async () => {
    const stream = await watching({ key: utf8("f"), filters: [0] });
    await put("f", "1");
    await member.api.call(KV.deleteRange, { key: utf8("f") });
    const { events } = await stream.next();
    expect(events.map(({ type }) => type)).toEqual([1]);
    stream.cancel();
  });

  test("hear how far they are when they ask, or when nothing happens", async () => {
    const revision = await put("elsewhere", "1");
    const stream = await watching({ key: utf8("quiet"), progressNotify: true });
    stream.write({ requestUnion: { kind: "progressRequest", value: {} } });
    const asked = await stream.next();
    expect([asked.watchId, asked.events]).toEqual([-1n, []]);
    expect(asked.header?.revision).toBeGreaterThanOrEqual(revision);
    const told = await stream.next();
    expect([told.watchId, told.events]).toEqual([0n, []]);
    stream.cancel();
  });

  test("get large responses in fragments when they agreed to that", async () => {
    const stream = open();
    create(stream, { key: utf8("big/"), rangeEnd: utf8("big0"), fragment: true });
    create(stream, { key: utf8("big/"), rangeEnd: utf8("big0") });
    await stream.next();
    await stream.next();
    // One revision whose events are together larger than a response may be: a deletion with all values before it.
    const count = 40;
    for (let i = 0; i < count; i += 1) await put(`big/${i}`, new Uint8Array(15_000));
    for (let i = 0; i < 2 * count; i += 1) await stream.next();
    stream.cancel();
    const both = open();
    create(both, { key: utf8("big/"), rangeEnd: utf8("big0"), prevKv: true, fragment: true });
    await both.next();
    await member.api.call(KV.deleteRange, { key: utf8("big/"), rangeEnd: utf8("big0") });
    const parts: WatchResponse[] = [];
    do parts.push(await both.next());
    while (parts.at(-1)?.fragment === true);
    expect(parts.length).toBeGreaterThan(1);
    expect(new Set(parts.map(({ header }) => header?.revision)).size).toBe(1);
    expect(parts.flatMap(({ events }) => events)).toHaveLength(count);
    both.cancel();
  });

  test("go on after the client has said all it has to say", async () => {
    const stream = await watching({ key: utf8("half") });
    stream.end();
    await put("half", "1");
    expect((await stream.next()).events).toHaveLength(1);
    stream.cancel();
    expect(await stream.failure()).toMatchObject({ code: 1 });
  });
});
