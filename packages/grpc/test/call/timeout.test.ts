import { expect, test } from "vitest";
import { parseTimeout } from "../../src/call/timeout.ts";

test.each([
  ["1H", 3_600_000],
  ["2M", 120_000],
  ["30S", 30_000],
  ["99999999m", 99_999_999],
  ["1500u", 1.5],
  ["0n", 0],
])("%s is %i ms", (text, ms) => {
  expect(parseTimeout(text)).toBeCloseTo(ms, 9);
});

test.each(["", "S", "1", "123456789S", "1s", "-1S", "1.5S", " 1S", "1SS"])("%j is none", (text) => {
  expect(parseTimeout(text)).toBeUndefined();
});
