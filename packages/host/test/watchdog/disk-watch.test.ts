import { expect, test } from "vitest";
import { DiskWatch } from "../../src/watchdog/disk-watch.ts";

test("a stall is told when it begins, again while it lasts, and when it is over", () => {
  const told: string[] = [];
  const watch = new DiskWatch(1_000, {
    onDiskStall: (forMs, isNews) => told.push(`${isNews ? "stall" : "still"} ${forMs}`),
    onDiskRecovered: (afterMs) => told.push(`recovered ${afterMs}`),
  });
  for (let nowMs = 0; nowMs <= 3_000; nowMs += 250) watch.check(nowMs, 10_000 + nowMs);
  watch.check(0, 13_250);
  watch.check(0, 13_500);
  expect(told).toEqual(["stall 1000", "still 2000", "still 3000", "recovered 3250"]);
});
