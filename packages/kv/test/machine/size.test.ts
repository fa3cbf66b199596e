import { expect, test } from "vitest";
import { KvMachine } from "../../src/machine/kv-machine.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";

test("the size counts what only the log holds so far, as on a disk without room", async () => {
  const machine = new KvMachine({ store: new MemoryStore(), defer: (run) => run() });
  await machine.open();
  const before = machine.status();
  const value = new Uint8Array(1_000_000);
  const command = { type: "put", key: Uint8Array.of(1), value } as const;
  await machine.apply([{ term: 1, index: 1, slot: 0, proposedAtMs: 0, command }]);
  const { dbSizeBytes, dbSizeInUseBytes, unflushedBytes } = machine.status();
  expect(unflushedBytes).toBeGreaterThan(value.length);
  expect(dbSizeInUseBytes - before.dbSizeInUseBytes).toBeGreaterThan(value.length);
  expect(dbSizeBytes).toBeGreaterThanOrEqual(dbSizeInUseBytes);
});
