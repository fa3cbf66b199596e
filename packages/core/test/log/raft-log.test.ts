import type { Entry, SnapshotInfo } from "@quorate/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RaftLog, UNKNOWN_TERM } from "../../src/log/raft-log.ts";
import { MemoryLog } from "../support/memory-log.ts";

const entry = (term: number, index: number, size = 1, kind: Entry["kind"] = "command"): Entry => ({
  term,
  index,
  kind,
  payload: new Uint8Array(size),
});
const snapshotAt = (term: number, index: number): SnapshotInfo => ({
  term,
  index,
  membership: { voters: [1], outgoing: [], learners: [], learnersNext: [], autoLeave: false },
  id: "s",
  bytes: 0,
});
const LIMITS = { id: 1, appendBytesMax: 100, applyBytesMax: 100, applyBeforeDurable: false };

/** A durable log of these terms from index 1, and what of it is committed and applied. */
function logOf(
  terms: readonly number[],
  commit = 0,
  applied = 0,
  limits: Partial<typeof LIMITS> = {},
): { log: RaftLog; view: MemoryLog } {
  const view = new MemoryLog();
  view.append(terms.map((term, at) => entry(term, at + 1)));
  return { log: new RaftLog(view, commit, applied, { ...LIMITS, ...limits }), view };
}
const places = (entries: readonly Entry[]): string[] =>
  entries.map(({ term, index }) => `${term}/${index}`);

describe("beginning", () => {
  test("takes its ends from the view", () => {
    const { log } = logOf([1, 1, 2], 2, 1);
    expect([
      log.firstIndex,
      log.lastIndex,
      log.lastTerm,
      log.commit,
      log.applied,
      log.durable,
    ]).toEqual([1, 3, 2, 2, 1, 3]);
    expect(log.last).toEqual({ term: 2, index: 3 });
  });

  test.each([
    ["applied beyond commit", 1, 2],
    ["commit beyond the end", 4, 1],
  ])("refuses %s", (_, commit, applied) => {
    expect(() => logOf([1, 1, 2], commit, applied)).toThrow("I10 applied within commit");
  });

  test("refuses an applied index before the first entry", () => {
    const view = new MemoryLog();
    view.append([entry(1, 1), entry(1, 2), entry(1, 3)]);
    view.compact(2);
    expect(() => new RaftLog(view, 3, 1, LIMITS)).toThrow("I10 applied within commit");
  });
});

describe("the term at an index", () => {
  test("is known for the whole log and the place before it", () => {
    const { log } = logOf([1, 1, 2, 5]);
    log.put([entry(5, 5), entry(6, 6)]);
    expect([0, 1, 2, 3, 4, 5, 6].map((index) => log.termAt(index))).toEqual([0, 1, 1, 2, 5, 5, 6]);
    expect(log.termAt(7)).toBe(UNKNOWN_TERM);
  });

  test("is not known before what is compacted, even for the newest term", () => {
    const { log, view } = logOf([3, 3, 3, 3], 3, 3);
    log.put([entry(3, 5)]);
    view.compact(3);
    expect([1, 2, 3, 4, 5].map((index) => log.termAt(index))).toEqual([-1, -1, 3, 3, 3]);
  });

  test("is known at the place of a received snapshot", () => {
    const { log } = logOf([1, 1]);
    log.restore(snapshotAt(4, 10));
    expect([9, 10, 11].map((index) => log.termAt(index))).toEqual([-1, 4, -1]);
    expect([log.firstIndex, log.lastIndex, log.lastTerm, log.commit]).toEqual([11, 10, 4, 10]);
    log.put([entry(4, 11), entry(5, 12)]);
    expect([10, 11, 12].map((index) => log.termAt(index))).toEqual([4, 4, 5]);
  });

  test("property: agrees with a plain list through appends and replacements", () => {
    const step = fc.record({
      back: fc.nat({ max: 4 }),
      count: fc.integer({ min: 1, max: 4 }),
      rise: fc.nat({ max: 2 }),
      durable: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const { log, view } = logOf([1, 1, 2]);
        let terms = [0, 1, 1, 2];
        for (const { back, count, rise, durable } of steps) {
          const first = Math.max(1, terms.length - back);
          const term = (terms[first - 1] ?? 0) + rise;
          const added = Array.from({ length: count }, (_, at) =>
            entry(Math.max(1, term + (at >= 2 ? 1 : 0)), first + at),
          );
          log.put(added);
          terms = [...terms.slice(0, first), ...added.map((each) => each.term)];
          if (durable) {
            view.append(log.takeUnwritten());
            expect(log.stableTo(log.last)).toBe("stable");
          }
          expect(terms.map((_, index) => log.termAt(index))).toEqual(terms);
          expect(log.lastTerm).toBe(terms.at(-1));
          expect(log.lastIndex).toBe(terms.length - 1);
        }
      }),
    );
  });
});

describe("comparing logs", () => {
  const { log } = logOf([1, 2, 2]);
  test.each([
    [3, 1, true],
    [2, 4, true],
    [2, 3, true],
    [2, 2, false],
    [1, 9, false],
  ])("term %i, index %i is up to date: %s", (term, index, expected) => {
    expect(log.isUpToDate({ term, index })).toBe(expected);
  });

  test("finds the first entry that differs", () => {
    expect(log.firstDifference([entry(2, 2), entry(2, 3)])).toBe(2);
    expect(log.firstDifference([entry(2, 2), entry(3, 3)])).toBe(1);
    expect(log.firstDifference([entry(2, 3), entry(2, 4)])).toBe(1);
    expect(log.firstDifference([])).toBe(0);
  });
});

describe("the newest place not after a term", () => {
  test.each([
    [6, 5, { term: 5, index: 6 }],
    [6, 4, { term: 2, index: 4 }],
    [6, 1, { term: 1, index: 2 }],
    [3, 9, { term: 2, index: 3 }],
    [6, 0, { term: 0, index: 0 }],
    [0, 3, { term: 0, index: 0 }],
  ])("from %i with term %i", (index, term, expected) => {
    expect(logOf([1, 1, 2, 2, 5, 5]).log.lastPositionNotAfter(index, term)).toEqual(expected);
  });

  test("steps over a whole newest term, and says so where the log does not reach", () => {
    const { log, view } = logOf([1, 1, 2, 2], 3, 3);
    log.put([entry(7, 5), entry(7, 6), entry(7, 7)]);
    expect(log.lastPositionNotAfter(7, 3)).toEqual({ term: 2, index: 4 });
    view.compact(3);
    expect(log.lastPositionNotAfter(7, 1)).toEqual({ term: 0, index: 2 });
  });
});

describe("committing", () => {
  test("only moves forward, and never beyond the end", () => {
    const { log } = logOf([1, 1, 1], 1, 0);
    expect(log.commitTo(2)).toBe(true);
    expect(log.commitTo(2)).toBe(false);
    expect(log.commitTo(1)).toBe(false);
    expect(log.commit).toBe(2);
    expect(() => log.commitTo(4)).toThrow("I9 commit within the log: commit 4, last 3");
  });

  test("protects what is committed", () => {
    const { log } = logOf([1, 1, 1], 2, 0);
    expect(() => log.put([entry(2, 2)])).toThrow("I7 committed entries stay");
    expect(log.put([entry(2, 3)])).toBe("replaced");
  });
});

describe("entries for an append", () => {
  test("are limited in bytes, but never none", () => {
    const { log } = logOf([1], 0, 0, { appendBytesMax: 10 });
    log.put([entry(1, 2, 6), entry(1, 3, 4), entry(1, 4, 1), entry(1, 5, 50)]);
    const bytes = (first: number): unknown => {
      const slice = log.sliceForAppend(first, 2);
      return typeof slice === "string" ? slice : [places(slice.entries), slice.bytes];
    };
    expect(bytes(2)).toEqual([["1/2", "1/3"], 10]);
    expect(bytes(4)).toEqual([["1/4"], 1]);
    expect(bytes(5)).toEqual([["1/5"], 50]);
    expect(bytes(6)).toEqual([[], 0]);
  });

  test("span the durable part and the tail within one limit", () => {
    const { log, view } = logOf([1, 1], 0, 0, { appendBytesMax: 4 });
    const slice = (first: number): unknown => {
      const found = log.sliceForAppend(first, 2);
      return typeof found === "string" ? found : places(found.entries);
    };
    log.put([entry(2, 3, 2), entry(2, 4, 1), entry(2, 5, 9)]);
    expect(slice(1)).toEqual(["1/1", "1/2", "2/3"]);
    expect(slice(2)).toEqual(["1/2", "2/3", "2/4"]);
    log.put([entry(3, 3, 3)]);
    expect(slice(1)).toEqual(["1/1", "1/2"]);
    view.append(log.takeUnwritten());
    log.stableTo(log.last);
    expect(slice(2)).toEqual(["1/2", "3/3"]);
  });

  test("are the same list for followers at the same place, until the log changes", () => {
    const { log } = logOf([1]);
    log.put([entry(1, 2)]);
    const first = log.sliceForAppend(2, 2);
    expect(log.sliceForAppend(2, 3)).toBe(first);
    log.put([entry(2, 2)]);
    expect(log.sliceForAppend(2, 3)).not.toBe(first);
    log.restore(snapshotAt(3, 1));
    log.put([entry(3, 2)]);
    const after = log.sliceForAppend(2, 2);
    expect(typeof after === "string" ? after : places(after.entries)).toEqual(["3/2"]);
  });

  test("may be compacted away, or have to be loaded", () => {
    const { log, view } = logOf([1, 1, 1, 1], 3, 3);
    view.compact(2);
    expect(log.sliceForAppend(2, 2)).toBe("compacted");
    view.slowEvery = 1;
    expect(log.sliceForAppend(3, 2)).toBe("loading");
  });

  test("that were acknowledged and are gone are a defect", () => {
    const { log } = logOf([1]);
    log.put([entry(1, 2)]);
    log.takeUnwritten();
    log.stableTo(log.last);
    expect(() => log.sliceForAppend(2, 2)).toThrow("I22 acknowledged entries can be read");
  });

  test("are limited in number, because empty ones have no bytes", () => {
    const { log } = logOf([1]);
    log.put(Array.from({ length: 20_000 }, (_, at) => entry(1, at + 2, 0)));
    const slice = log.sliceForAppend(2, 2);
    expect(typeof slice === "string" ? slice : slice.entries.length).toBe(16_384);
  });
});

describe("entries to apply", () => {
  const taken = (log: RaftLog): unknown => {
    const found = log.takeAppliable();
    return found === "loading" ? found : [places(found.entries), found.bytes, found.weight];
  };

  test("are the committed and durable ones", () => {
    const { log, view } = logOf([1, 1]);
    log.put([entry(1, 3), entry(1, 4)]);
    log.commitTo(4);
    expect(log.hasAppliable).toBe(true);
    expect(taken(log)).toEqual([["1/1", "1/2"], 2, 34]);
    expect([log.applying, log.applied, log.hasAppliable]).toEqual([2, 0, false]);
    view.append(log.takeUnwritten());
    log.stableTo(log.last);
    expect(log.hasAppliable).toBe(true);
    expect(taken(log)).toEqual([["1/3", "1/4"], 2, 34]);
    log.appliedTo(2, 34);
    expect([log.applying, log.applied, log.applyingBytes]).toEqual([4, 2, 34]);
  });

  test("may also be those that are not durable, if so configured", () => {
    const { log } = logOf([1], 0, 0, { applyBeforeDurable: true });
    log.put([entry(1, 2)]);
    log.commitTo(2);
    expect(taken(log)).toEqual([["1/1", "1/2"], 2, 34]);
  });

  test("come in batches; the next one waits for the acknowledgement", () => {
    const { log } = logOf([1, 1, 1, 1, 1], 5, 0, { applyBytesMax: 40 });
    expect(taken(log)).toEqual([["1/1", "1/2"], 2, 34]);
    expect([log.hasAppliable, log.applyHeld]).toEqual([false, "quota"]);
    log.appliedTo(2, 34);
    expect([log.hasAppliable, log.applyHeld]).toEqual([true, undefined]);
    expect(taken(log)).toEqual([["1/3", "1/4"], 2, 34]);
    log.appliedTo(4, 34);
    expect(taken(log)).toEqual([["1/5"], 1, 17]);
    expect([log.hasAppliable, log.applyHeld]).toEqual([false, undefined]);
  });

  test("are at least one, however large", () => {
    const { log, view } = logOf([1], 1, 1, { applyBytesMax: 10 });
    log.put([entry(1, 2, 500), entry(1, 3)]);
    view.append(log.takeUnwritten());
    log.stableTo(log.last);
    log.commitTo(3);
    expect(taken(log)).toEqual([["1/2"], 500, 516]);
    log.appliedTo(2, 516);
    expect(taken(log)).toEqual([["1/3"], 1, 17]);
  });

  test("stop at the quota, also when nothing was cut off", () => {
    const { log } = logOf([1, 1], 2, 0, { applyBytesMax: 34 });
    expect(taken(log)).toEqual([["1/1", "1/2"], 2, 34]);
    log.commitTo(2);
    expect(log.hasAppliable).toBe(false);
  });

  test("wait for a snapshot, and for loading", () => {
    const { log, view } = logOf([1, 1], 2, 0);
    view.slowEvery = 1;
    expect(taken(log)).toBe("loading");
    expect(log.applying).toBe(0);
    view.slowEvery = 0;
    log.restore(snapshotAt(3, 9));
    expect([log.hasAppliable, log.applyHeld]).toEqual([false, "installingSnapshot"]);
    view.install(snapshotAt(3, 9));
    log.installed(9);
    expect([log.applied, log.applying, log.applyHeld]).toEqual([9, 9, undefined]);
  });

  test("acknowledged before a snapshot and heard of after it do not move the position back", () => {
    const { log, view } = logOf([1, 1], 2, 0);
    taken(log);
    log.restore(snapshotAt(3, 9));
    view.install(snapshotAt(3, 9));
    log.installed(9);
    log.appliedTo(2, 34);
    expect([log.applied, log.applyingBytes]).toEqual([9, 0]);
  });

  test("acknowledged beyond the commit index are a defect", () => {
    const { log } = logOf([1, 1], 1, 0);
    expect(() => log.appliedTo(2, 0)).toThrow("I10 applied within commit");
  });
});

describe("the first membership change in a range", () => {
  const { log, view } = logOf([1, 1], 1, 1);
  log.put([entry(1, 3, 1, "membership"), entry(1, 4), entry(1, 5, 1, "membership")]);
  test.each([
    [1, 2, 0],
    [1, 3, 3],
    [3, 3, 3],
    [4, 4, 0],
    [4, 5, 5],
    [6, 5, 0],
  ])("in [%i, %i] is %i", (first, last, expected) => {
    expect(log.firstChange(first, last)).toBe(expected);
  });

  test("is assumed where entries have to be loaded", () => {
    view.slowEvery = 1;
    expect(log.firstChange(1, 2)).toBe(1);
    view.slowEvery = 0;
  });
});

describe("nothing is said to be held back", () => {
  test("when nothing waits, however full the quota is", () => {
    const { log } = logOf([1, 1], 1, 0, { applyBytesMax: 1 });
    log.takeAppliable();
    expect(log.applyHeld).toBeUndefined();
    log.commitTo(2);
    expect(log.applyHeld).toBe("quota");
  });

  test("when nothing waits while a snapshot is being installed", () => {
    const { log } = logOf([1, 1], 2, 2);
    log.restore(snapshotAt(2, 9));
    expect(log.applyHeld).toBe("installingSnapshot");
    log.takeSnapshot();
    log.installed(9);
    expect(log.applyHeld).toBeUndefined();
  });
});

test("entries that a received snapshot replaces are not read any more, although the view still has them", () => {
  const { log } = logOf([1, 1, 1], 1, 1);
  log.restore(snapshotAt(2, 9));
  expect(log.sliceForAppend(2, 2)).toBe("compacted");
});

test("a view that answers with other entries than it was asked for has lost some", () => {
  const { log, view } = logOf([1, 1, 1]);
  view.entries = () => [entry(1, 3)];
  expect(() => log.sliceForAppend(2, 2)).toThrow("although it was acknowledged");
});
