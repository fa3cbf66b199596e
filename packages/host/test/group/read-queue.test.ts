import type { Accepted, ReadMode } from "@quorate/core";
import { expect, test } from "vitest";
import { newGroupCounters } from "../../src/group/counters.ts";
import { ReadQueue } from "../../src/group/read-queue.ts";

const OPTIONS = { timeoutMs: 1_000, signal: undefined };
const NO_LEADER: Accepted = { ok: false, reason: "noLeader", leader: 0 };

interface Asked {
  readonly requestId: number;
  readonly mode: ReadMode;
}

function queue(): {
  reads: ReadQueue;
  asked: Asked[];
  ask: (id: number, mode: ReadMode) => Accepted;
} {
  const asked: Asked[] = [];
  return {
    reads: new ReadQueue(100, 1_000, newGroupCounters()),
    asked,
    ask: (requestId, mode) => {
      asked.push({ requestId, mode });
      return { ok: true };
    },
  };
}

/** What became of a promise, as far as it has settled. */
function follow<T>(promise: Promise<T>): { value: T | undefined; code: string | undefined } {
  const seen: { value: T | undefined; code: string | undefined } = {
    value: undefined,
    code: undefined,
  };
  promise.then(
    (value) => {
      seen.value = value;
    },
    (error: { code: string }) => {
      seen.code = error.code;
    },
  );
  return seen;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a confirmed read waits until its index is applied", async () => {
  const { reads, asked, ask } = queue();
  const read = follow(reads.confirmed("quorum", 0, OPTIONS));
  reads.ask(0, ask);
  reads.confirm(asked[0]?.requestId ?? 0, 7, 5);
  reads.advance(6);
  await settle();
  expect(read.value).toBeUndefined();
  reads.advance(8);
  await settle();
  expect(read.value).toBe(8);
  expect(reads.pending).toBe(0);
});

test("reads of one turn share a round, and a later read never joins a round that was asked", async () => {
  const { reads, asked, ask } = queue();
  const first = [0, 1, 2].map(() => follow(reads.confirmed("quorum", 0, OPTIONS)));
  reads.ask(0, ask);
  const later = follow(reads.confirmed("quorum", 0, OPTIONS));
  reads.ask(0, ask);
  expect(asked.map(({ requestId }) => requestId)).toEqual([100, 101]);
  reads.confirm(100, 3, 3);
  await settle();
  expect(first.map(({ value }) => value)).toEqual([3, 3, 3]);
  expect(later.value).toBeUndefined();
});

test("only some rounds are out; what arrives meanwhile shares the next", () => {
  const { reads, asked, ask } = queue();
  for (let turn = 0; turn < 20; turn++) {
    follow(reads.confirmed("quorum", 0, OPTIONS));
    reads.ask(0, ask);
  }
  expect(asked.length).toBe(4);
  reads.confirm(100, 1, 1);
  reads.ask(0, ask);
  expect(asked.length).toBe(5);
});

test("after a change of leadership everything is asked again under new ids", async () => {
  const { reads, asked, ask } = queue();
  const read = follow(reads.confirmed("quorum", 0, OPTIONS));
  reads.ask(0, ask);
  reads.leaderChanged();
  reads.ask(0, () => NO_LEADER);
  reads.ask(0, ask);
  expect(asked.map(({ requestId }) => requestId)).toEqual([100, 102]);
  reads.confirm(100, 1, 9);
  await settle();
  expect(read.value).toBeUndefined();
  reads.confirm(102, 1, 9);
  await settle();
  expect(read.value).toBe(9);
});

test("a round without an answer is asked again, and its late answer counts no more", async () => {
  const { reads, asked, ask } = queue();
  const read = follow(reads.confirmed("quorum", 0, OPTIONS));
  reads.ask(0, ask);
  expect(reads.tick(499, 1)).toBe(false);
  expect(reads.tick(500, 1)).toBe(true);
  reads.ask(500, ask);
  expect(asked.length).toBe(2);
  reads.confirm(100, 1, 1);
  await settle();
  expect(read.value).toBeUndefined();
});

test("a lease that is not to be had becomes a quorum round", () => {
  const { reads } = queue();
  const modes: ReadMode[] = [];
  follow(reads.confirmed("lease", 0, OPTIONS));
  reads.ask(0, (_, mode) => {
    modes.push(mode);
    return mode === "lease" ? { ok: false, reason: "leaseUnavailable", leader: 1 } : { ok: true };
  });
  expect(modes).toEqual(["lease", "quorum"]);
});

test("time runs out in every state", async () => {
  const { reads, ask } = queue();
  const asked = follow(reads.confirmed("quorum", 0, OPTIONS));
  reads.ask(0, ask);
  const waiting = follow(reads.applied(50, 10, 0, OPTIONS));
  const gathering = follow(reads.confirmed("quorum", 0, OPTIONS));
  const longer = follow(reads.confirmed("quorum", 0, { timeoutMs: 2_000, signal: undefined }));
  reads.tick(1_000, 0);
  await settle();
  expect([asked, waiting, gathering].map(({ code }) => code)).toEqual(Array(3).fill("TIMEOUT"));
  expect(longer.code).toBeUndefined();
  expect(reads.pending).toBe(1);
  reads.tick(2_000, 0);
  await settle();
  expect(longer.code).toBe("TIMEOUT");
});

test("an aborted read is gone, and leaves its signal alone", async () => {
  const { reads, ask } = queue();
  const abort = new AbortController();
  const read = follow(reads.confirmed("quorum", 0, { timeoutMs: 1_000, signal: abort.signal }));
  abort.abort();
  await settle();
  expect(read.code).toBe("ABORTED");
  reads.ask(0, ask);
  reads.confirm(100, 1, 1);
  await settle();
  expect(reads.pending).toBe(0);
});
