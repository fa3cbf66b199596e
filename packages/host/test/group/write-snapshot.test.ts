import { expect, test } from "vitest";
import { writeSnapshot } from "../../src/group/write-snapshot.ts";
import { nodeEnvironment } from "../../src/node/index.ts";
import { Companion } from "../../src/session/companion.ts";
import { openSnapshots } from "../../src/snapshot/directory-snapshot-store.ts";
import { temporaryDirectory } from "../node/temporary-directory.ts";

test("a snapshot that could not be completed leaves nothing behind", async () => {
  const environment = nodeEnvironment();
  const directory = await temporaryDirectory();
  const snapshots = await openSnapshots(environment, directory);
  const create = snapshots.create.bind(snapshots);
  snapshots.create = async (info) => {
    const writer = await create(info);
    writer.commit = () => Promise.reject(new Error("no room"));
    return writer;
  };
  let released = 0;
  const source = {
    async *chunks() {
      yield new Uint8Array(1_000);
    },
    release: () => {
      released += 1;
    },
  };
  const companion = Companion.empty({ sessionsMax: 1, bytesMax: 1 });
  companion.position = { term: 1, index: 1 };
  await expect(writeSnapshot(snapshots, "a", source, companion)).rejects.toThrow("no room");
  expect(await environment.files.list(directory)).toEqual([]);
  expect(released).toBe(1);
});
