import { expect, test } from "vitest";
import type { KvCommand } from "../../src/command.ts";
import type { KvAnswer } from "../../src/result.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";
import { MachineDriver } from "../model/machine-driver.ts";

const encoder = new TextEncoder();

function put(key: string, value: string): KvCommand {
  return { type: "put", key: encoder.encode(key), value: encoder.encode(value) };
}

async function hashAt(driver: MachineDriver, revision: number): Promise<KvAnswer> {
  return driver.settle(Promise.resolve(driver.machine.query({ type: "hashKv", revision })));
}

function hashOf(answer: KvAnswer): number {
  if (answer.type !== "hashKv") throw new Error(answer.type);
  return answer.hash;
}

function history(): MachineDriver {
  const driver = new MachineDriver(new MemoryStore());
  for (let i = 0; i < 40; i++) driver.apply(put(`k${i % 7}`, String(i)));
  driver.apply({ type: "deleteRange", key: encoder.encode("k3") });
  return driver;
}

test("a hash of the past does not change when more is written", async () => {
  const driver = history();
  const before = await hashAt(driver, 42);
  driver.apply(put("k9", "more"));
  const after = await hashAt(driver, 42);
  expect(hashOf(after)).toBe(hashOf(before));
  expect(after).toMatchObject({ compactRevision: -1, hashRevision: 42, revision: 43 });
  expect(hashOf(await hashAt(driver, 0))).not.toBe(hashOf(before));
});

test("outside of what is kept there is no hash", async () => {
  const driver = history();
  driver.apply({ type: "compact", revision: 30 });
  expect(await hashAt(driver, 29)).toEqual({ type: "error", code: "compacted" });
  expect(await hashAt(driver, 30)).toMatchObject({ type: "hashKv", compactRevision: 30 });
  expect(await hashAt(driver, 43)).toEqual({ type: "error", code: "futureRevision" });
});

test("it does not matter how far a member has come with removing what was compacted", async () => {
  const [eager, lazy] = [history(), history()];
  for (const driver of [eager, lazy]) driver.apply({ type: "compact", revision: 35 });
  eager.deferred.drain();
  await eager.flush();
  eager.deferred.drain();
  await eager.flush();
  const reopened = await MachineDriver.open(eager.store);
  for (const revision of [35, 38, 42]) {
    const expected = hashOf(await hashAt(lazy, revision));
    expect(hashOf(await hashAt(eager, revision))).toBe(expected);
    expect(hashOf(await hashAt(reopened, revision))).toBe(expected);
  }
});

test("a long hash lets commands through, and begins again when history is compacted meanwhile", async () => {
  const driver = new MachineDriver(new MemoryStore());
  for (let i = 0; i < 9000; i++) driver.apply(put(`k${i}`, String(i)));
  const running = Promise.resolve(driver.machine.query({ type: "hashKv", revision: 9001 }));
  await Promise.resolve();
  driver.deferred.step();
  driver.apply(put("k1", "meanwhile"));
  driver.apply({ type: "compact", revision: 5000 });
  const answer = await driver.settle(running);
  expect(answer).toMatchObject({ type: "hashKv", compactRevision: 5000, revision: 9002 });
  expect(hashOf(answer)).toBe(hashOf(await hashAt(driver, 9001)));
});

test("members that applied the same have the same state hash, others have not", () => {
  const [a, b, c] = [history(), history(), history()];
  c.apply({ type: "leaseGrant", id: 1n, ttlSeconds: 5 });
  const [x, y, z] = [a, b, c].map((driver) => driver.machine.status().stateHash);
  expect(x).toBe(y);
  expect(x).not.toBe(z);
  b.apply(put("k1", "one"));
  a.apply(put("k1", "two"));
  expect(a.machine.status().stateHash).not.toBe(b.machine.status().stateHash);
});

test("before the first revision there is nothing, which has a hash as well: etcd's", async () => {
  expect(hashOf(await hashAt(history(), -1))).toBe(1_084_519_789);
});

test("where no key exists any more, all that compaction has left counts", async () => {
  const driver = new MachineDriver(new MemoryStore());
  driver.apply(put("a", "1"));
  driver.apply(put("a", "2"));
  driver.apply({ type: "compact", revision: 3 });
  driver.apply({ type: "deleteRange", key: encoder.encode("a") });
  // Measured on etcd 3.4.23 with the same requests.
  expect(hashOf(await hashAt(driver, 4))).toBe(573_317_793);
});
