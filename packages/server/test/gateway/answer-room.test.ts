import { expect, test } from "vitest";
import { answerBytes } from "../../src/gateway/answer-bytes.ts";
import { type AnswerLimits, AnswerRoom } from "../../src/gateway/answer-room.ts";
import { STATUS } from "../../src/rpc/status.ts";

const LIMITS: AnswerLimits = { bytesMax: 100, askingMax: 2, waitingMax: 3, waitMs: 5000 };

/** A room whose timers run when a test says so. */
class Timed {
  readonly timers = new Set<() => void>();
  readonly setTimer = (_: number, run: () => void): { cancel(): void } => {
    this.timers.add(run);
    return { cancel: () => this.timers.delete(run) };
  };

  room(): AnswerRoom {
    return new AnswerRoom(LIMITS, this.setTimer);
  }
}

const CALL = { onCancel: (): void => {} };

test("calls ask the store a few at a time, and the others in the order they came", async () => {
  const room = new Timed().room();
  const first = await room.enter(CALL);
  const second = await room.enter(CALL);
  const order: number[] = [];
  const third = room.enter(CALL).then((place) => {
    order.push(3);
    return place;
  });
  const fourth = room.enter(CALL).then((place) => {
    order.push(4);
    return place;
  });
  expect(room.waiting).toBe(2);
  first.answered(10);
  second.leave();
  (await third).leave();
  (await fourth).leave();
  expect(order).toEqual([3, 4]);
  first.leave();
  expect([room.bytes, room.waiting]).toEqual([0, 0]);
});

test("nobody asks for another answer while as many bytes as may be are under way", async () => {
  const timed = new Timed();
  const room = timed.room();
  const first = await room.enter(CALL);
  first.answered(60);
  const second = await room.enter(CALL);
  second.answered(60);
  let isIn = false;
  const third = room.enter(CALL).then((place) => {
    isIn = true;
    return place;
  });
  await Promise.resolve();
  expect([room.bytes, isIn, timed.timers.size]).toEqual([120, false, 1]);
  first.leave();
  first.leave();
  (await third).leave();
  expect([isIn, room.bytes, timed.timers.size]).toEqual([true, 60, 0]);
});

test("an answer larger than everything is let through alone", async () => {
  const room = new Timed().room();
  const place = await room.enter(CALL);
  place.answered(1_000_000);
  const next = room.enter(CALL);
  place.leave();
  (await next).leave();
  expect(room.bytes).toBe(0);
});

test("whoever waits too long, or comes when too many wait, is told why", async () => {
  const timed = new Timed();
  const room = timed.room();
  (await room.enter(CALL)).answered(100);
  const waiting = [room.enter(CALL), room.enter(CALL), room.enter(CALL)];
  const full = {
    code: STATUS.RESOURCE_EXHAUSTED,
    message:
      "the gateway has 100 bytes of answers under way: ask for less at a time (limit), or later",
  };
  await expect(room.enter(CALL)).rejects.toMatchObject(full);
  for (const run of [...timed.timers]) run();
  for (const each of waiting) await expect(each).rejects.toMatchObject(full);
  expect(room.waiting).toBe(0);
});

test("a call that is cancelled while it waits takes no place", async () => {
  const timed = new Timed();
  const room = timed.room();
  const place = await room.enter(CALL);
  place.answered(100);
  let cancel = (): void => {};
  const waiting = room.enter({
    onCancel: (listener) => {
      cancel = listener;
    },
  });
  cancel();
  await expect(waiting).rejects.toMatchObject({ code: STATUS.CANCELLED });
  expect([room.waiting, timed.timers.size]).toEqual([0, 0]);
  place.leave();
  cancel();
  (await room.enter(CALL)).leave();
});

test("an answer counts its bytes, wherever they are", () => {
  const kv = { key: new Uint8Array(10), value: new Uint8Array(1000), lease: 0n, version: 1 };
  const range = answerBytes({ header: {}, kvs: [kv, kv], more: false, count: 2 });
  expect(range).toBeGreaterThan(2020);
  expect(range).toBeLessThan(2020 + 6 * 64);
  const response = { kind: "responseRange", value: { kvs: [kv, kv] } };
  expect(answerBytes({ responses: [{ response }, { response }] })).toBeGreaterThan(4040);
  expect(answerBytes({ more: undefined })).toBeLessThan(100);
});
