import {
  ElectionService,
  KVService as KV,
  LeaseService,
  LockService,
  utf8,
} from "@quorate/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OneMember } from "../member/one-member.ts";

let member: OneMember;
beforeAll(async () => {
  member = await OneMember.start();
});
afterAll(() => member.stop());

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
const lease = async (): Promise<bigint> =>
  (await member.api.call(LeaseService.leaseGrant, { ttl: 60 })).id;
const exists = async (key: Uint8Array): Promise<boolean> =>
  (await member.api.call(KV.range, { key })).count === 1;

describe("locks", () => {
  test("one holder at a time, in the order of asking", async () => {
    const name = utf8("lock");
    const first = await member.api.call(LockService.lock, { name, lease: await lease() });
    const order: string[] = [];
    const waits = ["second", "third"].map(async (who) => {
      const { key } = await member.api.call(LockService.lock, { name, lease: await lease() });
      order.push(who);
      return key;
    });
    // Both stand in the queue.
    await expect
      .poll(
        async () =>
          (await member.api.call(KV.range, { key: utf8("lock/"), rangeEnd: utf8("lock0") })).count,
      )
      .toBe(3);
    expect(order).toEqual([]);
    await member.api.call(LockService.unlock, { key: first.key });
    const next = await Promise.race(waits);
    expect(order).toHaveLength(1);
    await member.api.call(LockService.unlock, { key: next });
    await Promise.all(waits);
    expect(order).toHaveLength(2);
  });

  test("the key is the name and the lease; asking again finds it", async () => {
    const id = await lease();
    const { key } = await member.api.call(LockService.lock, { name: utf8("again"), lease: id });
    expect(text(key)).toBe(`again/${id.toString(16)}`);
    const again = await member.api.call(LockService.lock, { name: utf8("again"), lease: id });
    expect(again.key).toEqual(key);
  });

  test("a lease that ends frees the lock", async () => {
    const holder = await lease();
    await member.api.call(LockService.lock, { name: utf8("freed"), lease: holder });
    const waiting = member.api.call(LockService.lock, {
      name: utf8("freed"),
      lease: await lease(),
    });
    await member.api.call(LeaseService.leaseRevoke, { id: holder });
    expect(await exists((await waiting).key)).toBe(true);
  });

  test("failures have their text and the recipes' code", async () => {
    expect(await member.api.failure(LockService.unlock, {})).toEqual({
      code: 2,
      details: "etcdserver: key is not provided",
    });
    expect(await member.api.failure(LockService.lock, { name: utf8("l"), lease: 12345n })).toEqual({
      code: 2,
      details: "etcdserver: requested lease not found",
    });
  });
});

describe("elections", () => {
  const name = utf8("election");

  test("campaign, proclaim, leader, resign", async () => {
    expect(await member.api.failure(ElectionService.leader, { name })).toEqual({
      code: 2,
      details: "election: no leader",
    });
    const { leader } = await member.api.call(ElectionService.campaign, {
      name,
      lease: await lease(),
      value: utf8("one"),
    });
    if (leader === undefined) throw new Error("nobody was elected");
    await member.api.call(ElectionService.proclaim, { leader, value: utf8("uno") });
    const { kv } = await member.api.call(ElectionService.leader, { name });
    expect(text(kv?.value)).toBe("uno");
    const second = member.api.call(ElectionService.campaign, {
      name,
      lease: await lease(),
      value: utf8("two"),
    });
    await member.api.call(ElectionService.resign, { leader });
    expect((await second).leader?.rev).toBeGreaterThan(leader.rev);
    expect(
      await member.api.failure(ElectionService.proclaim, { leader, value: utf8("x") }),
    ).toEqual({
      code: 2,
      details: "election: not leader",
    });
    // Giving up what is not held is no failure.
    await member.api.call(ElectionService.resign, { leader });
  });

  test("observers hear the leader, its words, and the next leader", async () => {
    const stream = member.api.serverStream(ElectionService.observe, { name: utf8("seen") });
    const campaign = async (value: string) =>
      member.api.call(ElectionService.campaign, {
        name: utf8("seen"),
        lease: await lease(),
        value: utf8(value),
      });
    const { leader } = await campaign("one");
    expect(text((await stream.next()).kv?.value)).toBe("one");
    await member.api.call(ElectionService.proclaim, { leader, value: utf8("uno") });
    expect(text((await stream.next()).kv?.value)).toBe("uno");
    const next = campaign("two");
    await member.api.call(ElectionService.resign, { leader });
    await next;
    expect(text((await stream.next()).kv?.value)).toBe("two");
    stream.cancel();
  });

  test("the leader must be named", async () => {
    expect(await member.api.failure(ElectionService.resign, {})).toEqual({
      code: 2,
      details: '"leader" field must be provided',
    });
  });
});
