import { expect, test } from "vitest";
import { LoneMember } from "../support/lone-member.ts";

test("what a smaller group commits by the switch is told to everybody at once", () => {
  const member = new LoneMember({
    terms: [1, 1],
    applied: 2,
    membership: { voters: [1, 2, 3, 4] },
    settings: { preVote: false },
  });
  member.core.campaign();
  member.settle();
  for (const from of [2, 3]) member.hear({ type: "voteReply", from, granted: true });
  for (const from of [2, 3]) member.acknowledge(from);
  const first = member.core.status().last.index + 1;
  member.change("auto", ["remove", 4]);
  member.propose();
  // 2 holds both, 3 only the change: of four that is a majority for the change alone.
  member.hear({ type: "appendOk", from: 2, match: first + 1 });
  expect(member.core.status().commit).toBe(first - 1);
  member.takeSent();
  member.hear({ type: "appendOk", from: 3, match: first });
  expect(member.core.status()).toMatchObject({
    commit: first + 1,
    membership: { voters: [1, 2, 3] },
  });
  const told = member.takeSent().flatMap((message) => {
    return message.type === "append" && message.commit === first + 1 ? [message.to] : [];
  });
  expect(told).toEqual(expect.arrayContaining([2, 3]));
});

test("a new leader proposes the end of a joint state once, when everything before it is applied", () => {
  const member = new LoneMember({
    terms: [1, 1, 1, 1],
    membership: { voters: [1, 2], outgoing: [1, 3], autoLeave: true },
    settings: { applyBytesMax: 1, preVote: false },
  });
  member.core.campaign();
  member.settle();
  member.hear({ type: "voteReply", from: 2, granted: true });
  member.hear({ type: "voteReply", from: 3, granted: true });
  member.acknowledge(2);
  member.acknowledge(3);
  expect(member.core.status()).toMatchObject({ applied: 5, last: { index: 6 } });
  expect(member.decided("autoLeaveProposed")).toMatchObject([{ index: 6 }]);
  expect(member.decided("membershipChangeRefused")).toEqual([]);
});
