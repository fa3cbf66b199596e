import type { MemberId } from "@quorate/core";
import type { Violation } from "../checkers/violation.ts";
import { CoreCluster } from "../cluster/core-cluster.ts";
import type { ClusterListener } from "../cluster/events.ts";
import { CLUSTER_DEFAULTS, type ClusterSettings, type Weather } from "../cluster/settings.ts";
import type { PlannedAction } from "../plan/action.ts";
import { Performer } from "../plan/perform.ts";
import type { Plan } from "../plan/plan.ts";
import { checkClients } from "../plan/run-plan.ts";
import { settingsWithout } from "../switches/switches.ts";
import { holds } from "./evaluate.ts";
import { RunView } from "./run-view.ts";
import {
  type BothLanguages,
  type Sabotage,
  type Scenario,
  STEP_TIME_MS,
  type Step,
  type StoryLanguage,
  type StoryPromise,
} from "./scenario.ts";

/** How a scenario is run. */
export interface ScenarioOptions {
  /** Other delays than the story's own. */
  readonly seed?: number | undefined;
  /** Other weather than the story's own. */
  readonly weather?: Partial<Weather> | undefined;
  /** One of the scenario's own sabotages. */
  readonly sabotage?: Sabotage | undefined;
  readonly listener?: ClusterListener | undefined;
  /** Called when a step begins. */
  readonly onStep?: ((step: number) => void) | undefined;
  /** The actions of this step are left out, and no step is ever stuck: for showing that the goal can be missed. */
  readonly leaveOut?: number | undefined;
}

/** How a story stands. */
export type ScenarioState =
  | { readonly type: "playing"; readonly step: number }
  | { readonly type: "goalReached" }
  /** All steps were played, and the goal is not reached. */
  | { readonly type: "goalMissed" }
  /** What the step waits for did not come about in time. */
  | { readonly type: "stuck"; readonly step: number }
  | { readonly type: "violated"; readonly violation: Violation };

/** A scenario being played: one event at a time, so that whoever shows it sets the pace. */
export class ScenarioRun {
  readonly scenario: Scenario;
  readonly cluster: CoreCluster;
  readonly performer: Performer;
  readonly view: RunView;
  readonly seed: number;
  readonly settings: ClusterSettings;
  readonly steps: readonly Step[];
  /** What was done so far, and when: enough to repeat the run without the scenario. */
  readonly done: PlannedAction[] = [];
  readonly #options: ScenarioOptions;
  readonly #promises: StoryPromise[] = [];
  #state: ScenarioState = { type: "playing", step: 0 };
  #hasBegun = false;
  #sinceMs = 0;

  constructor(scenario: Scenario, options: ScenarioOptions = {}) {
    const { sabotage, listener } = options;
    this.scenario = scenario;
    this.#options = options;
    this.seed = options.seed ?? sabotage?.seed ?? scenario.seed;
    this.steps = sabotage?.steps ?? scenario.steps;
    const own: ClusterSettings = { ...CLUSTER_DEFAULTS, ...scenario.settings };
    const weather = { ...own.weather, ...options.weather };
    const settings = { ...own, weather };
    this.settings = sabotage === undefined ? settings : settingsWithout(settings, sabotage);
    const early: Parameters<ClusterListener>[0][] = [];
    let view: RunView | undefined;
    this.cluster = new CoreCluster(this.seed, this.settings, (event) => {
      if (view === undefined) early.push(event);
      else view.note(event);
      listener?.(event);
    });
    this.performer = new Performer(this.cluster);
    view = new RunView(this.cluster, this.performer);
    for (const event of early) view.note(event);
    this.view = view;
  }

  get state(): ScenarioState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#state.type !== "playing";
  }

  /** The names that the story has given so far. */
  get names(): ReadonlyMap<string, MemberId> {
    return this.performer.names;
  }

  isGoalReached(): boolean {
    return this.scenario.goal.reached(this.view);
  }

  /** Lets one thing happen: a step's actions, or one event of the cluster. */
  advance(): ScenarioState {
    const state = this.#state;
    if (state.type !== "playing") return state;
    const step = this.steps[state.step];
    if (step === undefined) this.#conclude();
    else if (this.#hasBegun) this.#goOn(step, state.step);
    else this.#begin(step, state.step);
    this.#watchPromises();
    const violation = this.cluster.violations[0];
    if (violation !== undefined) this.#state = { type: "violated", violation };
    return this.#state;
  }

  /** Plays to the end. */
  play(): ScenarioState {
    while (!this.isOver) this.advance();
    return this.#state;
  }

  /** The run so far as a plan, which gives the same run without the scenario. */
  plan(): Plan {
    return {
      version: 1,
      seed: this.seed,
      settings: this.settings,
      actions: [...this.done],
      faultsMs: this.cluster.nowMs,
      faultEvents: this.cluster.agenda.happened,
      ending: { heals: "nothing", rest: "cut", traffic: false, patience: 0 },
    };
  }

  #begin(step: Step, number: number): void {
    this.#hasBegun = true;
    this.#sinceMs = this.cluster.nowMs;
    this.#options.onStep?.(number);
    if (step.promises !== undefined) this.#promises.push(step.promises);
    if (number === this.#options.leaveOut) return;
    for (const action of step.actions ?? []) {
      const { nowMs, agenda } = this.cluster;
      this.done.push({ atMs: nowMs, afterEvents: agenda.happened, action });
      this.performer.perform(action);
    }
  }

  #goOn(step: Step, number: number): void {
    const { cluster } = this;
    const { until, forMs = 0, withinMs = STEP_TIME_MS } = step;
    const passedMs = cluster.nowMs - this.#sinceMs;
    const isTime = passedMs >= forMs;
    if (isTime && (until === undefined || holds(until, this.view, this.#sinceMs))) {
      this.#next(number);
      return;
    }
    const endMs = this.#sinceMs + (isTime ? Math.max(withinMs, forMs) : forMs);
    if (cluster.agenda.nextMs <= endMs) {
      cluster.step();
      return;
    }
    if (!isTime) cluster.agenda.passTo(endMs);
    else if (this.#options.leaveOut === undefined) this.#state = { type: "stuck", step: number };
    else this.#next(number);
  }

  #next(number: number): void {
    this.#hasBegun = false;
    this.#state = { type: "playing", step: number + 1 };
  }

  #conclude(): void {
    checkClients(this.cluster);
    this.#state = { type: this.isGoalReached() ? "goalReached" : "goalMissed" };
  }

  #watchPromises(): void {
    for (const { checker, text, holds: condition } of this.#promises) {
      if (holds(condition, this.view, this.#sinceMs)) continue;
      this.cluster.ledger.report(checker, fillIn(text, "en", this.names));
      return;
    }
  }
}

/** A text with the members' numbers in the place of their names. */
export function fillIn(
  text: BothLanguages,
  language: StoryLanguage,
  names: ReadonlyMap<string, MemberId>,
): string {
  return text[language].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const id = names.get(name);
    return id === undefined ? whole : String(id);
  });
}
