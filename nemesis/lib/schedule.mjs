// Which fault comes when: drawn from the seed and nothing else.
import { seededRandom } from "../../drills/lib/report.mjs";
import { LANES } from "./kinds.mjs";

/** Time between two faults of one lane. */
const GAP_MS = [300, 1_200];

/** Numbers of a lane that do not depend on what other lanes draw. */
function laneSeed(seed, lane) {
  let mixed = seed >>> 0;
  for (const letter of lane) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return mixed;
}

/** Kinds in a shuffled order, every one before any comes again: short runs see as many kinds as possible. */
class Deck {
  #kinds;
  #random;
  #rest = [];

  constructor(kinds, random) {
    this.#kinds = kinds;
    this.#random = random;
  }

  next() {
    if (this.#rest.length === 0) this.#rest = [...this.#kinds];
    const at = Math.floor(this.#random() * this.#rest.length);
    return this.#rest.splice(at, 1)[0];
  }
}

/** The faults of a run, one stretch of chaos after the other. The same seed, kinds and lengths give the same faults. */
export class Schedule {
  #lanes;

  constructor(seed, kinds) {
    this.#lanes = LANES.map((lane) => {
      const random = seededRandom(laneSeed(seed, lane));
      const own = kinds.filter((kind) => kind.lane === lane);
      return { lane, random, isEmpty: own.length === 0, deck: new Deck(own, random) };
    });
  }

  /**
   * The faults of the next `lengthMs`, in the order of their beginnings. `draw` and `strength` (0 to 1) decide who is
   * hit and how hard, by the state of the cluster when it happens.
   */
  stretch(lengthMs) {
    const steps = [];
    for (const { lane, random, isEmpty, deck } of this.#lanes) {
      if (isEmpty) continue;
      const between = ([least, most]) => Math.round(least + random() * (most - least));
      let atMs = between([0, GAP_MS[1]]);
      for (;;) {
        const kind = deck.next();
        const durationMs = between(kind.spanMs);
        const [draw, strength] = [random(), random()];
        if (atMs + durationMs > lengthMs) break;
        steps.push({ lane, kind: kind.id, atMs, durationMs, draw, strength });
        atMs += durationMs + between(GAP_MS);
      }
    }
    return steps.sort((left, right) => left.atMs - right.atMs || (left.lane < right.lane ? -1 : 1));
  }
}
