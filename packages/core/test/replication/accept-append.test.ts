import { describe, expect, test } from "vitest";
import { entryAt, LoneMember } from "../support/lone-member.ts";

const from2 = { from: 2, to: 1, term: 3 } as const;

describe("entries that a follower has in part", () => {
  test("are written only as far as it lacks them", () => {
    const member = new LoneMember({ terms: [1, 1, 1], applied: 1 });
    member.core.step({
      type: "append",
      ...from2,
      previous: { term: 1, index: 1 },
      entries: [entryAt(1, 2), entryAt(1, 3), entryAt(3, 4)],
      commit: 1,
    });
    expect(member.core.takeEffects().append?.entries).toEqual([entryAt(3, 4)]);
    expect(member.core.status().durable).toBe(3);
    expect(member.decided("appendAccepted")).toMatchObject([{ count: 3, added: 1, last: 4 }]);
    expect(member.decided("tailReplaced")).toEqual([]);
  });

  test("are dropped as a whole when a later one contradicts what is committed", () => {
    const member = new LoneMember({ terms: [1, 1, 1, 1], applied: 3 });
    const stepped = member.core.step({
      type: "append",
      ...from2,
      previous: { term: 1, index: 1 },
      entries: [entryAt(1, 2), entryAt(2, 3)],
      commit: 1,
    });
    expect(stepped).toEqual({ ok: false, reason: "malformed" });
    expect(member.decided("messageMalformed").at(-1)?.detail).toContain("2/3 contradicts");
  });

  test("and has committed are acknowledged as committed, which is told", () => {
    const member = new LoneMember({ terms: [1, 1, 1], applied: 2 });
    const previous = { term: 1, index: 1 };
    member.hear({ type: "append", term: 3, previous, entries: [], commit: 1 });
    expect(member.decided("appendOutdated")).toMatchObject([{ from: 2, previous, commit: 2 }]);
    expect(member.takeSent()).toMatchObject([{ type: "appendOk", match: 2 }]);
  });
});

describe("an append that only tells the commit index", () => {
  const beginning = { terms: [1, 1, 1], applied: 1 };
  const empty = { type: "append", term: 3, previous: { term: 1, index: 3 }, entries: [] } as const;

  test("is answered like any other", () => {
    const member = new LoneMember(beginning);
    member.hear({ ...empty, commit: 2 });
    expect(member.takeSent()).toMatchObject([{ type: "appendOk", match: 3 }]);
  });

  test("is not answered without answerCommits; when it comes again and tells nothing, it is", () => {
    const member = new LoneMember({ ...beginning, settings: { answerCommits: false } });
    member.hear({ ...empty, commit: 2 });
    expect(member.core.status().commit).toBe(2);
    expect(member.takeSent()).toEqual([]);
    member.hear({ ...empty, commit: 2 });
    expect(member.takeSent()).toMatchObject([{ type: "appendOk", match: 3 }]);
    member.hear({ ...empty, commit: 3 });
    expect(member.takeSent()).toEqual([]);
  });

  test("is answered with entries, whatever it tells besides", () => {
    const member = new LoneMember({ ...beginning, settings: { answerCommits: false } });
    member.hear({ ...empty, entries: [entryAt(3, 4)], commit: 3 });
    expect(member.takeSent()).toMatchObject([{ type: "appendOk", match: 4 }]);
  });

  test("is refused where the entry before it is missing", () => {
    const member = new LoneMember({ ...beginning, settings: { answerCommits: false } });
    member.hear({ ...empty, previous: { term: 2, index: 5 }, commit: 5 });
    expect(member.takeSent()).toMatchObject([{ type: "appendRejected", probed: 5 }]);
  });
});

describe("a snapshot that brings nothing", () => {
  const membership = {
    voters: [1, 2, 3],
    outgoing: [],
    learners: [],
    learnersNext: [],
    autoLeave: false,
  };

  test.each([
    ["is in the log already", 2],
    ["is committed already", 1],
  ])(
    "because it %s is acknowledged up to the commit index: what follows may differ",
    (_, index) => {
      const member = new LoneMember({ terms: [1, 1, 1], applied: 1 });
      const snapshot = { term: 1, index, membership, id: "s", bytes: 0 };
      member.hear({ type: "snapshot", term: 3, snapshot });
      expect(member.takeSent()).toMatchObject([{ type: "appendOk", match: index }]);
      expect(member.core.status()).toMatchObject({ commit: index, last: { term: 1, index: 3 } });
    },
  );
});
