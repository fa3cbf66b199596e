import {
  type Action,
  type ClusterListener,
  type ClusterSettings,
  CoreCluster,
  Performer,
  type PlannedAction,
} from "@quorate/sim";
import type { Driver, StoryState, Turn } from "./driver.ts";

/** A cluster that nobody tells a story about: it runs, and does what it is told. */
export class FreeDriver implements Driver {
  readonly cluster: CoreCluster;
  readonly performer: Performer;
  readonly story: StoryState = { type: "none" };
  readonly done: readonly PlannedAction[] = [];

  constructor(seed: number, settings: Partial<ClusterSettings>, listener: ClusterListener) {
    this.cluster = new CoreCluster(seed, settings, listener);
    this.performer = new Performer(this.cluster);
  }

  advance(): Turn {
    return this.cluster.step() ? { type: "happened", actions: [] } : { type: "nothing" };
  }

  perform(action: Action): boolean {
    return this.performer.perform(action);
  }
}
