import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseUrl, type Url } from "../../src/config/url.ts";
import {
  Directory,
  type DirectoryCommand,
  type DirectoryMember,
} from "../../src/directory/directory.ts";
import {
  decodeDirectory,
  decodeDirectoryCommand,
  encodeDirectory,
  encodeDirectoryCommand,
} from "../../src/directory/directory-codec.ts";
import { clusterIdOf, idText, memberIdOf, numbered } from "../../src/directory/member-ids.ts";

const member = (id: number, more: Partial<DirectoryMember> = {}): DirectoryMember => ({
  id,
  publicId: BigInt(id) * 1000n,
  name: "",
  peerUrls: [`http://peer:${id}`],
  clientUrls: [],
  isLearner: false,
  ...more,
});

const founders = [member(1), member(2), member(3)];

function founded(): Directory {
  const directory = new Directory();
  const own = member(2, { name: "b", clientUrls: ["http://client:2"] });
  directory.apply({ type: "memberPublish", member: own, founders });
  return directory;
}

describe("the directory", () => {
  test("begins with the founders, as the first one that publishes names them", () => {
    const directory = founded();
    expect(directory.members().map(({ id, name }) => [id, name])).toEqual([
      [1, ""],
      [2, "b"],
      [3, ""],
    ]);
    const stranger = member(9, { name: "z" });
    const other = { type: "memberPublish", member: stranger, founders: [stranger] } as const;
    expect(directory.apply(other)).toEqual({ type: "directoryRefused", reason: "memberNotFound" });
    expect(directory.members()).toHaveLength(3);
  });

  test("never gives a number twice", () => {
    const directory = founded();
    const add = (publicId: bigint): DirectoryCommand => ({
      type: "memberAdd",
      publicId,
      peerUrls: [`http://new:${publicId}`],
      isLearner: false,
    });
    const first = directory.apply(add(7n));
    expect(first).toMatchObject({ member: { id: 4 } });
    directory.apply({ type: "memberRemove", id: 4 });
    expect(directory.apply(add(8n))).toMatchObject({ member: { id: 5 } });
    expect(directory.withPublicId(7n)).toBeUndefined();
  });

  test("refuses ids and addresses that are taken, and members that are not there", () => {
    const directory = founded();
    const refused = (command: DirectoryCommand, reason: string): void =>
      expect(directory.apply(command)).toEqual({ type: "directoryRefused", reason });
    const add = { type: "memberAdd", isLearner: true } as const;
    refused({ ...add, publicId: 1000n, peerUrls: ["http://x:1"] }, "idExists");
    refused({ ...add, publicId: 5n, peerUrls: ["http://y:1", "http://peer:3"] }, "peerUrlExists");
    refused({ type: "memberUpdate", id: 1, peerUrls: ["http://peer:3"] }, "peerUrlExists");
    refused({ type: "memberUpdate", id: 9, peerUrls: ["http://x:1"] }, "memberNotFound");
    refused({ type: "memberPromote", id: 9 }, "memberNotFound");
    refused({ type: "memberRemove", id: 9 }, "memberNotFound");
    expect(
      directory.apply({ type: "memberUpdate", id: 3, peerUrls: ["http://peer:3"] }),
    ).toMatchObject({
      member: { id: 3 },
    });
  });

  test("is the same after it was stored", () => {
    const directory = founded();
    directory.apply({ type: "memberAdd", publicId: 2n ** 60n, peerUrls: [], isLearner: true });
    const stored = encodeDirectory({ members: directory.members(), nextId: directory.nextId });
    const restored = new Directory();
    const { members, nextId } = decodeDirectory(stored);
    restored.replace(members, nextId);
    expect(restored.members()).toEqual(directory.members());
    expect(restored.nextId).toBe(5);
  });

  test("a version that is not known is not guessed at", () => {
    expect(() => decodeDirectory(new TextEncoder().encode('{"version":2}'))).toThrow("version 2");
  });
});

test("commands survive the log", () => {
  const url = fc.webUrl();
  const entry = fc.record({
    id: fc.integer({ min: 1 }),
    publicId: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    name: fc.string({ unit: "binary" }),
    peerUrls: fc.array(url),
    clientUrls: fc.array(url),
    isLearner: fc.boolean(),
  });
  const command: fc.Arbitrary<DirectoryCommand> = fc.oneof(
    fc.record({
      type: fc.constant("memberPublish" as const),
      member: entry,
      founders: fc.array(entry),
    }),
    fc.record({
      type: fc.constant("memberAdd" as const),
      publicId: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      peerUrls: fc.array(url),
      isLearner: fc.boolean(),
    }),
    fc.record({
      type: fc.constant("memberUpdate" as const),
      id: fc.integer(),
      peerUrls: fc.array(url),
    }),
    fc.record({
      type: fc.constantFrom("memberPromote" as const, "memberRemove" as const),
      id: fc.integer(),
    }),
  );
  fc.assert(
    fc.property(command, (given) => {
      expect(decodeDirectoryCommand(encodeDirectoryCommand(given))).toEqual(given);
    }),
  );
});

describe("ids", () => {
  test("depend on addresses and token, not on the order of the addresses", () => {
    const id = memberIdOf(["http://a:1", "http://b:1"], "token");
    expect(memberIdOf(["http://b:1", "http://a:1"], "token")).toBe(id);
    expect(memberIdOf(["http://a:1", "http://b:1"], "other")).not.toBe(id);
    expect(memberIdOf(["http://a:1", "http://b:1"], "token", "1")).not.toBe(id);
    expect(clusterIdOf([1n, 2n])).toBe(clusterIdOf([2n, 1n]));
    expect(clusterIdOf([1n, 2n])).not.toBe(clusterIdOf([1n, 3n]));
  });

  test("are exact as numbers, and shown as etcd shows them", () => {
    for (let i = 0; i < 1000; i += 1) {
      const id = memberIdOf([`http://host-${i}:2380`], "t");
      expect(id > 0n && id <= BigInt(Number.MAX_SAFE_INTEGER)).toBe(true);
    }
    expect(idText(0xabcn)).toBe("abc");
  });

  test("members are numbered by their names, whatever order they were named in", () => {
    const entry = (name: string): { name: string; urls: Url[] } => {
      const url = parseUrl(`http://${name}:1`);
      return { name, urls: "problem" in url ? [] : [url] };
    };
    const names = (given: readonly string[]): readonly string[] =>
      numbered(given.map(entry)).map(({ name }) => name);
    expect(names(["c", "a", "b"])).toEqual(["a", "b", "c"]);
  });
});
