import { expect, test } from "vitest";
import { runNodes } from "../../src/hunt/run-nodes.ts";

/** Runs that once ended with a violation, and what it was. The mistakes have tests of their own, see docs/found-by-simulation.md. */
const FOUND: readonly (readonly [seed: number, what: string])[] = [
  [
    86,
    "blocks whose dead rows wait for each other's were asked again without end while the store was slow",
  ],
  [495, "a watch from the revision of a compaction on missed what was deleted in that revision"],
  [
    2053,
    "bits rotted in the only batch that nothing proved durable yet: the simulator's own mistake",
  ],
];

for (const [seed, what] of FOUND) {
  test(`seed ${seed}: ${what}`, async () => {
    const { violations, isUndecided } = await runNodes(seed);
    expect(violations).toEqual([]);
    expect(isUndecided).toBe(false);
  }, 60_000);
}
