import fc from "fast-check";
import { expect, test } from "vitest";
import { dieAtMutation } from "../../src/environment/file-faults.ts";
import { MemoryDisk } from "../../src/environment/memory-disk.ts";
import { memoryEnvironment, portableChecksum } from "../../src/environment/memory-environment.ts";
import { MemoryFiles } from "../../src/environment/memory-files.ts";
import { SeededRandom } from "../../src/environment/seeded-random.ts";
import { groupDirectories } from "../../src/identity/data-layout.ts";
import type { Identity } from "../../src/identity/identity.ts";
import { decodeIdentity, encodeIdentity } from "../../src/identity/identity-codec.ts";
import { IdentityFile, readIdentity } from "../../src/identity/identity-file.ts";
import { createLog } from "../../src/log/open-log.ts";
import { sayDamage, Tally } from "../log/exhaustive.ts";

const CLAIM = { clusterId: "test", hostId: 3, hostName: "three" };
const PATH = "data/identity.json";

const open = (disk: MemoryDisk, claim = CLAIM): Promise<IdentityFile> =>
  IdentityFile.open(memoryEnvironment({ disk }), "data", claim);

test("every start counts, and the data keeps its own id", async () => {
  const disk = new MemoryDisk();
  const first = await open(disk);
  expect(first.identity).toEqual({
    ...CLAIM,
    foundedAs: CLAIM.clusterId,
    dataId: expect.any(String),
    incarnation: 1,
    groups: [],
  });
  disk.crash();
  const second = await open(disk, { ...CLAIM, hostName: "renamed" });
  expect(second.identity).toEqual({ ...first.identity, hostName: "renamed", incarnation: 2 });
  expect(first.identity.dataId).toMatch(/^[0-9a-f]{32}$/);
});

test("data that moved to another cluster remembers the first one, and refuses who still claims it", async () => {
  const disk = new MemoryDisk();
  const file = await open(disk);
  await file.moveTo("second");
  disk.crash();
  await expect(open(disk)).rejects.toMatchObject({ code: "CLUSTER_MISMATCH" });
  const moved = await open(disk, { ...CLAIM, clusterId: "second" });
  expect(moved.identity).toMatchObject({ clusterId: "second", foundedAs: CLAIM.clusterId });
});

test("the data of another cluster or host is refused and left as it is", async () => {
  const disk = new MemoryDisk();
  await open(disk);
  const before = disk.bytes(PATH);
  for (const other of [
    { ...CLAIM, clusterId: "other" },
    { ...CLAIM, hostId: 4 },
  ]) {
    await expect(open(disk, other)).rejects.toMatchObject({ code: "CLUSTER_MISMATCH" });
  }
  expect(disk.bytes(PATH)).toEqual(before);
});

test("a log without an identity is refused: the host has forgotten who it is", async () => {
  const disk = new MemoryDisk();
  const environment = memoryEnvironment({ disk });
  const settings = { clusterId: "test", groupId: 8, memberId: 3 };
  const { store } = await createLog(environment, groupDirectories("data", 8).log, settings);
  await store.close();
  await expect(open(disk)).rejects.toMatchObject({ code: "IDENTITY_MISSING" });
});

test("a broken-off creation of a group is no group", async () => {
  const disk = new MemoryDisk();
  const environment = memoryEnvironment({ disk });
  await environment.files.makeDirectory(groupDirectories("data", 8).log);
  expect((await open(disk)).identity.groups).toEqual([]);
});

test("groups are listed and removed durably, and a removal goes on after a crash", async () => {
  const disk = new MemoryDisk();
  const file = await open(disk);
  await Promise.all([file.addGroup(5), file.addGroup(2), file.addGroup(9)]);
  await file.removeGroup(5);
  disk.crash();
  const again = await open(disk);
  expect(again.identity.groups).toEqual([
    { groupId: 2, state: "active" },
    { groupId: 9, state: "active" },
  ]);
});

test("at every point of a removal the group is either whole or gone", async () => {
  for (let point = 1; point < 40; point += 1) {
    const disk = new MemoryDisk();
    const environment = memoryEnvironment({ disk });
    const file = await IdentityFile.open(environment, "data", CLAIM);
    const { log } = groupDirectories("data", 1);
    const settings = { clusterId: "test", groupId: 1, memberId: 3 };
    await (await createLog(environment, log, settings)).store.close();
    await file.addGroup(1);
    environment.files.fault = dieAtMutation(point, true);
    let removed = false;
    void file.removeGroup(1).then(() => {
      removed = true;
    });
    for (let turn = 0; turn < 300; turn += 1) await undefined;
    disk.crash(new SeededRandom(point));
    const again = await open(disk);
    await again.finishRemovals();
    const isListed = again.identity.groups.length === 1;
    const isThere = disk.paths().some((path) => path.startsWith("data/groups/1"));
    expect([point, isListed]).toEqual([point, isThere]);
    if (removed) {
      expect(isThere).toBe(false);
      return;
    }
  }
  throw new Error("the removal never came to its end");
});

test("at every point of a rewrite the old or the new identity is there", async () => {
  for (const seed of Array.from({ length: 60 }, (_, each) => each)) {
    const disk = new MemoryDisk();
    await open(disk);
    const files = new MemoryFiles(disk, { fault: dieAtMutation(1 + (seed % 8), seed % 2 === 0) });
    const rewrite = IdentityFile.open(memoryEnvironment({ files }), "data", CLAIM);
    void rewrite;
    for (let turn = 0; turn < 100; turn += 1) await undefined;
    disk.crash(new SeededRandom(seed));
    const found = await readIdentity(memoryEnvironment({ disk }), "data");
    expect([1, 2]).toContain(found?.incarnation);
  }
});

test("the content survives its encoding", () => {
  const group = fc.record({
    groupId: fc.nat(),
    state: fc.constantFrom("active" as const, "removing" as const),
  });
  const identity: fc.Arbitrary<Identity> = fc.record({
    clusterId: fc.string({ unit: "grapheme" }),
    foundedAs: fc.string({ unit: "grapheme" }),
    hostId: fc.maxSafeNat(),
    hostName: fc.string({ unit: "grapheme" }),
    dataId: fc.string(),
    incarnation: fc.maxSafeNat(),
    groups: fc.array(group),
  });
  fc.assert(
    fc.property(identity, (value) => {
      const bytes = encodeIdentity(value, portableChecksum);
      expect(decodeIdentity(bytes, portableChecksum)).toEqual({ type: "valid", identity: value });
    }),
  );
});

test("no flipped bit and no cut goes unnoticed", async () => {
  const disk = new MemoryDisk();
  const { identity } = await open(disk);
  const whole = disk.bytes(PATH) ?? new Uint8Array(0);
  const verdicts = new Tally();
  for (let bit = 0; bit < whole.length * 8; bit += 1) {
    const bytes = whole.slice();
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const decoded = decodeIdentity(bytes, portableChecksum);
    if (decoded.type === "valid") expect(decoded.identity).toEqual(identity);
    verdicts.add(decoded.type === "valid" ? "the same content" : "noticed");
  }
  for (let length = 0; length < whole.length - 1; length += 1) {
    expect(decodeIdentity(whole.subarray(0, length), portableChecksum).type).toBe("damaged");
    verdicts.add("noticed");
  }
  sayDamage("flipped bits and cuts of the identity", verdicts);
  disk.put(PATH, whole.subarray(0, 40));
  await expect(open(disk)).rejects.toMatchObject({ code: "IDENTITY_MISSING" });
});

test("an identity of a newer format is not touched", async () => {
  const disk = new MemoryDisk();
  await open(disk);
  disk.put(PATH, new TextEncoder().encode('{"format":2,"anything":"else"}'));
  await expect(open(disk)).rejects.toMatchObject({ code: "UNSUPPORTED_VERSION" });
});

test("random bytes are damage and nothing else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(decodeIdentity(bytes, portableChecksum).type).toBe("damaged");
    }),
  );
});
