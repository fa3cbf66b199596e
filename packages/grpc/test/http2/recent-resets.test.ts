import { expect, test } from "vitest";
import { RecentResets } from "../../src/http2/recent-resets.ts";

test("remembers the last 256, and nothing before the first", () => {
  const resets = new RecentResets();
  expect(resets.has(1)).toBe(false);
  for (let id = 1; id <= 600; id += 2) resets.add(id);
  expect(resets.has(599)).toBe(true);
  expect(resets.has(599 - 2 * 255)).toBe(true);
  expect(resets.has(599 - 2 * 256)).toBe(false);
});
