import type { EventHash } from "../random/event-hash.ts";
import { Agenda } from "../time/agenda.ts";
import { whenSettled } from "../time/settled.ts";

/** Drives an agenda whose events make promises runnable: everything they cause happens before the next event. */
export class Simulation {
  readonly agenda: Agenda = new Agenda();
  readonly #hash: EventHash;
  /** Ends the run early when it answers true. */
  isOver: () => boolean = () => false;
  /** Asked before every event: whoever wants to look between two of them makes the next one wait. */
  pace: (() => Promise<void>) | undefined;

  constructor(hash: EventHash) {
    this.#hash = hash;
  }

  get nowMs(): number {
    return this.agenda.nowMs;
  }

  /** Lets everything happen for `forMs`; false when the run is over before. */
  async run(forMs: number): Promise<boolean> {
    const endMs = this.nowMs + forMs;
    if ((await this.#play(endMs, () => false)) === "over") return false;
    this.agenda.runUntil(endMs);
    return !this.isOver();
  }

  /** Runs until `done` answers true; false when it did not within `withinMs`. */
  async runUntil(done: () => boolean, withinMs: number): Promise<boolean> {
    const endMs = this.nowMs + withinMs;
    const end = await this.#play(endMs, done);
    if (end !== "late") return end === "done";
    this.agenda.runUntil(endMs);
    return done();
  }

  /** Event by event, each with everything it causes; `late` when the next one comes after `endMs`. */
  #play(endMs: number, done: () => boolean): Promise<"done" | "late" | "over"> {
    return new Promise((resolve, reject) => {
      const { agenda } = this;
      const next = (): void => {
        try {
          if (done()) resolve("done");
          else if (agenda.nextMs > endMs) resolve("late");
          else if (this.isOver()) resolve("over");
          else if (this.pace === undefined) happen();
          else this.pace().then(happen).catch(reject);
        } catch (error) {
          reject(error);
        }
      };
      const happen = (): void => {
        if (!agenda.step()) {
          resolve("over");
          return;
        }
        this.#hash.number(agenda.nowMs);
        goOn();
      };
      const goOn = whenSettled(next);
      goOn();
    });
  }
}
