import type { MemberId } from "@quorate/core";
import {
  type ClusterEvent,
  encodeStage,
  NodeStage,
  type StageAction,
  type StagedAction,
  type StagePlan,
  stageToFile,
  testFileForStage,
} from "@quorate/sim";
import type { StoryState } from "../recording/driver.ts";
import type { Gift, Run, RunAction } from "../recording/run.ts";
import { Track } from "../recording/track.ts";

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
  readonly moment: number;
  readonly staged: StagedAction;
}

const NO_STORY: StoryState = { type: "none" };
const NO_NAMES: ReadonlyMap<string, MemberId> = new Map();

/**
 * A run of whole nodes. Their world is asynchronous, so everything that moves it waits its turn in one queue; what was
 * recorded is looked at like any other run.
 */
export class NodeRecording implements Run {
  readonly world = "nodes";
  readonly seed: number;
  readonly members: number;
  readonly parting: NodeParting | undefined;
  readonly track: Track;
  readonly isTold = true;
  readonly names: ReadonlyMap<string, MemberId> = NO_NAMES;
  readonly #stage: NodeStage;
  readonly #interventions: Intervention[] = [];
  /** By moment, how many events had happened. */
  readonly #happened: number[] = [];
  #queue: Promise<unknown> = Promise.resolve();
  #isSilent: boolean;
  #isPumping = false;
  #isOver = false;

  constructor(seed: number, members: number, parting?: NodeParting) {
    this.seed = seed;
    this.members = members;
    this.parting = parting;
    this.#isSilent = parting !== undefined;
    const early: ClusterEvent[] = [];
    let stage: NodeStage | undefined;
    stage = new NodeStage(seed, members, (event) => {
      if (this.#isSilent) return;
      if (stage === undefined) early.push(event);
      else this.track.note(event, stage);
    });
    this.#stage = stage;
    if (parting === undefined) {
      this.track = new Track();
      for (const event of early) this.track.note(event, stage);
      this.#close([]);
      return;
    }
    const { parent, moment } = parting;
    this.track = parent.track.upTo(moment);
    this.#happened.push(...parent.#happened.slice(0, moment + 1));
    this.#interventions.push(...parent.#interventions.filter((one) => one.moment <= moment));
    void this.#inTurn(() => this.#repeat(moment));
  }

  get last(): number {
    return this.track.length - 1;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isChanged(): boolean {
    return this.#interventions.length > 0;
  }

  digest(): string {
    return this.#stage.digest();
  }

  storyAt(): StoryState {
    return NO_STORY;
  }

  stepEnds(): readonly number[] {
    return [];
  }

  stepBegan(): number | undefined {
    return undefined;
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
      const done = await this.#stage.perform(action);
      this.#interventions.push({ moment: this.track.length, staged });
      this.#close([action]);
      return done;
    });
  }

  fork(moment: number): NodeRecording {
    return new NodeRecording(this.seed, this.members, { parent: this, moment });
  }

  /** The run so far as everything that was done. */
  plan(): StagePlan {
    return {
      seed: this.seed,
      members: this.members,
      actions: this.#interventions.map(({ staged }) => staged),
      events: this.#happened.at(-1) ?? 0,
    };
  }

  gift(): Gift {
    const plan = this.plan();
    return {
      fragment: encodeStage(plan),
      file: stageToFile(plan),
      test: testFileForStage(plan),
    };
  }

  /** Does again what somebody else's run did, each thing in its place. */
  async play(plan: StagePlan, onProgress: () => void): Promise<void> {
    let sliceEnds = performance.now() + SLICE_MS;
    const breathe = async (): Promise<void> => {
      if (performance.now() < sliceEnds) return;
      onProgress();
      await new Promise((resolve) => setTimeout(resolve, 0));
      sliceEnds = performance.now() + SLICE_MS;
    };
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
    if (this.track.length >= MOMENTS_MAX || !(await this.#stage.step())) {
      this.#isOver = true;
      if (this.#stage.violations.length > this.track.violations.length) this.#close([]);
      return false;
    }
    this.#close([]);
    return true;
  }

  #close(actions: readonly RunAction[]): void {
    this.track.close(this.#stage, actions);
    this.#happened.push(this.#stage.agenda.happened);
  }

  /** Brings the branch's own world to where the branch begins. */
  async #repeat(moment: number): Promise<void> {
    const stage = this.#stage;
    let sliceEnds = performance.now() + SLICE_MS;
    const goOnTo = async (events: number): Promise<void> => {
      while (stage.agenda.happened < events && (await stage.step())) {
        if (performance.now() < sliceEnds) continue;
        await new Promise((resolve) => setTimeout(resolve, 0));
        sliceEnds = performance.now() + SLICE_MS;
      }
    };
    for (const { staged } of this.#interventions) {
      await goOnTo(staged.afterEvents);
      await stage.perform(staged.action);
    }
    await goOnTo(this.#happened[moment] ?? 0);
    this.#isSilent = false;
  }
}

/** What is about single messages or names of a story means nothing to whole nodes. */
const NOT_FOR_NODES: ReadonlySet<RunAction["type"]> = new Set<RunAction["type"]>([
  "addMember",
  "delayMessage",
  "dropHeld",
  "dropMessage",
  "duplicateMessage",
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
