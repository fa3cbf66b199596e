import type { StoryState } from "./driver.ts";
import { lastAtMost } from "./entry-history.ts";

/** How a run stood as a story, moment by moment; only changes are kept. */
export class StoryLog {
  readonly #moments: number[] = [];
  readonly #states: StoryState[] = [];

  note(moment: number, state: StoryState): void {
    if (isSameStory(this.#states.at(-1), state)) return;
    this.#moments.push(moment);
    this.#states.push(state);
  }

  at(moment: number): StoryState {
    return this.#states[lastAtMost(this.#moments, moment)] ?? { type: "none" };
  }

  /** Moments at which the story stood differently than before: where its steps begin, and where it ended. */
  stepEnds(): readonly number[] {
    return this.#moments.slice(1);
  }

  /** Moment at which the story came to this step; undefined before. */
  stepBegan(step: number): number | undefined {
    const place = this.#states.findIndex((one) => one.type === "playing" && one.step === step);
    return place < 0 ? undefined : this.#moments[place];
  }

  /** Takes over what is known of another run up to `moment`. */
  beginAs(other: StoryLog, moment: number): void {
    const known = lastAtMost(other.#moments, moment) + 1;
    this.#moments.push(...other.#moments.slice(0, known));
    this.#states.push(...other.#states.slice(0, known));
  }
}

function isSameStory(left: StoryState | undefined, right: StoryState): boolean {
  if (left === undefined || left.type !== right.type) return false;
  const step = (story: StoryState): number => ("step" in story ? story.step : -1);
  const reached = (story: StoryState): boolean => story.type === "byHand" && story.isGoalReached;
  return step(left) === step(right) && reached(left) === reached(right);
}
