import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { GEN_FOLDER, generate } from "../../../tools/protogen/generate.mjs";

test("the generated modules are what the .proto files give today", () => {
  const fresh = generate();
  expect(readdirSync(GEN_FOLDER).sort()).toEqual([...fresh.keys()].sort());
  for (const [name, text] of fresh) {
    expect(
      readFileSync(join(GEN_FOLDER, name), "utf8"),
      `run: node tools/protogen/generate.mjs`,
    ).toBe(text);
  }
});
