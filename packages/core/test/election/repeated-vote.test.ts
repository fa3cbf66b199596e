import { expect, test } from "vitest";
import { LoneMember } from "../support/lone-member.ts";

test("a vote is told as the first of its voter once, and as a repetition after that", () => {
  const member = new LoneMember({
    membership: { voters: [1, 2, 3, 4, 5] },
    settings: { preVote: false },
  });
  member.core.campaign();
  member.settle();
  member.hear({ type: "voteReply", from: 2, granted: true });
  member.hear({ type: "voteReply", from: 2, granted: true });
  const counted = member.decided("voteCounted").filter(({ from }) => from === 2);
  expect(counted.map(({ first, grants }) => [first, grants])).toEqual([
    [true, 2],
    [false, 2],
  ]);
});
