import fc from "fast-check";
import { expect, test } from "vitest";
import { ShareError } from "../../src/share/share-error.ts";
import {
  decodeStage,
  encodeStage,
  stageFromFile,
  stageToFile,
} from "../../src/share/shared-stage.ts";
import type { StagePlan } from "../../src/stage/stage-action.ts";

const PLAN: StagePlan = {
  seed: 7,
  members: 3,
  events: 900,
  actions: [
    { afterEvents: 3, action: { type: "diskFault", member: 2, fault: "tearNextWrite" } },
    { afterEvents: 9, action: { type: "partition", groups: [[1], [2, 3]] } },
    {
      afterEvents: 30,
      action: {
        type: "ask",
        client: 1,
        operation: { type: "compareAndSet", key: "键", expected: null, value: "1" },
      },
    },
    { afterEvents: 40, action: { type: "crash", member: 1, unsynced: "lost" } },
  ],
};

test("a run of whole nodes comes back from a link and from a file", () => {
  expect(decodeStage(`#${encodeStage(PLAN)}`)).toEqual(PLAN);
  expect(stageFromFile(stageToFile(PLAN))).toEqual(PLAN);
});

test("a file of another kind is left to others", () => {
  expect(stageFromFile('{"format":"quorate-run","version":1}')).toBeUndefined();
});

test("a link that was changed on the way is refused with a reason, or is another run", () => {
  const link = encodeStage(PLAN);
  fc.assert(
    fc.property(fc.nat(link.length - 1), fc.constantFrom("A", "z", "-", ".", "!"), (at, letter) => {
      const changed = link.slice(0, at) + letter + link.slice(at + 1);
      try {
        decodeStage(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(ShareError);
      }
    }),
  );
});

test.each([
  [{ ...PLAN, members: 99 }],
  [{ ...PLAN, actions: [{ afterEvents: 1, action: { type: "hold", from: 1, to: 2 } }] }],
  [
    {
      ...PLAN,
      actions: [{ afterEvents: 1, action: { type: "diskFault", member: 1, fault: "burn" } }],
    },
  ],
])("what no run of whole nodes can be is refused", (plan) => {
  expect(() => decodeStage(encodeStage(plan as never))).toThrow(ShareError);
});
