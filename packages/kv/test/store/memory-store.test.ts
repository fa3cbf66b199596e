import { expect, test } from "vitest";
import { describeOrderedStore } from "../../src/store/compliance.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";

describeOrderedStore(
  {
    test: (name, run) => test(name, run),
    equal: (actual, expected) => expect(actual).toEqual(expected),
  },
  {
    create: async () => new MemoryStore(),
    reopen: async (store) => (store as MemoryStore).reopen(),
  },
);
