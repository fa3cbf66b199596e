import { describe, expect, test } from "vitest";
import { MalformedBytesError } from "../../src/bytes/byte-reader.ts";
import { binaryString } from "../../src/bytes/bytes.ts";
import { crc32c } from "../../src/bytes/crc32c.ts";
import { kvCommandCodec } from "../../src/codec/command-codec.ts";
import type { KvCommand } from "../../src/command.ts";
import type { SnapshotRecord } from "../../src/snapshot/snapshot-reader.ts";
import { SnapshotReader } from "../../src/snapshot/snapshot-reader.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";
import type { OrderedStore, StoreBatch } from "../../src/store/ordered-store.ts";
import { MachineDriver } from "../model/machine-driver.ts";

const encoder = new TextEncoder();

function put(key: string, value: string | Uint8Array, lease = 0n): KvCommand {
  const bytes = typeof value === "string" ? encoder.encode(value) : value;
  return { type: "put", key: encoder.encode(key), value: bytes, lease };
}

async function filled(): Promise<MachineDriver> {
  const driver = new MachineDriver(new MemoryStore());
  driver.apply({ type: "leaseGrant", id: -7n, ttlSeconds: 60 });
  driver.apply({ type: "userAdd", name: "u", passwordHash: "h" });
  for (let i = 0; i < 300; i++) {
    driver.apply(put(`key/${i % 50}`, `value ${i}`, i % 5 === 0 ? -7n : 0n));
    if (i === 150) await driver.flush();
  }
  driver.apply(put("large", new Uint8Array(3_000_000).fill(5)));
  driver.apply({ type: "deleteRange", key: encoder.encode("key/9") });
  return driver;
}

const EVERYTHING = { type: "range", key: Uint8Array.of(0), rangeEnd: Uint8Array.of(0) } as const;

/** Every pair in one line: comparing millions of bytes one by one takes a runner minutes. */
function contents(driver: MachineDriver, revision = 0): string[] {
  const answer = driver.query({ ...EVERYTHING, revision });
  if (answer.type !== "range") throw new Error(answer.type);
  return answer.kvs.map(
    ({ key, value, createRevision, modRevision, version, lease }) =>
      `${binaryString(key)}=${crc32c(value)}/${value.length} ${createRevision} ${modRevision} ${version} ${lease}`,
  );
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

describe("a snapshot", () => {
  test("carries everything, and comes in chunks of bounded size", async () => {
    const driver = await filled();
    const chunks = await driver.snapshot();
    expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(1 << 20);
    const store = new MemoryStore();
    const member = new MachineDriver(store);
    member.apply(put("to be replaced", "x"));
    await member.restore(chunks, driver.index);
    for (const one of [member, await MachineDriver.open(store)]) {
      expect(contents(one)).toEqual(contents(driver));
      expect(contents(one, 200)).toEqual(contents(driver, 200));
      expect(one.machine.status().stateHash).toBe(driver.machine.status().stateHash);
      expect(one.query({ type: "userList" })).toMatchObject({ users: ["u"] });
      const lease = { type: "leaseTimeToLive", id: -7n, keys: true, nowMs: 0 } as const;
      expect(one.query(lease)).toEqual(driver.query(lease));
    }
  });

  test("is of the moment it was pinned, whatever is applied, compacted and flushed while it is read", async () => {
    const driver = await filled();
    const quiet = await filled();
    const source = driver.machine.beginSnapshot();
    const expected = contents(driver);
    const index = driver.index;
    const chunks: Uint8Array[] = [];
    for await (const chunk of source.chunks()) {
      chunks.push(chunk.slice());
      for (let i = 0; i < 100; i++) driver.apply(put(`key/${i % 60}`, "later"));
      driver.apply({ type: "compact", revision: driver.machine.revision });
      driver.deferred.drain();
      await driver.flush();
    }
    source.release();
    source.release();
    const member = new MachineDriver(new MemoryStore());
    await member.restore(chunks, index);
    expect(contents(member)).toEqual(expected);
    expect(contents(member, 100)).toEqual(contents(quiet, 100));
  });

  test("the restored member stands where the snapshot does, with the host's own part", async () => {
    const driver = await filled();
    const store = new MemoryStore();
    const member = new MachineDriver(store);
    await member.restore(await driver.snapshot(), 77);
    const opened = await new MachineDriver(store).machine.open();
    expect(opened).toEqual({ position: { term: 1, index: 77 }, companion: Uint8Array.of(1, 2, 3) });
  });

  test("can be cut into pieces anywhere", async () => {
    const driver = new MachineDriver(new MemoryStore());
    for (let i = 0; i < 5; i++) driver.apply(put(`k${i}`, "v".repeat(i * 100)));
    const whole = join(await driver.snapshot());
    for (const length of [1, 2, 3, 7, 50, whole.length]) {
      const reader = new SnapshotReader();
      const records: SnapshotRecord[] = [];
      for (let at = 0; at < whole.length; at += length) {
        records.push(...reader.read(whole.subarray(at, at + length)));
      }
      reader.end();
      expect(records.map((record) => record.type)).toEqual([
        "meta",
        "pair",
        ...Array(5).fill("row"),
      ]);
    }
  });

  test("a record of any length is joined once, not with every chunk of it", async () => {
    const driver = new MachineDriver(new MemoryStore());
    driver.apply(put("large", new Uint8Array(1 << 20).fill(5)));
    const whole = join(await driver.snapshot());
    const reader = new SnapshotReader();
    const records: SnapshotRecord[] = [];
    // Copying all that is held with every byte would be half a terabyte.
    for (let at = 0; at < whole.length; at += 1) {
      records.push(...reader.read(whole.subarray(at, at + 1)));
    }
    reader.end();
    expect(records.map(({ type }) => type)).toEqual(["meta", "pair", "row"]);
  });

  test("a record that announces gigabytes is refused before any of it is held", () => {
    const pair = Uint8Array.of(2, 255, 255, 255, 255, 255, 1);
    const magic = Uint8Array.of(0x51, 0x4b, 0x56, 0x31);
    expect(() => [...new SnapshotReader().read(join([magic, pair]))]).toThrow("too long");
  });

  test.each([
    ["cut off", (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1)],
    ["cut in the middle", (bytes: Uint8Array) => bytes.subarray(0, bytes.length >> 1)],
    ["empty", () => new Uint8Array()],
    ["of something else", (bytes: Uint8Array) => bytes.map((byte, i) => (i === 0 ? 0 : byte))],
    ["too long", (bytes: Uint8Array) => join([bytes, Uint8Array.of(1)])],
    [
      "with a record of an unknown kind",
      (bytes: Uint8Array) => bytes.map((byte, i) => (i === 4 ? 99 : byte)),
    ],
    ["without its rows", (bytes: Uint8Array) => join([bytes.subarray(0, 4), Uint8Array.of(4, 3)])],
  ])(
    "%s is refused, and what the member holds counts as nothing until a whole one came",
    async (_, damage) => {
      const driver = new MachineDriver(new MemoryStore());
      for (let i = 0; i < 20; i++) driver.apply(put(`k${i}`, "v"));
      const chunks = await driver.snapshot();
      const store = new MemoryStore();
      const member = new MachineDriver(store);
      member.apply(put("before", "x"));
      await member.flush();
      await expect(member.restore([damage(join(chunks))], 9)).rejects.toThrow(MalformedBytesError);
      expect(() => member.query(EVERYTHING)).toThrow();
      expect(() => member.apply(put("a", "b"))).toThrow();
      await expect(member.flush()).rejects.toThrow();
      const opened = await MachineDriver.open(store);
      expect(opened.index).toBe(0);
      expect(opened.query(EVERYTHING)).toMatchObject({ count: 0, revision: 1 });
      await member.restore(chunks, 9);
      expect(member.query(EVERYTHING)).toEqual(driver.query(EVERYTHING));
    },
  );
});

/** A store that stops taking writes after some, as a disk that is pulled out. */
class FailingStore extends MemoryStore {
  writesLeft = Number.POSITIVE_INFINITY;

  override write(fill: (batch: StoreBatch) => void): Promise<void> {
    if (this.writesLeft-- <= 0) return Promise.reject(new Error("The disk is gone."));
    return super.write(fill);
  }
}

describe("flushing", () => {
  test("the position, the companion and the data belong together", async () => {
    const store = new MemoryStore();
    const driver = new MachineDriver(store);
    driver.apply(put("a", "1"));
    const flushing = driver.flush(Uint8Array.of(42));
    driver.apply(put("a", "2"));
    await flushing;
    const again = new MachineDriver(store);
    expect(await again.machine.open()).toEqual({
      position: { term: 1, index: 1 },
      companion: Uint8Array.of(42),
    });
    expect(again.query({ type: "range", key: encoder.encode("a") })).toMatchObject({
      kvs: [{ value: encoder.encode("1"), modRevision: 2 }],
    });
  });

  test("what is not flushed is counted, what is flushed is not", async () => {
    const driver = new MachineDriver(new MemoryStore());
    expect(driver.machine.unflushedBytes).toBe(0);
    driver.apply(put("a", "x".repeat(1000)));
    expect(driver.machine.unflushedBytes).toBeGreaterThan(1000);
    const first = driver.flush();
    driver.apply(put("b", "x".repeat(500)));
    const second = driver.flush();
    await first;
    expect(driver.machine.unflushedBytes).toBeGreaterThan(500);
    expect(driver.machine.unflushedBytes).toBeLessThan(1000);
    await second;
    expect(driver.machine.unflushedBytes).toBe(0);
  });

  test("a failed flush fails all later ones, and the store keeps what it had", async () => {
    const store = new FailingStore();
    const driver = new MachineDriver(store);
    driver.apply(put("a", "1"));
    await driver.flush();
    driver.apply(put("a", "2"));
    store.writesLeft = 0;
    await expect(driver.flush()).rejects.toThrow("disk is gone");
    store.writesLeft = 5;
    await expect(driver.flush()).rejects.toThrow("disk is gone");
    const again = await MachineDriver.open(store.reopen());
    expect(again.machine.revision).toBe(2);
  });

  test.each([0, 1, 2])(
    "a restore that dies at write %d leaves the old state or none",
    async (writes) => {
      const driver = await filled();
      const chunks = await driver.snapshot();
      const store = new FailingStore();
      const member = new MachineDriver(store);
      member.apply(put("old", "1"));
      await member.flush();
      store.writesLeft = writes;
      await expect(member.restore(chunks, 9)).rejects.toThrow("disk is gone");
      store.writesLeft = 5;
      const again = await MachineDriver.open(store.reopen());
      expect([again.index, again.machine.revision]).toEqual(writes === 0 ? [1, 2] : [0, 1]);
      again.apply(put("new", "1"));
      await again.flush();
      const third = await MachineDriver.open(store);
      expect(third.query(EVERYTHING)).toMatchObject({ count: writes === 0 ? 2 : 1 });
    },
  );

  test("a command that cannot be applied leaves a machine that shows nothing of it", async () => {
    const store: OrderedStore = new MemoryStore();
    const driver = new MachineDriver(store);
    driver.apply(put("a", "1"));
    await driver.flush();
    const broken = { type: "put", key: encoder.encode("b") } as unknown as KvCommand;
    expect(() => driver.apply(broken)).toThrow();
    expect(() => driver.query(EVERYTHING)).toThrow();
    await expect(driver.flush()).rejects.toThrow();
    expect((await MachineDriver.open(store)).machine.revision).toBe(2);
  });

  test("a store of a newer format is not touched", async () => {
    const store = new MemoryStore();
    await store.write((batch) => batch.put(Uint8Array.of(1), Uint8Array.of(99, 2)));
    await expect(MachineDriver.open(store)).rejects.toThrow(/format 99/);
    expect(store.get(Uint8Array.of(1))).toEqual(Uint8Array.of(99, 2));
  });
});

test("commands lend their bytes: what the log does with them later does not matter", () => {
  const driver = new MachineDriver(new MemoryStore());
  const encoded = kvCommandCodec.encode(put("key", "value")).slice();
  driver.apply(kvCommandCodec.decode(encoded));
  encoded.fill(0);
  expect(driver.query({ type: "range", key: encoder.encode("key") })).toMatchObject({
    kvs: [{ key: encoder.encode("key"), value: encoder.encode("value") }],
  });
});
