import type { MemberId } from "@quorate/core";
import {
  type ClusterEvent,
  encodeNodeStory,
  encodeStage,
  type NodeStage,
  type StageAction,
  type StagedAction,
  type StagePlan,
  stageToFile,
  testFileForStage,
} from "@quorate/sim";
import type { StoryState } from "../recording/driver.ts";
import type { Gift, Run, RunAction } from "../recording/run.ts";
import { StoryLog } from "../recording/story-log.ts";
import { Track } from "../recording/track.ts";
import { type NodeDriver, type NodeOrigin, nodeDriverOf } from "./node-driver.ts";

/** A run is not continued beyond this: whole nodes remember more per moment than cores do. */
const MOMENTS_MAX = 200_000;
/** A branch repeats its run in slices of this time, so that the page goes on answering. */
const SLICE_MS = 40;

/** Where a branch left the run it came from. */
interface NodeParting {
  readonly parent: NodeRecording;
  readonly moment: number;
}

/** Something that was done by hand, and the moment that it made. */
interface Intervention {
  /** Turns of the driver before it. */
  readonly afterTurns: number;
  readonly moment: number;
  readonly staged: StagedAction;
}

/**
 * A run of whole nodes. Their world is asynchronous, so everything that moves it waits its turn in one queue; what was
 * recorded is looked at like any other run.
 */
export class NodeRecording implements Run {
  readonly world = "nodes";
  readonly origin: NodeOrigin;
  readonly parting: NodeParting | undefined;
  readonly track: Track;
  readonly #driver: NodeDriver;
  readonly #interventions: Intervention[] = [];
  readonly #stories: StoryLog = new StoryLog();
  /** By moment, how many turns the driver had made, and how many events had happened. */
  readonly #turns: number[] = [];
  readonly #happened: number[] = [];
  #turnsMade = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #isSilent: boolean;
  #isPumping = false;
  #isOver = false;

  constructor(origin: NodeOrigin, parting?: NodeParting) {
    this.origin = origin;
    this.parting = parting;
    this.#isSilent = parting !== undefined;
    const early: ClusterEvent[] = [];
    let driver: NodeDriver | undefined;
    driver = nodeDriverOf(origin, (event) => {
      if (this.#isSilent) return;
      if (driver === undefined) early.push(event);
      else this.track.note(event, driver.stage);
    });
    this.#driver = driver;
    if (parting === undefined) {
      this.track = new Track();
      for (const event of early) this.track.note(event, driver.stage);
      this.#close([]);
      return;
    }
    const { parent, moment } = parting;
    this.track = parent.track.upTo(moment);
    this.#turns.push(...parent.#turns.slice(0, moment + 1));
    this.#happened.push(...parent.#happened.slice(0, moment + 1));
    this.#stories.beginAs(parent.#stories, moment);
    this.#interventions.push(...parent.#interventions.filter((one) => one.moment <= moment));
    void this.#inTurn(() => this.#repeat(moment));
  }

  get last(): number {
    return this.track.length - 1;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isDrawn(): boolean {
    return this.origin.type === "free" && this.origin.drawn !== undefined;
  }

  get isChanged(): boolean {
    return this.#interventions.length > 0;
  }

  get isTold(): boolean {
    return this.#driver.story.type !== "playing";
  }

  get names(): ReadonlyMap<string, MemberId> {
    return this.#driver.names;
  }

  /** Events of the world so far. */
  get eventsHappened(): number {
    return this.#stage.agenda.happened;
  }

  digest(): string {
    return this.#stage.digest();
  }

  storyAt(moment: number): StoryState {
    return this.#stories.at(moment);
  }

  stepEnds(): readonly number[] {
    return this.#stories.stepEnds();
  }

  stepBegan(step: number): number | undefined {
    return this.#stories.stepBegan(step);
  }

  get #stage(): NodeStage {
    return this.#driver.stage;
  }

  extend(): Promise<boolean> {
    return this.#inTurn(() => this.#advance());
  }

  extendTo(untilMs: number, budgetMs: number, now: () => number): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    void this.#inTurn(async () => {
      const deadline = now() + budgetMs;
      while (this.track.endMs < untilMs && now() < deadline && (await this.#advance()));
      this.#isPumping = false;
    });
  }

  perform(action: RunAction): Promise<boolean> {
    return this.#inTurn(async () => {
      if (!isStageAction(action)) return false;
      const staged = { afterEvents: this.#stage.agenda.happened, action };
      const done = await this.#driver.perform(action);
      const [afterTurns, moment] = [this.#turnsMade, this.track.length];
      this.#interventions.push({ afterTurns, moment, staged });
      this.#close([action]);
      return done;
    });
  }

  fork(moment: number): NodeRecording {
    return new NodeRecording(this.origin, { parent: this, moment });
  }

  /** The run so far as everything that was done. */
  plan(): StagePlan {
    const actions = [...this.#driver.done, ...this.#interventions.map(({ staged }) => staged)];
    actions.sort((left, right) => left.afterEvents - right.afterEvents);
    const { seed, founders: members } = this.#stage;
    const drawn = this.origin.type === "free" ? this.origin.drawn : undefined;
    const events = this.#happened.at(-1) ?? 0;
    return { seed, members, actions, events, ...(drawn !== undefined && { drawn }) };
  }

  gift(): Gift {
    const plan = this.plan();
    const { origin } = this;
    const isStory = origin.type === "story" && !this.isChanged;
    return {
      fragment: isStory ? encodeNodeStory(origin.story) : encodeStage(plan),
      file: stageToFile(plan),
      test: testFileForStage(plan),
    };
  }

  /** Runs on until the story is told. */
  async tellStory(onProgress: () => void): Promise<void> {
    const breathe = breathing(onProgress);
    while (!this.isTold && (await this.extend())) await breathe();
    onProgress();
  }

  /** Does again what somebody else's run did, each thing in its place. */
  async play(plan: StagePlan, onProgress: () => void): Promise<void> {
    const breathe = breathing(onProgress);
    const goOnTo = async (events: number): Promise<void> => {
      while (this.#stage.agenda.happened < events && (await this.extend())) await breathe();
    };
    for (const { afterEvents, action } of plan.actions) {
      await goOnTo(afterEvents);
      await this.perform(action);
    }
    await goOnTo(plan.events);
    onProgress();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #advance(): Promise<boolean> {
    if (this.#isOver) return false;
    const isLong = this.track.length >= MOMENTS_MAX;
    this.#turnsMade += 1;
    const turn = isLong ? NO_TURN : await this.#driver.advance();
    if (turn.type === "nothing") {
      this.#isOver = true;
      if (this.#stage.violations.length > this.track.violations.length) this.#close([]);
      return false;
    }
    this.#close(turn.action === undefined ? [] : [turn.action]);
    return true;
  }

  #close(actions: readonly RunAction[]): void {
    this.track.close(this.#stage, actions);
    this.#turns.push(this.#turnsMade);
    this.#happened.push(this.#stage.agenda.happened);
    this.#stories.note(this.last, this.#driver.story);
  }

  /** Brings the branch's own world to where the branch begins. */
  async #repeat(moment: number): Promise<void> {
    const breathe = breathing(() => undefined);
    const goOnTo = async (turns: number): Promise<void> => {
      for (; this.#turnsMade < turns; this.#turnsMade += 1) {
        await this.#driver.advance();
        await breathe();
      }
    };
    for (const { afterTurns, staged } of this.#interventions) {
      await goOnTo(afterTurns);
      await this.#driver.perform(staged.action);
    }
    await goOnTo(this.#turns[moment] ?? 0);
    this.#isSilent = false;
  }
}

const NO_TURN = { type: "nothing" } as const;

/** Lets the page answer now and then while something long goes on. */
function breathing(onPause: () => void): () => Promise<void> {
  let sliceEnds = performance.now() + SLICE_MS;
  return async () => {
    if (performance.now() < sliceEnds) return;
    onPause();
    await new Promise((resolve) => setTimeout(resolve, 0));
    sliceEnds = performance.now() + SLICE_MS;
  };
}

/** What is about messages that are held back, or names of a story, means nothing to whole nodes. */
const NOT_FOR_NODES: ReadonlySet<RunAction["type"]> = new Set<RunAction["type"]>([
  "addMember",
  "dropHeld",
  "forgetLeader",
  "hold",
  "holdNothing",
  "loseAnswer",
  "name",
  "nameAll",
  "recoverQuorum",
  "release",
  "ring",
]);

function isStageAction(action: RunAction): action is StageAction {
  return !NOT_FOR_NODES.has(action.type);
}
