import type { Entry, SnapshotInfo } from "@quorate/core";
import { describe, expect, test } from "vitest";
import { UnstableTail } from "../../src/log/unstable-tail.ts";

const entry = (term: number, index: number): Entry => ({
  term,
  index,
  kind: "command",
  payload: new Uint8Array(1),
});
const snapshot = (term: number, index: number): SnapshotInfo => ({
  term,
  index,
  membership: { voters: [1], outgoing: [], learners: [], learnersNext: [], autoLeave: false },
  id: "s",
  bytes: 0,
});
const indexes = (entries: readonly Entry[]): string[] =>
  entries.map(({ term, index }) => `${term}/${index}`);

/** 5 and 6 are being written, 7 waits. */
function tail(): UnstableTail {
  const result = new UnstableTail(5);
  result.put([entry(1, 5), entry(1, 6)]);
  result.takeUnwritten();
  result.put([entry(1, 7)]);
  return result;
}

describe("putting entries", () => {
  test("at the end appends them", () => {
    const it = tail();
    expect(it.put([entry(2, 8)])).toBe("appended");
    expect(indexes(it.slice(5, 9))).toEqual(["1/5", "1/6", "1/7", "2/8"]);
    expect(it.handedOut).toBe(7);
  });

  test("at the first one replaces everything", () => {
    const it = tail();
    expect(it.put([entry(2, 5)])).toBe("replaced");
    expect(indexes(it.slice(5, 6))).toEqual(["2/5"]);
    expect([it.offset, it.handedOut, it.end]).toEqual([5, 5, 6]);
  });

  test("before the first one also replaces what is durable", () => {
    const it = tail();
    expect(it.put([entry(2, 3), entry(2, 4)])).toBe("replaced");
    expect([it.offset, it.handedOut, it.end]).toEqual([3, 3, 5]);
  });

  test("inside keeps what is before", () => {
    const it = tail();
    expect(it.put([entry(2, 6), entry(2, 7)])).toBe("truncated");
    expect(indexes(it.slice(5, 8))).toEqual(["1/5", "2/6", "2/7"]);
    expect(it.handedOut).toBe(6);
  });

  test("after what was handed out leaves that handed out", () => {
    const it = tail();
    it.put([entry(1, 8)]);
    expect(it.put([entry(2, 8)])).toBe("truncated");
    expect(it.handedOut).toBe(7);
  });

  test("after a gap is a defect", () => {
    expect(() => tail().put([entry(1, 9)])).toThrow("I5 log without gaps: entry 9 after 7");
  });
});

describe("handing out", () => {
  test("gives each entry once", () => {
    const it = tail();
    expect(it.hasUnwritten).toBe(true);
    expect(indexes(it.takeUnwritten())).toEqual(["1/7"]);
    expect(it.hasUnwritten).toBe(false);
    expect(it.takeUnwritten()).toEqual([]);
  });

  test("gives entries again that replaced others", () => {
    const it = tail();
    it.takeUnwritten();
    it.put([entry(2, 6)]);
    expect(indexes(it.takeUnwritten())).toEqual(["2/6"]);
  });

  test("gives a snapshot once", () => {
    const it = tail();
    it.restore(snapshot(2, 20));
    expect(it.hasUnwritten).toBe(true);
    expect([it.offset, it.handedOut, it.end, it.count]).toEqual([21, 21, 21, 0]);
    expect(it.takeSnapshot()?.index).toBe(20);
    expect(it.takeSnapshot()).toBeUndefined();
    expect(it.hasUnwritten).toBe(false);
    expect(it.snapshot?.index).toBe(20);
  });
});

describe("hearing that a write is durable", () => {
  test("drops what it covers", () => {
    const it = tail();
    expect(it.stableTo({ term: 1, index: 6 })).toBe("stable");
    expect([it.offset, it.handedOut, it.end, it.count]).toEqual([7, 7, 8, 1]);
  });

  test("moves the handed-out mark along", () => {
    const it = tail();
    expect(it.stableTo({ term: 1, index: 7 })).toBe("stable");
    expect([it.offset, it.handedOut, it.end]).toEqual([8, 8, 8]);
    expect(it.hasUnwritten).toBe(false);
  });

  test("of entries that were replaced counts for nothing", () => {
    const it = tail();
    it.put([entry(2, 6)]);
    expect(it.stableTo({ term: 1, index: 6 })).toBe("termMismatch");
    expect(it.offset).toBe(5);
  });

  test("of entries that are not there counts for nothing", () => {
    expect(tail().stableTo({ term: 1, index: 4 })).toBe("missing");
    expect(tail().stableTo({ term: 1, index: 8 })).toBe("missing");
  });

  test("of the snapshot's place counts for nothing", () => {
    const it = tail();
    it.restore(snapshot(2, 20));
    expect(it.stableTo({ term: 2, index: 20 })).toBe("snapshot");
    expect(it.snapshot?.index).toBe(20);
  });
});

test("an installed snapshot is forgotten, another one is not", () => {
  const it = tail();
  it.restore(snapshot(2, 20));
  it.installed(19);
  expect(it.snapshot?.index).toBe(20);
  it.installed(20);
  expect(it.snapshot).toBeUndefined();
  it.installed(20);
  it.restore(snapshot(2, 30));
  expect(it.takeSnapshot()?.index).toBe(30);
});

test("a second snapshot is handed out although the first one was and is not installed", () => {
  const result = tail();
  result.restore(snapshot(2, 10));
  expect(result.takeSnapshot()).toEqual(snapshot(2, 10));
  result.restore(snapshot(2, 20));
  expect(result.hasUnwritten).toBe(true);
  expect(result.takeSnapshot()).toEqual(snapshot(2, 20));
  expect(result.takeSnapshot()).toBeUndefined();
});
