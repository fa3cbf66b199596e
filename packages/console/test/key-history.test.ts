import { expect, test } from "vitest";
import { ApiError, type CallApi, historyOf, type KeyRow } from "../src/live/key-history.ts";

const NEWEST: KeyRow = { key: "k", value: "3", created: 5, modified: 9, version: 3, lease: "0" };

const kv = (version: number, modified: number): Record<string, unknown> => ({
  kvs: [
    {
      key: btoa("k"),
      value: btoa(String(version)),
      create_revision: "5",
      mod_revision: String(modified),
      version: String(version),
    },
  ],
});

/** Answers in turn; an error is what the call fails with. */
function answering(...answers: readonly (Record<string, unknown> | Error)[]): CallApi {
  const left = [...answers];
  return async () => {
    const next = left.shift();
    if (next === undefined) throw new Error("asked once too often");
    if (next instanceof Error) throw next;
    return next;
  };
}

const versions = ({ rows }: { readonly rows: readonly KeyRow[] }): readonly number[] =>
  rows.map(({ version }) => version);

test("a history goes back to where the key began", async () => {
  const history = await historyOf(NEWEST, answering(kv(2, 7), kv(1, 5)));
  expect([versions(history), history.end]).toEqual([[3, 2, 1], { type: "began" }]);
  expect(history.rows.map(({ value }) => value)).toEqual(["3", "2", "1"]);
});

test("a history that ends at a compaction says so", async () => {
  const compacted = new ApiError("etcdserver: mvcc: required revision has been compacted", 11);
  const history = await historyOf(NEWEST, answering(kv(2, 7), compacted));
  expect([versions(history), history.end]).toEqual([[3, 2], { type: "compacted" }]);
});

test.each([
  ["a token that has ended", new ApiError("etcdserver: invalid auth token", 16)],
  ["a member without a leader", new ApiError("etcdserver: request timed out", 14)],
  ["a proxy's page", new ApiError("502", undefined)],
  ["a network that is gone", new TypeError("Failed to fetch")],
])("%s is not taken for a compaction", async (_, error) => {
  const history = await historyOf(NEWEST, answering(kv(2, 7), error));
  expect(versions(history)).toEqual([3, 2]);
  expect(history.end).toEqual({ type: "failed", reason: error.message });
});

test("no more than so many changes are looked up", async () => {
  const many = { ...NEWEST, version: 100, modified: 100 };
  const answers = Array.from({ length: 30 }, (_, at) => kv(99 - at, 99 - at));
  const history = await historyOf(many, answering(...answers));
  expect([history.rows.length, history.end]).toEqual([20, { type: "more" }]);
});
