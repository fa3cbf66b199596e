import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { QUORATE_ERROR_CODES } from "../../src/index.ts";

test("every error code is explained, and no other", () => {
  const page = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
  const explained = [...page.matchAll(/^\| `([A-Z_]+)`/gm)].map((match) => match[1]);
  expect(explained).toEqual([...QUORATE_ERROR_CODES]);
});
