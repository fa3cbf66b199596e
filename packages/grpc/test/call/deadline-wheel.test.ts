import fc from "fast-check";
import { expect, test } from "vitest";
import {
  DEADLINE_TICK_MS,
  type DeadlineEntry,
  DeadlineWheel,
} from "../../src/call/deadline-wheel.ts";
import { ManualClock } from "../support/manual-clock.ts";

class Entry implements DeadlineEntry {
  readonly deadlineAtMs: number;
  deadlineBefore: DeadlineEntry | undefined = undefined;
  deadlineAfter: DeadlineEntry | undefined = undefined;
  deadlineSlot = -1;
  metAtMs: number | undefined;
  readonly #clock: ManualClock;
  readonly #onMet: () => void;

  constructor(clock: ManualClock, inMs: number, onMet: () => void = () => {}) {
    this.#clock = clock;
    this.#onMet = onMet;
    this.deadlineAtMs = clock.nowMs() + inMs;
  }

  onDeadline(): void {
    this.metAtMs = this.#clock.nowMs();
    this.#onMet();
  }
}

const setUp = (): { clock: ManualClock; wheel: DeadlineWheel } => {
  const clock = new ManualClock();
  return { clock, wheel: new DeadlineWheel(clock.nowMs, clock.startTimer, () => {}) };
};

test("property: every deadline is met once, never early and at most two ticks late; removed ones never", () => {
  const step = fc.record({
    inMs: fc.oneof(
      fc.double({ min: 0.001, max: 100, noNaN: true }),
      fc.integer({ min: 1, max: 40_000 }),
    ),
    isRemoved: fc.boolean(),
    waitMs: fc.integer({ min: 0, max: 300 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { clock, wheel } = setUp();
      const entries = steps.map(({ inMs, isRemoved, waitMs }) => {
        const entry = new Entry(clock, inMs);
        wheel.add(entry);
        if (isRemoved) wheel.remove(entry);
        clock.advance(waitMs);
        return { entry, isRemoved };
      });
      clock.advance(60_000);
      for (const { entry, isRemoved } of entries) {
        if (isRemoved) {
          expect(entry.metAtMs).toBeUndefined();
        } else {
          expect(entry.metAtMs).toBeGreaterThanOrEqual(entry.deadlineAtMs);
          expect(entry.metAtMs).toBeLessThanOrEqual(entry.deadlineAtMs + 2 * DEADLINE_TICK_MS);
        }
      }
      expect(wheel.count).toBe(0);
      expect(clock.timerCount).toBe(0);
    }),
  );
});

test("a deadline that passed while its call was being opened is met at the next tick", () => {
  const { clock, wheel } = setUp();
  const entry = new Entry(clock, 5);
  clock.advance(500);
  wheel.add(entry);
  clock.advance(2 * DEADLINE_TICK_MS);
  expect(entry.metAtMs).toBeDefined();
});

test("one that ends others when it is met does not hide the rest", () => {
  const { clock, wheel } = setUp();
  const others: Entry[] = [];
  const first = new Entry(clock, 100, () => {
    for (const other of others) wheel.remove(other);
  });
  for (let i = 0; i < 3; i++) others.push(new Entry(clock, 100 + 512 * DEADLINE_TICK_MS));
  const last = new Entry(clock, 100);
  for (const entry of [last, ...others, first]) wheel.add(entry);
  clock.advance(200);
  expect(first.metAtMs).toBeDefined();
  expect(last.metAtMs).toBeDefined();
  expect(wheel.count).toBe(0);
});

test("one that throws does not keep the others waiting", () => {
  const clock = new ManualClock();
  const defects: unknown[] = [];
  const wheel = new DeadlineWheel(clock.nowMs, clock.startTimer, (defect) => defects.push(defect));
  const bug = new Error("bug");
  const thrower = new Entry(clock, 50, () => {
    throw bug;
  });
  const others = [new Entry(clock, 50), new Entry(clock, 500)];
  for (const entry of [others[0] as Entry, thrower, others[1] as Entry]) wheel.add(entry);
  clock.advance(600);
  expect(others.every((entry) => entry.metAtMs !== undefined)).toBe(true);
  expect(defects).toEqual([bug]);
});

test("a stall of a minute skips nothing", () => {
  const clock = new ManualClock();
  let timer = (): void => {};
  const startTimer = (_ms: number, run: () => void): void => {
    timer = run;
  };
  const wheel = new DeadlineWheel(clock.nowMs, startTimer, () => {});
  const entries = Array.from({ length: 100 }, (_, i) => new Entry(clock, i * 200 + 1));
  for (const entry of entries) wheel.add(entry);
  clock.advance(60_000);
  timer();
  expect(entries.every((entry) => entry.metAtMs !== undefined)).toBe(true);
});
