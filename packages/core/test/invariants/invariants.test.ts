import type { Membership } from "@quorate/core";
import { describe, expect, test } from "vitest";
import { INVARIANTS } from "../../src/invariants/names.ts";
import { InvariantWatch } from "../../src/invariants/watch.ts";
import type { Progress } from "../../src/replication/progress.ts";
import { entryAt, LoneMember } from "../support/lone-member.ts";

/** Makes a part of a member say something else from now on. */
function fake<T extends object, K extends keyof T>(part: T, key: K, value: T[K]): void {
  Object.defineProperty(part, key, { value, configurable: true });
}

function progressOf(member: LoneMember, id: number): Progress {
  const progress = member.raft.tracker.find(id);
  if (progress === undefined) throw new Error(`${id} is not tracked`);
  return progress;
}

function leader(): LoneMember {
  const member = new LoneMember({ terms: [1, 1], applied: 2 }).lead();
  member.propose();
  return member;
}
function follower(): LoneMember {
  const member = new LoneMember({ terms: [1, 1, 1], applied: 1 });
  member.hear({ type: "heartbeat", term: 2, commit: 2, readSequence: 1 });
  return member;
}

test("sound members break nothing", () => {
  leader().core.checkInvariants();
  follower().core.checkInvariants();
});

describe("the watch sees what went back between two calls", () => {
  const broken: readonly (readonly [
    name: string,
    make: () => LoneMember,
    plant: (member: LoneMember) => void,
  ])[] = [
    [INVARIANTS.termGrows, follower, ({ raft }) => fake(raft.standing, "term", 1)],
    [INVARIANTS.actsWhenDurable, leader, ({ raft }) => raft.standing.durableTo(0, 0)],
    [INVARIANTS.actsWhenDurable, leader, ({ raft }) => raft.standing.durableTo(2, 2)],
    [INVARIANTS.oneVote, leader, ({ raft }) => fake(raft.standing, "vote", 3)],
    [
      INVARIANTS.commitGrows,
      follower,
      ({ raft }) => {
        fake(raft.log, "commit", 1);
        fake(raft.log, "applied", 1);
        fake(raft.log, "applying", 1);
      },
    ],
    [INVARIANTS.leaderAppends, leader, ({ raft }) => fake(raft.log, "lastIndex", 3)],
    [
      INVARIANTS.appliedWithinCommit,
      follower,
      ({ raft }) => {
        fake(raft.log, "applied", 1);
        fake(raft.log, "applying", 1);
      },
    ],
    [INVARIANTS.appliedWithinCommit, follower, ({ raft }) => fake(raft.log, "commit", 9)],
    [INVARIANTS.appliedWithinCommit, follower, ({ raft }) => fake(raft.log, "applying", 3)],
    [INVARIANTS.appliedWithinCommit, follower, ({ raft }) => fake(raft.log, "applied", 3)],
  ];
  test.each(broken)("%s", (name, make, plant) => {
    const member = make();
    plant(member);
    expect(() => member.core.checkInvariants()).toThrow(name);
  });

  test("and stops the core in the very call", () => {
    const member = follower();
    fake(member.raft.log, "commit", 1);
    member.core.tick();
    expect(member.core.status().stopped).toContain(INVARIANTS.appliedWithinCommit);
  });

  test("a vote may be given once, in every term anew", () => {
    const member = follower();
    const watch = new InvariantWatch();
    watch.check(member.raft);
    member.raft.standing.voteFor(2);
    watch.check(member.raft);
    member.raft.standing.follow(3, 0);
    watch.check(member.raft);
    member.raft.standing.voteFor(3);
    watch.check(member.raft);
  });
});

describe("the thorough check sees what does not fit together", () => {
  const broken: readonly (readonly [
    name: string,
    what: string,
    make: () => LoneMember,
    plant: (member: LoneMember) => void,
  ])[] = [
    [
      INVARIANTS.termGrows,
      "a term that is no number",
      follower,
      ({ raft }) => fake(raft.standing, "term", 2.5),
    ],
    [
      INVARIANTS.roleTransition,
      "a candidate that voted for another",
      follower,
      ({ raft }) => {
        raft.standing.campaign(1);
        fake(raft.standing, "vote", 2);
      },
    ],
    [
      INVARIANTS.roleTransition,
      "a candidate that follows",
      follower,
      ({ raft }) => {
        raft.standing.campaign(1);
        fake(raft.standing, "leader", 2);
      },
    ],
    [
      INVARIANTS.roleTransition,
      "a pre-candidate that follows",
      follower,
      ({ raft }) => {
        raft.standing.preCampaign();
        fake(raft.standing, "leader", 2);
      },
    ],
    [
      INVARIANTS.oneLeader,
      "a leader that follows",
      leader,
      ({ raft }) => fake(raft.standing, "leader", 2),
    ],
    [
      INVARIANTS.oneLeader,
      "a follower of itself",
      follower,
      ({ raft }) => fake(raft.standing, "leader", 1),
    ],
    [
      INVARIANTS.noGaps,
      "more durable than there is",
      follower,
      ({ raft }) => fake(raft.log, "durable", 7),
    ],
    [
      INVARIANTS.noGaps,
      "less durable than compacted",
      follower,
      ({ raft }) => fake(raft.log, "firstIndex", 9),
    ],
    [
      INVARIANTS.noGaps,
      "handed out before the tail",
      leader,
      ({ raft }) => fake(raft.log, "tailHandedOut", 1),
    ],
    [
      INVARIANTS.noGaps,
      "handed out after the tail",
      leader,
      ({ raft }) => fake(raft.log, "tailHandedOut", 9),
    ],
    [
      INVARIANTS.noGaps,
      "terms that go back",
      leader,
      ({ core, raft }) => {
        core.propose([{ kind: "command", payload: new Uint8Array(1) }]);
        fake(raft.log, "termAt", (index: number) => (index === raft.log.lastIndex ? 0 : 1));
      },
    ],
    [
      INVARIANTS.logWithinTerm,
      "an entry of a future term",
      follower,
      ({ raft }) => fake(raft.log, "termAt", () => 3),
    ],
    [
      INVARIANTS.logWithinTerm,
      "two last terms",
      follower,
      ({ raft }) => fake(raft.log, "lastTerm", 2),
    ],
    [
      INVARIANTS.appliedDurable,
      "entries applied that are not durable",
      follower,
      ({ raft }) => {
        fake(raft.log, "durable", 1);
      },
    ],
    [
      INVARIANTS.membershipSound,
      "a member that votes and learns",
      follower,
      ({ raft }) => {
        const { membership } = raft.membership.roster;
        raft.membership.putInForce({ ...membership, learners: [2] } as Membership);
      },
    ],
    [
      INVARIANTS.everyoneTracked,
      "a leader that tracks nobody",
      leader,
      ({ raft }) => raft.tracker.clear(),
    ],
    [
      INVARIANTS.everyoneTracked,
      "a leader that tracks somebody else",
      leader,
      ({ raft }) => {
        const { membership } = raft.membership.roster;
        raft.membership.putInForce({ ...membership, voters: [1, 2, 4] });
      },
    ],
    [
      INVARIANTS.ownDurable,
      "own entries counted that are not durable",
      leader,
      ({ core, raft }) => {
        core.propose([{ kind: "command", payload: new Uint8Array(1) }]);
        raft.tracker.find(1)?.acknowledged(raft.log.lastIndex);
      },
    ],
    [
      INVARIANTS.matchBeforeNext,
      "a match that reaches next, although both are within the log",
      leader,
      (member) => {
        const progress = progressOf(member, 3);
        fake(progress, "match", 1);
        fake(progress, "next", 1);
      },
    ],
    [
      INVARIANTS.matchBeforeNext,
      "a match beyond the log",
      leader,
      (member) => {
        progressOf(member, 2).acknowledged(99);
      },
    ],
    [
      INVARIANTS.window,
      "a snapshot on the way to a streaming follower",
      leader,
      (member) => {
        fake(progressOf(member, 2), "pendingSnapshot", 2);
      },
    ],
    [
      INVARIANTS.window,
      "no snapshot on the way to one that waits for it",
      leader,
      (member) => {
        progressOf(member, 2).becomeSnapshot(9);
        fake(progressOf(member, 2), "pendingSnapshot", 0);
      },
    ],
    [
      INVARIANTS.window,
      "entries for one that waits for a snapshot",
      leader,
      (member) => {
        progressOf(member, 2).becomeSnapshot(9);
        fake(progressOf(member, 2), "isPaused", false);
      },
    ],
    [
      INVARIANTS.window,
      "a window while probing",
      leader,
      (member) => {
        fake(progressOf(member, 3), "inflightMessages", 1);
      },
    ],
    [
      INVARIANTS.window,
      "more appends than the window takes",
      leader,
      (member) => {
        fake(progressOf(member, 2), "inflightMessages", 257);
      },
    ],
    [
      INVARIANTS.quota,
      "less than nothing uncommitted",
      leader,
      ({ raft }) => fake(raft.quota, "bytes", -1),
    ],
    [
      INVARIANTS.leaderAppends,
      "a leader whose log ends in another term",
      leader,
      ({ raft }) => {
        raft.standing.follow(5, 0);
        raft.standing.campaign(1);
        raft.standing.lead(1);
        raft.standing.durableTo(6, 1);
      },
    ],
    [
      INVARIANTS.endOfLeadership,
      "a follower with a leader's reads",
      follower,
      ({ raft }) => {
        raft.reads.wait({ requestId: 1, from: 1 }, 1);
      },
    ],
    [
      INVARIANTS.endOfLeadership,
      "a follower with a leader's transfer",
      follower,
      ({ raft }) => raft.transfer.start(2),
    ],
    [
      INVARIANTS.endOfLeadership,
      "a follower that tracks",
      follower,
      ({ raft }) => {
        raft.tracker.begin(raft.membership.roster, 1, 0, 0);
      },
    ],
  ];
  test.each(broken)("%s: %s", (name, _, make, plant) => {
    const member = make();
    member.core.checkInvariants();
    plant(member);
    expect(() => member.core.checkInvariants()).toThrow(name);
  });
});

describe("the parts do not let themselves be misused", () => {
  test(INVARIANTS.termGrows, () => {
    expect(() => follower().raft.standing.follow(1, 0)).toThrow(INVARIANTS.termGrows);
  });
  test(INVARIANTS.oneVote, () => {
    const { standing } = follower().raft;
    standing.voteFor(2);
    standing.voteFor(2);
    expect(() => standing.voteFor(3)).toThrow(INVARIANTS.oneVote);
  });
  test(INVARIANTS.oneLeader, () => {
    const { standing } = follower().raft;
    standing.hearLeader(2);
    expect(() => standing.hearLeader(3)).toThrow(INVARIANTS.oneLeader);
  });
  test(INVARIANTS.roleTransition, () => {
    expect(() => follower().raft.standing.lead(1)).toThrow(INVARIANTS.roleTransition);
    expect(() => leader().raft.standing.campaign(1)).toThrow(INVARIANTS.roleTransition);
    expect(() => leader().raft.standing.preCampaign()).toThrow(INVARIANTS.roleTransition);
  });
  test(INVARIANTS.committedStays, () => {
    expect(() => follower().raft.log.put([entryAt(2, 2)])).toThrow(INVARIANTS.committedStays);
  });
  test(INVARIANTS.commitWithinLog, () => {
    expect(() => follower().raft.log.commitTo(4)).toThrow(INVARIANTS.commitWithinLog);
  });
});

describe("the owner of the log and the state machine cannot misuse the core", () => {
  const changeEntry = (index: number, payload: Uint8Array) => ({
    ...entryAt(1, index, "membership"),
    payload,
  });
  const ADD_FOUR = Uint8Array.of(1, 0, 1, 1, 4);

  /** A change at 3 is committed and handed out for applying. */
  function applying(payload = ADD_FOUR): LoneMember {
    const member = new LoneMember({ terms: [1, 1], applied: 2 });
    member.core.step({
      type: "append",
      from: 2,
      to: 1,
      term: 1,
      previous: { term: 1, index: 2 },
      entries: [changeEntry(3, payload), entryAt(1, 4)],
      commit: 3,
    });
    const { append } = member.core.takeEffects();
    member.log.append(append?.entries ?? []);
    member.core.appendDone(append?.id ?? 0);
    member.core.takeEffects();
    return member;
  }

  test(`${INVARIANTS.changesInOrder}: twice`, () => {
    const member = applying();
    expect(member.core.applyMembership(changeEntry(3, ADD_FOUR))).toMatchObject({
      ok: true,
      membership: { voters: [1, 2, 3, 4] },
    });
    expect(member.core.applyMembership(changeEntry(3, ADD_FOUR))).toEqual({
      ok: false,
      reason: "stopped",
    });
    expect(member.core.status().stopped).toContain(INVARIANTS.changesInOrder);
  });

  test.each([2, 4])(`${INVARIANTS.changesInOrder}: not handed out, at %i`, (index) => {
    const member = applying();
    member.core.applyMembership(changeEntry(index, ADD_FOUR));
    expect(member.core.status().stopped).toContain(INVARIANTS.changesInOrder);
  });

  test(`${INVARIANTS.changesInOrder}: something else`, () => {
    const member = applying();
    member.core.applyMembership(entryAt(1, 3));
    expect(member.core.status().stopped).toContain(INVARIANTS.changesInOrder);
  });

  test(INVARIANTS.changesReadable, () => {
    const member = applying(Uint8Array.of(99));
    member.core.applyMembership(changeEntry(3, Uint8Array.of(99)));
    expect(member.core.status().stopped).toBe("I21 changes can be read: membership change at 3");
  });

  test(INVARIANTS.logReadable, () => {
    const member = new LoneMember({ terms: [1, 1], applied: 0 });
    member.log.entries = () => "unavailable";
    member.hear({ type: "heartbeat", commit: 2, readSequence: 1 });
    expect(member.core.status().stopped).toContain(INVARIANTS.logReadable);
  });

  test(`${INVARIANTS.logReadable}: compacted before it was applied`, () => {
    const member = new LoneMember({ terms: [1, 1], applied: 0 });
    member.log.compact(2);
    member.hear({ type: "heartbeat", commit: 2, readSequence: 1 });
    expect(member.core.status().stopped).toContain(INVARIANTS.logReadable);
  });

  test(INVARIANTS.snapshotCovers, () => {
    const member = new LoneMember({ terms: [1, 1, 1], applied: 3 }).lead();
    member.log.compact(3);
    member.log.newest = {
      term: 1,
      index: 2,
      membership: member.core.status().membership,
      id: "s",
      bytes: 0,
    };
    member.hear({ type: "appendRejected", from: 3, probed: 3, hint: { term: 0, index: 0 } });
    expect(member.core.status().stopped).toContain(INVARIANTS.snapshotCovers);
  });

  test.each([
    ["in a term that is not written", 3, 2],
    ["that is not written", 2, 2],
  ])(`${INVARIANTS.actsWhenDurable}: no vote leaves %s`, (_, term, to) => {
    const member = follower();
    member.raft.outbox.sendAfterDurable({ type: "voteReply", from: 1, to, term, granted: true });
    expect(member.core.takeEffects()).toMatchObject({ send: [], append: undefined });
    expect(member.core.status().stopped).toContain(INVARIANTS.actsWhenDurable);
  });

  test("votes of terms that are over, and refusals, leave in any case", () => {
    const member = follower();
    const reply = { type: "voteReply", from: 1, to: 3 } as const;
    member.raft.outbox.sendAfterDurable({ ...reply, term: 1, granted: true });
    member.raft.outbox.sendAfterDurable({ ...reply, term: 2, granted: false });
    expect(member.core.takeEffects().append?.afterDurable).toHaveLength(2);
    expect(member.core.status().stopped).toBeUndefined();
  });

  test(INVARIANTS.knownWork, () => {
    const member = leader();
    member.core.applyDone(999);
    expect(member.core.status().stopped).toBe("I24 acknowledged work exists: apply 999");
  });
});

test("a core sees what goes back in the very first call", () => {
  const member = new LoneMember({ terms: [3] });
  fake(member.raft.standing, "term", 1);
  expect(() => member.core.checkInvariants()).toThrow(INVARIANTS.termGrows);
});

test("a log with a single entry of a future term breaks the rule like a longer one", () => {
  const member = new LoneMember({ terms: [1] });
  fake(member.raft.log, "termAt", () => 9);
  fake(member.raft.log, "lastTerm", 9);
  expect(() => member.core.checkInvariants()).toThrow(INVARIANTS.logWithinTerm);
});

test("who asked for it may apply before its disk is done", () => {
  const member = new LoneMember({ settings: { applyBeforeDurable: true } });
  member.core.step({
    type: "append",
    ...{ from: 2, to: 1, term: 1 },
    previous: { term: 0, index: 0 },
    entries: [entryAt(1, 1)],
    commit: 1,
  });
  expect(member.core.takeEffects().apply?.entries).toHaveLength(1);
  expect(member.core.status()).toMatchObject({ applying: 1, durable: 0 });
  member.core.checkInvariants();
});

test("a member that starts has term and vote on its disk", () => {
  const { standing } = new LoneMember({ hardState: { term: 3, vote: 2 } }).raft;
  expect(standing.isDurable).toBe(true);
  standing.follow(4, 0);
  expect(standing.isDurable).toBe(false);
  standing.voteFor(3);
  standing.durableTo(4, 0);
  expect(standing.isDurable).toBe(false);
  standing.durableTo(4, 3);
  expect(standing.isDurable).toBe(true);
});
