import { expect, test } from "vitest";
import { EXIT_MEANINGS } from "../../src/cli/exit-code.ts";
import { freePorts } from "../processes/member-process.ts";
import { outcome } from "./outcome.ts";

test("--help names every command and the exit codes", async () => {
  const { code, lines } = await outcome(["--help"]);
  expect(code).toBe(0);
  for (const word of ["serve", "put", "get", "del", "status", "version", "Exit codes:"]) {
    expect(lines.join("\n")).toContain(word);
  }
});

test.each([["put"], ["lease", "grant"], ["snapshot", "restore"]])(
  "%s --help says it all: what it does, its options, those of all commands, exit codes",
  async (...words) => {
    const { code, lines } = await outcome([...words, "--help"]);
    expect(code).toBe(0);
    const text = lines.join("\n");
    for (const part of [
      `Usage: quorate ${words.join(" ")}`,
      "Options:",
      "--endpoints <list>",
      "Exit codes:",
    ]) {
      expect(text).toContain(part);
    }
  },
);

test("the help of every command explains the exit codes as docs/cli.md does", async () => {
  const { lines } = await outcome(["sim", "--help"]);
  for (const meaning of Object.values(EXIT_MEANINGS)) expect(lines.join("\n")).toContain(meaning);
});

test("serve --help names its settings, serve --version what etcd's tools look for", async () => {
  const help = await outcome(["serve", "--help"]);
  expect([help.code, help.lines.join("\n")]).toEqual([
    0,
    expect.stringContaining("--initial-cluster"),
  ]);
  const version = await outcome(["serve", "--version"]);
  expect(version.code).toBe(0);
  expect(version.lines[0]).toMatch(/^etcd Version: \d+\.\d+\.\d+$/);
  expect(version.lines[1]).toMatch(/^Git SHA: /);
});

test.each([
  [["nonsense"], "Unknown command 'nonsense'."],
  [["wacht"], "Unknown command 'wacht' (Did you mean watch?)"],
  [["put", "a", "b", "--leas", "1"], "Unknown option '--leas' (Did you mean --lease?)"],
  [["member", "add", "n4"], "Required option '--peer-urls <list>' not specified."],
  [["member", "remove", "n4"], '<id> must be up to 16 hexadecimal digits, not "n4".'],
  [["lease", "grant", "soon"], '<ttl> must be a time span such as 5s or 500ms, not "soon".'],
  [["compact", "-1"], '<revision> must be a whole number, 0 or more, not "-1".'],
  [["get", "a", "--limit", "-1"], '--limit must be a whole number, 0 or more, not "-1".'],
  [
    ["explain", "--language", "de"],
    "Option '--language <code>' argument 'de' is invalid. Allowed choices are en, zh.",
  ],
  [["elect", "x"], "Standing for election needs a value; to watch, use --listen."],
  [["watch", "a", "--only", "reads"], '--only must be put or delete, not "reads".'],
  [["check", "perf", "--load", "xxl"], '--load must be s, m, l or xl, not "xxl".'],
  [
    ["role", "grant-permission", "r", "all", "k"],
    '<access> must be read, write or readwrite, not "all".',
  ],
  [["snapshot", "status", "/nowhere"], "There is no file /nowhere."],
  [
    ["explain", "everything"],
    'There is no question "everything": standing, commit, reads, leadership, election.',
  ],
  [["txn", "--file", "/nowhere"], "Cannot read the script /nowhere."],
  [["put"], "Missing required argument 'key'."],
  [["put", "a", "b", "--leese", "1"], /^Unknown option '--leese'/],
  [["put", "", "b"], "The key must not be empty."],
  [["put", "a", "b", "--lease", "xyz"], '--lease must be up to 16 hexadecimal digits, not "xyz".'],
  [["get", "a", "--limit", "many"], '--limit must be a whole number, 0 or more, not "many".'],
  [["get", "a", "b", "--prefix"], "Only one of --prefix, --from-key and an end can be given."],
  [["get", "a", "--output", "xml"], /'--output <format>' argument 'xml' is invalid/],
  [
    ["--timeout", "soon", "get", "a"],
    '--timeout must be a time span such as 5s or 500ms, not "soon".',
  ],
  [["--endpoints", "nowhere", "get", "a"], /^"nowhere" is not an endpoint/],
  [["--cacert", "/nowhere.pem", "get", "a"], "Cannot read the certificate file /nowhere.pem."],
  [["--user", "me", "get", "a"], "--user must be name:password."],
] as const)("%j is refused with a sentence and 2", async (args, sentence) => {
  const { code, lines } = await outcome(args);
  expect(code).toBe(2);
  if (typeof sentence === "string") expect(lines[0]).toBe(sentence);
  else expect(lines[0]).toMatch(sentence);
});

test("a cluster that nobody runs is 3, for a write, too", async () => {
  const [port] = await freePorts(1);
  const { code, lines } = await outcome([
    "--endpoints",
    `127.0.0.1:${port}`,
    "--timeout",
    "300ms",
    "put",
    "a",
    "b",
  ]);
  expect([code, lines]).toEqual([3, [`No endpoint could be reached: 127.0.0.1:${port}.`]]);
  const status = await outcome(["status", "--timeout", "300ms"], {
    variables: { QUORATE_ENDPOINTS: `127.0.0.1:${port}` },
  });
  expect(status.code).toBe(3);
});

test.each([
  [["--nmae=x"], "There is no flag --nmae. Did you mean --name?"],
  [
    ["--config-file=/nowhere.yaml"],
    "Cannot read the configuration file /nowhere.yaml: it does not exist.",
  ],
  [
    ["--name=n9", "--initial-cluster=n1=http://a:1"],
    '--initial-cluster names n1, but not this member, whose --name is "n9".',
  ],
])("serve %j is refused with a sentence and 2, before anything is made", async (args, sentence) => {
  const { code, lines } = await outcome(["serve", ...args]);
  expect([code, lines]).toEqual([2, [sentence]]);
});
