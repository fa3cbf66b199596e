import { expect, test } from "vitest";
import { KeyHistory } from "../../src/checkers/key-history.ts";
import {
  validateWatch,
  type WatchItem,
  type WatchRecord,
} from "../../src/checkers/watch-validator.ts";

const history = new KeyHistory([
  { revision: 2, changes: [{ key: "a", value: "1" }] },
  {
    revision: 3,
    changes: [
      { key: "a", value: "2" },
      { key: "b", value: "1" },
    ],
  },
  { revision: 4, changes: [{ key: "z", value: "9" }] },
  { revision: 5, changes: [{ key: "a", value: null }] },
]);

const at2 = { key: "a", value: "1", revision: 2, previous: null };
const a3 = { key: "a", value: "2", revision: 3, previous: "1" };
const b3 = { key: "b", value: "1", revision: 3 };
const a5 = { key: "a", value: null, revision: 5, previous: "2" };

function validate(items: readonly WatchItem[], startRevision = 1): readonly string[] {
  const record: WatchRecord = { watcher: "w", startRevision, matches: (key) => key < "m", items };
  return validateWatch(record, history).map((violation) => violation.message);
}

const changes = (...list: readonly (typeof a3 | typeof b3 | typeof a5)[]): WatchItem => ({
  type: "changes",
  changes: list,
});

test("accepts all revisions in order, in answers of any size, with progress in between", () => {
  expect(validate([changes(at2, a3, b3), { type: "progress", revision: 4 }, changes(a5)])).toEqual(
    [],
  );
  expect(validate([changes(at2), changes(b3, a3), changes(a5)])).toEqual([]);
});

test("accepts a stream that is behind, and one that resumes in the middle", () => {
  expect(validate([changes(at2)])).toEqual([]);
  expect(validate([changes(a5)], 4)).toEqual([]);
  expect(validate([{ type: "compacted", compactedRevision: 4 }], 2)).toEqual([]);
});

test.each([
  ["a gap", [changes(at2), changes(a5)], "missed revision 3"],
  ["a duplicate", [changes(at2), changes(a3, b3), changes(a3, b3)], "received revision 3 again"],
  ["going back", [changes(a3, b3)], "missed revision 2"],
  ["half a revision", [changes(at2, a3)], "without its change of b: not atomic"],
  ["a revision over two answers", [changes(at2), changes(a3), changes(b3)], "not atomic"],
  ["an event nobody wrote", [changes({ ...at2, key: "c" })], "did not happen"],
  ["a key that was not asked for", [changes({ ...at2, key: "z", revision: 4 })], "not asked for"],
  ["a wrong value", [changes({ ...at2, value: "7" })], "but it became 1"],
  ["a wrong previous value", [changes({ ...at2, previous: "0" })], "it was null"],
  ["progress before the events", [{ type: "progress", revision: 3 }], "missed revision 2"],
  [
    "an event after its progress",
    [
      { type: "progress", revision: 1 },
      changes(at2),
      { type: "progress", revision: 5 },
      changes(a5),
    ],
    "too late",
  ],
  ["a needless end", [changes(at2), { type: "compacted", compactedRevision: 2 }], "was ended"],
] as [string, WatchItem[], string][])("reports %s", (_, items, message) => {
  expect(validate(items).join("; ")).toContain(message);
});

test("reports older events on a watch that starts later", () => {
  expect(validate([changes(at2)], 3).join()).toContain("too late");
});
