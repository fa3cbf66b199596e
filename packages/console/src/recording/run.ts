import type { MemberId } from "@quorate/core";
import type { Action, StageAction } from "@quorate/sim";
import type { StoryState } from "./driver.ts";
import type { Track } from "./track.ts";

/** Everything that can be done to a run by hand. */
export type RunAction = Action | StageAction;

/** Where the run took a way of its own. */
export interface Parting {
  readonly parent: Run;
  readonly moment: number;
}

/** Which cluster runs: cores alone, or whole nodes with everything around them. */
export type RunWorld = "cores" | "nodes";

/** What comes of going on: at once where the world is synchronous, later where it is not. */
export type Soon<T> = T | Promise<T>;

/** A run in the forms in which it can be given away. */
export interface Gift {
  /** For the fragment of a link to this page. */
  readonly fragment: string;
  readonly file: string;
  /** A test for `node --test` that repeats the run. */
  readonly test: string;
}

/** A run that can be watched at any moment and continued at its end. */
export interface Run {
  readonly world: RunWorld;
  readonly track: Track;
  readonly parting: Parting | undefined;
  /** The newest moment. */
  readonly last: number;
  /** Nothing more will happen: the cluster stopped for a violation, or the run is too long. */
  readonly isOver: boolean;
  /** The story has come to its end, whatever that is; true where there is no story. */
  readonly isTold: boolean;
  /** Something was done by hand. */
  readonly isChanged: boolean;
  /** Clients and faults act by themselves, as they were drawn from a seed. */
  readonly isDrawn: boolean;
  /** Names that a story gave to members so far. */
  readonly names: ReadonlyMap<string, MemberId>;
  /** Fingerprint of everything that was delivered so far, and when. */
  digest(): string;
  storyAt(moment: number): StoryState;
  /** Moments at which the story stood differently than before. */
  stepEnds(): readonly number[];
  /** Moment at which the story came to this step; undefined before. */
  stepBegan(step: number): number | undefined;
  /** One more moment; false when there is none. */
  extend(): Soon<boolean>;
  /** More moments until the run is that old, as far as `budgetMs` of `now` suffices; some may come a little later. */
  extendTo(untilMs: number, budgetMs: number, now: () => number): void;
  /** Does something at the end of the run, as a moment of its own; false when that was refused. */
  perform(action: RunAction): Soon<boolean>;
  /** The same run up to `moment`, to be continued otherwise. */
  fork(moment: number): Run;
  /** Undefined when it cannot be repeated from what was done. */
  gift(): Gift | undefined;
}
