import { describe, expect, test } from "vitest";
import { asLines, HistoryLog, isSuspicious, judge } from "./modules.ts";

/** A log on a clock that the test moves. */
function recorded() {
  let nowMs = 0;
  const log = new HistoryLog(() => nowMs);
  return {
    log,
    at: (ms: number) => {
      nowMs = ms;
    },
  };
}

const write = (client: number, id: string, key = "r/0/0") => ({
  client,
  id,
  kind: "put",
  changes: [{ key, value: id }],
  register: { type: "write", key, value: id },
});
const written = (id: string, revision: number, key = "r/0/0") => ({
  revision,
  changes: [{ key, value: id }],
  observed: [],
  output: { type: "written" },
});
const read = (client: number, id: string) => ({
  client,
  id,
  kind: "read",
  changes: [],
  register: { type: "read", key: "r/0/0" },
});
const found = (value: string | null, revision: number) => ({
  revision,
  changes: [],
  observed: [{ key: "r/0/0", value, equal: true }],
  output: { type: "value", value },
});

type Revisions = readonly { revision: number; changes: readonly object[] }[];

function memories(
  log: InstanceType<typeof HistoryLog>,
  revisions: Revisions,
  more: object = {},
): object {
  return {
    entries: log.entries,
    registers: log.registerOperations,
    revisions,
    sessions: [],
    appends: [],
    watches: [],
    leases: [],
    states: [],
    sizes: [],
    ceilings: { memoryBytesMax: 1_000, diskBytesMax: 1_000 },
    healings: 1,
    stalls: [],
    faults: 1,
    surprises: [],
    ...more,
  };
}

const broken = (all: object): readonly string[] =>
  judge(all)
    .filter(({ violations }) => violations.length > 0)
    .map(({ checker }) => checker);

const FEED = [{ revision: 2, changes: [{ key: "r/0/0", value: "1.1" }] }];

describe("what clients remember", () => {
  test("has the times of call and answer, and counts what became of it", () => {
    const { log, at } = recorded();
    at(10);
    const first = log.call(write(1, "1.1"));
    const second = log.call(write(2, "2.1"));
    at(1_500);
    first.answered(written("1.1", 2));
    second.unknown();
    log.call(write(3, "3.1")).refused();
    expect(log.entries.map(({ calledAt, returnedAt }) => [calledAt, returnedAt])).toEqual([
      [10, 1_500],
      [10, Number.POSITIVE_INFINITY],
      [1_500, Number.POSITIVE_INFINITY],
    ]);
    expect(log.outcomes).toEqual({ ok: 1, refused: 1, unknown: 1 });
    expect(log.seconds).toHaveLength(2);
    // A refused write had no effect; one with an unknown outcome may have had one.
    expect(log.registerOperations).toHaveLength(2);
  });

  test("can be read back line by line", () => {
    const { log } = recorded();
    log.call(write(1, "1.1"));
    const [line] = asLines(log.entries);
    expect(JSON.parse(line as string)).toMatchObject({ id: "1.1", returnedAt: null });
  });
});

describe("the judge", () => {
  test("accepts what is right, with an unknown write that did not happen", () => {
    const { log, at } = recorded();
    const first = log.call(write(1, "1.1"));
    log.call(write(2, "2.1")).unknown();
    at(5);
    first.answered(written("1.1", 2));
    at(10);
    const second = log.call(read(3, "3.1"));
    at(11);
    second.answered(found("1.1", 2));
    expect(broken(memories(log, FEED))).toEqual([]);
  });

  test("finds a read from the past, twice, and draws it", () => {
    const { log, at } = recorded();
    const first = log.call(write(1, "1.1"));
    at(5);
    first.answered(written("1.1", 2));
    at(10);
    const second = log.call(read(3, "3.1"));
    at(11);
    second.answered(found(null, 1));
    const verdicts = judge(memories(log, FEED));
    expect(broken(memories(log, FEED))).toEqual([
      "strict serializability by revision",
      "linearizability of registers by search",
    ]);
    expect(verdicts.find(({ picture }) => picture !== undefined)?.picture).toContain("<svg");
  });

  test("finds an acknowledged write that is gone", () => {
    const { log, at } = recorded();
    const open = log.call(write(1, "1.1", "t/0/0a"));
    at(5);
    open.answered(written("1.1", 2, "t/0/0a"));
    expect(broken(memories(log, []))).toEqual(["strict serializability by revision"]);
  });

  test("finds a session's write that happened twice", () => {
    const { log } = recorded();
    const change = { key: "s/1", value: "s1.1" };
    const feed = [2, 3].map((revision) => ({ revision, changes: [change] }));
    const outcome = { id: "s1.1", session: 1, sequence: 1, outcome: "applied" };
    const sessions = [{ key: "s/1", outcomes: [outcome] }];
    expect(broken(memories(log, feed, { sessions }))).toContain("exactly once, sessions");
  });

  test("finds an append that is not in its list", () => {
    const { log } = recorded();
    const feed = [{ revision: 2, changes: [{ key: "l/0/0", value: "1.1 1.3" }] }];
    const appends = [1, 2, 3].map((sequence) => ({
      key: "l/0/0",
      id: `1.${sequence}`,
      session: 1,
      sequence,
      outcome: "applied",
    }));
    expect(broken(memories(log, feed, { appends }))).toContain("exactly once, lists");
  });

  test("finds a watcher that missed something, and a lease that ended early", () => {
    const { log } = recorded();
    const watches = [
      {
        watcher: "w",
        startRevision: 1,
        matches: () => true,
        items: [{ type: "progress", revision: 2 }],
      },
    ];
    const leases = [
      {
        lease: "1",
        moments: [
          { type: "granted", calledMs: 0, atMs: 1, ttlMs: 4_000 },
          { type: "seen", calledMs: 100, atMs: 101, key: "k/1", present: false },
        ],
      },
    ];
    const all = memories(log, FEED, { watches, leases });
    expect(broken(all)).toEqual(expect.arrayContaining(["watch guarantees", "lease guarantees"]));
  });

  test("finds members that differ, sizes beyond the limits, and silence after healing", () => {
    const { log } = recorded();
    const states = [
      { where: "n1", revision: 5, hash: "1" },
      { where: "n2", revision: 5, hash: "2" },
    ];
    const sizes = [{ atMs: 0, member: "n1", memoryBytes: 2_000 }];
    const all = memories(log, [], { states, sizes, stalls: ["n1"], surprises: ["n2 ended"] });
    expect(broken(all)).toEqual([
      "equal states",
      "memory and disk within limits",
      "progress after healing",
      "nothing unexpected",
    ]);
  });

  test("says so when the feed is in disorder", () => {
    const { log } = recorded();
    const feed = [3, 2].map((revision) => ({ revision, changes: [] }));
    expect(broken(memories(log, feed))).toEqual(["order of the change feed"]);
  });
});

describe("while clients go on", () => {
  test("answers that the feed has not reached yet are no reason for suspicion, lost writes are", () => {
    const { log, at } = recorded();
    const first = log.call(write(1, "1.1"));
    const second = log.call(write(2, "2.1"));
    at(5);
    first.answered(written("1.1", 2));
    second.answered(written("2.1", 3));
    expect(isSuspicious(memories(log, FEED), 2)).toBe(false);
    expect(isSuspicious(memories(log, FEED), 3)).toBe(true);
  });
});
