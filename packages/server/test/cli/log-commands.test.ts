import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KVService, utf8 } from "@quorate/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSettings } from "../../src/config/load.ts";
import { SILENT } from "../../src/log/logger.ts";
import { Member } from "../../src/member/member.ts";
import { Api } from "../member/api.ts";
import { freePorts } from "../processes/member-process.ts";
import { type Outcome, outcome } from "./outcome.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-log-"));
const original = join(folder, "data");
let member: Member | undefined;

beforeAll(async () => {
  const [client, peer] = await freePorts(2);
  const request = loadSettings(
    [
      "--name=solo",
      `--data-dir=${original}`,
      `--listen-client-urls=http://127.0.0.1:${client}`,
      `--advertise-client-urls=http://127.0.0.1:${client}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
    ],
    {},
  );
  if (request.wants !== "serve") throw new Error("these are no settings of a member");
  member = await Member.start(request.settings, SILENT, () => {});
  const api = new Api(`127.0.0.1:${client}`);
  for (let i = 0; i < 20; i += 1) {
    await api.call(KVService.put, { key: utf8(`key/${i}`), value: utf8(`value ${i}`) });
  }
  const used = await outcome(["log", "verify", original]);
  expect(used.code).toBe(1);
  expect(used.lines.join("\n")).toMatch(/^A process uses .*: stop it first, .*\.$/);
  const repaired = await outcome(["log", "repair", original]);
  expect(repaired.lines.join("\n")).toMatch(/^A process uses .*: stop it first\.$/);
  api.close();
  await member.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let copies = 0;

/** A copy of the data whose newest segment `change` has changed. */
function damaged(change: (segment: Buffer, usedBytes: number) => Buffer): string {
  copies += 1;
  const copy = join(folder, `copy-${copies}`);
  cpSync(original, copy, { recursive: true });
  const log = join(copy, "raft", "groups", "1", "log");
  const names = readdirSync(log).filter((name) =>
    readFileSync(join(log, name)).some((byte) => byte !== 0),
  );
  const name = names
    .sort()
    .filter((one) => one.endsWith(".log"))
    .at(-1);
  if (name === undefined) throw new Error(`no segment among ${names.join(", ")}`);
  const bytes = readFileSync(join(log, name));
  let used = bytes.length;
  while (used > 0 && bytes[used - 1] === 0) used -= 1;
  writeFileSync(join(log, name), change(bytes, used));
  return copy;
}

function everything(path: string): string {
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.endsWith("lock"))
    .sort()
    .map((name) => {
      try {
        return `${name} ${readFileSync(join(path, name)).length} ${createHash("sha256")
          .update(readFileSync(join(path, name)))
          .digest("hex")}`;
      } catch {
        return name;
      }
    })
    .join("\n");
}

function verdictOf({ output }: Outcome): unknown {
  return JSON.parse(output).groups[0].summary.verdict;
}

test("a log in order is dumped entry by entry, verified with 0, and left alone by repair", async () => {
  const before = everything(original);
  const dump = await outcome(["log", "dump", original]);
  expect(dump.code).toBe(0);
  expect(dump.output).toMatch(/^group 1\nsegment \S+ .*\n/);
  expect(dump.output).toMatch(/ entry 5, term \d+: command, \d+ bytes/);
  expect(dump.output).toMatch(/good: entries 1 to \d+ in \d+ batches/);
  const lines = (await outcome(["log", "dump", original, "--output", "json"])).lines;
  const types = lines.map((line) => JSON.parse(line).type);
  expect(types[0]).toBe("segment");
  expect(types.at(-1)).toBe("end");
  expect(types.filter((type) => type === "batch").length).toBeGreaterThan(19);
  const verified = await outcome(["log", "verify", original, "--output", "json"]);
  expect([verified.code, verdictOf(verified)]).toEqual([0, "good"]);
  expect(everything(original)).toBe(before);
  const repaired = await outcome(["log", "repair", original, "--group", "1"]);
  expect([repaired.code, repaired.output]).toEqual([
    0,
    "group 1: all is in order; there was nothing to repair\n",
  ]);
  expect((await outcome(["log", "verify", original])).code).toBe(0);
});

test("a torn end is told from rot, set aside by repair, and gone afterwards", async () => {
  const copy = damaged((bytes, used) =>
    Buffer.concat([bytes.subarray(0, used - 7), Buffer.alloc(bytes.length - used + 7)]),
  );
  const found = await outcome(["log", "verify", copy]);
  expect(found.code).toBe(1);
  expect(found.output).toMatch(/tornTail: .* bytes of a torn end/);
  expect(found.output).toMatch(/R2 \(tornTail\) \S+ at \d+: /);
  const repaired = await outcome(["log", "repair", copy]);
  expect(repaired.code).toBe(0);
  expect(repaired.output).toMatch(/^group 1: repaired\n/);
  const after = await outcome(["log", "verify", copy, "--output", "json"]);
  expect([after.code, verdictOf(after)]).toEqual([0, "good"]);
});

test("a flipped bit in what was acknowledged is named, and nothing is repaired away", async () => {
  const copy = damaged((bytes, used) => {
    const flipped = Buffer.from(bytes);
    const at = Math.floor(used / 2);
    flipped[at] = (flipped[at] ?? 0) ^ 0x10;
    return flipped;
  });
  const before = everything(copy);
  const found = await outcome(["log", "verify", copy]);
  expect(found.code).toBe(1);
  expect(found.output).toMatch(/refused: /);
  expect(found.output).toMatch(/R3 \(corrupt\)/);
  expect(found.output).toMatch(/add its host with an empty folder under a new number/);
  const dump = await outcome(["log", "dump", copy]);
  expect(dump.code).toBe(1);
  expect(dump.output).toMatch(/ entry 1, term/);
  const refused = await outcome(["log", "repair", copy, "--output", "json"]);
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.output).groups[0].repair).toMatchObject({ type: "refused" });
  expect(everything(copy)).toBe(before);
});

test("what is no data folder, or no group of it, is said in one sentence", async () => {
  const nothing = await outcome(["log", "dump", join(folder, "nowhere")]);
  expect([nothing.code, nothing.lines.join("\n")]).toEqual([
    2,
    `There is no log in ${join(folder, "nowhere")}: give the --data-dir of a member, or the folder of a host.`,
  ]);
  const group = await outcome(["log", "verify", original, "--group", "7"]);
  expect([group.code, group.lines.join("\n")]).toEqual([
    2,
    `There is no group 7 in ${original}; there is 1.`,
  ]);
});

test("a log whose groups are gone is not the same as a folder without a log", async () => {
  const copy = join(folder, "robbed");
  cpSync(original, copy, { recursive: true });
  rmSync(join(copy, "raft", "groups"), { recursive: true });
  const gone = await outcome(["log", "verify", copy]);
  expect([gone.code, gone.lines.join("")]).toEqual([
    1,
    expect.stringMatching(/^The log in .*raft is gone: identity\.json says whose it was/),
  ]);
  const never = await outcome(["log", "verify", folder]);
  expect([never.code, never.lines.join("")]).toEqual([
    2,
    expect.stringMatching(/^There is no log in /),
  ]);
});
