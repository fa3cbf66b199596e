import { KVService as KV, utf8, WatchService } from "@quorate/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OneMember } from "../member/one-member.ts";

/** Together far more than may wait for one stream, and than the client reads ahead: sixteen messages, however large. */
const EVENTS = 160;
const VALUE = new Uint8Array(500_000).fill(1);

let member: OneMember;
beforeAll(async () => {
  member = await OneMember.start();
});
afterAll(() => member.stop());

async function laggingWatchers(): Promise<number> {
  const page = await (await fetch(`${member.url}/metrics`)).text();
  return Number(/^etcd_debugging_mvcc_slow_watcher_total (\d+)$/m.exec(page)?.[1]);
}

test("a watcher that does not read lags within a bound, delays nobody, and then misses nothing", async () => {
  const slow = member.api.stream(WatchService.watch);
  slow.write({ requestUnion: { kind: "createRequest", value: { key: utf8("k") } } });
  expect((await slow.next()).created).toBe(true);
  slow.pause();
  const quick = member.api.stream(WatchService.watch);
  quick.write({ requestUnion: { kind: "createRequest", value: { key: utf8("k") } } });
  expect((await quick.next()).created).toBe(true);
  const revisions: number[] = [];
  for (let at = 0; at < EVENTS; at += 1) {
    const { header } = await member.api.call(KV.put, { key: utf8("k"), value: VALUE });
    revisions.push(header?.revision ?? 0);
  }
  const seenBy = async (stream: typeof slow): Promise<readonly number[]> => {
    const seen: number[] = [];
    while (seen.length < EVENTS) {
      for (const { kv } of (await stream.next()).events) seen.push(kv?.modRevision ?? 0);
    }
    return seen;
  };
  expect(await seenBy(quick)).toEqual(revisions);
  // It is no longer among those that changes are kept for: what it has not taken is read from history later.
  expect(await laggingWatchers()).toBe(1);
  slow.resume();
  expect(await seenBy(slow)).toEqual(revisions);
  await expect.poll(laggingWatchers).toBe(0);
  slow.cancel();
  quick.cancel();
});
