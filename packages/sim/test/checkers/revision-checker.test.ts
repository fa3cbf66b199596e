import { expect, test } from "vitest";
import { KeyHistory } from "../../src/checkers/key-history.ts";
import { checkByRevision, type RevisionedOperation } from "../../src/checkers/revision-checker.ts";

const history = new KeyHistory([
  { revision: 2, changes: [{ key: "a", value: "w1" }] },
  { revision: 3, changes: [{ key: "a", value: "w2" }] },
  { revision: 4, changes: [{ key: "b", value: "w3" }] },
]);

function operation(
  id: string,
  from: number,
  to: number,
  more: Partial<RevisionedOperation>,
): RevisionedOperation {
  return {
    client: 1,
    id,
    calledAt: from,
    returnedAt: to,
    revision: undefined,
    refused: false,
    changes: [],
    observed: [],
    ...more,
  };
}

const w1 = operation("w1", 1, 2, { revision: 2, changes: [{ key: "a", value: "w1" }] });
const w2 = operation("w2", 3, 6, { revision: 3, changes: [{ key: "a", value: "w2" }] });
const w3 = operation("w3", 4, Number.POSITIVE_INFINITY, { changes: [{ key: "b", value: "w3" }] });
const readA = (id: string, from: number, to: number, revision: number, value: string | null) =>
  operation(id, from, to, { revision, observed: [{ key: "a", value, equal: true }] });

function messages(operations: readonly RevisionedOperation[], of = history): string {
  return checkByRevision(operations, of)
    .map((violation) => violation.message)
    .join("; ");
}

test("accepts a read that overtakes a write under way, and a write of unknown outcome that happened", () => {
  expect(messages([w1, w2, w3, readA("r1", 4, 5, 2, "w1"), readA("r2", 7, 8, 4, "w2")])).toBe("");
});

test("accepts a guard that failed and a stale read that says so", () => {
  const failed = operation("t", 7, 8, {
    revision: 4,
    observed: [{ key: "a", value: "w1", equal: false }],
  });
  const stale = { ...readA("r", 9, 10, 2, "w1"), mayBeStale: true };
  expect(messages([w1, w2, w3, failed, stale])).toBe("");
});

test("reports a lost write, a foreign one and a doubled one", () => {
  const lost = { ...w2, revision: 9 };
  expect(messages([w1, lost, w3])).toContain("which holds nothing");
  expect(messages([w1, w2])).toContain("revision 4 (b=w3) was written by no client");
  const doubled = new KeyHistory([
    ...history.revisions,
    { revision: 5, changes: [{ key: "a", value: "w1" }] },
  ]);
  expect(messages([w1, w2, w3], doubled)).toContain("written by no client");
  const unknown = { ...w1, revision: undefined, returnedAt: Number.POSITIVE_INFINITY };
  expect(messages([unknown, w2, w3], doubled)).toContain("at revision 2 and again at 5");
});

test("reports a refused write that happened, and two answers with one revision", () => {
  expect(messages([w1, w2, { ...w3, refused: true }])).toContain("was refused as not applied");
  const twin = operation("w4", 3, 6, { revision: 3, changes: [{ key: "a", value: "w2" }] });
  expect(messages([w1, w2, twin, w3])).toContain("both got revision 3");
});

test("reports a stale read, a wrong read, and a write placed before an answered one", () => {
  expect(messages([w1, w2, w3, readA("r", 7, 8, 2, "w1")])).toContain("before it was called");
  expect(messages([w1, w2, w3, readA("r", 7, 8, 4, "w1")])).toContain("it was w2");
  const late = { ...w1, calledAt: 8, returnedAt: 9 };
  expect(messages([late, w2, w3])).toContain("before it was called");
});

test("a guard that held in spite of the state is reported", () => {
  const guarded = { ...w2, observed: [{ key: "a", value: "other", equal: true }] };
  expect(messages([w1, guarded, w3])).toContain("it was w1");
});
