import { describe, expect, test } from "vitest";
import {
  checkLinearizability,
  fillIn,
  NODE_STORIES,
  type NodeStory,
  NodeStoryRun,
  registerModel,
  replayStage,
} from "../../src/index.ts";

const named = NODE_STORIES.map((story) => [story.id, story] as const);

describe.each(named)("the story %s of whole nodes", (_, story: NodeStory) => {
  test("comes to its goal, with every guarantee kept and one order for all clients", async () => {
    const run = new NodeStoryRun(story);
    expect(await run.play()).toEqual({ type: "goalReached" });
    expect(run.stage.violations).toEqual([]);
    const { operations } = run.stage.clients.history;
    expect(checkLinearizability(registerModel, operations).verdict).toBe("linearizable");
  });

  test("misses its goal without its key step", async () => {
    const run = new NodeStoryRun(story, undefined, story.keyStep);
    expect(await run.play()).toEqual({ type: "goalMissed" });
  });

  test("is the same run when only what was done is repeated", async () => {
    const run = new NodeStoryRun(story);
    await run.play();
    const { seed, members } = story;
    const events = run.stage.agenda.happened;
    const again = await replayStage({ seed, members, actions: run.done, events });
    expect(again.digest()).toBe(run.stage.digest());
  });

  test("is told in both languages, with a number for every name", async () => {
    const run = new NodeStoryRun(story);
    await run.play();
    const texts = [story.title, story.story, story.goal.text];
    for (const text of [...texts, ...story.steps.map(({ caption }) => caption)]) {
      expect(text.zh).toMatch(/\p{Script=Han}/u);
      expect(text.en).not.toMatch(/\p{Script=Han}/u);
      for (const language of ["en", "zh"] as const) {
        expect(fillIn(text, language, run.names)).not.toContain("{");
      }
    }
  });
});
