import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { LmdbStore } from "../../src/lmdb/index.ts";
import { describeOrderedStore } from "../../src/store/compliance.ts";

const root = mkdtempSync(join(tmpdir(), "quorate-kv-"));
const directories = new Map<unknown, string>();
let count = 0;

function open(directory: string): LmdbStore {
  const store = LmdbStore.open({ directory });
  directories.set(store, directory);
  return store;
}

afterAll(() => rmSync(root, { recursive: true, force: true }));

describeOrderedStore(
  {
    test: (name, run) => test(name, run),
    equal: (actual, expected) => expect(actual).toEqual(expected),
  },
  {
    create: async () => open(join(root, String(count++))),
    reopen: async (store) => open(directories.get(store) as string),
  },
);
