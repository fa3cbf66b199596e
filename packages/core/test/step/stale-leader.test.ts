import { describe, expect, test } from "vitest";
import { LoneMember } from "../support/lone-member.ts";

const PLAIN = { preVote: false, checkQuorum: false } as const;

/** Member 1 in term 5, where nobody leads, hears the leader of term 4. */
function hearsOldLeader(member: LoneMember) {
  member.takeSent();
  member.hear({ type: "heartbeat", from: 2, term: 4, commit: 0, readSequence: 0 });
  return member.takeSent().filter(({ to }) => to === 2);
}

describe("a leader of the past is told of the new term, in a group without pre-vote and check-quorum", () => {
  test("by a learner, which asks for no election that would tell", () => {
    const member = new LoneMember({
      membership: { voters: [2, 3], learners: [1] },
      hardState: { term: 5 },
      settings: PLAIN,
    });
    expect(hearsOldLeader(member)).toMatchObject([{ type: "appendOk", term: 5 }]);
  });

  test("by a voter that never asks for votes", () => {
    const member = new LoneMember({
      membership: { voters: [1, 2, 3] },
      hardState: { term: 5 },
      settings: { ...PLAIN, priority: 0 },
    });
    expect(hearsOldLeader(member)).toMatchObject([{ type: "appendOk", term: 5 }]);
  });

  test("not by a voter, whose own election tells it", () => {
    const member = new LoneMember({
      membership: { voters: [1, 2, 3] },
      hardState: { term: 5 },
      settings: PLAIN,
    });
    expect(hearsOldLeader(member)).toEqual([]);
  });
});
