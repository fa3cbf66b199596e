import type { PeerMessage } from "@quorate/core";
import { describe, expect, test } from "vitest";
import { entryAt, LoneMember } from "../support/lone-member.ts";

const append = {
  type: "append" as const,
  from: 2,
  to: 1,
  term: 5,
  previous: { term: 0, index: 0 },
  entries: [entryAt(4, 1), entryAt(5, 2)],
  commit: 0,
};
const snapshotMessage = {
  type: "snapshot" as const,
  from: 2,
  to: 1,
  term: 5,
  snapshot: {
    term: 4,
    index: 9,
    membership: {
      voters: [1, 2, 3],
      outgoing: [],
      learners: [],
      learnersNext: [],
      autoLeave: false,
    },
    id: "s",
    bytes: 10,
  },
};
const LARGE = 2 ** 52 + 1;

const cases: readonly (readonly [what: string, message: unknown, detail: string])[] = [
  ["addressed to somebody else", { ...append, to: 2 }, "addressed to 2"],
  ["from nobody", { ...append, from: 0 }, "from 0"],
  ["from ourselves", { ...append, from: 1 }, "from 1"],
  ["from a fraction", { ...append, from: 1.5 }, "from 1.5"],
  ["with a negative term", { ...append, term: -1 }, "term -1"],
  ["with a term beyond reason", { ...append, term: LARGE }, `term ${LARGE}`],
  ["with no number for a term", { ...append, term: "5" }, "term 5"],
  ["an append without term", { ...append, term: 0, entries: [] }, "append without term"],
  ["of no known type", { ...append, type: "hello" }, "unknown type hello"],
  ["an append with a strange commit index", { ...append, commit: Number.NaN }, "commit NaN"],
  [
    "an append after a place of a newer term",
    { ...append, previous: { term: 6, index: 3 } },
    "position 6/3 in term 5",
  ],
  [
    "an append after a place without term",
    { ...append, previous: { term: 0, index: 3 } },
    "position 0/3",
  ],
  [
    "an append after no place with a term",
    { ...append, previous: { term: 2, index: 0 } },
    "position 2/0",
  ],
  ["an append without a list", { ...append, entries: 5 }, "entries is no list"],
  [
    "an append with a gap",
    { ...append, entries: [entryAt(4, 1), entryAt(5, 3)] },
    "entry 3 where 2 belongs",
  ],
  [
    "an append that does not follow",
    { ...append, entries: [entryAt(4, 2)] },
    "entry 2 where 1 belongs",
  ],
  [
    "entries whose terms go back",
    { ...append, entries: [entryAt(5, 1), entryAt(4, 2)] },
    "entry 2 of term 4 after term 5",
  ],
  ["an entry of a newer term", { ...append, entries: [entryAt(6, 1)] }, "entry 1 of term 6"],
  ["an entry of half a term", { ...append, entries: [entryAt(4.5, 1)] }, "entry 1 of term 4.5"],
  ["an entry of no term", { ...append, entries: [entryAt(0, 1)] }, "entry 1 of term 0"],
  [
    "an entry of an unknown kind",
    { ...append, entries: [{ ...entryAt(4, 1), kind: "x" }] },
    "entry 1 of kind x",
  ],
  [
    "an entry without bytes",
    { ...append, entries: [{ ...entryAt(4, 1), payload: "a" }] },
    "entry 1 of kind command",
  ],
  [
    "an append to the end of numbers",
    { ...append, previous: { term: 5, index: 2 ** 52 } },
    `entries up to ${2 ** 52 + 2}`,
  ],
  ["an acknowledgement of a fraction", { ...append, type: "appendOk", match: 0.5 }, "match 0.5"],
  [
    "a refusal of nothing",
    { ...append, type: "appendRejected", probed: -2, hint: { term: 0, index: 0 } },
    "probed -2",
  ],
  [
    "a refusal with a hint behind it",
    { ...append, type: "appendRejected", probed: 2, hint: { term: 1, index: 3 } },
    "hint 3 after 2",
  ],
  [
    "a refusal with a newer hint",
    { ...append, type: "appendRejected", probed: 2, hint: { term: 6, index: 1 } },
    "hint of term 6",
  ],
  [
    "a heartbeat with a strange commit index",
    { ...append, type: "heartbeat", commit: -1, readSequence: 0 },
    "commit -1",
  ],
  [
    "a heartbeat of a strange round",
    { ...append, type: "heartbeat", commit: 0, readSequence: 0.1 },
    "round 0.1",
  ],
  [
    "an answer to a strange round",
    { ...append, type: "heartbeatOk", readSequence: -1 },
    "round -1",
  ],
  [
    "a vote for no log",
    { ...append, type: "vote", last: { term: 1, index: 0 }, transfer: false },
    "position 1/0",
  ],
  [
    "a vote with a strange mark",
    { ...append, type: "preVote", last: { term: 1, index: 1 }, transfer: 1 },
    "transfer is no boolean",
  ],
  [
    "an answer that is neither yes nor no",
    { ...append, type: "voteReply", granted: "yes" },
    "granted is no boolean",
  ],
  [
    "a refusal that knows strange commits",
    { ...append, type: "voteReply", granted: false, committed: { term: -1, index: 0 } },
    "committed -1/0",
  ],
  [
    "a yes without term",
    { ...append, type: "preVoteReply", term: 0, granted: true },
    "preVoteReply without term",
  ],
  [
    "a snapshot of a newer term",
    { ...snapshotMessage, snapshot: { ...snapshotMessage.snapshot, term: 6 } },
    "position 6/9",
  ],
  [
    "a snapshot of nothing",
    { ...snapshotMessage, snapshot: { ...snapshotMessage.snapshot, term: 0, index: 0 } },
    "snapshot of nothing",
  ],
  [
    "a snapshot without name",
    { ...snapshotMessage, snapshot: { ...snapshotMessage.snapshot, id: 7 } },
    "snapshot without identity",
  ],
  [
    "a snapshot of negative size",
    { ...snapshotMessage, snapshot: { ...snapshotMessage.snapshot, bytes: -7 } },
    "snapshot without identity",
  ],
  [
    "a snapshot of no group",
    {
      ...snapshotMessage,
      snapshot: {
        ...snapshotMessage.snapshot,
        membership: { ...snapshotMessage.snapshot.membership, voters: [] },
      },
    },
    "snapshot of a group without voters",
  ],
  [
    "a snapshot of an unsound group",
    {
      ...snapshotMessage,
      snapshot: {
        ...snapshotMessage.snapshot,
        membership: { ...snapshotMessage.snapshot.membership, learners: [2] },
      },
    },
    "2 votes and learns",
  ],
  ["a transfer to nobody", { ...append, type: "forwardTransfer", target: 0 }, "target 0"],
  ["a proposal with a term", { ...append, type: "forwardProposal" }, "forwardProposal with term 5"],
  [
    "an empty proposal",
    { ...append, type: "forwardProposal", term: 0, entries: [] },
    "no proposal",
  ],
  [
    "a proposal of a leader's entry",
    {
      ...append,
      type: "forwardProposal",
      term: 0,
      entries: [{ kind: "noop", payload: new Uint8Array(0) }],
    },
    "entry of kind noop",
  ],
  [
    "a proposal without bytes",
    { ...append, type: "forwardProposal", term: 0, entries: [{ kind: "command", payload: [] }] },
    "entry of kind command",
  ],
  [
    "a proposal of too many",
    {
      ...append,
      type: "forwardProposal",
      term: 0,
      entries: new Array(65_537).fill({ kind: "command", payload: new Uint8Array(0) }),
    },
    "65537 entries",
  ],
  ["a read with a term", { ...append, type: "readIndex", requestId: 1 }, "readIndex with term 5"],
  ["a read without number", { ...append, type: "readIndex", term: 0, requestId: -1 }, "request -1"],
  [
    "an answer to no read",
    { ...append, type: "readIndexReply", requestId: 0.5, index: 1 },
    "request 0.5",
  ],
  [
    "an answer with a strange index",
    { ...append, type: "readIndexReply", requestId: 5, index: -1 },
    "index -1",
  ],
];

describe("a message that contradicts itself is dropped", () => {
  test.each(cases)("%s", (_, message, detail) => {
    const member = new LoneMember();
    const before = JSON.stringify(member.core.status());
    expect(member.core.step(message as PeerMessage)).toEqual({ ok: false, reason: "malformed" });
    expect(member.decided("messageMalformed").at(-1)?.detail).toContain(detail);
    expect(JSON.stringify(member.core.status())).toBe(before);
    expect(member.core.hasEffects()).toBe(false);
  });

  test("the sound ones they were made from are taken", () => {
    expect(new LoneMember().core.step(append)).toEqual({ ok: true });
    expect(new LoneMember().core.step(snapshotMessage)).toEqual({ ok: true });
    expect(new LoneMember().core.step({ ...append, term: 2 ** 52 })).toEqual({ ok: true });
  });
});

describe("a message that contradicts what we know is dropped", () => {
  test("a second leader of our term, whom we follow", () => {
    const member = new LoneMember();
    member.hear({ type: "heartbeat", from: 2, term: 3, commit: 0, readSequence: 1 });
    expect(member.hear({ type: "heartbeat", from: 3, commit: 0, readSequence: 1 })).toEqual({
      ok: false,
      reason: "malformed",
    });
    expect(member.core.status().leader).toBe(2);
  });

  test.each([
    { type: "append", previous: { term: 0, index: 0 }, entries: [], commit: 0 },
    { type: "heartbeat", commit: 0, readSequence: 1 },
    { type: "snapshot", snapshot: { ...snapshotMessage.snapshot, term: 1 } },
  ] as const)("a second leader of our term, which we lead: $type", (message) => {
    const member = new LoneMember().lead();
    expect(member.hear(message)).toEqual({ ok: false, reason: "malformed" });
    expect(member.decided("messageMalformed").at(-1)?.detail).toBe(
      "a second leader of term 1, we lead it",
    );
    expect(member.core.status().role).toBe("leader");
  });

  test.each([
    ["the place it follows", { previous: { term: 2, index: 2 }, entries: [] }, "2/2"],
    ["an older place", { previous: { term: 2, index: 1 }, entries: [] }, "2/1"],
    ["an entry", { previous: { term: 1, index: 1 }, entries: [entryAt(2, 2)] }, "2/2"],
  ] as const)("an append with another committed entry: %s", (_, content, place) => {
    const member = new LoneMember({ terms: [1, 1, 1], applied: 2 });
    expect(member.hear({ type: "append", term: 3, commit: 3, ...content })).toEqual({
      ok: false,
      reason: "malformed",
    });
    expect(member.decided("messageMalformed").at(-1)?.detail).toBe(
      `${place} contradicts a committed entry of term 1`,
    );
    expect(member.core.status()).toMatchObject({ commit: 2, last: { term: 1, index: 3 } });
  });

  test("a snapshot with another committed entry", () => {
    const member = new LoneMember({ terms: [1, 1, 1], applied: 2 });
    const snapshot = { ...snapshotMessage.snapshot, term: 2, index: 2 };
    expect(member.hear({ type: "snapshot", term: 3, snapshot })).toEqual({
      ok: false,
      reason: "malformed",
    });
    expect(member.decided("messageMalformed").at(-1)?.detail).toBe(
      "snapshot 2/2 contradicts a committed entry of term 1",
    );
    expect(member.hear({ type: "snapshot", snapshot: { ...snapshot, term: 1 } })).toEqual({
      ok: true,
    });
  });

  test("an append that only repeats committed entries is answered with the commit index", () => {
    const member = new LoneMember({ terms: [1, 1, 1], applied: 2 });
    const stepped = member.hear({
      type: "append",
      term: 3,
      previous: { term: 1, index: 1 },
      entries: [entryAt(1, 2), entryAt(3, 3)],
      commit: 3,
    });
    expect(stepped).toEqual({ ok: true });
    expect(member.takeSent()).toMatchObject([{ type: "appendOk", match: 2 }]);
    expect(member.core.status().last).toEqual({ term: 1, index: 3 });
  });

  test("a heartbeat that says committed what we do not have", () => {
    const member = new LoneMember({ terms: [1, 1] });
    expect(member.hear({ type: "heartbeat", commit: 3, readSequence: 1 })).toEqual({
      ok: false,
      reason: "malformed",
    });
    expect(member.decided("messageMalformed").at(-1)?.detail).toContain(
      "entries we acknowledged are gone",
    );
    expect(member.core.status()).toMatchObject({ commit: 0, stopped: undefined });
    expect(member.takeSent()).toEqual([]);
  });

  test("an answer that holds more than we sent", () => {
    const member = new LoneMember().lead();
    const { last } = member.core.status();
    expect(member.hear({ type: "appendOk", match: last.index + 1 })).toMatchObject({ ok: false });
    expect(
      member.hear({ type: "appendRejected", probed: last.index + 1, hint: { term: 0, index: 0 } }),
    ).toMatchObject({ ok: false });
    expect(member.hear({ type: "heartbeatOk", readSequence: 99 })).toMatchObject({ ok: false });
  });

  test("an answer of somebody who is no member", () => {
    const member = new LoneMember().lead();
    for (const message of [
      { type: "appendOk", match: 1 },
      { type: "appendRejected", probed: 1, hint: { term: 0, index: 0 } },
      { type: "heartbeatOk", readSequence: 1 },
      { type: "voteReply", granted: true },
      { type: "preVoteReply", granted: true },
      { type: "readIndexReply", requestId: 1, index: 1 },
    ] as const) {
      expect(member.hear({ ...message, from: 9 })).toEqual({ ok: false, reason: "unknownPeer" });
    }
    expect(member.decided("peerUnknown")).toHaveLength(6);
  });
});
