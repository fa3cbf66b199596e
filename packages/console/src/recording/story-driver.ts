import {
  type Action,
  type ClusterListener,
  type CoreCluster,
  type Performer,
  type PlannedAction,
  type Sabotage,
  type Scenario,
  ScenarioRun,
} from "@quorate/sim";
import type { Driver, StoryState, Turn } from "./driver.ts";

/** Plays a scenario; once somebody interferes, or the story is over, its cluster runs on by itself. */
export class StoryDriver implements Driver {
  readonly run: ScenarioRun;
  #byHand: { readonly step: number; readonly isGoalReached: boolean } | undefined;

  constructor(scenario: Scenario, sabotage: Sabotage | undefined, listener: ClusterListener) {
    this.run = new ScenarioRun(scenario, { sabotage, listener });
  }

  get cluster(): CoreCluster {
    return this.run.cluster;
  }

  get performer(): Performer {
    return this.run.performer;
  }

  get done(): readonly PlannedAction[] {
    return this.run.done;
  }

  get story(): StoryState {
    if (this.#byHand !== undefined) return { type: "byHand", ...this.#byHand };
    const { state } = this.run;
    return state.type === "violated" ? { type: "goalMissed" } : state;
  }

  advance(): Turn {
    if (this.#byHand !== undefined) return this.#step();
    while (!this.run.isOver) {
      const { agenda, violations } = this.cluster;
      const [happened, nowMs, done] = [agenda.happened, agenda.nowMs, this.run.done.length];
      const reported = violations.length;
      this.run.advance();
      const actions = this.run.done.slice(done).map(({ action }) => action);
      const moved =
        agenda.happened !== happened || agenda.nowMs !== nowMs || violations.length !== reported;
      if (moved || actions.length > 0 || this.run.isOver) return { type: "happened", actions };
    }
    return this.#step();
  }

  perform(action: Action): boolean {
    const { state } = this.run;
    if (this.#byHand === undefined && !this.run.isOver) {
      this.#byHand = {
        step: state.type === "playing" ? state.step : 0,
        isGoalReached: false,
      };
    }
    return this.performer.perform(action);
  }

  #step(): Turn {
    if (!this.cluster.step()) return { type: "nothing" };
    const hand = this.#byHand;
    if (hand !== undefined && !hand.isGoalReached && this.run.isGoalReached()) {
      this.#byHand = { ...hand, isGoalReached: true };
    }
    return { type: "happened", actions: [] };
  }
}
