import { encodeMembershipChange } from "@quorate/core";
import { expect, test } from "vitest";
import { change, LoneMember } from "../support/lone-member.ts";

const JOINT = {
  voters: [1, 2, 3, 4],
  outgoing: [1, 2, 3],
  learners: [],
  learnersNext: [],
  autoLeave: true,
};
const LEFT = { ...JOINT, outgoing: [], autoLeave: false };

/** A follower that is about to apply the change at 1 when a snapshot of 3 comes in, in which it has been left again. */
function applyingWhileASnapshotComes(): LoneMember {
  const member = new LoneMember();
  const entering = encodeMembershipChange(change("implicit", ["voter", 4]));
  const entry = { term: 1, index: 1, kind: "membership", payload: entering } as const;
  const { core } = member;
  core.step({
    type: "append",
    from: 2,
    to: 1,
    term: 1,
    previous: { term: 0, index: 0 },
    entries: [entry],
    commit: 1,
  });
  const written = core.takeEffects();
  member.log.append(written.append?.entries ?? []);
  core.appendDone(written.append?.id ?? 0);
  const { apply } = core.takeEffects();
  expect(apply?.entries).toEqual([entry]);
  const snapshot = { term: 1, index: 3, membership: LEFT, id: "s", bytes: 0 };
  core.step({ type: "snapshot", from: 2, to: 1, term: 1, snapshot });
  expect(core.applyMembership(entry)).toEqual({ ok: true, membership: JOINT });
  core.applyDone(apply?.id ?? 0);
  return member;
}

test("a change that was handed out before a snapshot came in does not undo the snapshot's membership", () => {
  const { core } = applyingWhileASnapshotComes();
  expect(core.status().membership).toEqual(LEFT);
});

test("the next change builds on the installed snapshot's membership", () => {
  const { core, log } = applyingWhileASnapshotComes();
  const { append } = core.takeEffects();
  expect(append?.installSnapshot?.index).toBe(3);
  log.install({ term: 1, index: 3, membership: LEFT, id: "s", bytes: 0 });
  core.appendDone(append?.id ?? 0);
  const payload = encodeMembershipChange(change("auto", ["remove", 4]));
  const entry = { term: 1, index: 4, kind: "membership", payload } as const;
  const previous = { term: 1, index: 3 };
  core.step({ type: "append", from: 2, to: 1, term: 1, previous, entries: [entry], commit: 4 });
  const next = core.takeEffects();
  log.append(next.append?.entries ?? []);
  core.appendDone(next.append?.id ?? 0);
  core.takeEffects();
  expect(core.applyMembership(entry)).toMatchObject({
    ok: true,
    membership: { ...LEFT, voters: [1, 2, 3] },
  });
  expect(core.status().membership.voters).toEqual([1, 2, 3]);
});
