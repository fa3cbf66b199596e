import type { MemberAction, MemberStep, Membership } from "@quorate/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  changeMembership,
  EMPTY_MEMBERSHIP,
  enterJoint,
  leaveJoint,
  simpleChange,
} from "../../src/membership/change.ts";
import { membershipFault } from "../../src/membership/check.ts";
import { Roster } from "../../src/membership/roster.ts";

const NO_CONTEXT = new Uint8Array(0);
const of = (voters: readonly number[], rest: Partial<Membership> = {}): Membership => ({
  ...EMPTY_MEMBERSHIP,
  voters,
  ...rest,
});
const ACTIONS: Readonly<Record<string, MemberAction>> = {
  v: "voter",
  l: "learner",
  r: "remove",
  u: "update",
};
const steps = (text: string): MemberStep[] =>
  text
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => ({ action: ACTIONS[word.charAt(0)] ?? "voter", member: Number(word.slice(1)) }));

describe("a change of one voter", () => {
  test.each([
    ["adds a voter", of([1]), "v2", of([1, 2]), [2]],
    ["removes a voter", of([1, 2, 3]), "r2", of([1, 3]), []],
    ["adds a learner", of([1]), "l4", of([1], { learners: [4] }), [4]],
    ["promotes a learner", of([1], { learners: [4] }), "v4", of([1, 4]), []],
    ["makes a voter a learner", of([1, 2]), "l2", of([1], { learners: [2] }), []],
    ["removes a learner", of([1], { learners: [4] }), "r4", of([1]), []],
    ["changes nothing about a known voter", of([1, 2]), "v2", of([1, 2]), []],
    [
      "changes nothing about a known learner",
      of([1], { learners: [2] }),
      "l2",
      of([1], { learners: [2] }),
      [],
    ],
    ["only updates", of([1, 2]), "u2 u9", of([1, 2]), []],
    ["ignores nobody", of([1]), "v0 l0 r0", of([1]), []],
    ["removes somebody unknown", of([1]), "r9", of([1]), []],
    [
      "forgets what it knew of somebody who left and came back",
      of([1, 2]),
      "r2 v2",
      of([1, 2]),
      [2],
    ],
    ["knows nothing of somebody who only passed", of([1]), "l5 r5", of([1]), []],
    ["takes several learners at once", of([1]), "l2 l3", of([1], { learners: [2, 3] }), [2, 3]],
  ] as const)("%s", (_, before, text, membership, fresh) => {
    expect(simpleChange(before, steps(text))).toEqual({ ok: true, membership, fresh });
  });

  test.each([
    ["two voters", of([1]), "v2 v3", "more than one voter changed without entering joint config"],
    ["a swap", of([1, 2]), "r2 v3", "more than one voter changed without entering joint config"],
    ["the last voter", of([1]), "r1", "removed all voters"],
    [
      "a joint state",
      of([1], { outgoing: [2] }),
      "v3",
      "can't apply simple config change in joint config",
    ],
  ] as const)("is refused for %s", (_, before, text, error) => {
    expect(simpleChange(before, steps(text))).toEqual({ ok: false, error });
  });
});

describe("entering a joint state", () => {
  test("keeps the old voters as the outgoing half", () => {
    expect(enterJoint(of([1, 2, 3], { learners: [4] }), steps("r1 l2 v4 v5"), true)).toEqual({
      ok: true,
      membership: {
        voters: [3, 4, 5],
        outgoing: [1, 2, 3],
        learners: [],
        learnersNext: [2],
        autoLeave: true,
      },
      fresh: [5],
    });
  });

  test("somebody who leaves and comes back within the old half stays known", () => {
    expect(enterJoint(of([1, 2]), steps("r2 v2 l2 v2"), false)).toMatchObject({
      ok: true,
      membership: { voters: [1, 2], outgoing: [1, 2], learnersNext: [] },
      fresh: [],
    });
  });

  test.each([
    ["is joint already", of([1], { outgoing: [2] }), "v3", "config is already joint"],
    ["has no voters", of([]), "v3", "can't make a zero-voter config joint"],
    ["would have no voters", of([1]), "r1", "removed all voters"],
  ] as const)("is refused when the group %s", (_, before, text, error) => {
    expect(enterJoint(before, steps(text), false)).toEqual({ ok: false, error });
  });
});

describe("leaving a joint state", () => {
  test("turns demoted voters into learners and forgets the outgoing half", () => {
    const joint = of([3, 4], {
      outgoing: [1, 2, 3],
      learners: [9],
      learnersNext: [2],
      autoLeave: true,
    });
    expect(leaveJoint(joint)).toEqual({
      ok: true,
      membership: of([3, 4], { learners: [2, 9] }),
      fresh: [],
    });
  });

  test("is refused outside of one", () => {
    expect(leaveJoint(of([1]))).toEqual({ ok: false, error: "can't leave a non-joint config" });
  });
});

describe("the form of a change decides how it is carried out", () => {
  const change = (transition: "auto" | "implicit" | "explicit", text: string) => ({
    transition,
    steps: steps(text),
    context: NO_CONTEXT,
  });
  test.each([
    ["auto", "v2", { voters: [1, 2], outgoing: [] }],
    ["auto", "v2 v3", { voters: [1, 2, 3], outgoing: [1], autoLeave: true }],
    ["implicit", "v2", { voters: [1, 2], outgoing: [1], autoLeave: true }],
    ["explicit", "v2", { voters: [1, 2], outgoing: [1], autoLeave: false }],
    ["explicit", "", { voters: [1], outgoing: [1], autoLeave: false }],
  ] as const)("%s with '%s'", (transition, text, membership) => {
    expect(changeMembership(of([1]), change(transition, text))).toMatchObject({
      ok: true,
      membership,
    });
  });

  test("auto without steps leaves", () => {
    expect(changeMembership(of([1], { outgoing: [2] }), change("auto", ""))).toMatchObject({
      ok: true,
      membership: of([1]),
    });
  });
});

const anySteps = fc.array(
  fc.record({
    action: fc.constantFrom<MemberAction>("voter", "learner", "remove", "update"),
    member: fc.nat({ max: 6 }),
  }),
  { maxLength: 6 },
);
const anyChanges = fc.array(
  fc.record({
    transition: fc.constantFrom("auto" as const, "implicit" as const, "explicit" as const),
    steps: anySteps,
  }),
  { maxLength: 12 },
);

test("property: whatever is changed, the membership is sound and neighbours share a majority", () => {
  fc.assert(
    fc.property(anyChanges, (changes) => {
      let membership = of([1]);
      for (const { transition, steps: each } of changes) {
        const before = JSON.stringify(membership);
        const changed = changeMembership(membership, {
          transition,
          steps: each,
          context: NO_CONTEXT,
        });
        expect(JSON.stringify(membership)).toBe(before);
        if (!changed.ok) continue;
        expect(membershipFault(changed.membership)).toBeUndefined();
        expect(overlap(membership, changed.membership)).toBe(true);
        const { members } = new Roster(changed.membership);
        for (const member of changed.fresh) expect(members).toContain(member);
        for (const member of members) {
          const known = new Roster(membership).includes(member);
          if (!known) expect(changed.fresh).toContain(member);
        }
        membership = changed.membership;
      }
    }),
  );
});

/** Does every quorum of the one share a member with every quorum of the other? */
function overlap(left: Membership, right: Membership): boolean {
  const all = [1, 2, 3, 4, 5, 6];
  const sets = Array.from({ length: 2 ** all.length }, (_, bits) =>
    all.filter((_, at) => (bits >> at) % 2 === 1),
  );
  const isQuorum = ({ voters, outgoing }: Membership, set: readonly number[]): boolean =>
    [voters, outgoing].every(
      (half) => half.length === 0 || half.filter((id) => set.includes(id)).length > half.length / 2,
    );
  const complement = (set: readonly number[]): number[] => all.filter((id) => !set.includes(id));
  return !sets.some((set) => isQuorum(left, set) && isQuorum(right, complement(set)));
}

test("a roster knows who belongs, who votes and who learns", () => {
  const roster = new Roster({
    voters: [2, 5],
    outgoing: [1, 2],
    learners: [7],
    learnersNext: [1],
    autoLeave: false,
  });
  expect(roster.members).toEqual([1, 2, 5, 7]);
  expect(roster.electors).toEqual([1, 2, 5]);
  expect([1, 2, 3, 7].map((id) => roster.includes(id))).toEqual([true, true, false, true]);
  expect([1, 2, 3, 7].map((id) => roster.isVoter(id))).toEqual([true, true, false, false]);
  expect([1, 2, 3, 7].map((id) => roster.isLearner(id))).toEqual([false, false, false, true]);
  expect(roster.isJoint).toBe(true);
  expect(new Roster(of([1])).isJoint).toBe(false);
});

test("a voter that is made a learner and then removed in one joint change does not come back as one", () => {
  const steps: readonly MemberStep[] = [
    { action: "learner", member: 3 },
    { action: "remove", member: 3 },
  ];
  expect(enterJoint(of([1, 2, 3]), steps, false)).toMatchObject({
    ok: true,
    membership: { voters: [1, 2], outgoing: [1, 2, 3], learners: [], learnersNext: [] },
  });
});
