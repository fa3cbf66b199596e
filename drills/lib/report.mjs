// What a drill says and counts, and whether what it claims held. Also the seed that draws its faults.
import { say } from "../../scripts/prepare.mjs";

const DEFAULT_WAIT_MS = 30_000;
const POLL_MS = 20;

/** A small seeded generator (mulberry32): the same seed draws the same faults. */
export function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Thrown by a drill that cannot run on this machine: not a failure, and not a success. */
export class Skipped extends Error {}

export class Report {
  #counts = new Map();
  failures = [];

  constructor(seed) {
    this.seed = seed;
    this.random = seededRandom(seed);
  }

  say(line) {
    say(line);
  }

  count(name, by = 1) {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }

  counted(name) {
    return this.#counts.get(name) ?? 0;
  }

  /** Records whether something that must hold did. */
  check(claim, holds, detail = "") {
    if (!holds) this.failures.push(detail === "" ? claim : `${claim}: ${detail}`);
    say(`${holds ? "  ok    " : "  FAILED"} ${claim}${detail === "" ? "" : ` (${detail})`}`);
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  /** The list in an order of the seed's choosing. */
  shuffled(list) {
    const rest = [...list];
    const drawn = [];
    while (rest.length > 0) drawn.push(...rest.splice(Math.floor(this.random() * rest.length), 1));
    return drawn;
  }

  /** Waits until `condition` gives something truthy; says what it waited for when it never did. */
  async until(what, condition, timeoutMs = DEFAULT_WAIT_MS) {
    const end = performance.now() + timeoutMs;
    let last;
    while (performance.now() < end) {
      try {
        const value = await condition();
        if (value) return value;
      } catch (error) {
        last = error;
      }
      await pause(POLL_MS);
    }
    throw new Error(
      `Waited ${timeoutMs} ms in vain for ${what}${last ? ` (${last.message})` : ""}`,
    );
  }

  /** Waits for a promise, for a bounded time. */
  async within(what, promise, timeoutMs = DEFAULT_WAIT_MS) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`Waited ${timeoutMs} ms in vain for ${what}`)),
        timeoutMs,
      );
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Prints the seed, what was counted, and what did not hold. */
  conclude() {
    const counts = [...this.#counts].map(([name, n]) => `${name}: ${n}`).join(", ");
    say(`seed ${this.seed}; ${counts}`);
    for (const failure of this.failures) say(`NOT TRUE: ${failure}`);
  }
}
