import fc from "fast-check";
import { expect, test } from "vitest";
import { DeadlineQueue } from "../../src/lease/deadline-queue.ts";

test("gives out what is due, the earliest first", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(100), fc.nat(100)), { size: "max", maxLength: 80 }),
      (steps) => {
        const queue = new DeadlineQueue<number>();
        let model: number[] = [];
        for (const [time, now] of steps) {
          queue.push(time, time);
          model.push(time);
          model.sort((a, b) => a - b);
          if (now % 3 !== 0) continue;
          const popped: number[] = [];
          for (;;) {
            const item = queue.popDue(now);
            if (item === undefined) break;
            popped.push(item);
          }
          expect(popped).toEqual(model.filter((t) => t <= now));
          model = model.filter((t) => t > now);
          expect(queue.length).toBe(model.length);
        }
      },
    ),
  );
});
