import { createCore, type PeerMessage, type RaftCore } from "@quorate/core";
import { expect, test } from "vitest";
import { MemoryLog } from "../support/memory-log.ts";

const MEMBERS = {
  voters: [1, 2, 3],
  outgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
};

function candidate(): RaftCore {
  const restored = { hardState: { term: 0, vote: 0, commit: 0 }, membership: MEMBERS, applied: 0 };
  return createCore({ id: 1, random: () => 0, preVote: false }, restored, new MemoryLog());
}

const yes = (from: number): PeerMessage => ({
  type: "voteReply",
  from,
  to: 1,
  term: 1,
  granted: true,
});

test("a candidate whose disk does not hold its term yet does not lead in it, whoever votes for it", () => {
  const core = candidate();
  core.campaign();
  const { append } = core.takeEffects();
  expect(append?.hardState).toMatchObject({ term: 1, vote: 1 });
  core.step(yes(2));
  core.step(yes(3));
  expect(core.status().role).toBe("candidate");
  const early = core.takeEffects();
  expect(early.send).toEqual([]);
  core.appendDone(append?.id ?? 0);
  expect(core.status().role).toBe("leader");
  expect(core.takeEffects().send.map(({ type, to }) => `${type} ${to}`)).toEqual([
    "append 2",
    "append 3",
  ]);
});

test("the other votes may come before or after the own one", () => {
  const core = candidate();
  core.campaign();
  const { append } = core.takeEffects();
  core.appendDone(append?.id ?? 0);
  expect(core.status().role).toBe("candidate");
  core.step(yes(3));
  expect(core.status().role).toBe("leader");
});
