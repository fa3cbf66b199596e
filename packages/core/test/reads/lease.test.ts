import { describe, expect, test } from "vitest";
import { Lease, leaseTicks } from "../../src/reads/lease.ts";

test.each([
  [2, 0],
  [3, 1],
  [5, 3],
  [10, 8],
  [11, 8],
  [20, 17],
])("of %i ticks of election time-out %i are ours", (electionTicks, ticks) => {
  expect(leaseTicks(electionTicks)).toBe(ticks);
});

describe("a lease", () => {
  test("holds for so many ticks after the begin of a confirmed round", () => {
    // Six ticks of election time-out: four of lease.
    const lease = new Lease(6);
    expect(lease.holds(0)).toBe(false);
    expect(lease.holds(1)).toBe(true);
    for (let ticks = 1; ticks <= 3; ticks++) {
      lease.tick(1);
      expect(lease.holds(1)).toBe(true);
    }
    lease.tick(1);
    expect(lease.holds(1)).toBe(false);
  });

  test("counts from the newest confirmed round, whatever was begun since", () => {
    const lease = new Lease(6);
    for (let round = 1; round <= 40; round++) {
      // Round n begins in tick n - 1, and the fourth before it is the newest confirmed one.
      expect(lease.holds(round)).toBe(true);
      expect(lease.holds(Math.max(round - 3, 0))).toBe(round > 3);
      expect(lease.holds(Math.max(round - 4, 0))).toBe(false);
      lease.tick(round);
    }
  });

  test("begins anew with a leadership, whose rounds begin at 1 again", () => {
    const lease = new Lease(6);
    for (let round = 1; round <= 10; round++) lease.tick(round);
    lease.reset();
    expect(lease.holds(0)).toBe(false);
    expect(lease.holds(1)).toBe(true);
    lease.tick(1);
    lease.tick(1);
    lease.tick(1);
    expect(lease.holds(1)).toBe(true);
    lease.tick(1);
    expect(lease.holds(1)).toBe(false);
  });

  test("never holds where no tick is left for it", () => {
    const lease = new Lease(2);
    expect(lease.holds(1)).toBe(false);
    lease.tick(1);
    expect(lease.holds(2)).toBe(false);
  });
});
