import { expect, test } from "vitest";
import { type Platform, settlingBy } from "../../src/time/settled.ts";

const DEEP = 1_000;
const { process, MessageChannel } = globalThis as unknown as Platform;

for (const [name, platform] of [
  ["the tick queue", { process }],
  ["messages", { MessageChannel }],
] as [string, Platform][]) {
  test(`everything that promises make happen has happened, by ${name}`, async () => {
    const whenSettled = settlingBy(platform);
    for (let round = 0; round < 3; round += 1) {
      let depth = 0;
      const chain = async (): Promise<void> => {
        while (depth < DEEP) {
          await undefined;
          depth += 1;
        }
      };
      void chain();
      await new Promise<void>((resolve) => whenSettled(resolve)());
      expect(depth).toBe(DEEP);
    }
  });
}

test("a platform that has neither is told so", () => {
  expect(() => settlingBy({})).toThrow(RangeError);
});
