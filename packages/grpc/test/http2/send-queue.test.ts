import fc from "fast-check";
import { expect, test } from "vitest";
import { SendQueue } from "../../src/http2/send-queue.ts";

test("property: bytes come out as they went in, whatever the pieces", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1 }),
      (segments, takes) => {
        const queue = new SendQueue();
        const out: number[] = [];
        let turn = 0;
        const take = (): void => {
          const count = Math.min(takes[turn++ % takes.length] as number, queue.lengthBytes);
          const target = new Uint8Array(count + 2);
          queue.moveTo(target, 1, count);
          out.push(...target.subarray(1, count + 1));
        };
        for (const segment of segments) {
          queue.push(segment);
          take();
        }
        while (queue.lengthBytes > 0) take();
        expect(out).toEqual(segments.flatMap((segment) => [...segment]));
      },
    ),
  );
});
