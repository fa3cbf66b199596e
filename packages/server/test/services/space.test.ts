import {
  KVService as KV,
  LeaseService as Lease,
  MaintenanceService as Maintenance,
  utf8,
} from "@quorate/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OneMember } from "../member/one-member.ts";

const VALUE = new Uint8Array(100_000);
const NO_SPACE = { code: 8, details: "etcdserver: mvcc: database space exceeded" };

let member: OneMember;
beforeAll(async () => {
  member = await OneMember.start(["--quota-backend-bytes=3000000"]);
});
afterAll(() => member.stop());

const put = (key: string): ReturnType<OneMember["api"]["failure"]> =>
  member.api.failure(KV.put, { key: utf8(key), value: VALUE });

test("a full cluster takes no more, deletes always, and goes on by itself once there is room", async () => {
  let count = 0;
  while ((await put(`k/${count}`)).code === 0) count += 1;
  expect(count).toBeGreaterThan(10);
  expect(await put("more")).toEqual(NO_SPACE);
  const alarms = async (): Promise<number> =>
    (await member.api.call(Maintenance.alarm, { action: 0 })).alarms.length;
  await expect.poll(alarms).toBe(1);
  // Everything that would grow is refused, everything that frees or reads is not.
  expect(await member.api.failure(Lease.leaseGrant, { ttl: 60 })).toEqual(NO_SPACE);
  const request = { kind: "requestPut", value: { key: utf8("x") } } as const;
  expect(await member.api.failure(KV.txn, { success: [{ request }] })).toEqual(NO_SPACE);
  const key = utf8("k/");
  expect(
    (await member.api.call(KV.range, { key, rangeEnd: utf8("k0"), countOnly: true })).count,
  ).toBe(count);
  const { deleted, header } = await member.api.call(KV.deleteRange, { key, rangeEnd: utf8("k0") });
  expect(deleted).toBe(count);
  await member.api.call(KV.compact, { revision: header?.revision, physical: true });
  // Nobody clears the alarm, and nobody writes meanwhile.
  await expect.poll(alarms, { timeout: 40_000 }).toBe(0);
  expect(await put("again")).toMatchObject({ code: 0 });
});
