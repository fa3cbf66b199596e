import { execFileSync } from "node:child_process";
import {
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { serve } from "../../src/cli/serve.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { ConfigError } from "../../src/config/config-error.ts";
import { FdOutput } from "../../src/log/line-output.ts";
import { openLogger, plainLine } from "../../src/log/logger.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-log-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function written(path: string, count: number): Promise<readonly string[]> {
  await expect.poll(() => readFileSync(path, "utf8").split("\n").length).toBe(count + 1);
  return readFileSync(path, "utf8").trim().split("\n");
}

test("lines are JSON with etcd's fields, from the level on", async () => {
  const path = join(folder, "json.log");
  const logger = openLogger({ level: "info", format: "json", outputs: [path] });
  logger.debug("too quiet");
  logger.info("raft role", { role: "leader", term: 3 });
  logger.error("it broke", { error: "why" });
  const [first, second] = (await written(path, 2)).map((line) => JSON.parse(line));
  expect(first).toMatchObject({ level: "info", msg: "raft role", role: "leader", term: 3 });
  expect(first.ts).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(second).toMatchObject({ level: "error", msg: "it broke" });
});

test("console lines are for people; several outputs get the same", async () => {
  const paths = [join(folder, "a.log"), join(folder, "b.log")];
  const logger = openLogger({ level: "debug", format: "console", outputs: paths });
  logger.warn("watch out", { reason: "a b", peer: 2 });
  for (const path of paths) {
    expect((await written(path, 1))[0]).toMatch(/^\S+Z warn {2}watch out reason="a b" peer=2$/);
  }
});

test("a plain line keeps every field", () => {
  expect(plainLine('{"level":"info","ts":"T","msg":"m","x":"1","y":[1],"z":null}')).toBe(
    "T info  m x=1 y=[1] z=null\n",
  );
});

const isLinux = process.platform === "linux";
/** The kernel's file that is always full. */
const FULL = "/dev/full";

test.runIf(isLinux)(
  "a log whose disk is full loses lines and counts them, and ends nothing",
  () => {
    const logger = openLogger({ level: "info", format: "json", outputs: [FULL, "/dev/null"] });
    logger.info("lost");
    logger.error("lost as well");
    expect(logger.linesDropped).toBe(2);
  },
);

test.runIf(isLinux)("the number of lost lines is said once there is room again", () => {
  const lost = (count: number, error: string): string => `${count} lost: ${error}\n`;
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  // A pipe that nobody empties is as full as a disk, and can be emptied.
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const output = new FdOutput(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK), lost);
  const line = `${"x".repeat(9_999)}\n`;
  while (output.dropped === 0) output.write(line);
  output.write("also lost\n");
  expect(output.dropped).toBe(2);
  const seen: string[] = [];
  const drain = (): void => {
    const bytes = Buffer.alloc(1024 * 1024);
    seen.push(bytes.toString("utf8", 0, readSync(reader, bytes)));
  };
  drain();
  output.write("there again\n");
  output.write("and on\n");
  drain();
  // The first of the two was cut off in the middle: what follows begins on a line of its own.
  expect(seen[1]).toBe("\n2 lost: who reads it does not keep up (EAGAIN)\nthere again\nand on\n");
});

test("a log that cannot be opened ends the start with a sentence and code 2", async () => {
  const path = join(folder, "no-such-folder", "log");
  const open = (): unknown => openLogger({ level: "info", format: "json", outputs: [path] });
  expect(open).toThrow(ConfigError);
  const said: string[] = [];
  const args = [`--data-dir=${join(folder, "data")}`, `--log-outputs=${path}`];
  const code = await serve(args, terminalOf(said));
  expect([code, said.join("")]).toEqual([
    2,
    `The log cannot be written to ${path} (--log-outputs): there is no such file or folder (ENOENT).\n`,
  ]);
});

test("why a member could not start is in its log file as well", async () => {
  const path = join(folder, "start.log");
  const file = join(folder, "a-file");
  writeFileSync(file, "");
  const said: string[] = [];
  const code = await serve([`--data-dir=${file}`, `--log-outputs=${path}`], terminalOf(said));
  expect(code).toBe(2);
  // At once: the process ends right after.
  expect(readFileSync(path, "utf8")).toContain("the member could not start");
});

function terminalOf(said: string[]): Terminal {
  return {
    variables: {},
    out: () => {},
    error: (text) => void said.push(text),
    readInput: async () => new Uint8Array(),
    onInterrupt: () => () => {},
    isInteractive: false,
  };
}
