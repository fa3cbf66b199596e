import type { Membership } from "@quorate/core";
import { expect, test } from "vitest";
import { EMPTY_MEMBERSHIP } from "../../src/membership/change.ts";
import { changeFault, membershipFault } from "../../src/membership/check.ts";

const sound: Membership = {
  voters: [1, 2],
  outgoing: [2, 3],
  learners: [4],
  learnersNext: [3],
  autoLeave: true,
};

test("sound memberships have no fault", () => {
  expect(membershipFault(sound)).toBeUndefined();
  expect(membershipFault(EMPTY_MEMBERSHIP)).toBeUndefined();
});

test.each([
  ["not sorted", { voters: [2, 1] }, "sorted"],
  ["twice", { voters: [1, 1] }, "sorted"],
  ["nobody", { voters: [0, 1] }, "sorted"],
  ["a fraction", { voters: [1.5] }, "sorted"],
  ["too large", { voters: [2 ** 53] }, "sorted"],
  ["no list", { voters: "12" as unknown as number[] }, "sorted"],
  ["a number for a list", { voters: 5 as unknown as number[] }, "sorted"],
  ["a set for a list", { voters: new Set([1, 2]) as unknown as number[] }, "sorted"],
  ["a voter that learns", { learners: [1] }, "1 votes and learns"],
  ["an outgoing voter that learns", { learners: [2] }, "2 votes and learns"],
  [
    "a learner now and later",
    { outgoing: [2, 3, 4], learners: [3], learnersNext: [3] },
    "3 votes and learns",
  ],
  [
    "a learner that also will learn",
    { learners: [5], learnersNext: [5] },
    "5 learns now and later",
  ],
  ["a later learner that is no outgoing voter", { learnersNext: [9] }, "9 will learn"],
  ["a later learner that votes", { learnersNext: [2] }, "2 votes and will learn"],
  ["leaving what is not joint", { outgoing: [], learnersNext: [] }, "autoLeave outside"],
  ["a joint state without incoming voters", { voters: [] }, "without incoming voters"],
  [
    "an autoLeave that is no boolean",
    { autoLeave: 1 as unknown as boolean },
    "autoLeave is no boolean",
  ],
] as const)("%s is a fault", (_, change, text) => {
  expect(membershipFault({ ...sound, ...change })).toContain(text);
});

test.each([null, undefined, 7, "1,2,3"])("%s is no membership", (value) => {
  expect(membershipFault(value as unknown as Membership)).toBe("no membership");
});

test("a hole in a list is no member", () => {
  const voters = [1, 2, 3];
  delete voters[1];
  expect(membershipFault({ ...sound, voters })).toContain("sorted");
});

test("lists as long as a hostile peer likes are looked through once", () => {
  const many = Array.from({ length: 300_000 }, (_, at) => 2 * at + 1);
  const others = many.map((member) => member + 1);
  const huge = { ...sound, voters: many, outgoing: others, learnersNext: others, learners: [] };
  expect(membershipFault(huge)).toBeUndefined();
  expect(membershipFault({ ...huge, learners: [600_000] })).toBe("600000 votes and learns");
});

test("changes of too many members, or of things that are no members, are faults", () => {
  const change = (member: number, count: number) => ({
    transition: "auto" as const,
    steps: Array.from({ length: count }, () => ({ action: "voter" as const, member })),
    context: new Uint8Array(0),
  });
  expect(changeFault(change(1, 3), 3)).toBeUndefined();
  expect(changeFault(change(0, 1), 3)).toBeUndefined();
  expect(changeFault(change(1, 4), 3)).toBe("more than 3 steps");
  expect(changeFault(change(-1, 1), 3)).toBe("-1 is no member id");
  expect(changeFault(change(0.5, 1), 3)).toBe("0.5 is no member id");
});
