import { expect, test } from "vitest";
import { TokenBucket } from "../../src/http2/token-bucket.ts";

test("allows the burst, then what time and work give back, and never more than the burst", () => {
  let nowMs = 0;
  const clock = (): number => nowMs;
  const bucket = new TokenBucket({ burst: 3, perSecond: 2 }, nowMs);
  const taken = (): number => {
    let count = 0;
    while (bucket.take(clock)) count += 1;
    return count;
  };
  expect(taken()).toBe(3);
  nowMs += 499;
  expect(taken()).toBe(0);
  nowMs += 501;
  expect(taken()).toBe(2);
  nowMs += 3_600_000;
  expect(taken()).toBe(3);
  bucket.earn(1);
  expect(taken()).toBe(1);
  bucket.earn(100);
  expect(taken()).toBe(3);
});
