import type { MembershipChange } from "@quorate/core";
import { decodeMembershipChange, encodeMembershipChange } from "@quorate/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MEMBER_STEPS_MAX } from "../../src/membership/codec.ts";

const NOTHING = new Uint8Array(0);

test("the change that leaves a joint state is zero bytes", () => {
  const leave: MembershipChange = { transition: "auto", steps: [], context: NOTHING };
  expect(encodeMembershipChange(leave)).toEqual(NOTHING);
  expect(decodeMembershipChange(NOTHING)).toEqual(leave);
});

test("the bytes of a change", () => {
  const change: MembershipChange = {
    transition: "explicit",
    steps: [
      { action: "voter", member: 1 },
      { action: "learner", member: 300 },
      { action: "remove", member: Number.MAX_SAFE_INTEGER },
      { action: "update", member: 0 },
    ],
    context: Uint8Array.of(9, 8),
  };
  const bytes = [
    1, 2, 4, 1, 1, 2, 0xac, 0x02, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 4, 0, 9, 8,
  ];
  expect([...encodeMembershipChange(change)]).toEqual(bytes);
  expect(decodeMembershipChange(Uint8Array.from(bytes))).toEqual(change);
});

test.each([
  ["another format", [2, 0, 0]],
  ["no transition", [1]],
  ["an unknown transition", [1, 3, 0]],
  ["no count", [1, 0]],
  ["fewer steps than announced", [1, 0, 2, 1, 1]],
  ["an unknown action", [1, 0, 1, 5, 1]],
  ["action zero", [1, 0, 1, 0, 1]],
  ["no member", [1, 0, 1, 1]],
  ["an unfinished number", [1, 0, 1, 1, 0x80]],
  ["a number beyond safe integers", [1, 0, 1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f]],
  ["a number of nine bytes", [1, 0, 1, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0]],
])("%s is no change", (_, bytes) => {
  expect(decodeMembershipChange(Uint8Array.from(bytes))).toBeUndefined();
});

test("a count beyond all groups is refused before anything is read", () => {
  const many = Uint8Array.from([1, 0, 0x81, 0x08, ...new Array(4 * MEMBER_STEPS_MAX).fill(1)]);
  expect(decodeMembershipChange(many)).toBeUndefined();
  const most = Uint8Array.from([1, 0, 0x80, 0x08, ...new Array(2 * MEMBER_STEPS_MAX).fill(1)]);
  expect(decodeMembershipChange(most)?.steps.length).toBe(MEMBER_STEPS_MAX);
});

test("property: what is encoded is decoded", () => {
  const change: fc.Arbitrary<MembershipChange> = fc.record({
    transition: fc.constantFrom("auto" as const, "implicit" as const, "explicit" as const),
    steps: fc.array(
      fc.record({
        action: fc.constantFrom(
          "voter" as const,
          "learner" as const,
          "remove" as const,
          "update" as const,
        ),
        member: fc.maxSafeNat(),
      }),
      { maxLength: 5 },
    ),
    context: fc.uint8Array({ maxLength: 10 }),
  });
  fc.assert(
    fc.property(change, (each) => {
      expect(decodeMembershipChange(encodeMembershipChange(each))).toEqual(each);
    }),
  );
});

test("property: any bytes are a change or none, without an exception", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const change = decodeMembershipChange(bytes);
      if (change === undefined) return;
      expect(decodeMembershipChange(encodeMembershipChange(change))).toEqual(change);
    }),
  );
});

test.each([0, 1, 127, 128, 129, 16_383, 16_384, 2 ** 31, 2 ** 49, Number.MAX_SAFE_INTEGER])(
  "member %i is read as it was written",
  (member) => {
    const change: MembershipChange = {
      transition: "implicit",
      steps: [{ action: "voter", member }],
      context: NOTHING,
    };
    expect(decodeMembershipChange(encodeMembershipChange(change))).toEqual(change);
  },
);
