import type { MemberId } from "@quorate/core";
import { QuorateError } from "@quorate/host";
import type { Random } from "../random/random.ts";
import type { NodeWorld } from "../world/node-world.ts";
import type { NodeLife } from "../world/sim-node.ts";

/** What a client learns about something it asked for. */
export type Reply<T> =
  | { readonly type: "answer"; readonly value: T }
  /** Nothing happened and nothing will: nobody listened, or the node said so. */
  | { readonly type: "refused"; readonly why: string }
  | { readonly type: "unknown"; readonly why: string };

/** How clients reach nodes. */
export interface DoorWeather {
  readonly delayMaxMs: number;
  /** Probability that an answer is lost on its way. */
  readonly answerLossRate: number;
}

/** The way between clients and nodes: it takes time, loses answers, and ends with the process at its other end. */
export class Door {
  weather: DoorWeather;
  /** Numbers of what was asked while faults were on, and those that are turned away as if nobody listened. */
  readonly asked: number[] = [];
  leftOut: ReadonlySet<number> = new Set();
  /** From now on nothing is numbered, and nothing turned away. */
  isOpenToAll = false;
  #asks = 0;
  readonly #world: NodeWorld;
  readonly #random: Random;

  constructor(world: NodeWorld, random: Random, weather: DoorWeather) {
    this.#world = world;
    this.#random = random;
    this.weather = weather;
  }

  /** Asks a node; `done` is called once, within `patienceMs`. */
  ask<T>(
    node: MemberId,
    patienceMs: number,
    run: (life: NodeLife) => Promise<T>,
    done: (reply: Reply<T>) => void,
  ): void {
    const { agenda } = this.#world.simulation;
    if (!this.isOpenToAll) {
      this.#asks += 1;
      if (this.leftOut.has(this.#asks)) {
        agenda.after(this.weather.delayMaxMs, () => done({ type: "refused", why: "left out" }));
        return;
      }
      this.asked.push(this.#asks);
    }
    let isOpen = true;
    const finish = (reply: Reply<T>): void => {
      if (!isOpen) return;
      isOpen = false;
      deadline.cancel();
      done(reply);
    };
    const deadline = agenda.after(patienceMs, () => finish({ type: "unknown", why: "no answer" }));
    agenda.after(this.#delay(), () => {
      const life = this.#world.nodes.get(node)?.life;
      if (life === undefined) {
        agenda.after(this.#delay(), () => finish({ type: "refused", why: "nobody listens" }));
        return;
      }
      life.gate.enter(() => this.#serve(life, run, finish), true);
    });
  }

  #serve<T>(
    life: NodeLife,
    run: (life: NodeLife) => Promise<T>,
    finish: (reply: Reply<T>) => void,
  ): void {
    const { agenda } = this.#world.simulation;
    const answer = (reply: Reply<T>): void => {
      if (life.gate.isDead) return;
      if (this.#random.chance(this.weather.answerLossRate)) {
        this.#world.counters.count("answerLost");
        return;
      }
      agenda.after(this.#delay(), () => finish(reply));
    };
    run(life).then(
      (value) => answer({ type: "answer", value }),
      (error: unknown) => answer(this.#replyOf(error)),
    );
  }

  #replyOf(error: unknown): Reply<never> {
    if (!(error instanceof QuorateError)) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#world.report("errors have a code", `a request failed with ${text}`);
      return { type: "unknown", why: text };
    }
    const why = error.code;
    return error.outcome === "notApplied" ? { type: "refused", why } : { type: "unknown", why };
  }

  #delay(): number {
    return this.#random.range(0.1, this.weather.delayMaxMs);
  }
}
