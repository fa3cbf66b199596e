import fc from "fast-check";
import { expect, test } from "vitest";
import { portableChecksum } from "../../src/environment/memory-environment.ts";
import {
  decodeManifest,
  decodeProgress,
  encodeManifest,
  encodeProgressHead,
  encodeProgressRecord,
  type Manifest,
  snapshotFolderName,
} from "../../src/snapshot/snapshot-format.ts";

const INFO = {
  term: 4,
  index: 300,
  id: "s2",
  bytes: 2_500,
  membership: {
    voters: [1, 2],
    outgoing: [2],
    learners: [9],
    learnersNext: [],
    autoLeave: true,
  },
};

const MANIFEST: Manifest = {
  info: INFO,
  chunkBytes: 1_000,
  dataFileBytes: 2_000,
  sha256Hex: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
  chunkCrcs: [1, 0xfffffffe, 3],
};

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A change here is a change of the format: it needs a new version, and a reader for the old one.
test("the bytes of a manifest are those of its format", () => {
  const body =
    "51534e50 01000000 04 ac02 02 01 02 01 02 01 09 00 01 02 7332 c413 e807 d00f" +
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff" +
    "03 01000000 feffffff 03000000";
  const bytes = encodeManifest(MANIFEST, portableChecksum);
  expect(hex(bytes.subarray(0, -4))).toBe(body.replaceAll(" ", ""));
  expect(hex(bytes.subarray(-4))).toBe(
    hex(new Uint8Array(Uint32Array.of(portableChecksum.crc32(bytes.subarray(0, -4))).buffer)),
  );
  expect(decodeManifest(bytes, portableChecksum)).toEqual(MANIFEST);
});

test("the bytes of a progress file are those of its format", () => {
  const head = encodeProgressHead(INFO, portableChecksum);
  const record = encodeProgressRecord(1, 7, portableChecksum);
  expect(hex(head.subarray(0, -4))).toBe("515052470100000004ac02020102010201090001027332c413");
  expect(hex(record.subarray(0, 4))).toBe("07000000");
  const check = portableChecksum.crc32(Uint8Array.of(1, 0, 0, 0, 7, 0, 0, 0));
  expect(hex(record.subarray(4))).toBe(hex(new Uint8Array(Uint32Array.of(check).buffer)));
});

test("random bytes are no manifest and no progress, and nothing is ever thrown", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(decodeManifest(bytes, portableChecksum)).toBeUndefined();
      expect(decodeProgress(bytes, INFO, portableChecksum)).toBeUndefined();
    }),
  );
});

test("a manifest that contradicts itself is none, even with a right checksum", () => {
  for (const wrong of [
    { chunkCrcs: [1, 2] },
    { chunkBytes: 0 },
    { dataFileBytes: 1_500 },
    { info: { ...INFO, bytes: 5_000 } },
  ]) {
    const bytes = encodeManifest({ ...MANIFEST, ...wrong }, portableChecksum);
    expect(decodeManifest(bytes, portableChecksum)).toBeUndefined();
  }
});

test("progress counts up to its first damaged record, and only for its own snapshot", () => {
  const parts = [encodeProgressHead(INFO, portableChecksum)];
  for (let chunk = 0; chunk < 5; chunk += 1) {
    parts.push(encodeProgressRecord(chunk, chunk * 11, portableChecksum));
  }
  const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
  const headBytes = parts[0]?.length ?? 0;
  expect(decodeProgress(whole, INFO, portableChecksum)).toEqual([0, 11, 22, 33, 44]);
  for (let at = headBytes; at < whole.length; at += 1) {
    const damaged = whole.slice();
    damaged[at] = (damaged[at] ?? 0) ^ 4;
    const good = Math.floor((at - headBytes) / 8);
    expect(decodeProgress(damaged, INFO, portableChecksum)).toHaveLength(good);
  }
  expect(decodeProgress(whole, { ...INFO, id: "s3" }, portableChecksum)).toBeUndefined();
  expect(decodeProgress(whole.subarray(0, -3), INFO, portableChecksum)).toHaveLength(4);
});

test("no two snapshots share a folder name, and none leaves its folder", () => {
  const id = fc.string({ unit: "binary", maxLength: 8 });
  fc.assert(
    fc.property(id, id, (left, right) => {
      const names = [left, right].map((each) => snapshotFolderName({ ...INFO, id: each }));
      expect(names[0] === names[1]).toBe(left === right);
      for (const name of names) expect(name).toMatch(/^[0-9a-f]{16}-[0-9a-f]{16}-[a-z0-9_%-]*$/);
    }),
  );
});
