import type { MemberId } from "@quorate/core";
import {
  type Action,
  CLUSTER_DEFAULTS,
  type ClusterEvent,
  type ClusterListener,
  type ClusterSettings,
  encodeRun,
  type Plan,
  type PlannedAction,
  runToFile,
  type Sabotage,
  type Scenario,
  type SharedRun,
  testFileFor,
} from "@quorate/sim";
import type { Driver, StoryState } from "./driver.ts";
import { FreeDriver } from "./free-driver.ts";
import { PlanDriver } from "./plan-driver.ts";
import type { Gift, Run, RunAction } from "./run.ts";
import { StoryDriver } from "./story-driver.ts";
import { StoryLog } from "./story-log.ts";
import { Track } from "./track.ts";
import { type Watched, watchedCores } from "./watched.ts";

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
    }
  | { readonly type: "plan"; readonly plan: Plan; readonly title: string | undefined };

/** A run is not continued beyond this: about 300 MB of a page's memory. */
export const MOMENTS_MAX = 400_000;

/** Something that was done by hand, after so many turns of the driver. */
interface Intervention {
  readonly afterTurns: number;
  readonly moment: number;
  readonly planned: PlannedAction;
}

/** The same for a recording of cores. */
interface CoreParting {
  readonly parent: Recording;
  readonly moment: number;
}

/**
 * A run that can be watched at any moment and continued at its end. It is decided by its origin and by what was done by
 * hand, so a branch repeats both silently up to its moment and shares what was recorded of them.
 */
export class Recording implements Run {
  readonly world = "cores";
  readonly origin: Origin;
  readonly parting: CoreParting | undefined;
  readonly track: Track;
  readonly #driver: Driver;
  readonly #watched: Watched;
  readonly #interventions: Intervention[] = [];
  /** By moment, how many turns the driver had made, and how many events had happened. */
  readonly #turns: number[] = [];
  readonly #happened: number[] = [];
  readonly #stories: StoryLog = new StoryLog();
  #turnsMade = 0;
  #isSilent = false;
  #isOver = false;

  constructor(origin: Origin, parting?: CoreParting) {
    this.origin = origin;
    this.parting = parting;
    const early: ClusterEvent[] = [];
    const listener = (event: ClusterEvent): void => {
      if (this.#isSilent) return;
      if (watched === undefined) early.push(event);
      else this.track.note(event, watched);
    };
    let watched: Watched | undefined;
    this.#isSilent = parting !== undefined;
    const driver = driverOf(origin, listener, () => {
      if (!this.#isSilent) this.#close([]);
    });
    this.#driver = driver;
    watched = watchedCores(driver.cluster);
    this.#watched = watched;
    if (parting === undefined) {
      this.track = new Track();
      for (const event of early) this.track.note(event, watched);
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

  /** Events of the cluster so far. */
  get eventsHappened(): number {
    return this.#driver.cluster.agenda.happened;
  }

  /** Fingerprint of everything that was delivered so far, and when. */
  digest(): string {
    return this.#driver.cluster.digest();
  }

  /** The story or the plan has come to its end, whatever that is; true where there is neither. */
  get isTold(): boolean {
    const driver = this.#driver;
    const isUnderWay = driver instanceof PlanDriver && !driver.isOver && !this.#isOver;
    return driver.story.type !== "playing" && !isUnderWay;
  }

  storyAt(moment: number): StoryState {
    return this.#stories.at(moment);
  }

  /** Moments at which the story stood differently than before: where its steps begin, and where it ended. */
  stepEnds(): readonly number[] {
    return this.#stories.stepEnds();
  }

  /** Moment at which the story came to this step; undefined before. */
  stepBegan(step: number): number | undefined {
    return this.#stories.stepBegan(step);
  }

  /** Runs on until the story or the plan is told; false when the budget did not suffice. */
  tellStory(budgetMs: number, now: () => number): boolean {
    const deadline = now() + budgetMs;
    for (let count = 0; !this.isTold; count += 1) {
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
  perform(action: RunAction): boolean {
    if (action.type === "diskFault") return false;
    const { nowMs, agenda } = this.#driver.cluster;
    const planned = { atMs: nowMs, afterEvents: agenda.happened, action };
    const done = this.#driver.perform(action);
    this.#interventions.push({ afterTurns: this.#turnsMade, moment: this.track.length, planned });
    this.#close([action]);
    return done;
  }

  get isDrawn(): boolean {
    return this.origin.type === "plan";
  }

  /** Something was done by hand. */
  get isChanged(): boolean {
    return this.#interventions.length > 0;
  }

  /** The run so far as everything that was done; undefined when that alone would not repeat it. */
  plan(): Plan | undefined {
    const driver = this.#driver;
    if (driver instanceof PlanDriver && driver.hasRecovered) {
      return this.origin.type === "plan" && !this.isChanged ? this.origin.plan : undefined;
    }
    const { cluster } = driver;
    const own = driver.done;
    const actions = [...own, ...this.#interventions.map(({ planned }) => planned)];
    actions.sort((left, right) => (left.afterEvents ?? 0) - (right.afterEvents ?? 0));
    return {
      version: 1,
      seed: seedOf(driver, this.origin),
      settings: settingsOf(driver, this.origin),
      actions,
      faultsMs: cluster.nowMs,
      faultEvents: cluster.agenda.happened,
      ending: { heals: "nothing", rest: "cut", traffic: false, patience: 0 },
    };
  }

  /** The run as it can be given away; undefined when it cannot be repeated from what was done. */
  shared(): SharedRun | undefined {
    const { origin } = this;
    if (origin.type === "story" && !this.isChanged) {
      const { scenario, sabotage } = origin;
      const place = sabotage && scenario.sabotage?.indexOf(sabotage);
      return {
        type: "scenario",
        id: scenario.id,
        ...(place === undefined ? {} : { sabotage: place }),
      };
    }
    const plan = this.plan();
    if (plan === undefined) return undefined;
    const violated = this.track.violations[0]?.checker;
    return { type: "plan", plan, ...(violated === undefined ? {} : { violated }) };
  }

  gift(): Gift | undefined {
    const run = this.shared();
    if (run === undefined) return undefined;
    return { fragment: encodeRun(run), file: runToFile(run), test: testFileFor(run) };
  }

  /** The same run up to `moment`, to be continued otherwise. */
  fork(moment: number): Recording {
    return new Recording(this.origin, { parent: this, moment });
  }

  #close(actions: readonly Action[]): void {
    this.track.close(this.#watched, actions);
    this.#turns.push(this.#turnsMade);
    this.#happened.push(this.#driver.cluster.agenda.happened);
    this.#stories.note(this.last, this.#driver.story);
  }

  #repeat({ parent, moment }: CoreParting): void {
    for (const intervention of parent.#interventions) {
      if (intervention.moment > moment) break;
      this.#advanceTo(intervention.afterTurns);
      this.#driver.perform(intervention.planned.action);
      this.#interventions.push(intervention);
    }
    if (this.#driver instanceof PlanDriver) {
      this.#driver.leaveAfter(parent.#happened[moment] ?? 0);
    }
    this.#advanceTo(parent.#turns[moment] ?? 0);
    for (let at = 0; at <= moment; at += 1) {
      this.#turns.push(parent.#turns[at] ?? 0);
      this.#happened.push(parent.#happened[at] ?? 0);
    }
    this.#stories.beginAs(parent.#stories, moment);
  }

  #advanceTo(turns: number): void {
    for (; this.#turnsMade < turns; this.#turnsMade += 1) this.#driver.advance();
  }
}

function driverOf(origin: Origin, listener: ClusterListener, onMoment: () => void): Driver {
  switch (origin.type) {
    case "free":
      return new FreeDriver(origin.seed, origin.settings, listener);
    case "story":
      return new StoryDriver(origin.scenario, origin.sabotage, listener);
    case "plan":
      return new PlanDriver(origin.plan, listener, onMoment);
  }
}

function seedOf(driver: Driver, origin: Origin): number {
  if (driver instanceof StoryDriver) return driver.run.seed;
  return origin.type === "free" ? origin.seed : origin.type === "plan" ? origin.plan.seed : 0;
}

function settingsOf(driver: Driver, origin: Origin): ClusterSettings {
  if (driver instanceof StoryDriver) return driver.run.settings;
  if (origin.type === "plan") return origin.plan.settings;
  return origin.type === "free"
    ? { ...CLUSTER_DEFAULTS, ...origin.settings }
    : driver.cluster.settings;
}
