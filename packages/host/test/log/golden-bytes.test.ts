import { expect, test } from "vitest";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { batches, bytesOf, segmentPath } from "./damage.ts";
import {
  batchOf,
  contents,
  create,
  DIRECTORY,
  entry,
  mount,
  open,
  snapshotInfo,
} from "./log-fixture.ts";

// The bytes of `docs/formats/log.md`, written down once. A change here is a change of the format: it needs a new
// version, and readers for the old one.

/** Everything a log of version 1 can hold, as hex: segment header, then batch by batch. */
const HEADER =
  "524146544c4f4700 0100 0000 0100 01 00 0db0c05fe34364b7 0100000000000000" +
  "657d4c8881d0869f 01000000 00001000 0700000000000000";
const BATCHES = [
  // base 0/0; state 0 0 0
  "06 02000000 00 00 02 03000000 00 00 00",
  // state 5 2 1; entries 1.. of term 4: noop, command "ab"; entries 3.. of term 5: membership "c"
  "02 03000000 05 02 01 01 09000000 01 04 02 00 00 01 02 6162 01 06000000 03 05 01 02 01 63",
  // state; truncate to 2/4; entries 3.. of term 6
  "02 03000000 06 00 01 04 02000000 02 04 01 06000000 03 06 01 01 01 64",
  // state; snapshot made here: term 4, index 2, voters 1 2 3, id "s2", 100 bytes
  "02 03000000 06 00 01 03 0f000000 00 04 02 03 01 02 03 00 00 00 00 02 7332 64",
  // state; snapshot received: replaces the log
  "02 04000000 06 00 c801 03 10000000 01 06 c801 03 01 02 03 00 00 00 00 02 7339 64",
];

async function sample(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const { store } = await create(disk);
  await store.append(
    batchOf([entry(1, 4, "", "noop"), entry(2, 4, "ab"), entry(3, 5, "c", "membership")], {
      hardState: { term: 5, vote: 2, commit: 1 },
    }),
  );
  await store.append(batchOf([entry(3, 6, "d")], { hardState: { term: 6, vote: 0, commit: 1 } }));
  const local = { info: snapshotInfo(2, 4), replacesLog: false };
  await store.append(batchOf([], { snapshot: local }));
  const received = { info: snapshotInfo(200, 6, "s9"), replacesLog: true };
  const hardState = { term: 6, vote: 0, commit: 200 };
  await store.append(batchOf([], { snapshot: received, hardState }));
  disk.kill();
  return disk;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

test("the bytes of a log are those of its format", async () => {
  const disk = await sample();
  const bytes = bytesOf(disk, 1);
  expect(hex(bytes.subarray(0, 56))).toBe(HEADER.replaceAll(" ", "").slice(0, 112));
  const bodies = batches(disk, 1).map(({ header, from }) =>
    hex(bytes.subarray(from + 40, from + 40 + header.bodyBytes)),
  );
  expect(bodies).toEqual(BATCHES.map((body) => body.replaceAll(" ", "")));
  const [first] = batches(disk, 1);
  expect(hex(bytes.subarray(64, 96))).toBe(
    "42544348" +
      "0f000000" +
      "0100000000000000" +
      "0000000000000000" +
      hex(bytes.subarray(16, 20)) +
      "00000000",
  );
  expect(first?.to).toBe(64 + 40 + 16);
});

/** The used part of a segment that version 1 wrote, kept as it was. */
const STORED =
  "524146544c4f470001000000010001000db0c05fe34364b70100000000000000657d4c8881d0869f01000000" +
  "00001000070000000000000000000000fb44f29a425443480f00000001000000000000000000000000000000" +
  "0db0c05f0000000045bcd5b73412cc4a06020000000000020300000000000000425443482100000002000000" +
  "0000000001000000000000000db0c05f3412cc4abbe1dd9c94318b5e02030000000502010109000000010402" +
  "000001026162010600000003050102016300000000000000425443481a000000030000000000000002000000" +
  "000000000db0c05f94318b5e429d4fd0b2eccab4020300000006000104020000000204010600000003060101" +
  "0164000000000000425443481c000000040000000000000003000000000000000db0c05fb2eccab4fae48dac" +
  "0a811fec0203000000060001030f00000000040203010203000000000273326400000000425443481e000000" +
  "050000000000000004000000000000000db0c05f0a811fecde3c56d7b1d6189802040000000600c801031000" +
  "00000106c8010301020300000000027339640000";

function stored(): Uint8Array {
  const bytes = new Uint8Array(1 << 20);
  for (let at = 0; at * 2 < STORED.length; at += 1) {
    bytes[at] = Number.parseInt(STORED.slice(at * 2, at * 2 + 2), 16);
  }
  return bytes;
}

test("a log that was written by version 1 once is read", async () => {
  const disk = new MemoryDisk();
  await mount(disk).files.makeDirectory(DIRECTORY);
  await mount(disk).files.syncDirectory("data");
  disk.put(segmentPath(1), stored());
  const { recovered, store } = await open(disk);
  expect(recovered).toEqual({
    hardState: { term: 6, vote: 0, commit: 200 },
    firstIndex: 201,
    last: { index: 200, term: 6 },
    snapshots: [snapshotInfo(200, 6, "s9")],
    truncatedBytes: 0,
  });
  expect(await contents(store)).toEqual([]);
});
