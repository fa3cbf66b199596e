import { expect, test } from "vitest";
import type { KvCommand } from "../../src/command.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";
import { MachineDriver } from "../model/machine-driver.ts";

const ALL = { key: Uint8Array.of(0), rangeEnd: Uint8Array.of(0) };
/** More changes than are sorted at a time, and more keys, so that runs meet keys of the runs before them. */
const CHANGES = 80_000;
const KEYS = 50_000;

const encoder = new TextEncoder();
const nameOf = (n: number): Uint8Array => encoder.encode(`things/${(n * 7919) % KEYS}`);

function commandOf(n: number): KvCommand {
  if (n % 11 === 0) return { type: "deleteRange", key: nameOf((n * 3) % KEYS) };
  return { type: "put", key: nameOf(n % KEYS), value: Uint8Array.of(n & 255) };
}

function everything(driver: MachineDriver): unknown {
  const { keys, revision, stateHash } = driver.machine.status();
  const answer = driver.query({ type: "range", ...ALL });
  if (answer.type !== "range") throw new Error("no range");
  const pairs = answer.kvs.map(
    ({ key, value, createRevision, modRevision, version }) =>
      `${key.join()} ${value.join()} ${createRevision} ${modRevision} ${version}`,
  );
  return { keys, revision, stateHash, pairs };
}

test.each([
  ["as it was written", undefined],
  ["compacted in the middle", CHANGES / 2],
])(
  "a store with more rows than are sorted at a time comes back, %s",
  async (_, compacted) => {
    const store = new MemoryStore();
    const driver = new MachineDriver(store);
    for (let n = 0; n < CHANGES; n += 1000) {
      driver.applyTogether(Array.from({ length: 1000 }, (_, place) => commandOf(n + place)));
      await driver.settle(driver.flush());
    }
    if (compacted !== undefined) {
      driver.apply({ type: "compact", revision: compacted });
      await driver.settle(driver.flush());
      driver.deferred.drain();
      await driver.settle(driver.flush());
    }
    const before = everything(driver);
    const again = await MachineDriver.open(store);
    again.deferred.drain();
    expect(everything(again)).toEqual(before);
  },
  60_000,
);
