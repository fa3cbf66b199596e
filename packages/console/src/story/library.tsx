import {
  findNodeStory,
  GROUP_TITLES,
  NODE_STORIES,
  SCENARIO_GROUPS,
  type ScenarioGroup,
} from "@quorate/sim";
import type { JSX } from "preact";
import { say, tell } from "../language/say.ts";
import { shownRecording } from "../studio/studio.ts";
import { PUZZLES } from "./puzzles.ts";
import {
  openFree,
  openNodeStory,
  openNodes,
  openPuzzle,
  openPuzzleToSolve,
  openScenario,
  openStory,
  openStoryOfNodes,
  STORIES,
} from "./stories.ts";

const FREE_SIZES: readonly number[] = [3, 5, 7];
const NODE_SIZES: readonly number[] = [3, 5];

function freeTitle(size: number): string {
  return say(`Free play, ${size} members`, `自由操作，${size} 个成员`);
}

function nodesTitle(size: number): string {
  return say(`Whole nodes, ${size} members`, `完整节点，${size} 个成员`);
}

function disksTitle(): string {
  return say("Disks, with whole nodes", "磁盘（完整节点）");
}

function freshSeed(): number {
  return 1 + Math.floor(Math.random() * 1_000_000);
}

/** All stories by group, and clusters to play with freely. */
export function Library(): JSX.Element {
  const groups = SCENARIO_GROUPS.filter((group) => STORIES.some((story) => story.group === group));
  const recording = shownRecording();
  const isNodes = recording?.world === "nodes";
  const founders = recording?.track.frame(0).members.length;
  return (
    <nav class="panel library" aria-label={say("Stories", "故事")}>
      <h2 class="unseen">{say("Stories", "故事")}</h2>
      <div class="choose">
        <label for="choose-story">{say("Story", "故事")}</label>
        <select id="choose-story" onChange={(event) => choose(event.currentTarget.value)}>
          {FREE_SIZES.map((size) => (
            <option key={size} value={`free/${size}`}>
              {freeTitle(size)}
            </option>
          ))}
          {NODE_SIZES.map((size) => (
            <option
              key={`nodes${size}`}
              value={`nodes/${size}`}
              selected={isNodes && openStoryOfNodes.value === undefined && founders === size}
            >
              {nodesTitle(size)}
            </option>
          ))}
          <optgroup label={disksTitle()}>
            {NODE_STORIES.map((story) => (
              <option
                key={story.id}
                value={`disks/${story.id}`}
                selected={openStoryOfNodes.value === story}
              >
                {tell(story.title)}
              </option>
            ))}
          </optgroup>
          <optgroup label={say("Puzzles", "谜题")}>
            {PUZZLES.map((puzzle) => (
              <option
                key={puzzle.id}
                value={`puzzle/${puzzle.id}`}
                selected={openPuzzle.value === puzzle}
              >
                {tell(puzzle.title)}
              </option>
            ))}
          </optgroup>
          {groups.map((group) => (
            <optgroup key={group} label={tell(GROUP_TITLES[group])}>
              {inGroup(group).map((story) => (
                <option
                  key={story.id}
                  value={story.id}
                  selected={openScenario.value?.id === story.id}
                >
                  {tell(story.title)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </div>
      {groups.map((group) => (
        <div key={group}>
          <h3>{tell(GROUP_TITLES[group])}</h3>
          <ul>
            {inGroup(group).map((story) => (
              <li key={story.id}>
                <button
                  type="button"
                  data-story={story.id}
                  aria-current={openScenario.value?.id === story.id}
                  onClick={() => openStory(story)}
                >
                  {tell(story.title)}
                </button>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <h3>{disksTitle()}</h3>
      <ul>
        {NODE_STORIES.map((story) => (
          <li key={story.id}>
            <button
              type="button"
              data-story={story.id}
              aria-current={openStoryOfNodes.value === story}
              onClick={() => openNodeStory(story)}
            >
              {tell(story.title)}
            </button>
          </li>
        ))}
      </ul>
      <h3>{say("Puzzles", "谜题")}</h3>
      <ul>
        {PUZZLES.map((puzzle) => (
          <li key={puzzle.id}>
            <button
              type="button"
              data-puzzle-open={puzzle.id}
              aria-current={openPuzzle.value === puzzle}
              onClick={() => openPuzzleToSolve(puzzle)}
            >
              {tell(puzzle.title)}
            </button>
          </li>
        ))}
      </ul>
      <h3>{say("Free play", "自由操作")}</h3>
      <ul>
        {FREE_SIZES.map((size) => (
          <li key={size}>
            <button type="button" data-free={size} onClick={() => openFree(size, freshSeed())}>
              {freeTitle(size)}
            </button>
          </li>
        ))}
        {NODE_SIZES.map((size) => (
          <li key={`nodes${size}`}>
            <button type="button" data-nodes={size} onClick={() => openNodes(size, freshSeed())}>
              {nodesTitle(size)}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function inGroup(group: ScenarioGroup): typeof STORIES {
  return STORIES.filter((story) => story.group === group);
}

function choose(value: string): void {
  if (value.startsWith("free/")) {
    openFree(Number(value.slice("free/".length)), freshSeed());
    return;
  }
  if (value.startsWith("nodes/")) {
    openNodes(Number(value.slice("nodes/".length)), freshSeed());
    return;
  }
  if (value.startsWith("disks/")) {
    const story = findNodeStory(value.slice("disks/".length));
    if (story !== undefined) openNodeStory(story);
    return;
  }
  const puzzle = PUZZLES.find(({ id }) => value === `puzzle/${id}`);
  if (puzzle !== undefined) {
    openPuzzleToSolve(puzzle);
    return;
  }
  const story = STORIES.find(({ id }) => id === value);
  if (story !== undefined) openStory(story);
}
