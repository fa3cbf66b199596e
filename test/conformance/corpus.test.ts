import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { describe, expect, test } from "vitest";
import { testFiles } from "./run.ts";
import { runFile } from "./run-file.ts";

/** Where the data-driven tests of etcd's raft library are; they are not part of this repository. */
const { QUORATE_CONFORMANCE_DIR: folder } = process.env;
const present = folder !== undefined && existsSync(folder);
const files = present ? testFiles(folder) : [];

describe("the data-driven corpus of etcd's raft library", () => {
  test("is there", ({ skip }) => {
    skip(!present, "set QUORATE_CONFORMANCE_DIR to the folder that holds it");
    expect(files.length).toBeGreaterThan(0);
  });

  test.for(files)("%s", (file) => {
    const results = runFile(readFileSync(file, "utf8"));
    expect(results.length).toBeGreaterThan(0);
    for (const { directive, actual } of results) {
      const place = `${relative(folder ?? "", file)}:${directive.line}`;
      expect(actual, place).toBe(directive.expected);
    }
  });
});
