import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runAlone } from "./example.ts";

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");

test("the example works", () => {
  expect(runAlone(["a", "b"])).toEqual(["a", "b"]);
});

test("the README shows that example", () => {
  expect(read("../README.md")).toContain(`\`\`\`ts\n${read("./example.ts")}\`\`\``);
});
