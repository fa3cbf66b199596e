import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
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
