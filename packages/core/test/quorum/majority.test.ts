import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jointReached, jointVote } from "../../src/quorum/joint.ts";
import { majority, majorityReached, majorityVote } from "../../src/quorum/majority.ts";

const reached = (values: readonly number[]): number =>
  majorityReached(Float64Array.from(values), values.length);

describe("majority", () => {
  test.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [6, 4],
    [7, 4],
  ])("of %i is %i", (size, expected) => {
    expect(majority(size)).toBe(expected);
  });
});

describe("what a majority has reached", () => {
  test("nobody has reached everything", () => {
    expect(reached([])).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([
    [[7], 7],
    [[7, 3], 3],
    [[9, 3, 5], 5],
    [[9, 3, 5, 8], 5],
    [[1, 9, 3, 8, 5], 5],
  ])("of %j is %i", (values, expected) => {
    expect(reached(values)).toBe(expected);
  });

  test("ignores what stands behind the members in a reused array", () => {
    const values = Float64Array.from([5, 1, 4, 99, 99]);
    expect(majorityReached(values, 3)).toBe(4);
  });

  test("property: the highest value that more than half have reached", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 9 }), (values) => {
        const has = (value: number): boolean =>
          values.filter((each) => each >= value).length > values.length / 2;
        const result = reached(values);
        expect(has(result)).toBe(true);
        expect(has(result + 1)).toBe(false);
      }),
    );
  });

  test("property: lowering a value that is not reached changes nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 9 }), (values) => {
        const before = reached(values);
        const lowered = values.map((value) => (value < before ? 0 : value));
        expect(reached(lowered)).toBe(before);
      }),
    );
  });
});

describe("a vote", () => {
  test.each([
    [0, 0, 0, "won"],
    [1, 0, 0, "pending"],
    [1, 1, 0, "won"],
    [1, 0, 1, "lost"],
    [2, 1, 0, "pending"],
    [2, 1, 1, "lost"],
    [3, 2, 0, "won"],
    [3, 1, 1, "pending"],
    [3, 1, 2, "lost"],
    [4, 2, 1, "pending"],
    [4, 2, 2, "lost"],
    [4, 3, 0, "won"],
  ] as const)("of %i with %i for and %i against is %s", (size, granted, refused, outcome) => {
    expect(majorityVote(size, granted, refused)).toBe(outcome);
  });
});

describe("a joint membership", () => {
  test.each([
    ["won", "won", "won"],
    ["won", "pending", "pending"],
    ["pending", "won", "pending"],
    ["lost", "won", "lost"],
    ["won", "lost", "lost"],
    ["pending", "lost", "lost"],
    ["lost", "lost", "lost"],
    ["pending", "pending", "pending"],
  ] as const)("%s and %s is %s", (incoming, outgoing, outcome) => {
    expect(jointVote(incoming, outgoing)).toBe(outcome);
  });

  test("has reached what both halves have", () => {
    expect(jointReached(5, 3)).toBe(3);
    expect(jointReached(2, Number.POSITIVE_INFINITY)).toBe(2);
  });
});

test("what lies behind the values in the same array does not count", () => {
  expect(majorityReached(Float64Array.of(5, 6, 7, 0, 0), 3)).toBe(6);
  expect(majorityReached(Float64Array.of(9, 1), 1)).toBe(9);
});
