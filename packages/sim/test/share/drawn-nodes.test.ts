import { expect, test } from "vitest";
import { NODES_LONG, NODES_SHORT } from "../../src/hunt/draw-nodes.ts";
import { planNodes, playNodes } from "../../src/hunt/run-nodes.ts";
import { ShareError } from "../../src/share/share-error.ts";
import {
  decodeStage,
  encodeStage,
  stageFromFile,
  stageToFile,
} from "../../src/share/shared-stage.ts";
import { drawnOf, planOfDrawn } from "../../src/stage/drawn-nodes.ts";
import { replayStage } from "../../src/stage/node-stage.ts";
import type { StagePlan } from "../../src/stage/stage-action.ts";

const LEFT_OUT = { asks: new Set([1, 2, 3, 9]), faults: new Set([4]), changes: new Set<number>() };

function stageOf(seed: number, profile = NODES_SHORT): StagePlan {
  const plan = { ...planNodes(seed, profile), leftOut: LEFT_OUT };
  const { members } = plan.run.settings;
  return { seed, members, actions: [], events: 500, drawn: drawnOf(plan, "0123") };
}

test("every run that can be drawn comes back from a link and from a file, as it was", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    for (const profile of [NODES_SHORT, NODES_LONG]) {
      const shared = stageOf(seed, profile);
      expect(decodeStage(encodeStage(shared))).toEqual(shared);
      expect(stageFromFile(stageToFile(shared))).toEqual(shared);
      const { drawn } = decodeStage(encodeStage(shared));
      const plan = { ...planNodes(seed, profile), leftOut: LEFT_OUT };
      expect(drawn && planOfDrawn(seed, drawn)).toEqual(plan);
    }
  }
});

test.each([
  ["a fault nobody knows", (run: Record<string, unknown>) => ({ ...run, faults: ["gravity"] })],
  ["a field that is missing", ({ keys: _, ...run }: Record<string, unknown>) => run],
  [
    "more members than a page can show",
    (run: Record<string, unknown>) => ({
      ...run,
      settings: { ...(run["settings"] as object), members: 5_000 },
    }),
  ],
  ["a text in place of a number", (run: Record<string, unknown>) => ({ ...run, faultsMs: "x" })],
])("%s is refused", (_, change) => {
  const file = JSON.parse(stageToFile(stageOf(3)));
  file.plan.drawn.run = change(file.plan.drawn.run);
  expect(() => stageFromFile(JSON.stringify(file))).toThrow(ShareError);
});

test("ranges that name the same events again and again are refused", () => {
  const file = JSON.parse(stageToFile(stageOf(3)));
  file.plan.drawn.leftOut.asks = Array.from({ length: 50_000 }, () => [0, 1_000_000]);
  expect(() => stageFromFile(JSON.stringify(file))).toThrow(ShareError);
});

test("a drawn run on the stage is the same run, event by event", async () => {
  const plan = planNodes(3);
  const { result } = await playNodes(plan);
  const { members } = plan.run.settings;
  const kinds = new Set<string>();
  const stage = await replayStage(
    { seed: 3, members, actions: [], events: result.events, drawn: drawnOf(plan, result.digest) },
    ({ type }) => kinds.add(type),
  );
  expect(stage.digest()).toBe(result.digest);
  expect(stage.agenda.happened).toBe(result.events);
  expect(await stage.step()).toBe(false);
  expect(stage.violations).toEqual([]);
  for (const kind of ["started", "sent", "delivered", "decision", "applied"]) {
    expect(kinds).toContain(kind);
  }
}, 60_000);
