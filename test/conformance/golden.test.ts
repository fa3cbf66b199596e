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
