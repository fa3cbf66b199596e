import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KVService, utf8 } from "@quorate/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSettings } from "../../src/config/load.ts";
import { SILENT } from "../../src/log/logger.ts";
import { readIdentity, writeIdentity } from "../../src/member/identity.ts";
import { Member } from "../../src/member/member.ts";
import { Api } from "../member/api.ts";
import { freePorts } from "../processes/member-process.ts";
import { outcome } from "./outcome.ts";

const YES = "--yes-i-accept-data-loss";
const folder = mkdtempSync(join(tmpdir(), "quorate-recover-"));
const original = join(folder, "data");
let client = 0;
let peer = 0;

/** A member that was alone from the beginning: what it needs no others for is enough here. */
function start(dataDir: string): Promise<Member> {
  const request = loadSettings(
    [
      "--name=solo",
      `--data-dir=${dataDir}`,
      `--listen-client-urls=http://127.0.0.1:${client}`,
      `--advertise-client-urls=http://127.0.0.1:${client}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
    ],
    {},
  );
  if (request.wants !== "serve") throw new Error("these are no settings of a member");
  return Member.start(request.settings, SILENT, () => {});
}

beforeAll(async () => {
  [client = 0, peer = 0] = await freePorts(2);
  const member = await start(original);
  const api = new Api(`127.0.0.1:${client}`);
  for (let i = 0; i < 20; i += 1) {
    await api.call(KVService.put, { key: utf8(`key/${i}`), value: utf8(`value ${i}`) });
  }
  const used = await outcome(["unsafe-recover", original, YES]);
  expect(used.code).toBe(1);
  expect(used.lines.join("\n")).toMatch(/^A process uses .*: stop it first, .*\.$/);
  api.close();
  await member.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let copies = 0;
function copied(): string {
  copies += 1;
  const copy = join(folder, `copy-${copies}`);
  cpSync(original, copy, { recursive: true });
  return copy;
}

const clusterOf = (dataDir: string): bigint | undefined => readIdentity(dataDir)?.clusterId;

async function keysOf(dataDir: string): Promise<number> {
  const member = await start(dataDir);
  const api = new Api(`127.0.0.1:${client}`);
  const { kvs } = await api.call(KVService.range, { key: utf8("key/"), rangeEnd: utf8("key0") });
  api.close();
  await member.close();
  return kvs.length;
}

test("without the words it says what it would keep, and the member is the one it was", async () => {
  const copy = copied();
  const look = await outcome(["unsafe-recover", copy]);
  expect(look.code).toBe(0);
  expect(look.lines[0]).toBe("would recover member solo (number 1)");
  expect(look.output).toMatch(/kept: all entries through \d+, term \d+; applied durably through/);
  expect(look.output).toMatch(/may be lost: whatever the lost members acknowledged after entry/);
  expect(look.lines.at(-1)).toMatch(/quorate unsafe-recover \S+ --yes-i-accept-data-loss$/);
  expect(clusterOf(copy)).toBe(clusterOf(original));
  expect(readIdentity(copy)?.recovery).toBeUndefined();
  expect(await keysOf(copy)).toBe(20);
});

test("with them it becomes a cluster of its own and keeps what it had", async () => {
  const copy = copied();
  const done = await outcome(["unsafe-recover", copy, YES, "--output", "json"]);
  expect(done.code).toBe(0);
  const said = JSON.parse(done.output);
  expect(said).toMatchObject({ done: true, member: "solo", after: { voters: [1] } });
  expect(clusterOf(copy)).not.toBe(clusterOf(original));
  expect(said.cluster).toBe(clusterOf(copy)?.toString(16));
  expect(await keysOf(copy)).toBe(20);
  expect(readIdentity(copy)?.recovery).toBeUndefined();
});

test("one that was broken off is not started, and goes on to the same cluster", async () => {
  const copy = copied();
  const identity = readIdentity(copy);
  if (identity === undefined) throw new Error("there is no identity");
  writeIdentity(copy, { ...identity, recovery: { clusterId: 77n, lost: [2, 3] } });
  await expect(start(copy)).rejects.toThrow(/begun and not finished: run quorate unsafe-recover/);
  expect((await outcome(["unsafe-recover", copy, YES])).code).toBe(0);
  expect(readIdentity(copy)).toMatchObject({ clusterId: 77n, recovery: { lost: [2, 3] } });
  expect(await keysOf(copy)).toBe(20);
});

test("a damaged log is refused before anything is changed", async () => {
  const copy = copied();
  const log = join(copy, "raft", "groups", "1", "log");
  for (const name of readdirSync(log).filter((one) => one.endsWith(".log"))) {
    const bytes = readFileSync(join(log, name));
    let used = bytes.length;
    while (used > 0 && bytes[used - 1] === 0) used -= 1;
    const at = Math.floor(used / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    writeFileSync(join(log, name), bytes);
  }
  const identity = readIdentity(copy);
  const refused = await outcome(["unsafe-recover", copy, YES]);
  expect(refused.code).toBe(1);
  expect(refused.lines.join("\n")).toMatch(
    /is damaged .*: recover another member that is left, or/,
  );
  expect(readIdentity(copy)).toEqual(identity);
});

test("a folder without a member is said in one sentence", async () => {
  const nowhere = join(folder, "nowhere");
  const refused = await outcome(["unsafe-recover", nowhere]);
  expect([refused.code, refused.lines.join("\n")]).toEqual([
    2,
    `There is no member's data in ${nowhere}: give the --data-dir of a member.`,
  ]);
});
