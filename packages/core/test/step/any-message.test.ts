import type { PeerMessage, PeerMessageType } from "@quorate/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyMessage, pathsIn, SOUND, STRANGE, withAt, withoutAt } from "../support/any-message.ts";
import { LoneMember } from "../support/lone-member.ts";

const KINDS = Object.keys(SOUND) as PeerMessageType[];

/** A member in each role, in a term in which the messages of term 5 mean something to it. */
const ROLES: Readonly<Record<string, () => LoneMember>> = {
  follower: () => new LoneMember({ terms: [1], hardState: { term: 5 } }),
  "pre-candidate": () => {
    const member = new LoneMember({ terms: [1], hardState: { term: 4 } });
    member.core.campaign();
    member.settle();
    return member;
  },
  candidate: () => {
    const member = new LoneMember({
      terms: [1],
      hardState: { term: 4 },
      settings: { preVote: false },
    });
    member.core.campaign();
    member.settle();
    return member;
  },
  leader: () => new LoneMember({ terms: [1], hardState: { term: 4 } }).lead(),
};

/** Hands it over; whatever it is, the member goes on, and what it dropped left no trace. */
function survives(member: LoneMember, message: unknown): string {
  const before = JSON.stringify(member.core.status());
  const stepped = member.core.step(message as PeerMessage);
  expect(member.core.status().stopped).toBeUndefined();
  if (stepped.ok) return "taken";
  if (stepped.reason === "malformed") {
    const { detail, from } = member.decided("messageMalformed").at(-1) ?? {};
    expect(typeof detail).toBe("string");
    expect(Number.isSafeInteger(from)).toBe(true);
    if (!saidByState(detail ?? "")) {
      expect(JSON.stringify(member.core.status())).toBe(before);
    }
  }
  member.settle();
  member.core.checkInvariants();
  return stepped.reason;
}

/** Dropped for what we know, not for what it is: its term was noted before. */
function saidByState(detail: string): boolean {
  return /second leader|contradicts|beyond our|but our last|answers round/.test(detail);
}

describe.each(KINDS)("%s with something strange anywhere", (kind) => {
  const places = pathsIn(SOUND[kind]);

  test.each(Object.keys(ROLES))("hurts no %s", (role) => {
    const fresh = ROLES[role] as () => LoneMember;
    expect(survives(fresh(), SOUND[kind])).not.toBe("stopped");
    for (const place of places) {
      survives(fresh(), withoutAt(SOUND[kind], place));
      for (const make of Object.values(STRANGE)) {
        survives(fresh(), withAt(SOUND[kind], place, make()));
      }
    }
  });

  test("is dropped when what is missing is needed", () => {
    const fresh = ROLES["follower"] as () => LoneMember;
    for (const place of places) {
      if (place.at(-1) === "committed") continue;
      expect([place, survives(fresh(), withoutAt(SOUND[kind], place))]).toEqual([
        place,
        "malformed",
      ]);
    }
  });
});

test("what is dropped names its sender and kind as far as they can be told", () => {
  const told = (message: unknown) => {
    const member = new LoneMember();
    expect(member.core.step(message as PeerMessage)).toEqual({ ok: false, reason: "malformed" });
    const { from, message: kind, detail } = member.decided("messageMalformed").at(-1) ?? {};
    return [from, kind, detail];
  };
  expect(told(undefined)).toEqual([0, "unknown", "no message"]);
  expect(told({})).toEqual([0, "unknown", "addressed to undefined"]);
  expect(told({ ...SOUND.vote, from: "2" })).toEqual([0, "vote", "from 2"]);
  expect(told({ ...SOUND.vote, type: "toString" })).toEqual([
    2,
    "unknown",
    "unknown type toString",
  ]);
  expect(told({ ...SOUND.vote, type: "x".repeat(99) })).toEqual([
    2,
    "unknown",
    `unknown type ${"x".repeat(40)}`,
  ]);
  expect(told({ ...SOUND.vote, term: null })).toEqual([2, "vote", "term null"]);
  expect(told({ ...SOUND.vote, term: {} })).toEqual([2, "vote", "term an object"]);
  expect(told({ ...SOUND.vote, term: Symbol("5") })).toEqual([2, "vote", "term a symbol"]);
  expect(told({ ...SOUND.vote, term: () => 5 })).toEqual([2, "vote", "term a function"]);
  expect(told(STRANGE["an object that refuses to be read"]?.())).toEqual([
    0,
    "unknown",
    "cannot be read",
  ]);
});

test("property: sound messages with several strange places stop no member, one after the other", () => {
  const mutated = fc.constantFrom(...KINDS).chain((kind) => {
    const place = fc.constantFrom(...pathsIn(SOUND[kind]));
    const strange = fc.constantFrom(...Object.values(STRANGE));
    return fc
      .array(fc.tuple(place, fc.option(strange)), { maxLength: 3 })
      .map((changes): unknown =>
        changes.reduce<unknown>(
          (message, [at, make]) =>
            make === null ? withoutAt(message, at) : withAt(message, at, make()),
          SOUND[kind],
        ),
      );
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(ROLES)),
      fc.array(mutated, { maxLength: 30 }),
      (fresh, messages) => {
        const member = fresh();
        for (const message of messages) survives(member, message);
      },
    ),
    { numRuns: 100 },
  );
});

test("property: no message whatever throws, stops the core or breaks an invariant", () => {
  const action = fc.oneof(
    { arbitrary: anyMessage, weight: 8 },
    { arbitrary: fc.constantFrom("tick", "campaign", "lead", "propose"), weight: 1 },
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const member = new LoneMember({ settings: { forwardProposals: true } });
      for (const each of actions) {
        if (each === "tick") member.tick();
        else if (each === "campaign") member.core.campaign();
        else if (each === "lead") {
          // A snapshot may have left it out of the group, and then it waits for ever.
          if (member.isVoter) member.lead();
        } else if (each === "propose") member.propose();
        else member.core.step(each as PeerMessage);
        member.settle();
        expect(member.core.status().stopped).toBeUndefined();
        member.core.checkInvariants();
      }
    }),
    { numRuns: 400 },
  );
});

test("a member whom a snapshot left out of the group waits and campaigns no more, however long", () => {
  const member = new LoneMember();
  const { snapshot } = SOUND.snapshot;
  const membership = { ...snapshot.membership, voters: [4], outgoing: [], learnersNext: [] };
  member.hear({
    type: "snapshot",
    term: 5,
    snapshot: { ...snapshot, membership: { ...membership, autoLeave: false } },
  });
  expect(member.isVoter).toBe(false);
  member.core.campaign();
  member.tick(100);
  expect(member.core.status()).toMatchObject({ role: "follower", term: 5, stopped: undefined });
  expect(() => member.lead()).toThrow("it never campaigns");
});
