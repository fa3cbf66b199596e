import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { INVARIANTS } from "../../src/invariants/names.ts";

const root = new URL("../../../../", import.meta.url);
const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, root)), "utf8");
const rows = read("docs/spec/invariants.md")
  .split("\n")
  .filter((line) => /^\| I\d+ /.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, name = "", says = "", , enforced = "", broken = ""]) => ({
    name,
    says,
    enforced,
    broken,
  }));

test("every invariant has one row, in order", () => {
  expect(rows.map(({ name }) => name)).toEqual(Object.values(INVARIANTS));
});

test.each(rows)(
  "$name is enforced and broken where the table says",
  ({ name, enforced, broken }) => {
    const key = Object.entries(INVARIANTS).find(([, value]) => value === name)?.[0];
    for (const file of enforced.split(", ")) {
      expect(read(`packages/core/src/${file}`), file).toContain(`INVARIANTS.${key}`);
    }
    for (const file of broken.split(", ")) {
      const text = read(`packages/core/test/${file}`);
      expect(text.includes(`INVARIANTS.${key}`) || text.includes(name), file).toBe(true);
    }
  },
);

test("no file of the core enforces more than the table says", () => {
  const folder = fileURLToPath(new URL("packages/core/src/", root));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.replaceAll("\\", "/"));
  for (const [key, name] of Object.entries(INVARIANTS)) {
    const using = files.filter((file) =>
      new RegExp(`INVARIANTS\\.${key}\\b`).test(read(`packages/core/src/${file}`)),
    );
    const enforced = rows.find((row) => row.name === name)?.enforced.split(", ") ?? [];
    expect(using.sort(), name).toEqual(enforced.sort());
  }
});
