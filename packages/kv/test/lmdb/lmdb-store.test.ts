import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { LmdbStore } from "../../src/lmdb/index.ts";
import { BLOCK_BYTES } from "../../src/mvcc/block.ts";
import { blockKey } from "../../src/mvcc/keyspace.ts";
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

test("blocks of rows took two pages each, eight bytes of the second one", async () => {
  const store = open(join(root, String(count++)));
  const blocks = 200;
  await store.write((batch) => {
    for (let i = 1; i <= blocks; i++)
      batch.put(blockKey(i, 0), new Uint8Array(BLOCK_BYTES).fill(i));
  });
  const pages = store.size().inUseBytes / 4096;
  expect(pages).toBeGreaterThan(blocks);
  expect(pages).toBeLessThan(blocks * 1.1);
  await store.close();
});
