import type { AppendWork, Entry } from "@quorate/core";
import { describe, expect, test } from "vitest";
import { change, command, entryAt, LoneMember } from "./support/lone-member.ts";

const types = (messages: readonly { type: string; to: number }[]): string[] =>
  messages.map(({ type, to }) => `${type} to ${to}`);

describe("a batch of effects", () => {
  test("carries what may leave at once apart from what waits for the disk", () => {
    const member = new LoneMember();
    member.core.step({
      type: "append",
      from: 2,
      to: 1,
      term: 4,
      previous: { term: 0, index: 0 },
      entries: [entryAt(4, 1)],
      commit: 1,
    });
    const effects = member.core.takeEffects();
    expect(effects.send).toEqual([]);
    expect(effects.role).toEqual({ role: "follower", leader: 2, term: 4 });
    expect(effects.apply).toBeUndefined();
    expect(effects.append).toMatchObject({
      id: 1,
      hardState: { term: 4, vote: 0, commit: 1 },
      installSnapshot: undefined,
      mustSync: true,
    });
    expect(types(effects.append?.afterDurable ?? [])).toEqual(["appendOk to 2"]);
    expect(member.core.hasEffects()).toBe(false);
    expect(member.core.takeEffects()).toEqual({
      send: [],
      append: undefined,
      apply: undefined,
      reads: [],
      role: undefined,
    });
    member.log.append(effects.append?.entries ?? []);
    member.core.appendDone(1);
    expect(member.core.takeEffects().apply).toMatchObject({ id: 1, bytes: 1 });
  });

  test("keeps the own vote and the own acknowledgement to itself", () => {
    const member = new LoneMember({ membership: { voters: [1] }, settings: { preVote: false } });
    member.core.campaign();
    const campaign = member.core.takeEffects();
    expect(campaign.append?.afterDurable).toEqual([]);
    expect(campaign.append?.hardState).toEqual({ term: 1, vote: 1, commit: 0 });
    expect(member.core.status().role).toBe("candidate");
    member.core.appendDone(campaign.append?.id ?? 0);
    expect(member.core.status().role).toBe("leader");
    const noop = member.core.takeEffects();
    expect(noop.append?.afterDurable).toEqual([]);
    expect(member.core.status().commit).toBe(0);
    member.log.append(noop.append?.entries ?? []);
    member.core.appendDone(noop.append?.id ?? 0);
    expect(member.core.status().commit).toBe(1);
    const commit = member.core.takeEffects();
    expect(commit.append).toMatchObject({ mustSync: false, entries: [] });
    expect(commit.apply?.entries).toHaveLength(1);
  });

  test("needs no sync when only the commit index moved", () => {
    const member = new LoneMember({ terms: [1, 1] });
    member.hear({ type: "heartbeat", term: 1, commit: 0, readSequence: 1 });
    member.core.step({ type: "heartbeat", from: 2, to: 1, term: 1, commit: 2, readSequence: 2 });
    expect(member.core.takeEffects().append).toMatchObject({
      hardState: { term: 1, vote: 0, commit: 2 },
      entries: [],
      mustSync: false,
      afterDurable: [],
    });
  });

  test("is made of arrays that are never touched again", () => {
    const member = new LoneMember().lead();
    member.core.propose([command()]);
    const first = member.core.takeEffects();
    const before = JSON.stringify(first);
    member.core.propose([command()]);
    member.core.takeEffects();
    expect(JSON.stringify(first)).toBe(before);
  });

  test("tells role, leader and term only when one of them changed", () => {
    const member = new LoneMember();
    member.core.tick();
    expect(member.core.takeEffects().role).toBeUndefined();
    member.core.step({
      type: "vote",
      from: 2,
      to: 1,
      term: 3,
      last: { term: 0, index: 0 },
      transfer: false,
    });
    expect(member.core.takeEffects().role).toEqual({ role: "follower", leader: 0, term: 3 });
    member.core.step({ type: "heartbeat", from: 2, to: 1, term: 3, commit: 0, readSequence: 1 });
    expect(member.core.takeEffects().role).toEqual({ role: "follower", leader: 2, term: 3 });
  });
});

describe("acknowledgements", () => {
  function twoAppends(): { member: LoneMember; first: AppendWork; second: AppendWork } {
    const member = new LoneMember({ membership: { voters: [1] } }).lead();
    const work = (): AppendWork => {
      member.core.propose([command()]);
      const { append } = member.core.takeEffects();
      if (append === undefined) throw new Error("nothing to append");
      member.log.append(append.entries);
      return append;
    };
    return { member, first: work(), second: work() };
  }

  test("cover all earlier works", () => {
    const { member, second } = twoAppends();
    const { commit } = member.core.status();
    member.core.appendDone(second.id);
    expect(member.core.status()).toMatchObject({ commit: commit + 2, durable: commit + 2 });
  });

  test("count once, and late ones not at all", () => {
    const { member, first, second } = twoAppends();
    member.core.appendDone(first.id);
    member.core.appendDone(first.id);
    const { durable } = member.core.status();
    member.core.appendDone(0);
    expect(member.core.status().durable).toBe(durable);
    member.core.appendDone(second.id);
    member.core.appendDone(first.id);
    expect(member.core.status().durable).toBe(durable + 1);
    expect(member.core.status().stopped).toBeUndefined();
  });

  test("of applies cover all earlier ones", () => {
    const member = new LoneMember({ terms: [1, 1], applied: 0, settings: { applyBytesMax: 1000 } });
    const apply = (commit: number): number => {
      member.core.step({ type: "heartbeat", from: 2, to: 1, term: 1, commit, readSequence: 1 });
      return member.core.takeEffects().apply?.id ?? 0;
    };
    const first = apply(1);
    const second = apply(2);
    expect([first, second]).toEqual([1, 2]);
    member.core.applyDone(second);
    expect(member.core.status().applied).toBe(2);
    member.core.applyDone(first);
    expect(member.core.status().applied).toBe(2);
  });
});

describe("entries that have to be loaded", () => {
  test("for a follower are sent when they are there, and not before", () => {
    const member = new LoneMember({ terms: [1, 1, 1], applied: 3 }).lead();
    member.takeSent();
    member.log.slowEvery = 1;
    member.hear({ type: "appendRejected", from: 3, probed: 3, hint: { term: 1, index: 1 } });
    expect(member.takeSent()).toEqual([]);
    expect([...member.log.waiting]).toEqual([3]);
    expect(member.decided("appendHeld").at(-1)).toMatchObject({ to: 3, reason: "loading" });
    member.hear({ type: "heartbeatOk", from: 3, readSequence: 0 });
    expect(member.takeSent()).toEqual([]);
    member.log.slowEvery = 0;
    member.core.entriesLoaded(9);
    member.core.entriesLoaded(3);
    member.settle();
    expect(types(member.takeSent())).toEqual(["append to 3"]);
    member.core.entriesLoaded(3);
    member.settle();
    expect(member.takeSent()).toEqual([]);
  });

  test("for applying are handed out when they are there", () => {
    const member = new LoneMember({ terms: [1, 1] });
    member.log.slowEvery = 1;
    member.hear({ type: "heartbeat", term: 1, commit: 2, readSequence: 1 });
    expect(member.core.status()).toMatchObject({ commit: 2, applying: 0 });
    expect(member.core.hasEffects()).toBe(false);
    member.log.slowEvery = 0;
    member.core.entriesLoaded(1);
    expect(member.core.hasEffects()).toBe(true);
    member.settle();
    expect(member.core.status().applied).toBe(2);
  });
});

test("a follower that needs a snapshot gets it when there is one", () => {
  const member = new LoneMember({ terms: [1, 1, 1], applied: 3 }).lead();
  member.hear({ type: "heartbeatOk", from: 3, readSequence: 0 });
  member.log.compact(3);
  member.takeSent();
  member.hear({ type: "appendRejected", from: 3, probed: 3, hint: { term: 0, index: 0 } });
  expect(member.takeSent()).toEqual([]);
  expect(member.decided("snapshotNotSent").at(-1)).toMatchObject({ to: 3, reason: "building" });
  const { membership } = member.core.status();
  member.log.newest = { term: 1, index: 3, membership, id: "s", bytes: 7 };
  member.core.snapshotReady();
  member.settle();
  expect(member.takeSent()).toMatchObject([{ type: "snapshot", to: 3, snapshot: { index: 3 } }]);
  expect(member.core.status().progress.get(3)).toMatchObject({
    state: "snapshot",
    pendingSnapshot: 3,
  });
});

describe("a core that stopped", () => {
  function stopped(): LoneMember {
    const member = new LoneMember().lead();
    member.core.appendDone(999);
    return member;
  }

  test("says why, once and for all", () => {
    const member = stopped();
    expect(member.core.status().stopped).toBe("I24 acknowledged work exists: append 999");
    expect(member.decided("stopped")).toMatchObject([
      { invariant: "I24 acknowledged work exists", detail: "append 999" },
    ]);
    member.core.applyDone(999);
    expect(member.core.status().stopped).toBe("I24 acknowledged work exists: append 999");
    expect(() => member.core.checkInvariants()).toThrow("append 999");
  });

  test("refuses every call and has no effects", () => {
    const member = stopped();
    const { core } = member;
    const before = JSON.stringify(core.status());
    core.tick();
    core.campaign();
    core.forgetLeader();
    core.entriesLoaded(2);
    core.snapshotReady();
    core.reportUnreachable(2);
    core.reportSnapshot(2, true);
    core.appendDone(1);
    core.applyDone(1);
    expect(core.step({ type: "timeoutNow", from: 2, to: 1, term: 9 })).toEqual({
      ok: false,
      reason: "stopped",
    });
    const refused = { ok: false, reason: "stopped", leader: 1 };
    expect(core.propose([command()])).toEqual(refused);
    expect(core.proposeMembership(change("auto", ["voter", 4]))).toEqual(refused);
    expect(core.readIndex(1)).toEqual(refused);
    expect(core.transferLeadership(2)).toEqual(refused);
    expect(core.hasEffects()).toBe(false);
    expect(core.takeEffects()).toMatchObject({ send: [], append: undefined, apply: undefined });
    expect(core.applyMembership(entryAt(1, 1, "membership"))).toEqual({
      ok: false,
      reason: "stopped",
    });
    expect(JSON.stringify(core.status())).toBe(before);
  });

  test("was stopped by an exception of its log, too", () => {
    const member = new LoneMember({ terms: [1, 1, 1], applied: 3 }).lead();
    member.log.entries = () => {
      throw new Error("the disk is gone");
    };
    member.core.step({
      type: "appendRejected",
      from: 3,
      to: 1,
      term: 2,
      probed: 3,
      hint: { term: 1, index: 1 },
    });
    expect(member.core.status().stopped).toBe("I0 no exception: Error: the disk is gone");
  });

  test("was stopped by a listener that throws, even while it stops", () => {
    const member = new LoneMember({
      settings: {
        onDecision: ({ type }) => {
          if (type === "electionStarted" || type === "stopped") throw new Error("no paper left");
        },
      },
    });
    member.core.campaign();
    expect(member.core.status().stopped).toBe("I0 no exception: Error: no paper left");
    expect(member.core.propose([command()])).toMatchObject({ reason: "stopped" });
  });

  test("was stopped by a tick, too", () => {
    const member = new LoneMember({
      settings: {
        onDecision: ({ type }) => {
          if (type === "heartbeatsSent") throw new Error("no paper left");
        },
      },
    }).lead();
    member.core.tick();
    expect(member.core.status().stopped).toContain("no paper left");
  });
});

test("nobody may call the core from inside one of its own calls", () => {
  const answers: unknown[] = [];
  const member: LoneMember = new LoneMember({
    settings: {
      onDecision: ({ type }) => {
        if (type !== "entriesProposed") return;
        try {
          member.core.tick();
        } catch (error) {
          answers.push(String(error));
        }
      },
    },
  });
  member.lead();
  member.core.propose([command()]);
  expect(answers).toEqual(["Error: the core was called from inside one of its own calls"]);
  expect(member.core.status().stopped).toBeUndefined();
});

describe("proposals", () => {
  test("say where they landed", () => {
    const member = new LoneMember().lead();
    const { last } = member.core.status();
    const proposed = member.core.propose([command(), command()]);
    expect(proposed).toEqual({
      ok: true,
      first: { term: 1, index: last.index + 1 },
      refusedChanges: [],
    });
    expect(member.core.propose([])).toEqual({
      ok: true,
      first: { term: 1, index: last.index + 3 },
      refusedChanges: [],
    });
    expect(member.core.status().last.index).toBe(last.index + 2);
  });

  test("are refused by whoever does not lead, with the leader's name", () => {
    const member = new LoneMember();
    expect(member.core.propose([command()])).toEqual({ ok: false, reason: "noLeader", leader: 0 });
    member.hear({ type: "heartbeat", from: 3, term: 1, commit: 0, readSequence: 1 });
    expect(member.core.propose([command()])).toEqual({ ok: false, reason: "notLeader", leader: 3 });
  });

  test("are passed on where that is wanted, and not back to where they came from", () => {
    const member = new LoneMember({ settings: { forwardProposals: true } });
    member.hear({ type: "heartbeat", from: 3, term: 1, commit: 0, readSequence: 1 });
    expect(member.core.propose([command()])).toEqual({ ok: true, forwarded: true, leader: 3 });
    member.settle();
    expect(member.takeSent().at(-1)).toMatchObject({ type: "forwardProposal", to: 3, term: 0 });
    member.hear({ type: "forwardProposal", from: 2, term: 0, entries: [command()] });
    expect(types(member.takeSent())).toEqual(["forwardProposal to 3"]);
    member.hear({ type: "forwardProposal", from: 3, term: 0, entries: [command()] });
    expect(member.takeSent()).toEqual([]);
  });

  test("of others are taken by the leader", () => {
    const member = new LoneMember().lead();
    const { last } = member.core.status();
    member.hear({ type: "forwardProposal", term: 0, entries: [command(), command()] });
    expect(member.core.status().last.index).toBe(last.index + 2);
  });

  test("are refused by a leader that was removed and may not step down", () => {
    const member = new LoneMember({ settings: { stepDownOnRemoval: false } }).lead();
    member.change("auto", ["remove", 1]);
    member.acknowledge();
    expect(member.core.status().role).toBe("leader");
    expect(member.core.propose([command()])).toEqual({ ok: false, reason: "notMember", leader: 1 });
  });

  test("beyond the quota are refused as a whole, and leave no change pending", () => {
    const member = new LoneMember({ settings: { uncommittedBytesMax: 10 } }).lead();
    member.propose(command(8));
    const { last } = member.core.status();
    const membership = { kind: "membership" as const, payload: Uint8Array.of(1, 0, 1, 2, 3) };
    expect(member.core.propose([membership])).toEqual({
      ok: false,
      reason: "quotaExceeded",
      leader: 1,
    });
    expect(member.core.status()).toMatchObject({ last, uncommittedBytes: 8 });
    member.acknowledge();
    expect(member.core.status().uncommittedBytes).toBe(0);
    expect(member.core.propose([membership])).toMatchObject({ ok: true, refusedChanges: [] });
  });
});

describe("proposed changes of membership", () => {
  test("that are refused become empty entries and say why", () => {
    const member = new LoneMember().lead();
    const { last } = member.core.status();
    const payload = Uint8Array.of(1, 0, 1, 2, 3);
    const two = member.core.propose([
      command(),
      { kind: "membership", payload },
      { kind: "membership", payload },
      { kind: "membership", payload: Uint8Array.of(77) },
    ]);
    expect(two).toEqual({
      ok: true,
      first: { term: 1, index: last.index + 1 },
      refusedChanges: [
        { offset: 2, reason: "changePending", pendingIndex: last.index + 2 },
        { offset: 3, reason: "invalid", pendingIndex: last.index + 2 },
      ],
    });
    const { append } = member.core.takeEffects();
    const kinds = append?.entries.map(({ kind }: Entry) => kind);
    expect(kinds).toEqual(["command", "membership", "noop", "noop"]);
  });

  test.each([
    ["the last voter would go", change("auto", ["remove", 1]), { voters: [1] }, "invalid"],
    ["there is nothing to leave", change("auto"), {}, "notJoint"],
    [
      "a joint state must be left first",
      change("auto", ["voter", 9]),
      { outgoing: [1] },
      "mustLeaveJoint",
    ],
  ] as const)("are refused when %s", (_, proposed, membership, reason) => {
    const member = new LoneMember({ membership }).lead();
    expect(member.core.proposeMembership(proposed)).toMatchObject({
      ok: true,
      refusedChanges: [{ offset: 0, reason }],
    });
  });

  test("are checked by nobody where that is turned off, except that they can be read", () => {
    const member = new LoneMember({ settings: { validateMembership: false } }).lead();
    expect(member.core.proposeMembership(change("auto"))).toMatchObject({ refusedChanges: [] });
    expect(member.core.propose([{ kind: "membership", payload: Uint8Array.of(77) }])).toMatchObject(
      { refusedChanges: [{ offset: 0, reason: "invalid" }] },
    );
  });

  test("that make no sense as such are the caller's mistake", () => {
    const member = new LoneMember().lead();
    expect(() => member.core.proposeMembership(change("auto", ["voter", -1]))).toThrow(RangeError);
    expect(member.core.status().stopped).toBeUndefined();
  });

  test("that are committed and cannot be carried out change nothing", () => {
    const member = new LoneMember({ settings: { validateMembership: false } }).lead();
    const { membership } = member.core.status();
    member.change("auto", ["remove", 1], ["remove", 2], ["remove", 3]);
    member.acknowledge();
    expect(member.core.status()).toMatchObject({ membership, stopped: undefined });
    expect(member.decided("membershipChangeVoid")).toMatchObject([
      { detail: "removed all voters" },
    ]);
  });
});

test("the status tells everything at once", () => {
  const member = new LoneMember({ settings: { electionTicks: 7 } }).lead();
  member.propose(command(5));
  expect(member.core.status()).toEqual({
    id: 1,
    role: "leader",
    leader: 1,
    term: 1,
    vote: 1,
    commit: 1,
    applied: 1,
    applying: 1,
    last: { term: 1, index: 2 },
    durable: 2,
    membership: {
      voters: [1, 2, 3],
      outgoing: [],
      learners: [],
      learnersNext: [],
      autoLeave: false,
    },
    transferee: 0,
    uncommittedBytes: 5,
    pendingReads: 0,
    electionElapsedTicks: 0,
    electionTimeoutTicks: 7,
    progress: new Map([
      [1, expect.objectContaining({ match: 2, next: 3, state: "replicate" })],
      [2, expect.objectContaining({ match: 1, next: 3, state: "replicate", inflightBytes: 5 })],
      [3, expect.objectContaining({ match: 0, next: 1, state: "probe", paused: true })],
    ]),
    stopped: undefined,
  });
});
