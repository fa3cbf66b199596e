import { createCore, resolveOptions } from "@quorate/core";
import { describe, expect, test } from "vitest";
import { MemoryLog } from "./support/memory-log.ts";

const random = (): number => 0;

test("what is not set is the safe choice", () => {
  expect(resolveOptions({ id: 1, random })).toEqual({
    id: 1,
    random,
    electionTicks: 10,
    heartbeatTicks: 1,
    preVote: true,
    checkQuorum: true,
    readMode: "quorum",
    stepDownOnRemoval: true,
    forwardProposals: false,
    validateMembership: true,
    appendBytesMax: 1_048_576,
    inflightMessagesMax: 256,
    inflightBytesMax: 16_777_216,
    uncommittedBytesMax: 67_108_864,
    applyBytesMax: 16_777_216,
    applyBeforeDurable: false,
    answerCommits: true,
    priority: 1,
    onDecision: undefined,
  });
});

test("what is set to undefined is not set", () => {
  const settings = { id: 1, random, electionTicks: undefined } as unknown as {
    id: number;
    random: () => number;
  };
  expect(resolveOptions(settings).electionTicks).toBe(10);
});

describe("nonsense is refused by name", () => {
  test.each([
    ["id", 0],
    ["id", 1.5],
    ["id", 2 ** 53],
    ["heartbeatTicks", 0],
    ["electionTicks", 1],
    ["appendBytesMax", 0],
    ["inflightMessagesMax", 0],
    ["inflightBytesMax", 0],
    ["uncommittedBytesMax", 0],
    ["applyBytesMax", 0],
    ["priority", -1],
  ])("%s: %d", (name, value) => {
    expect(() => resolveOptions({ id: 1, random, [name]: value })).toThrow(
      new RegExp(`^${name} must be a whole number of at least`),
    );
  });

  test("leases without quorum checks", () => {
    expect(() => resolveOptions({ id: 1, random, readMode: "lease", checkQuorum: false })).toThrow(
      "readMode lease needs checkQuorum",
    );
  });
});

describe("what was restored must fit together", () => {
  const membership = {
    voters: [1],
    outgoing: [],
    learners: [],
    learnersNext: [],
    autoLeave: false,
  };
  const hardState = { term: 1, vote: 0, commit: 0 };
  const create = (restored: object, log = new MemoryLog()): unknown =>
    createCore({ id: 1, random }, { hardState, membership, applied: 0, ...restored }, log);

  test("a membership", () => {
    expect(() => create({ membership: { ...membership, learners: [1] } })).toThrow(
      "restored membership: 1 votes and learns",
    );
  });

  test("positions", () => {
    expect(() => create({ applied: 1 })).toThrow("I10 applied within commit");
    expect(() => create({ hardState: { ...hardState, commit: 1 } })).toThrow(
      "I10 applied within commit",
    );
  });

  test("a log whose last term is known", () => {
    const log = new MemoryLog();
    log.term = () => "unavailable";
    expect(() => create({}, log)).toThrow("I5 log without gaps: term of last entry 0: unavailable");
  });

  test("but the commit index may be behind what was applied or compacted", () => {
    const log = new MemoryLog();
    const payload = new Uint8Array(0);
    log.append([1, 2, 3].map((index) => ({ term: 1, index, kind: "command", payload })));
    log.compact(2);
    const core = createCore({ id: 1, random }, { hardState, membership, applied: 3 }, log);
    expect(core.status()).toMatchObject({ commit: 3, applied: 3, applying: 3 });
  });
});
