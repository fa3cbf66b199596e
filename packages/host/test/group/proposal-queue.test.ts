import { expect, test } from "vitest";
import type { QuorateError } from "../../src/errors.ts";
import { newGroupCounters } from "../../src/group/counters.ts";
import type { Dispatched, OutgoingBatch } from "../../src/group/outgoing-batch.ts";
import { ProposalQueue } from "../../src/group/proposal-queue.ts";
import { GROUP_LIMITS_DEFAULT } from "../../src/host/defaults.ts";
import { BatchReader, ItemKind } from "../../src/session/command-batch.ts";

const OPTIONS = { timeoutMs: 1_000, signal: undefined };
const LEADER = 2;

function queue(): ProposalQueue {
  return new ProposalQueue(1, 5, GROUP_LIMITS_DEFAULT, newGroupCounters());
}

interface Caller {
  value: unknown;
  error: QuorateError | undefined;
}

function propose(proposals: ProposalQueue, byte: number, timeoutMs = 1_000): Caller {
  const caller: Caller = { value: undefined, error: undefined };
  proposals.command(Uint8Array.of(byte), undefined, 0, 77, { timeoutMs, signal: undefined }).then(
    (value) => {
      caller.value = value;
    },
    (error: QuorateError) => {
      caller.error = error;
    },
  );
  return caller;
}

function dispatch(
  proposals: ProposalQueue,
  nowMs: number,
  outcome: Dispatched,
  leader = LEADER,
): OutgoingBatch[] {
  const sent: OutgoingBatch[] = [];
  proposals.dispatch(nowMs, leader, (batch) => {
    sent.push(batch);
    return outcome;
  });
  return sent;
}

function kinds(batch: OutgoingBatch | undefined): number[] {
  const reader = new BatchReader(batch?.payload ?? new Uint8Array(0));
  const found: number[] = [];
  while (reader.advance()) found.push(reader.kind);
  return found;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const POSITION = { term: 1, index: 9 };

test("commands of one turn become one batch and are resolved by their sequences", async () => {
  const proposals = queue();
  const callers = [1, 2, 3].map((byte) => propose(proposals, byte));
  proposals.seal(0, 77);
  const [batch] = dispatch(proposals, 0, "forwarded");
  const { header } = new BatchReader(batch?.payload ?? new Uint8Array(0));
  expect(header).toEqual({
    member: 1,
    incarnation: 5,
    firstSequence: 1,
    acknowledgedBelow: 1,
    proposedAtMs: 77,
    count: 3,
  });
  proposals.applied(1);
  for (const place of [0, 1, 2]) proposals.resolveApplied(1 + place, place * 10, POSITION);
  await settle();
  expect(callers.map(({ value }) => value)).toEqual(
    [0, 10, 20].map((result) => ({ result, position: POSITION })),
  );
  expect([proposals.pending, proposals.pendingBytes]).toEqual([0, 0]);
  propose(proposals, 4);
  proposals.seal(0, 77);
  const [next] = dispatch(proposals, 0, "forwarded");
  expect(new BatchReader(next?.payload ?? new Uint8Array(0)).header).toMatchObject({
    firstSequence: 4,
    acknowledgedBelow: 4,
  });
});

test("what was logged here is sent again only when leadership changes", () => {
  const proposals = queue();
  propose(proposals, 1, 1e9);
  proposals.seal(0, 0);
  expect(dispatch(proposals, 0, "appended").length).toBe(1);
  expect(dispatch(proposals, 1e8, "appended").length).toBe(0);
  proposals.leaderChanged();
  expect(dispatch(proposals, 1e8, "appended", 0).length).toBe(0);
  expect(dispatch(proposals, 1e8, "forwarded").length).toBe(1);
});

test("what was passed on is sent again, each time after a longer wait", () => {
  const proposals = queue();
  propose(proposals, 1, 1e9);
  proposals.seal(0, 0);
  const sentAt: number[] = [];
  for (let nowMs = 0; nowMs <= 20_000; nowMs += 100) {
    if (dispatch(proposals, nowMs, "forwarded").length > 0) sentAt.push(nowMs);
  }
  expect(sentAt).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
});

test("batches leave in order, and none overtakes one that must wait", () => {
  const proposals = queue();
  for (const byte of [1, 2, 3]) {
    propose(proposals, byte);
    proposals.seal(0, 0);
  }
  expect(dispatch(proposals, 0, "later").map((batch) => batch.firstSequence)).toEqual([1]);
  expect(dispatch(proposals, 0, "forwarded").map((batch) => batch.firstSequence)).toEqual([
    1, 2, 3,
  ]);
});

test("a proposal that never left is withdrawn: notApplied, and nothing of it is ever sent", async () => {
  const proposals = queue();
  const short = propose(proposals, 1, 100);
  const long = propose(proposals, 2, 10_000);
  proposals.seal(0, 0);
  proposals.expire(100, 0);
  await settle();
  expect(short.error).toMatchObject({ code: "TIMEOUT", outcome: "notApplied" });
  expect(long.error).toBeUndefined();
  const [batch] = dispatch(proposals, 200, "forwarded");
  expect(kinds(batch)).toEqual([ItemKind.void, ItemKind.command]);
});

test("a batch that nobody waits for any more is not sent at all", async () => {
  const proposals = queue();
  const caller = propose(proposals, 1, 100);
  proposals.seal(0, 0);
  proposals.expire(100, 0);
  await settle();
  expect(caller.error?.outcome).toBe("notApplied");
  expect(dispatch(proposals, 100, "forwarded")).toEqual([]);
  expect(proposals.pendingBytes).toBe(0);
});

test("a proposal that left once has an unknown outcome", async () => {
  const proposals = queue();
  const caller = propose(proposals, 1, 100);
  proposals.seal(0, 0);
  dispatch(proposals, 0, "forwarded");
  proposals.expire(100, LEADER);
  await settle();
  expect(caller.error).toMatchObject({ code: "TIMEOUT", outcome: "unknown", leader: LEADER });
});

test("a first refusal for want of room is final, a later one is not", async () => {
  const proposals = queue();
  const first = propose(proposals, 1);
  proposals.seal(0, 0);
  dispatch(proposals, 0, "forwarded");
  proposals.refused(1, "overloaded", LEADER, 0);
  const second = propose(proposals, 2);
  proposals.seal(0, 0);
  dispatch(proposals, 0, "forwarded");
  proposals.leaderChanged();
  dispatch(proposals, 0, "forwarded");
  proposals.refused(2, "overloaded", LEADER, 0);
  await settle();
  expect(first.error).toMatchObject({ code: "OVERLOADED", outcome: "notApplied" });
  expect(second.error).toBeUndefined();
});

test("a batch that met somebody who leads no more is tried again shortly", () => {
  const proposals = queue();
  propose(proposals, 1);
  proposals.seal(0, 0);
  dispatch(proposals, 0, "forwarded");
  proposals.refused(1, "notLeader", 3, 10);
  expect(dispatch(proposals, 59, "forwarded").length).toBe(0);
  expect(dispatch(proposals, 60, "forwarded").length).toBe(1);
});

test("what a received snapshot contains is answered with an unknown outcome, the rest is sent on", async () => {
  const proposals = queue();
  const inside = propose(proposals, 1);
  proposals.seal(0, 0);
  const outside = propose(proposals, 2);
  proposals.seal(0, 0);
  proposals.snapshotInstalled((firstSequence) => firstSequence === 1, LEADER);
  await settle();
  expect(inside.error).toMatchObject({ code: "LEADERSHIP_LOST", outcome: "unknown" });
  expect(outside.error).toBeUndefined();
  expect(dispatch(proposals, 0, "forwarded").map((batch) => batch.firstSequence)).toEqual([2]);
});

test("thousands of proposals that settle out of order leave nothing behind", async () => {
  const proposals = queue();
  const callers = Array.from({ length: 5_000 }, (_, nth) => propose(proposals, nth % 251));
  proposals.seal(0, 0);
  const batches = dispatch(proposals, 0, "forwarded");
  expect(batches.length).toBeGreaterThan(1);
  for (const { firstSequence, count } of batches.toReversed()) {
    proposals.applied(firstSequence);
    for (let place = count - 1; place >= 0; place--) {
      proposals.resolveApplied(firstSequence + place, firstSequence + place, POSITION);
    }
  }
  await settle();
  const results = callers.map(({ value }) => (value as { result: number }).result);
  expect(results).toEqual(Array.from({ length: 5_000 }, (_, nth) => nth + 1));
  expect([proposals.pending, proposals.pendingBytes, proposals.isDue(1e9)]).toEqual([0, 0, false]);
});

test("an abort settles its caller and unhooks every signal", async () => {
  const proposals = queue();
  const abort = new AbortController();
  const outcome = proposals
    .command(Uint8Array.of(1), undefined, 0, 0, { ...OPTIONS, signal: abort.signal })
    .catch((error: QuorateError) => error);
  proposals.seal(0, 0);
  dispatch(proposals, 0, "forwarded");
  abort.abort("enough");
  expect(await outcome).toMatchObject({ code: "ABORTED", outcome: "unknown", cause: "enough" });
  proposals.resolveApplied(1, 1, POSITION);
  expect(proposals.pending).toBe(0);
});
