import type { EventHash } from "../random/event-hash.ts";
import { Agenda } from "../time/agenda.ts";
import { whenSettled } from "../time/settled.ts";

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

  /** Lets everything happen for `forMs`; false when the run is over before. */
  async run(forMs: number): Promise<boolean> {
    const endMs = this.nowMs + forMs;
    if (!(await this.#stepWhile(() => this.agenda.nextMs <= endMs))) return false;
    this.agenda.runUntil(endMs);
    return !this.isOver();
  }

  /** Runs until `done` answers true; false when it did not within `withinMs`. */
  async runUntil(done: () => boolean, withinMs: number): Promise<boolean> {
    const endMs = this.nowMs + withinMs;
    let isDone = false;
    const goesOn = (): boolean => {
      isDone = done();
      return !isDone && this.agenda.nextMs <= endMs;
    };
    if (!(await this.#stepWhile(goesOn))) return false;
    if (isDone) return true;
    this.agenda.runUntil(endMs);
    return done();
  }

  /** Event by event, each with everything it causes. False when the run is over or nothing is left to happen. */
  #stepWhile(goesOn: () => boolean): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const { agenda } = this;
      const next = (): void => {
        try {
          if (!goesOn()) resolve(true);
          else if (this.isOver() || !agenda.step()) resolve(false);
          else {
            this.#hash.number(agenda.nowMs);
            whenSettled(next);
          }
        } catch (error) {
          reject(error);
        }
      };
      whenSettled(next);
    });
  }
}
