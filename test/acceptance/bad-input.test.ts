import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run, serve, serveToItsEnd, singleMember } from "./members.ts";

const PORT = 28_890;
const quorate = join(import.meta.dirname, "../../packages/server/bin/quorate.js");
const folder = mkdtempSync(join(tmpdir(), "quorate-bad-input-"));
const original = join(folder, "original");

function client(...args: string[]) {
  return run(process.execPath, [quorate, "--endpoints", `127.0.0.1:${PORT}`, ...args]);
}

/** A fresh copy of a member's data with three keys in it. */
function copy(name: string): string {
  const target = join(folder, name);
  cpSync(original, target, { recursive: true });
  return target;
}

function files(path: string, ending: string): string[] {
  return readdirSync(path, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(path, name));
}

/** Bytes of the log that are in use: everything behind is zero. */
function usedBytes(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return Math.ceil(end / 8) * 8;
}

beforeAll(async () => {
  const member = await serve(singleMember(original, PORT));
  for (const key of ["a", "b", "c"]) await client("put", key, `value of ${key}`);
  await member.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a start that cannot be right ends at once with one sentence", () => {
  test.each([
    ["an unknown flag", ["--no-such-flag"], "--no-such-flag"],
    ["an unreadable configuration", ["--config-file=/does/not/exist.yml"], "/does/not/exist.yml"],
    [
      "a configuration that contradicts itself",
      ["--name=a", "--initial-cluster=b=http://127.0.0.1:28891"],
      "--initial-cluster",
    ],
    ["a port that is none", ["--listen-client-urls=http://127.0.0.1:99999"], "99999"],
  ])("%s", async (_what, flags, mentioned) => {
    const ended = await serveToItsEnd([`--data-dir=${join(folder, "unused")}`, ...flags]);
    expect(ended.exitCode).toBe(2);
    const lines = ended.errors.trim().split("\n");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(mentioned);
  });

  test("the data folder of another member", async () => {
    const dataDir = copy("other-member");
    const ended = await serveToItsEnd(singleMember(dataDir, PORT, "stranger"));
    expect(ended.exitCode).toBe(2);
    expect(ended.errors).toContain('holds the data of member "s1"');
  });

  test("the data folder of another cluster", async () => {
    const flags = [...singleMember(copy("other-cluster"), PORT), "--initial-cluster-token=other"];
    const ended = await serveToItsEnd(flags);
    expect(ended.exitCode).toBe(2);
    expect(ended.errors).toContain("belongs to the cluster with the token");
  });

  test("a log without the identity of its owner", async () => {
    const dataDir = copy("no-identity");
    for (const file of files(dataDir, "identity.json")) rmSync(file);
    const ended = await serveToItsEnd(singleMember(dataDir, PORT));
    expect(ended.exitCode).toBe(2);
    expect(ended.errors).toContain("no identity.json");
  });

  test("a flipped bit in the middle of the log", async () => {
    const dataDir = copy("bit-flip");
    const [log] = files(dataDir, ".log");
    const bytes = readFileSync(log ?? "");
    const middle = usedBytes(bytes) >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(log ?? "", bytes);
    const ended = await serveToItsEnd(singleMember(dataDir, PORT));
    expect(ended.exitCode).toBe(1);
    expect(ended.errors).toMatch(/\.log at \d+/);
    expect(readFileSync(log ?? "").equals(bytes)).toBe(true);
  });
});

test("a torn last record is set aside and everything acknowledged is there", async () => {
  const dataDir = copy("torn");
  const log = files(dataDir, ".log").at(-1) ?? "";
  const bytes = readFileSync(log);
  const torn = Buffer.from("BTCHnever finished");
  torn.copy(bytes, usedBytes(bytes));
  writeFileSync(log, bytes);
  const member = await serve(singleMember(dataDir, PORT));
  try {
    expect(member.lines.join("\n")).toContain(`${torn.length} bytes`);
    for (const key of ["a", "b", "c"]) {
      expect((await client("get", key, "--value-only")).output).toBe(`value of ${key}\n`);
    }
  } finally {
    await member.stop();
  }
});

describe("a peer port that receives what no peer sends", () => {
  const oversized = Buffer.alloc(64, 0xff);
  test.each([
    ["HTTP", Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n")],
    ["random bytes", Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) & 0xff))],
    ["a huge length", oversized],
  ])("%s: the connection ends, the member goes on", async (_what, bytes) => {
    const member = await serve(singleMember(copy(`peer-${bytes.length}`), PORT));
    try {
      const socket = connect(PORT + 1, "127.0.0.1");
      const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
      socket.on("error", () => {});
      socket.on("data", () => {});
      socket.end(bytes);
      await closed;
      expect((await client("put", "after", "all")).output).toBe("OK\n");
    } finally {
      await member.stop();
    }
  });
});
