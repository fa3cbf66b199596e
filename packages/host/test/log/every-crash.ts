import type { MemoryDisk } from "../../src/environment/memory-disk.ts";
import type { CrashChoices } from "../../src/environment/memory-file-content.ts";
import { SeededRandom } from "../../src/environment/seeded-random.ts";

/** Up to so many combinations of what may survive are all gone through; beyond, the ones at the edges and in between. */
export const COMBINATIONS_MAX = 64;

/** Beyond, so many combinations are drawn at random, the same ones for the same number of choices. */
const RANDOM_COMBINATIONS = 8;

/** Takes the same place of each choice that it is told, and notes how many there are. */
class FixedChoices implements CrashChoices {
  readonly radices: number[] = [];
  readonly #places: readonly number[];

  constructor(places: readonly number[]) {
    this.#places = places;
  }

  chance(): boolean {
    return this.integer(2) === 1;
  }

  integer(below: number): number {
    const place = this.#places[this.radices.length] ?? 0;
    this.radices.push(below);
    return Math.min(place, below - 1);
  }
}

/**
 * Every state that a power loss can leave the disk in, one copy each: all combinations of unsynced sectors (in each of
 * their versions), sizes and names while these are at most `COMBINATIONS_MAX`. Where they are more: nothing survives,
 * everything, each choice alone, all but each one, each prefix in the order of writing, and some drawn at random.
 */
export function* everyCrash(disk: MemoryDisk): Generator<MemoryDisk, void, undefined> {
  const probe = new FixedChoices([]);
  disk.fork().crash(probe);
  const radices = probe.radices;
  for (const places of combinations(radices)) {
    const crashed = disk.fork();
    crashed.crash(new FixedChoices(places));
    yield crashed;
  }
}

function* combinations(radices: readonly number[]): Generator<readonly number[], void, undefined> {
  const count = radices.reduce((product, radix) => Math.min(product * radix, 1e9), 1);
  if (count <= COMBINATIONS_MAX) {
    for (let number = 0; number < count; number += 1) yield placesOf(number, radices);
    return;
  }
  const all = radices.map((radix) => radix - 1);
  const none = radices.map(() => 0);
  yield none;
  yield all;
  for (let at = 0; at < radices.length; at += 1) {
    if ((radices[at] ?? 1) < 2) continue;
    yield none.with(at, all[at] ?? 0);
    yield all.with(at, 0);
    yield all.map((place, other) => (other <= at ? place : 0));
  }
  const random = new SeededRandom(radices.length);
  for (let draw = 0; draw < RANDOM_COMBINATIONS; draw += 1) {
    yield radices.map((radix) => random.integer(radix));
  }
}

function placesOf(number: number, radices: readonly number[]): readonly number[] {
  let rest = number;
  return radices.map((radix) => {
    const place = rest % radix;
    rest = Math.floor(rest / radix);
    return place;
  });
}
