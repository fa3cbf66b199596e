import type { MemberId } from "@quorate/core";
import type { Action, ClusterEvent, ClusterSettings, Sabotage, Scenario } from "@quorate/sim";
import type { Driver, StoryState } from "./driver.ts";
import { lastAtMost } from "./entry-history.ts";
import { FreeDriver } from "./free-driver.ts";
import { StoryDriver } from "./story-driver.ts";
import { Track } from "./track.ts";

/** What a run begins with. */
export type Origin =
  | {
      readonly type: "free";
      readonly seed: number;
      readonly settings: Partial<ClusterSettings>;
    }
  | {
      readonly type: "story";
      readonly scenario: Scenario;
      readonly sabotage: Sabotage | undefined;
    };

/** A run is not continued beyond this: about 300 MB of a page's memory. */
export const MOMENTS_MAX = 400_000;

/** Something that was done by hand, after so many turns of the driver. */
interface Intervention {
  readonly afterTurns: number;
  readonly moment: number;
  readonly action: Action;
}

/** Where the run took a way of its own. */
export interface Parting {
  readonly parent: Recording;
  readonly moment: number;
}

/**
 * A run that can be watched at any moment and continued at its end. It is decided by its origin and by what was done by
 * hand, so a branch repeats both silently up to its moment and shares what was recorded of them.
 */
export class Recording {
  readonly origin: Origin;
  readonly parting: Parting | undefined;
  readonly track: Track;
  readonly #driver: Driver;
  readonly #interventions: Intervention[] = [];
  /** By moment, how many turns the driver had made. */
  readonly #turns: number[] = [];
  readonly #stories: { readonly moments: number[]; readonly states: StoryState[] } = {
    moments: [],
    states: [],
  };
  #turnsMade = 0;
  #isSilent = false;
  #isOver = false;

  constructor(origin: Origin, parting?: Parting) {
    this.origin = origin;
    this.parting = parting;
    const early: ClusterEvent[] = [];
    let driver: Driver | undefined;
    const listener = (event: ClusterEvent): void => {
      if (this.#isSilent) return;
      if (driver === undefined) early.push(event);
      else this.track.note(event, driver.cluster);
    };
    this.#isSilent = parting !== undefined;
    driver =
      origin.type === "free"
        ? new FreeDriver(origin.seed, origin.settings, listener)
        : new StoryDriver(origin.scenario, origin.sabotage, listener);
    this.#driver = driver;
    if (parting === undefined) {
      this.track = new Track();
      for (const event of early) this.track.note(event, driver.cluster);
      this.#close([]);
    } else {
      this.track = parting.parent.track.upTo(parting.moment);
      this.#repeat(parting);
    }
    this.#isSilent = false;
  }

  /** The newest moment. */
  get last(): number {
    return this.track.length - 1;
  }

  /** Nothing more will happen: the cluster stopped for a violation, or the run is too long. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Names that a story gave to members so far. */
  get names(): ReadonlyMap<string, MemberId> {
    return this.#driver.performer.names;
  }

  get settings(): ClusterSettings {
    return this.#driver.cluster.settings;
  }

  /** Fingerprint of everything that was delivered so far, and when. */
  digest(): string {
    return this.#driver.cluster.digest();
  }

  /** The story has come to its end, whatever that is; true where there is no story. */
  get isTold(): boolean {
    return this.#driver.story.type !== "playing";
  }

  storyAt(moment: number): StoryState {
    const { moments, states } = this.#stories;
    return states[lastAtMost(moments, moment)] ?? { type: "none" };
  }

  /** Moments at which the story stood differently than before: where its steps begin, and where it ended. */
  stepEnds(): readonly number[] {
    return this.#stories.moments.slice(1);
  }

  /** Moment at which the story came to this step; undefined before. */
  stepBegan(step: number): number | undefined {
    const { moments, states } = this.#stories;
    const place = states.findIndex((state) => state.type === "playing" && state.step === step);
    return place < 0 ? undefined : moments[place];
  }

  /** Runs on until the story is told; false when the budget did not suffice. */
  tellStory(budgetMs: number, now: () => number): boolean {
    const deadline = now() + budgetMs;
    for (let count = 0; this.#driver.story.type === "playing"; count += 1) {
      if (count % 16 === 15 && now() > deadline) return false;
      if (!this.extend()) return true;
    }
    return true;
  }

  /** One more moment; false when there is none. */
  extend(): boolean {
    if (this.#isOver) return false;
    if (this.track.length >= MOMENTS_MAX) {
      this.#isOver = true;
      return false;
    }
    this.#turnsMade += 1;
    const turn = this.#driver.advance();
    if (turn.type === "nothing") {
      this.#isOver = true;
      return false;
    }
    this.#close(turn.actions);
    return true;
  }

  /** More moments until the run is that old; stops after `budgetMs` of `now`. False when the budget did not suffice. */
  extendTo(untilMs: number, budgetMs: number, now: () => number): boolean {
    const deadline = now() + budgetMs;
    for (let count = 0; ; count += 1) {
      if (this.track.endMs >= untilMs || this.#isOver) return true;
      if (count % 16 === 15 && now() > deadline) return false;
      this.extend();
    }
  }

  /** Does something at the end of the run, as a moment of its own; false when that was refused. */
  perform(action: Action): boolean {
    const done = this.#driver.perform(action);
    this.#interventions.push({ afterTurns: this.#turnsMade, moment: this.track.length, action });
    this.#close([action]);
    return done;
  }

  /** The same run up to `moment`, to be continued otherwise. */
  fork(moment: number): Recording {
    return new Recording(this.origin, { parent: this, moment });
  }

  #close(actions: readonly Action[]): void {
    this.track.close(this.#driver.cluster, actions);
    this.#turns.push(this.#turnsMade);
    const { moments, states } = this.#stories;
    const { story } = this.#driver;
    if (!isSameStory(states.at(-1), story)) {
      moments.push(this.last);
      states.push(story);
    }
  }

  #repeat({ parent, moment }: Parting): void {
    for (const intervention of parent.#interventions) {
      if (intervention.moment > moment) break;
      this.#advanceTo(intervention.afterTurns);
      this.#driver.perform(intervention.action);
      this.#interventions.push(intervention);
    }
    this.#advanceTo(parent.#turns[moment] ?? 0);
    for (const turns of parent.#turns.slice(0, moment + 1)) this.#turns.push(turns);
    const { moments, states } = parent.#stories;
    const known = lastAtMost(moments, moment) + 1;
    this.#stories.moments.push(...moments.slice(0, known));
    this.#stories.states.push(...states.slice(0, known));
  }

  #advanceTo(turns: number): void {
    for (; this.#turnsMade < turns; this.#turnsMade += 1) this.#driver.advance();
  }
}

function isSameStory(left: StoryState | undefined, right: StoryState): boolean {
  if (left === undefined || left.type !== right.type) return false;
  const step = (story: StoryState): number => ("step" in story ? story.step : -1);
  const reached = (story: StoryState): boolean => story.type === "byHand" && story.isGoalReached;
  return step(left) === step(right) && reached(left) === reached(right);
}
