import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { testFiles } from "./run.ts";
import { runFile } from "./run-file.ts";

const folder = fileURLToPath(new URL("./golden", import.meta.url));

test.for(testFiles(folder).map((file) => [basename(file, ".txt"), file] as const))(
  "%s",
  ([, file]) => {
    const results = runFile(readFileSync(file, "utf8"));
    expect(results.length).toBeGreaterThan(1);
    for (const { directive, actual } of results) {
      expect(actual, `line ${directive.line}`).toBe(directive.expected);
    }
  },
);

test("the list of the files names each of them, and nothing else", () => {
  const rows = readFileSync(`${folder}/README.md`, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| situation"));
  const named = rows.flatMap((row) => row.split("|").at(-2)?.trim().split(", ") ?? []);
  const present = testFiles(folder).map((file) => basename(file, ".txt"));
  expect([...new Set(named)].sort()).toEqual([...present].sort());
});

test("every file begins with what it shows", () => {
  for (const file of testFiles(folder)) {
    expect(readFileSync(file, "utf8"), basename(file)).toMatch(/^# [A-Z0-9].{20,}/);
  }
});
