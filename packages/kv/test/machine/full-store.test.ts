import { expect, test } from "vitest";
import { KvMachine } from "../../src/machine/kv-machine.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";

test("a flush that finds no room changes nothing, and a later one writes it all", async () => {
  const store = new MemoryStore();
  let hasRoom = false;
  const machine = new KvMachine({
    store: Object.assign(store, { hasRoomFor: () => hasRoom }),
    defer: (run) => setImmediate(run),
  });
  await machine.open();
  const key = new TextEncoder().encode("a");
  const command = { type: "put", key, value: key } as const;
  machine.apply([{ term: 1, index: 1, slot: 0, command, proposedAtMs: 0 }]);
  const nothing = new Uint8Array(0);
  await expect(machine.flush({ term: 1, index: 1 }, nothing)).rejects.toMatchObject({
    code: "STORAGE_FULL",
  });
  expect(machine.unflushedBytes).toBeGreaterThan(0);
  hasRoom = true;
  await machine.flush({ term: 1, index: 1 }, nothing);
  expect(machine.unflushedBytes).toBe(0);

  const again = new KvMachine({ store, defer: (run) => setImmediate(run) });
  expect((await again.open()).position).toEqual({ term: 1, index: 1 });
  expect(again.status().keys).toBe(1);
});
