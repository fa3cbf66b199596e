import { describe, expect, test } from "vitest";
import { binaryString } from "../../src/bytes/bytes.ts";
import type { KvCommand } from "../../src/command.ts";
import { CHECKPOINTS_PER_COMMAND_MAX, type LeaseClock } from "../../src/lease/lease-clock.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";
import { MachineDriver } from "../model/machine-driver.ts";

const encoder = new TextEncoder();
const bytes = (text: string): Uint8Array => encoder.encode(text);

function put(key: string, lease: bigint): KvCommand {
  return { type: "put", key: bytes(key), value: bytes("v"), lease };
}
function grant(id: bigint, ttlSeconds: number): KvCommand {
  return { type: "leaseGrant", id, ttlSeconds };
}

function fresh(): MachineDriver {
  return new MachineDriver(new MemoryStore());
}

function keysOf(driver: MachineDriver, id: bigint): string[] {
  const answer = driver.query({ type: "leaseTimeToLive", id, keys: true, nowMs: 0 });
  return answer.type === "leaseTimeToLive" ? answer.keys.map(binaryString) : [];
}

function timeToLive(driver: MachineDriver, id: bigint, nowMs: number): number {
  const answer = driver.query({ type: "leaseTimeToLive", id, keys: false, nowMs });
  if (answer.type !== "leaseTimeToLive") throw new Error(answer.type);
  return answer.ttlSeconds;
}

/** What a leader does when its timer fires: revokes what ran out. */
function revokeExpired(driver: MachineDriver, nowMs: number): bigint[] {
  const expired = driver.machine.leaseClock.expired(nowMs, 500);
  for (const id of expired) driver.apply({ type: "leaseRevoke", id });
  return expired;
}

describe("leases and their keys", () => {
  test.each([1n, -1n, 4242n, 2n ** 62n + 1n, -(2n ** 63n)])("an id may be any: %s", (id) => {
    const driver = fresh();
    expect(driver.apply(grant(id, 30))).toEqual({
      type: "leaseGrant",
      id,
      ttlSeconds: 30,
      revision: 1,
    });
    expect(driver.apply(grant(id, 30))).toEqual({ type: "error", code: "leaseExists" });
    driver.apply(put("a", id));
    const answer = driver.query({ type: "range", key: bytes("a") });
    expect(answer).toMatchObject({ kvs: [{ lease: id }] });
    expect(keysOf(driver, id)).toEqual(["a"]);
  });

  test("limits", () => {
    const driver = fresh();
    expect(driver.apply(grant(1n, 9_000_000_000)).type).toBe("leaseGrant");
    expect(driver.apply(grant(2n, 9_000_000_001))).toEqual({
      type: "error",
      code: "leaseTtlTooLarge",
    });
    expect(driver.apply({ type: "leaseRevoke", id: 0n })).toEqual({
      type: "error",
      code: "leaseNotFound",
    });
    expect(driver.machine.revision).toBe(1);
  });

  test("a put moves a key to another lease, or to none; a deletion frees it", () => {
    const driver = fresh();
    driver.apply(grant(1n, 60));
    driver.apply(grant(2n, 60));
    driver.apply(put("a", 1n));
    driver.apply(put("b", 1n));
    driver.apply(put("c", 1n));
    driver.apply(put("a", 2n));
    driver.apply(put("b", 0n));
    driver.apply({ type: "deleteRange", key: bytes("c") });
    driver.apply(put("c", 0n));
    expect([keysOf(driver, 1n), keysOf(driver, 2n)]).toEqual([[], ["a"]]);
    expect(driver.apply({ type: "leaseRevoke", id: 1n })).toEqual({
      type: "leaseRevoke",
      revision: 8,
    });
    expect(driver.apply({ type: "leaseRevoke", id: 2n })).toEqual({
      type: "leaseRevoke",
      revision: 9,
    });
    expect(driver.machine.status()).toMatchObject({ keys: 2, leases: 0 });
  });

  test("the attachment survives flushing, reopening and snapshots", async () => {
    const store = new MemoryStore();
    const driver = new MachineDriver(store);
    driver.apply(grant(7n, 60));
    driver.apply(grant(8n, 60));
    for (const key of ["x", "y", "z"]) driver.apply(put(key, 7n));
    driver.apply(put("y", 8n));
    driver.apply({ type: "leaseCheckpoint", checkpoints: [{ id: 8n, remainingSeconds: 17 }] });
    await driver.flush();
    const again = await MachineDriver.open(store);
    const restored = fresh();
    await restored.restore(await again.snapshot(), again.index);
    for (const member of [again, restored]) {
      expect([keysOf(member, 7n), keysOf(member, 8n)]).toEqual([["x", "z"], ["y"]]);
      expect(timeToLive(member, 8n, 0)).toBe(17);
      expect(member.query({ type: "leases" })).toMatchObject({ ids: [7n, 8n] });
      member.apply({ type: "leaseRevoke", id: 7n });
      expect(member.machine.status().keys).toBe(1);
    }
  });
});

describe("the clock", () => {
  function leading(ttlSeconds: number): { driver: MachineDriver; clock: LeaseClock } {
    const driver = fresh();
    const clock = driver.machine.leaseClock;
    clock.promote(0, 0, 1);
    driver.apply(grant(1n, ttlSeconds));
    clock.tick(0);
    return { driver, clock };
  }

  test("a lease runs out after its time and not before, and takes its keys along", () => {
    const { driver } = leading(10);
    driver.apply(put("a", 1n));
    expect(timeToLive(driver, 1n, 3500)).toBe(6);
    expect(revokeExpired(driver, 9_999)).toEqual([]);
    expect(revokeExpired(driver, 10_000)).toEqual([1n]);
    expect(driver.machine.status()).toMatchObject({ keys: 0, leases: 0 });
    expect(timeToLive(driver, 1n, 10_000)).toBe(-1);
    expect(revokeExpired(driver, 99_000)).toEqual([]);
  });

  test("renewing gives the full time again", () => {
    const { driver, clock } = leading(10);
    expect(clock.renew(1n, 9_000)).toEqual({
      type: "renewed",
      ttlSeconds: 10,
      clearCheckpoint: false,
    });
    expect(timeToLive(driver, 1n, 9_000)).toBe(10);
    expect(clock.expired(18_999, 10)).toEqual([]);
    expect(clock.expired(19_000, 10)).toEqual([1n]);
  });

  test("who ran out cannot be renewed any more, even while it still exists", () => {
    const { clock } = leading(10);
    expect(clock.renew(1n, 10_000)).toEqual({ type: "expired" });
    expect(clock.expired(10_000, 10)).toEqual([1n]);
    expect(clock.renew(1n, 10_001)).toEqual({ type: "expired" });
    expect(clock.renew(2n, 10_001)).toEqual({ type: "unknown" });
  });

  test("a revocation that got lost is asked for again, but not at once", () => {
    const { clock } = leading(10);
    expect(clock.expired(10_000, 10)).toEqual([1n]);
    expect(clock.expired(10_500, 10)).toEqual([]);
    expect(clock.expired(13_000, 10)).toEqual([1n]);
  });

  test("a grant counts from the next time the clock is told, never from an earlier one", () => {
    const { driver, clock } = leading(100);
    driver.apply(grant(2n, 5));
    expect(timeToLive(driver, 2n, 400)).toBe(5);
    clock.tick(450);
    expect(clock.expired(5_449, 10)).toEqual([]);
    expect(clock.expired(5_450, 10)).toEqual([2n]);
  });

  test("leases are revoked a limited number at a time, the earliest first", () => {
    const { driver, clock } = leading(50);
    for (let i = 2n; i <= 20n; i++) driver.apply(grant(i, 40 - Number(i)));
    clock.tick(0);
    expect(clock.expired(30_000, 4)).toEqual([20n, 19n, 18n, 17n]);
    expect(clock.expired(30_000, 100)).toEqual([16n, 15n, 14n, 13n, 12n, 11n, 10n]);
  });

  test("only the leader's runs", () => {
    const { driver, clock } = leading(10);
    clock.demote();
    expect(clock.isLeading).toBe(false);
    expect(clock.expired(60_000, 10)).toEqual([]);
    expect(clock.renew(1n, 60_000)).toEqual({ type: "notLeader" });
    expect(timeToLive(driver, 1n, 60_000)).toBe(10);
  });

  test("a new leader gives the full time, and the time that nobody led", () => {
    const { clock } = leading(10);
    clock.demote();
    clock.promote(100_000, 1_000, 1);
    expect(clock.expired(110_999, 10)).toEqual([]);
    expect(clock.expired(111_000, 10)).toEqual([1n]);
  });

  test("a checkpoint makes a new leader go on where the old one was", () => {
    const { driver, clock } = leading(3600);
    expect(clock.checkpoints(299_999)).toEqual([]);
    const [checkpoints] = clock.checkpoints(300_000);
    expect(checkpoints).toEqual([{ id: 1n, remainingSeconds: 3300 }]);
    driver.apply({ type: "leaseCheckpoint", checkpoints: checkpoints ?? [] });
    clock.demote();
    clock.promote(1_000_000, 0, 1);
    expect(timeToLive(driver, 1n, 1_000_000)).toBe(3300);
    const renewal = clock.renew(1n, 1_000_000);
    expect(renewal).toEqual({ type: "renewed", ttlSeconds: 3600, clearCheckpoint: true });
    driver.apply({ type: "leaseCheckpoint", checkpoints: [{ id: 1n, remainingSeconds: 0 }] });
    expect(clock.renew(1n, 1_000_001)).toMatchObject({ clearCheckpoint: false });
    clock.demote();
    clock.promote(2_000_000, 0, 1);
    expect(timeToLive(driver, 1n, 2_000_000)).toBe(3600);
  });

  test("a checkpoint that is still on its way when the lease is renewed is taken back", () => {
    const { driver, clock } = leading(3600);
    const [checkpoints] = clock.checkpoints(300_000);
    const renewal = clock.renew(1n, 300_001);
    expect(renewal).toMatchObject({ type: "renewed", clearCheckpoint: true });
    driver.apply({ type: "leaseCheckpoint", checkpoints: checkpoints ?? [] });
    driver.apply({ type: "leaseCheckpoint", checkpoints: [{ id: 1n, remainingSeconds: 0 }] });
    expect(clock.renew(1n, 300_002)).toMatchObject({ clearCheckpoint: false });
  });

  test("short leases get no checkpoints, many get several commands", () => {
    const { driver, clock } = leading(120);
    for (let i = 0; i < CHECKPOINTS_PER_COMMAND_MAX + 5; i++)
      driver.apply(grant(BigInt(i + 10), 900));
    clock.tick(0);
    const lists = clock.checkpoints(300_000);
    expect(lists.map((list) => list.length)).toEqual([CHECKPOINTS_PER_COMMAND_MAX, 5]);
    expect(lists.flat().every(({ remainingSeconds }) => remainingSeconds === 600)).toBe(true);
    expect(clock.checkpoints(300_001)).toEqual([]);
  });

  test("leases that would run out together after a change of leadership are spread out", () => {
    const driver = fresh();
    for (let i = 1; i <= 2000; i++) driver.apply(grant(BigInt(i), 5));
    const clock = driver.machine.leaseClock;
    clock.promote(0, 0, 1);
    expect(clock.expired(5_000, 5000)).toHaveLength(750);
    expect(clock.expired(6_000, 5000)).toHaveLength(750);
    expect(clock.expired(7_000, 5000)).toHaveLength(500);
  });

  test("leases that come and go leave nothing behind", () => {
    const { driver, clock } = leading(9_000_000_000);
    for (let i = 2; i < 6000; i++) {
      driver.apply(grant(BigInt(i), 1_000_000));
      clock.tick(i);
      driver.apply({ type: "leaseRevoke", id: BigInt(i) });
    }
    expect(clock.renew(1n, 7000)).toMatchObject({ type: "renewed" });
    driver.apply(grant(2n, 5));
    clock.tick(7000);
    expect(clock.expired(12_000, 10)).toEqual([2n]);
  });

  test("a restored member that leads runs the clocks of the leases it received", async () => {
    const source = fresh();
    source.apply(grant(3n, 8));
    const { driver, clock } = leading(10);
    await driver.restore(await source.snapshot(), source.index);
    expect(clock.renew(1n, 100)).toEqual({ type: "unknown" });
    expect(clock.expired(8_000, 10)).toEqual([]);
    expect(clock.expired(8_101, 10)).toEqual([3n]);
  });
});
