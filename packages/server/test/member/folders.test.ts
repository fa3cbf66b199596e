import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LmdbStore } from "@quorate/kv/lmdb";
import { afterAll, expect, test } from "vitest";
import { ConfigError } from "../../src/config/config-error.ts";
import { closeToOthers, isOpenToOthers, isThere, makeDataDir } from "../../src/member/folders.ts";
import { readIdentity, writeIdentity } from "../../src/member/identity.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-folders-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const IDENTITY = { name: "n1", id: 1, publicId: 1n, clusterId: 2n, token: "t", hasBegun: true };

test("missing folders are made for their owner only", () => {
  const path = join(folder, "made", "one", "by", "one");
  makeDataDir(path);
  makeDataDir(path);
  expect([modeOf(path), modeOf(join(folder, "made"))]).toEqual(["700", "700"]);
  expect(isOpenToOthers(path)).toBe(false);
});

test.runIf(process.platform === "linux")(
  "a data folder below /proc is refused, where Node would try for ever",
  () => {
    expect(() => makeDataDir("/proc/quorate/data")).toThrow(ConfigError);
    expect(() => makeDataDir("/proc/quorate")).toThrow(
      /there is no such file or folder \(ENOENT\)\.$/,
    );
  },
);

test("a data folder that is a file, or lies below one, is refused in words", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  expect(() => makeDataDir(file)).toThrow(/: there is a file of that name \(EEXIST\)\.$/);
  expect(() => makeDataDir(join(file, "x"))).toThrow(
    /: a part of the path is a file, not a folder/,
  );
  const lost = join(folder, "lost");
  symlinkSync(join(folder, "nowhere"), lost);
  expect(() => makeDataDir(join(lost, "x"))).toThrow(ConfigError);
});

test("member.json is for its owner only, also where it was open before", () => {
  const path = join(folder, "identity");
  mkdirSync(path, { mode: 0o755 });
  for (const name of ["member.json", "member.json.new"]) {
    writeFileSync(join(path, name), "{}");
    chmodSync(join(path, name), 0o644);
  }
  writeIdentity(path, IDENTITY);
  expect(modeOf(join(path, "member.json"))).toBe("600");
  expect(readIdentity(path)).toMatchObject({ name: "n1" });
});

test("the key-value store is for its owner only, also where it was open before", async () => {
  const directory = join(folder, "open", "kv");
  const first = LmdbStore.open({ directory });
  await first.write((batch) => batch.put(Uint8Array.of(1), Uint8Array.of(2)));
  await first.close();
  chmodSync(directory, 0o755);
  for (const name of ["data.mdb", "lock.mdb"]) chmodSync(join(directory, name), 0o644);
  const again = LmdbStore.open({ directory });
  expect(again.get(Uint8Array.of(1))).toEqual(Uint8Array.of(2));
  expect(["", "data.mdb", "lock.mdb"].map((name) => modeOf(join(directory, name)))).toEqual([
    "700",
    "600",
    "600",
  ]);
  await again.close();
});

test("a folder that others may look into is seen and can be closed", () => {
  const path = join(folder, "shared");
  mkdirSync(path);
  chmodSync(path, 0o750);
  expect(isOpenToOthers(path)).toBe(true);
  closeToOthers(path);
  expect(modeOf(path)).toBe("700");
});

test("what cannot be looked at is not taken for nothing", () => {
  expect(isThere(join(folder, "never"))).toBe(false);
  expect(isThere(folder)).toBe(true);
  // Root may look everywhere: a loop of links is what stops it as well.
  const loop = join(folder, "loop");
  symlinkSync(loop, loop);
  expect(() => isThere(join(loop, "x"))).toThrow(/^Cannot look at .*ELOOP/);
  expect(() => readIdentity(loop)).toThrow(ConfigError);
  expect(readIdentity(join(folder, "never"))).toBeUndefined();
});
