import fc from "fast-check";
import { expect, test } from "vitest";
import { InflightWindow } from "../../src/replication/inflight-window.ts";

test("is full when so many messages or bytes are on the way; the last one may overshoot", () => {
  const byCount = new InflightWindow({ messagesMax: 2, bytesMax: 1000 });
  byCount.add(1, 10);
  expect(byCount.isFull).toBe(false);
  byCount.add(2, 10);
  expect([byCount.isFull, byCount.count, byCount.bytes]).toEqual([true, 2, 20]);

  const byBytes = new InflightWindow({ messagesMax: 100, bytesMax: 15 });
  byBytes.add(1, 14);
  expect(byBytes.isFull).toBe(false);
  byBytes.add(2, 90);
  expect([byBytes.isFull, byBytes.bytes]).toEqual([true, 104]);
  expect(() => byBytes.add(3, 1)).toThrow(
    "I15 sending within limits: append to 3 into a full window",
  );
});

test("an answer frees everything before it, also between two appends", () => {
  const window = new InflightWindow({ messagesMax: 10, bytesMax: 1000 });
  for (const index of [2, 4, 6]) window.add(index, 1);
  window.freeTo(1);
  expect(window.count).toBe(3);
  window.freeTo(5);
  expect([window.count, window.bytes]).toEqual([1, 1]);
  window.freeTo(9);
  expect([window.count, window.bytes]).toEqual([0, 0]);
});

test("can be emptied", () => {
  const window = new InflightWindow({ messagesMax: 2, bytesMax: 10 });
  window.add(1, 4);
  window.add(2, 4);
  window.clear();
  expect([window.count, window.bytes, window.isFull]).toEqual([0, 0, false]);
  window.add(3, 1);
  window.freeTo(3);
  expect(window.count).toBe(0);
});

test("property: behaves like a queue of any length", () => {
  const step = fc.record({
    add: fc.boolean(),
    by: fc.integer({ min: 1, max: 3 }),
    bytes: fc.nat(5),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 100 }),
      fc.array(step, { maxLength: 300 }),
      (messagesMax, bytesMax, steps) => {
        const window = new InflightWindow({ messagesMax, bytesMax });
        let queue: { index: number; bytes: number }[] = [];
        let next = 0;
        let freed = 0;
        for (const { add, by, bytes } of steps) {
          if (add && !window.isFull) {
            next += by;
            window.add(next, bytes);
            queue.push({ index: next, bytes });
          } else if (!add) {
            freed += by;
            window.freeTo(freed);
            queue = queue.filter(({ index }) => index > freed);
          }
          const total = queue.reduce((sum, each) => sum + each.bytes, 0);
          expect([window.count, window.bytes]).toEqual([queue.length, total]);
          expect(window.isFull).toBe(queue.length >= messagesMax || total >= bytesMax);
        }
      },
    ),
  );
});

test("a window that grows while it goes round forgets nothing and takes no more than its limit", () => {
  const window = new InflightWindow({ messagesMax: 500, bytesMax: 1_000_000 });
  // Some were freed before, so that the ring begins in its middle when it grows; more than once.
  for (let index = 1; index <= 5; index++) window.add(index, index);
  window.freeTo(3);
  for (let index = 6; index <= 503; index++) window.add(index, index);
  expect([window.count, window.isFull]).toEqual([500, true]);
  const bytesFrom = (first: number) => ((first + 503) * (504 - first)) / 2;
  expect(window.bytes).toBe(bytesFrom(4));
  for (const index of [4, 7, 100, 400, 502]) {
    window.freeTo(index);
    expect([window.count, window.bytes]).toEqual([503 - index, bytesFrom(index + 1)]);
  }
  window.clear();
  expect([window.count, window.bytes]).toEqual([0, 0]);
  window.add(9, 1);
  window.freeTo(8);
  expect(window.count).toBe(1);
});
