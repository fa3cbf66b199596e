import type { Decision } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import { Listeners, surfaceLater } from "./listeners.ts";
import type { TimedDecision } from "./replica.ts";

/** Enough to see an election or a membership change from its beginning. */
const DECISIONS_KEPT = 512;

/** The newest decisions of a core, for people who ask why. */
export class DecisionLog {
  readonly #environment: Environment;
  readonly #kept: TimedDecision[] = [];
  #next = 0;
  /** They run inside the core: what one throws must not reach it. */
  readonly #listeners: Listeners<TimedDecision>;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.#listeners = new Listeners(surfaceLater(environment));
  }

  add(decision: Decision): void {
    const timed = { atMs: this.#environment.nowMs(), decision };
    this.#kept[this.#next] = timed;
    this.#next = (this.#next + 1) % DECISIONS_KEPT;
    this.#listeners.tell(timed);
  }

  /** Oldest first. */
  list(): readonly TimedDecision[] {
    return [...this.#kept.slice(this.#next), ...this.#kept.slice(0, this.#next)];
  }

  on(listener: (decision: TimedDecision) => void): () => void {
    return this.#listeners.add(listener);
  }
}
