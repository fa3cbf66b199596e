import {
  type Action,
  type ClusterListener,
  CoreCluster,
  checkClients,
  Performer,
  type Plan,
  type PlannedAction,
  recover,
} from "@quorate/sim";
import type { Driver, StoryState, Turn } from "./driver.ts";

/** Tells of every event, whoever lets it happen. */
class WatchedCluster extends CoreCluster {
  onStep: (() => void) | undefined;

  override step(): boolean {
    const happened = super.step();
    if (happened) this.onStep?.();
    return happened;
  }
}

/** Thrown through the recovery to leave the run where it is. */
class EnoughError extends Error {}

/**
 * Plays a run that was drawn from a seed or shared: its actions at their moments, then the healing and what must come
 * about after it, which happens as one turn of many events. After that the cluster runs on by itself.
 */
export class PlanDriver implements Driver {
  readonly cluster: CoreCluster;
  readonly performer: Performer;
  readonly story: StoryState = { type: "none" };
  readonly done: PlannedAction[] = [];
  readonly #plan: Plan;
  readonly #watched: WatchedCluster;
  readonly #onMoment: () => void;
  #next = 0;
  #isOver = false;
  #eventsMax = Number.POSITIVE_INFINITY;

  /** `onMoment` is called after each event of a turn that has many. */
  constructor(plan: Plan, listener: ClusterListener, onMoment: () => void) {
    this.#plan = plan;
    this.#watched = new WatchedCluster(plan.seed, plan.settings, listener);
    this.cluster = this.#watched;
    this.performer = new Performer(this.cluster);
    this.#onMoment = onMoment;
  }

  /** The plan's own way is at its end: from here on the run is not repeated by its actions alone. */
  get hasRecovered(): boolean {
    return this.#isOver && this.#plan.ending.heals !== "nothing";
  }

  /** Everything that was planned has happened, or somebody interfered. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The turn of many events is left when so many have happened. */
  leaveAfter(events: number): void {
    this.#eventsMax = events;
  }

  advance(): Turn {
    if (this.#isOver) return this.#step();
    const planned = this.#plan.actions[this.#next];
    const { faultsMs, faultEvents } = this.#plan;
    const [atMs, afterEvents] =
      planned === undefined ? [faultsMs, faultEvents] : [planned.atMs, planned.afterEvents];
    if (this.#isBefore(atMs, afterEvents)) return this.#step();
    this.cluster.agenda.passTo(atMs);
    if (planned === undefined) return this.#end();
    this.#next += 1;
    this.#note(planned.action);
    this.performer.perform(planned.action);
    return { type: "happened", actions: [planned.action] };
  }

  perform(action: Action): boolean {
    this.#isOver = true;
    return this.performer.perform(action);
  }

  #isBefore(atMs: number, afterEvents: number | undefined): boolean {
    const { agenda, violations } = this.cluster;
    if (violations.length > 0) return true;
    return afterEvents === undefined ? agenda.nextMs <= atMs : agenda.happened < afterEvents;
  }

  #end(): Turn {
    this.#isOver = true;
    this.#watched.onStep = () => {
      this.#onMoment();
      if (this.cluster.agenda.happened >= this.#eventsMax) throw new EnoughError();
    };
    try {
      recover(this.cluster, this.#plan);
      if (this.cluster.violations.length === 0) checkClients(this.cluster);
    } catch (error) {
      if (!(error instanceof EnoughError)) throw error;
    } finally {
      this.#watched.onStep = undefined;
    }
    return { type: "happened", actions: [] };
  }

  #step(): Turn {
    return this.cluster.step() ? { type: "happened", actions: [] } : { type: "nothing" };
  }

  #note(action: Action): void {
    const { nowMs, agenda } = this.cluster;
    this.done.push({ atMs: nowMs, afterEvents: agenda.happened, action });
  }
}
