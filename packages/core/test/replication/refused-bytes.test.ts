import { expect, test } from "vitest";
import { command, LoneMember } from "../support/lone-member.ts";

test("a refused proposal is told with the bytes that it would have taken", () => {
  const member = new LoneMember({ settings: { uncommittedBytesMax: 10 } }).lead();
  member.propose(command(8));
  member.takeDecisions();
  member.core.propose([command(3), command(4)]);
  expect(member.decided("proposalRefused")).toMatchObject([
    { reason: "quotaExceeded", bytes: 7, uncommittedBytes: 8 },
  ]);
});
