import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadSettings } from "../../src/config/load.ts";
import { OneMember } from "../member/one-member.ts";
import { type Outcome, type OutcomeOptions, outcome, until } from "./outcome.ts";

let member: OneMember;
const folder = mkdtempSync(join(tmpdir(), "quorate-commands-"));
beforeAll(async () => {
  member = await OneMember.start(["--bcrypt-cost=4"]);
});
afterAll(async () => {
  await member.stop();
  rmSync(folder, { recursive: true, force: true });
});

function quorate(args: readonly string[], options: OutcomeOptions = {}): Promise<Outcome> {
  return outcome(["--endpoints", member.endpoint, ...args], options);
}

/** What the command says as JSON; it must succeed. */
async function json(args: readonly string[], options: OutcomeOptions = {}): Promise<unknown> {
  const { code, output, lines } = await quorate([...args, "--output", "json"], options);
  expect([code, lines]).toEqual([0, [expect.any(String)]]);
  return JSON.parse(output);
}

test("leases: granted, listed, kept alive, asked for, revoked, gone", async () => {
  expect(await json(["lease", "grant", "1m", "--id", "7b"])).toEqual({ id: "7b", ttlSeconds: 60 });
  await quorate(["put", "leased", "1", "--lease", "7b"]);
  expect(await json(["lease", "list"])).toEqual({ leases: ["7b"] });
  expect((await quorate(["lease", "keep-alive", "7b", "--once"])).lines).toEqual([
    "lease 7b renewed for 60 s",
  ]);
  expect(await json(["lease", "timetolive", "7b", "--keys"])).toEqual({
    id: "7b",
    ttlSeconds: expect.any(Number),
    grantedTtlSeconds: 60,
    keys: ["leased"],
  });
  expect((await quorate(["lease", "revoke", "7b"])).lines).toEqual(["lease 7b revoked"]);
  for (const command of ["timetolive", "keep-alive"]) {
    expect((await quorate(["lease", command, "7b"])).code).toBe(1);
  }
  expect((await quorate(["get", "leased", "--count-only"])).lines).toEqual(["0"]);
});

test("a transaction takes the branch that its conditions say", async () => {
  await quorate(["put", "guard", "yes"]);
  const input = 'value("guard") = "yes"\n\nput then 1\nget guard\n\ndel guard\n\n';
  const done = await quorate(["txn"], { input });
  expect(done.lines).toEqual(["SUCCESS", "", "OK", "", "guard", "yes"]);
  await quorate(["put", "guard", "no"]);
  expect(await json(["txn"], { input })).toMatchObject({
    succeeded: false,
    responses: [{ del: { deleted: 1 } }],
  });
});

test("a watch shows past and present changes and ends after as many as asked for", async () => {
  const { revision } = (await json(["put", "w/1", "a"])) as { readonly revision: number };
  const watching = quorate([
    "watch",
    "--prefix",
    "w/",
    "--revision",
    String(revision),
    "--count",
    "3",
    "--output",
    "json",
  ]);
  await quorate(["put", "w/2", "b"]);
  await quorate(["del", "w/1"]);
  const { code, lines } = await watching;
  expect(code).toBe(0);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { event: "put", key: "w/1", value: "a", modRevision: revision },
    { event: "put", key: "w/2", value: "b", modRevision: revision + 1 },
    { event: "delete", key: "w/1", modRevision: revision + 2 },
  ]);
});

test("a watch of history that is gone says so", async () => {
  const { revision } = (await json(["put", "old", "a"])) as { readonly revision: number };
  await quorate(["compact", String(revision)]);
  const { code, lines } = await quorate(["watch", "old", "--revision", "1"]);
  expect(code).toBe(1);
  expect(lines[0]).toContain(`it was compacted up to revision ${revision}`);
});

test("a lock is printed with its fencing token, which grows, and goes with its holder", async () => {
  const first = await quorate(["lock", "l", "--output", "json"], {
    interruptAfter: (said) => until(() => said().includes("fencingToken")),
  });
  expect(first.code).toBe(0);
  const { key, fencingToken } = JSON.parse(first.output) as {
    readonly key: string;
    readonly fencingToken: number;
  };
  expect(key).toMatch(/^l\/[0-9a-f]+$/);
  expect((await quorate(["get", "l/", "--prefix", "--count-only"])).lines).toEqual(["0"]);
  const file = join(folder, "token");
  const script = `echo "$QUORATE_FENCING_TOKEN" > ${file}; exit 7`;
  expect((await quorate(["lock", "l", "--", "sh", "-c", script])).code).toBe(7);
  expect(Number(readFileSync(file, "utf8"))).toBeGreaterThan(fencingToken);
});

test("whoever waits for a lock can give up", async () => {
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isHeld: () => boolean = () => false;
  const holding = quorate(["lock", "busy"], {
    interruptAfter: (said) => {
      isHeld = () => said().includes("fencing token");
      return released;
    },
  });
  await until(() => isHeld());
  const waiting = await quorate(["lock", "busy", "--wait", "100ms"]);
  expect([waiting.code, waiting.lines]).toEqual([
    1,
    ["Lock busy is held by somebody else; gave up waiting after 100ms."],
  ]);
  release();
  expect((await holding).code).toBe(0);
});

test("an election is won, seen by those who listen, and given up", async () => {
  const standing = quorate(["elect", "e", "me"], {
    interruptAfter: async (said) => {
      await until(() => said().includes("me"));
      const listening = await quorate(["elect", "--listen", "e"], {
        interruptAfter: (heard) => until(() => heard().includes("me")),
      });
      expect(listening.code).toBe(0);
    },
  });
  expect((await standing).code).toBe(0);
  expect((await quorate(["get", "e/", "--prefix", "--count-only"])).lines).toEqual(["0"]);
});

test("users, roles and permissions", async () => {
  await quorate(["user", "add", "root"], { input: "secret\n" });
  await quorate(["user", "grant-role", "root", "root"]);
  await quorate(["user", "add", "ann:pw"]);
  await quorate(["role", "add", "app"]);
  await quorate(["role", "grant-permission", "app", "read", "app/", "--prefix"]);
  expect(await json(["role", "get", "app"])).toEqual({
    role: "app",
    permissions: [{ access: "read", keys: "[app/, app0)" }],
  });
  await quorate(["user", "grant-role", "ann", "app"]);
  expect(await json(["user", "get", "ann"])).toEqual({ user: "ann", roles: ["app"] });
  expect(await json(["user", "list"])).toEqual({ users: ["ann", "root"] });
  expect((await quorate(["auth", "enable"])).lines).toEqual(["access control is on"]);
  try {
    const refused = await quorate(["--user", "ann:pw", "put", "app/x", "1"]);
    expect([refused.code, refused.lines[0]]).toEqual([1, "etcdserver: permission denied"]);
    expect(refused.lines[1]).toContain("quorate role get");
    expect((await quorate(["--user", "ann:pw", "get", "app/x"])).code).toBe(0);
    expect((await quorate(["--user", "ann:no", "get", "app/x"])).code).toBe(1);
    expect((await quorate(["--user", "ann:pw", "endpoint", "health"])).code).toBe(0);
    const asRoot = ["--user", "root:secret"];
    expect(await json([...asRoot, "auth", "status"])).toMatchObject({ enabled: true });
    await quorate([...asRoot, "user", "passwd", "ann:new"]);
    expect((await quorate(["--user", "ann:new", "get", "app/x"])).code).toBe(0);
    await quorate([...asRoot, "user", "revoke-role", "ann", "app"]);
    expect((await quorate(["--user", "ann:new", "get", "app/x"])).code).toBe(1);
    await quorate([...asRoot, "role", "revoke-permission", "app", "app/", "--prefix"]);
    await quorate([...asRoot, "role", "delete", "app"]);
    expect(await json([...asRoot, "role", "list"])).toEqual({ roles: [] });
    await quorate([...asRoot, "user", "delete", "ann"]);
  } finally {
    expect((await quorate(["--user", "root:secret", "auth", "disable"])).code).toBe(0);
  }
});

test("members: the one there is, one that is added, updated and removed", async () => {
  expect(await json(["member", "list"])).toMatchObject({
    members: [{ name: "solo", started: true }],
  });
  const url = "http://127.0.0.1:1";
  const added = (await json(["member", "add", "n2", "--peer-urls", url, "--learner"])) as {
    readonly id: string;
    readonly settings: Readonly<Record<string, string>>;
  };
  expect(added.settings).toMatchObject({
    QUORATE_NAME: "n2",
    QUORATE_INITIAL_CLUSTER: expect.stringContaining(`n2=${url}`),
    QUORATE_INITIAL_CLUSTER_STATE: "existing",
  });
  const promoted = await quorate(["member", "promote", added.id]);
  expect([promoted.code, promoted.lines[0]]).toEqual([1, expect.stringContaining("in sync")]);
  expect(
    (await quorate(["member", "update", added.id, "--peer-urls", "http://127.0.0.1:2"])).code,
  ).toBe(0);
  expect((await quorate(["move-leader", added.id])).lines).toEqual([
    "etcdserver: bad leader transferee",
    "Name a member that votes: see quorate member list.",
  ]);
  expect((await quorate(["member", "remove", added.id])).lines).toEqual([
    `member ${added.id} removed`,
  ]);
});

test("alarms, hashes, health, compaction, defragmentation", async () => {
  expect(await json(["alarm", "list"])).toEqual({ alarms: [] });
  await member.post("/v3/maintenance/alarm", {
    action: "ACTIVATE",
    memberID: "5",
    alarm: "NOSPACE",
  });
  expect(await json(["alarm", "list"])).toEqual({ alarms: [{ member: "5", alarm: "NOSPACE" }] });
  const full = await quorate(["put", "a", "1"]);
  expect([full.code, full.lines]).toEqual([
    1,
    [
      "etcdserver: mvcc: database space exceeded",
      expect.stringMatching(/^The cluster is full, or a member's disk is: delete keys/),
    ],
  ]);
  await quorate(["alarm", "disarm"]);
  expect((await quorate(["put", "a", "1"])).code).toBe(0);
  expect(await json(["endpoint", "hashkv"])).toMatchObject([{ hash: expect.any(Number) }]);
  expect(await json(["endpoint", "health"])).toMatchObject([{ healthy: true }]);
  expect((await quorate(["compact", "99999"])).code).toBe(1);
  expect((await quorate(["defrag"])).code).toBe(0);
});

test("explain and top, once, from a member that leads", async () => {
  const [report] = (await json(["explain"])) as readonly Readonly<Record<string, unknown>>[];
  expect(report).toMatchObject({
    member: "solo",
    standing: [{ sentence: expect.stringContaining("solo leads") }],
  });
  const chinese = await quorate(["explain", "standing", "--language", "zh"]);
  expect(chinese.lines.join("\n")).toMatch(/[\u4e00-\u9fff]/);
  expect((await quorate(["explain", "--language", "xx"])).code).toBe(2);
  expect(await json(["top", "--once"])).toMatchObject([
    { role: "leader", behind: 0, problems: [] },
  ]);
  const page = await member.post("/quorate/v1/explain", {});
  expect(JSON.parse(page.text)).toMatchObject({ member: "solo" });
});

test("check perf judges, and leaves nothing behind", async () => {
  const perf = await quorate(["check", "perf", "--duration", "200ms", "--output", "json"]);
  expect([0, 1]).toContain(perf.code);
  expect(JSON.parse(perf.output)).toMatchObject({ failures: 0, passed: perf.code === 0 });
  expect(
    (await quorate(["get", "/quorate-check-perf/", "--prefix", "--count-only"])).lines,
  ).toEqual(["0"]);
});

describe("snapshots", () => {
  test("saved, looked at, restored for a new cluster, and refused when damaged", async () => {
    await quorate(["put", "kept", "1"]);
    const file = join(folder, "saved.db");
    const saved = (await json(["snapshot", "save", file])) as { readonly revision: number };
    await quorate(["put", "later", "1"]);
    expect(await json(["snapshot", "status", file])).toMatchObject({ revision: saved.revision });
    const dataDir = join(folder, "restored");
    const flags = ["--name", "solo", "--data-dir", dataDir];
    expect((await quorate(["snapshot", "restore", file, ...flags])).code).toBe(0);
    const again = await quorate(["snapshot", "restore", file, ...flags]);
    expect([again.code, again.lines[0]]).toEqual([2, expect.stringContaining("exists already")]);

    const bytes = readFileSync(file);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    const damaged = join(folder, "damaged.db");
    writeFileSync(damaged, bytes);
    for (const command of ["status", "restore"]) {
      const refused = await quorate([
        "snapshot",
        command,
        damaged,
        ...(command === "restore" ? ["--data-dir", join(folder, "no")] : []),
      ]);
      expect([refused.code, refused.lines]).toEqual([
        1,
        [`${damaged} is damaged or not complete: save it again.`],
      ]);
    }
    writeFileSync(damaged, "something else that is long enough to be read");
    expect((await quorate(["snapshot", "status", damaged])).lines).toEqual([
      `${damaged} is not a snapshot of Quorate.`,
    ]);
  });
});

describe("init", () => {
  test("writes a file that sets nothing until lines are uncommented, and never overwrites", async () => {
    const file = join(folder, "member.yaml");
    expect((await outcome(["init", file, "--name", "n1"])).code).toBe(0);
    expect(parse(readFileSync(file, "utf8"))).toEqual({ name: "n1" });
    const again = await outcome(["init", file]);
    expect([again.code, again.lines]).toEqual([
      2,
      [`${file} exists already: name another file, or use --force.`],
    ]);
    // Every default it shows is one that is understood.
    const text = readFileSync(file, "utf8").replaceAll(/^#([a-z][\w-]*: )(?!#|"")/gm, "$1");
    writeFileSync(file, text);
    const request = loadSettings(["--config", file], {});
    expect(request.wants === "serve" && request.settings.name).toBe("n1");
  });
});

describe("completion", () => {
  test("bash completes commands and options, as a shell finds out", async () => {
    const script = join(folder, "completion.bash");
    writeFileSync(script, (await outcome(["completion", "bash"])).output);
    const complete = (...words: readonly string[]): string =>
      execFileSync("bash", [
        "-c",
        `source ${script}; COMP_WORDS=(quorate ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _quorate; echo "\${COMPREPLY[@]}"`,
      ])
        .toString()
        .trim();
    expect(complete("sna")).toBe("snapshot");
    expect(complete("lease", "t")).toBe("timetolive");
    expect(complete("get", "--pre")).toBe("--prefix");
    expect(complete("member", "add", "x", "--peer")).toBe("--peer-urls");
    expect(complete("serve", "--data-d")).toBe("--data-dir");
  });

  test.each(["zsh", "fish"])("%s gets a script with every command", async (shell) => {
    const { code, output } = await outcome(["completion", shell]);
    expect(code).toBe(0);
    for (const word of ["put", "timetolive", "grant-permission", "completion"])
      expect(output).toContain(word);
    const checked = spawnSync(shell, ["-n"], { input: output });
    if (checked.error === undefined) expect(checked.status).toBe(0);
  });
});
