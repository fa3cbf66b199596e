import type { Environment } from "../environment/environment.ts";

/** Something with work that gathers during a turn of the event loop. */
export interface TurnTaker {
  turn(): void;
}

/**
 * Runs everything that asked for it once, after everything that is due in this turn of the event loop; then `after`,
 * which sends what they wrote. So all groups' messages to one peer leave in one write.
 */
export class TurnScheduler {
  readonly #environment: Environment;
  readonly #after: () => void;
  #waiting: Set<TurnTaker> = new Set();
  /** Empty between two turns: the two sets take turns themselves. */
  #due: Set<TurnTaker> = new Set();
  #deferred = false;
  #running = false;

  constructor(environment: Environment, after: () => void) {
    this.#environment = environment;
    this.#after = after;
  }

  /** Within a turn: `after` will be called when it ends. */
  get isRunning(): boolean {
    return this.#running;
  }

  schedule(taker: TurnTaker): void {
    this.#waiting.add(taker);
    if (this.#deferred) return;
    this.#deferred = true;
    this.#environment.defer(this.#run);
  }

  readonly #run = (): void => {
    this.#deferred = false;
    const due = this.#waiting;
    this.#waiting = this.#due;
    this.#due = due;
    this.#running = true;
    try {
      for (const taker of due) taker.turn();
    } finally {
      this.#running = false;
      due.clear();
    }
    this.#after();
  };
}
