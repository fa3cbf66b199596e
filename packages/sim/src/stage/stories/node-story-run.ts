import type { MemberId } from "@quorate/core";
import type { Violation } from "../../checkers/violation.ts";
import type { ClusterEvent, ClusterListener } from "../../cluster/events.ts";
import { NodeStage } from "../node-stage.ts";
import type { StageAction, StagedAction } from "../stage-action.ts";
import type { NodeStep, NodeStory } from "./node-story.ts";
import { StageView } from "./stage-view.ts";

/** What a step waits for comes about within this virtual time, or the story is stuck. */
const STEP_TIME_MS = 5_000;

/** How a story of whole nodes stands. */
export type NodeStoryState =
  | { readonly type: "playing"; readonly step: number }
  | { readonly type: "goalReached" }
  | { readonly type: "goalMissed" }
  | { readonly type: "stuck"; readonly step: number }
  | { readonly type: "violated"; readonly violation: Violation };

/** A story of whole nodes being played, one thing at a time. */
export class NodeStoryRun {
  readonly story: NodeStory;
  readonly stage: NodeStage;
  readonly view: StageView;
  /** What was done so far, and when: enough to repeat the run without the story. */
  readonly done: StagedAction[] = [];
  readonly #leaveOut: number | undefined;
  #state: NodeStoryState = { type: "playing", step: 0 };
  #waiting: StageAction[] = [];
  #hasBegun = false;
  #sinceMs = 0;

  /** @param leaveOut - The actions of this step are left out: for showing that the goal can be missed. */
  constructor(story: NodeStory, listener?: ClusterListener, leaveOut?: number) {
    this.story = story;
    this.#leaveOut = leaveOut;
    const early: ClusterEvent[] = [];
    let view: StageView | undefined;
    this.stage = new NodeStage(story.seed, story.members, (event) => {
      if (view === undefined) early.push(event);
      else view.note(event);
      listener?.(event);
    });
    view = new StageView(this.stage);
    for (const event of early) view.note(event);
    this.view = view;
  }

  get state(): NodeStoryState {
    return this.#state;
  }

  /** The names that the story has given so far. */
  get names(): ReadonlyMap<string, MemberId> {
    return this.view.names;
  }

  isGoalReached(): boolean {
    return this.story.goal.reached(this.view);
  }

  /** Lets one thing happen; tells what was done, where it was something that is done. */
  async advance(): Promise<StageAction | undefined> {
    const state = this.#state;
    if (state.type !== "playing") return undefined;
    const step = this.story.steps[state.step] as NodeStep;
    if (!this.#hasBegun) this.#begin(step, state.step);
    const action = this.#waiting.shift();
    if (action !== undefined) {
      this.done.push({ afterEvents: this.stage.agenda.happened, action });
      await this.stage.perform(action);
    } else await this.stage.step();
    this.#look(step, state.step);
    return action;
  }

  /** Plays to the end. */
  async play(): Promise<NodeStoryState> {
    while (this.#state.type === "playing") await this.advance();
    return this.#state;
  }

  #begin(step: NodeStep, number: number): void {
    this.#hasBegun = true;
    this.#sinceMs = this.stage.nowMs;
    if (step.namesMembers === true) this.#nameMembers();
    if (number === this.#leaveOut) return;
    this.#waiting = [...(step.actions?.((name) => this.view.who(name)) ?? [])];
  }

  #nameMembers(): void {
    const leader = this.stage.world.leader()?.id ?? 1;
    const { names } = this.view;
    names.set("leader", leader);
    const others = [...this.stage.memberIds()].filter((id) => id !== leader);
    ["victim", "other"].forEach((name, at) => names.set(name, others[at] ?? leader));
  }

  #look(step: NodeStep, number: number): void {
    const [violation] = this.stage.violations;
    if (violation !== undefined) {
      this.#state = { type: "violated", violation };
      return;
    }
    if (this.#waiting.length > 0) return;
    const passedMs = this.stage.nowMs - this.#sinceMs;
    const isLong = passedMs >= (step.forMs ?? 0);
    if (isLong && (step.until === undefined || step.until(this.view))) this.#next(number);
    else if (passedMs > STEP_TIME_MS) {
      if (this.#leaveOut === undefined) this.#state = { type: "stuck", step: number };
      else this.#next(number);
    }
  }

  #next(number: number): void {
    this.#hasBegun = false;
    if (number + 1 < this.story.steps.length) {
      this.#state = { type: "playing", step: number + 1 };
      return;
    }
    this.#state = { type: this.isGoalReached() ? "goalReached" : "goalMissed" };
  }
}
