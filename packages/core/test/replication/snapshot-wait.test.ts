import { expect, test } from "vitest";
import { LoneMember } from "../support/lone-member.ts";

test("an old acknowledgement does not end the wait for a snapshot that is still needed", () => {
  const member = new LoneMember().lead();
  for (let count = 0; count < 8; count += 1) member.propose();
  member.acknowledge();
  const { last, membership } = member.core.status();
  member.log.newest = { ...last, membership, id: "s", bytes: 0 };
  member.log.compact(last.index);
  // 3 is known to live, and lacks everything.
  member.hear({ type: "heartbeatOk", from: 3, readSequence: 0 });
  member.hear({ type: "appendRejected", from: 3, probed: 0, hint: { term: 0, index: 0 } });
  member.hear({ type: "heartbeatOk", from: 3, readSequence: 0 });
  const progress = () => member.core.status().progress.get(3);
  expect(progress()?.state).toBe("snapshot");
  member.takeSent();
  member.hear({ type: "appendOk", from: 3, match: 1 });
  expect(progress()).toMatchObject({ state: "snapshot", match: 1 });
  expect(member.takeSent().filter(({ to }) => to === 3)).toEqual([]);
});
