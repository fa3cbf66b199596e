import type { MemberId } from "@quorate/core";
import {
  type ClusterListener,
  type DrawnNodes,
  NodeStage,
  type NodeStory,
  NodeStoryRun,
  type StageAction,
  type StagedAction,
} from "@quorate/sim";
import type { StoryState } from "../recording/driver.ts";

/** What a run of whole nodes begins with. */
export type NodeOrigin =
  | {
      readonly type: "free";
      readonly seed: number;
      readonly members: number;
      /** Clients and faults act by themselves, as they were drawn. */
      readonly drawn?: DrawnNodes | undefined;
    }
  | { readonly type: "story"; readonly story: NodeStory };

/** What one turn came to. `nothing`: the run cannot go on. */
export type NodeTurn =
  | { readonly type: "happened"; readonly action: StageAction | undefined }
  | { readonly type: "nothing" };

/** Moves a world of whole nodes on, one thing at a time; the same turns and actions always give the same run. */
export interface NodeDriver {
  readonly stage: NodeStage;
  readonly story: StoryState;
  readonly names: ReadonlyMap<string, MemberId>;
  /** What it did by itself, each with its exact place. */
  readonly done: readonly StagedAction[];
  advance(): Promise<NodeTurn>;
  /** Does something out of turn; false when that was refused. */
  perform(action: StageAction): Promise<boolean>;
}

export function nodeDriverOf(origin: NodeOrigin, listener: ClusterListener): NodeDriver {
  return origin.type === "free"
    ? new FreeNodeDriver(new NodeStage(origin.seed, origin.members, listener, origin.drawn))
    : new StoryNodeDriver(origin.story, listener);
}

const NO_NAMES: ReadonlyMap<string, MemberId> = new Map();

class FreeNodeDriver implements NodeDriver {
  readonly stage: NodeStage;
  readonly story: StoryState = { type: "none" };
  readonly names = NO_NAMES;
  readonly done: readonly StagedAction[] = [];

  constructor(stage: NodeStage) {
    this.stage = stage;
  }

  async advance(): Promise<NodeTurn> {
    return turnOf(await this.stage.step());
  }

  perform(action: StageAction): Promise<boolean> {
    return this.stage.perform(action);
  }
}

/** Plays a story; once somebody interferes, or it is over, its nodes run on by themselves. */
class StoryNodeDriver implements NodeDriver {
  readonly #run: NodeStoryRun;
  #byHand: { readonly step: number; readonly isGoalReached: boolean } | undefined;

  constructor(story: NodeStory, listener: ClusterListener) {
    this.#run = new NodeStoryRun(story, listener);
  }

  get stage(): NodeStage {
    return this.#run.stage;
  }

  get names(): ReadonlyMap<string, MemberId> {
    return this.#run.names;
  }

  get done(): readonly StagedAction[] {
    return this.#run.done;
  }

  get story(): StoryState {
    if (this.#byHand !== undefined) return { type: "byHand", ...this.#byHand };
    const { state } = this.#run;
    return state.type === "violated" ? { type: "goalMissed" } : state;
  }

  async advance(): Promise<NodeTurn> {
    if (this.#byHand === undefined && this.#run.state.type === "playing") {
      return { type: "happened", action: await this.#run.advance() };
    }
    const turn = turnOf(await this.stage.step());
    const hand = this.#byHand;
    if (hand !== undefined && !hand.isGoalReached && this.#run.isGoalReached()) {
      this.#byHand = { ...hand, isGoalReached: true };
    }
    return turn;
  }

  perform(action: StageAction): Promise<boolean> {
    const { state } = this.#run;
    if (this.#byHand === undefined && state.type === "playing") {
      this.#byHand = { step: state.step, isGoalReached: false };
    }
    return this.stage.perform(action);
  }
}

function turnOf(happened: boolean): NodeTurn {
  return happened ? { type: "happened", action: undefined } : { type: "nothing" };
}
