import type { EventHash } from "../random/event-hash.ts";
import { Agenda } from "../time/agenda.ts";

/**
 * Turns of the promise queue after every event. Deeper chains of promises go on after the next event, which is just as
 * deterministic; almost none are deeper.
 */
const SETTLE_TURNS = 24;

/** Drives an agenda whose events make promises runnable: everything they cause happens before the next event. */
export class Simulation {
  readonly agenda: Agenda = new Agenda();
  readonly #hash: EventHash;
  /** Ends the run early when it answers true. */
  isOver: () => boolean = () => false;

  constructor(hash: EventHash) {
    this.#hash = hash;
  }

  get nowMs(): number {
    return this.agenda.nowMs;
  }

  /** Lets one event happen with everything it causes; false when nothing is left or the run is over. */
  async step(): Promise<boolean> {
    if (this.isOver() || !this.agenda.step()) return false;
    this.#hash.number(this.agenda.nowMs);
    await settle();
    return true;
  }

  /** Lets everything happen for `forMs`; false when the run is over before. */
  async run(forMs: number): Promise<boolean> {
    const endMs = this.nowMs + forMs;
    await settle();
    while (this.agenda.nextMs <= endMs) if (!(await this.step())) return false;
    this.agenda.runUntil(endMs);
    return !this.isOver();
  }

  /** Runs until `done` answers true; false when it did not within `withinMs`. */
  async runUntil(done: () => boolean, withinMs: number): Promise<boolean> {
    const endMs = this.nowMs + withinMs;
    await settle();
    while (!done()) {
      if (this.agenda.nextMs > endMs) {
        this.agenda.runUntil(endMs);
        return done();
      }
      if (!(await this.step())) return false;
    }
    return true;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await undefined;
}
