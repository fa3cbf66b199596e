import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { freePorts, PROGRAM, QuorateProcess } from "./member-process.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function outcome(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly lines: readonly string[] }> {
  const run = new QuorateProcess(args, env);
  const { code } = await run.ended;
  return { code, lines: run.lines };
}

test("serve says when a port is taken, a folder cannot be used, or belongs to somebody else", async () => {
  const [client = 0, peer = 0, other = 0] = await freePorts(3);
  const flags = (dataDir: string, clientPort: number): readonly string[] => [
    "serve",
    `--data-dir=${dataDir}`,
    `--listen-client-urls=http://127.0.0.1:${clientPort}`,
    `--listen-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
  ];
  const running = new QuorateProcess(flags(join(folder, "one"), client));
  await running.said("ready to serve client requests");
  const taken = await outcome(flags(join(folder, "two"), client));
  expect(taken.code).toBe(2);
  expect(taken.lines.at(-1)).toBe(
    `Cannot listen at http://127.0.0.1:${client} (--listen-client-urls): the address is already in use.`,
  );
  const locked = await outcome(flags(join(folder, "one"), other));
  expect(locked.code).toBe(2);
  expect((await running.stop()).code).toBe(0);

  const file = join(folder, "file");
  writeFileSync(file, "");
  const unusable = await outcome(flags(join(file, "data"), client));
  expect([unusable.code, unusable.lines.at(-1)]).toEqual([
    2,
    expect.stringMatching(/^Cannot use .* \(--data-dir\) as this member's folder/),
  ]);
});

test("a member's whole round: from a file, put from standard input aside, stop by SIGINT", async () => {
  const [client, peer] = await freePorts(2);
  const config = join(folder, "member.yaml");
  writeFileSync(
    config,
    [
      "name: solo",
      `data-dir: ${join(folder, "solo")}`,
      `listen-client-urls: http://127.0.0.1:${client}`,
      `listen-peer-urls: http://127.0.0.1:${peer}`,
      `initial-advertise-peer-urls: http://127.0.0.1:${peer}`,
      "log-format: console",
      "",
    ].join("\n"),
  );
  const member = new QuorateProcess(["serve", "--config", config, "--wal-dir=/unused"]);
  await member.said("ready to serve client requests");
  expect(member.lines.some((line) => line.includes("no effect here: --wal-dir"))).toBe(true);
  const to = { QUORATE_ENDPOINTS: `127.0.0.1:${client}` };
  expect(await outcome(["put", "a", "1"], to)).toEqual({ code: 0, lines: ["OK"] });
  expect(await outcome(["get", "a", "--value-only"], to)).toEqual({ code: 0, lines: ["1"] });
  const { lines } = await outcome(["get", "a", "--output", "json"], to);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ count: 1, kvs: [{ key: "a", value: "1" }] });
  expect(await outcome(["del", "--prefix", ""], to)).toEqual({ code: 0, lines: ["1"] });
  const refused = await outcome(["get", "a", "--revision", "999"], to);
  expect(refused).toEqual({
    code: 1,
    lines: [
      "etcdserver: mvcc: required revision is a future revision",
      "quorate status shows the current revision.",
    ],
  });
  expect((await member.stop("SIGINT")).code).toBe(0);
});

test("called by the name etcd, it is the server", () => {
  const link = join(folder, "etcd");
  symlinkSync(PROGRAM, link);
  const etcd = (...args: readonly string[]): readonly [number | null, string] => {
    const { status, stdout, stderr } = spawnSync(link, args, { encoding: "utf8" });
    return [status, stdout + stderr];
  };
  expect(etcd("--version")).toEqual([
    0,
    expect.stringMatching(/^etcd Version: \d+\.\d+\.\d+\nGit SHA: /),
  ]);
  expect(etcd("--nmae=x")).toEqual([2, "There is no flag --nmae. Did you mean --name?\n"]);
});
