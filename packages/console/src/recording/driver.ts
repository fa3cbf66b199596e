import type { Action, CoreCluster, Performer, PlannedAction } from "@quorate/sim";

/** How a run stands as a story. */
export type StoryState =
  | { readonly type: "none" }
  | { readonly type: "playing"; readonly step: number }
  | { readonly type: "goalReached" }
  | { readonly type: "goalMissed" }
  | { readonly type: "stuck"; readonly step: number }
  /** Somebody took the run into their own hands; the story no longer goes on by itself. */
  | { readonly type: "byHand"; readonly step: number; readonly isGoalReached: boolean };

/** What one turn of a driver came to. `nothing`: the run cannot go on. */
export type Turn =
  | { readonly type: "happened"; readonly actions: readonly Action[] }
  | { readonly type: "nothing" };

/** Moves a cluster on, one thing at a time; the same turns and actions always give the same run. */
export interface Driver {
  readonly cluster: CoreCluster;
  readonly performer: Performer;
  readonly story: StoryState;
  /** What it did by itself, each with its exact place. */
  readonly done: readonly PlannedAction[];
  advance(): Turn;
  /** Does something to the cluster out of turn; false when that was refused. */
  perform(action: Action): boolean;
}
