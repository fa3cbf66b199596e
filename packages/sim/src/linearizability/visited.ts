import { Fingerprints } from "../random/fingerprints.ts";

/** What the search remembers of places it has been to: a set of linearized operations and the state they led to. */
export interface Visited<S> {
  /** False when this place was there before. */
  add(high: number, low: number, place: Place<S>): boolean;
}

export interface Place<S> {
  readonly state: S;
  /** One bit per operation of the partition, set when it is linearized. */
  readonly linearized: Uint32Array;
}

/**
 * Remembers 64-bit fingerprints in an open-addressed table. Two places with one fingerprint would make the search skip
 * one of them, so that a verdict "illegal" may be wrong with a probability of about places² / 2^65: it is checked again
 * with `ExactPlaces`. A verdict "legal" is never wrong.
 */
export class FingerprintedPlaces<S> implements Visited<S> {
  readonly #fingerprints: Fingerprints = new Fingerprints();

  add(high: number, low: number, _place: Place<S>): boolean {
    return this.#fingerprints.add(high, low);
  }
}

/** Remembers whole places: slower, and never wrong. */
export class ExactPlaces<S> implements Visited<S> {
  readonly #places: Map<number, Place<S>[]> = new Map();
  readonly #equal: (left: S, right: S) => boolean;

  constructor(equal: (left: S, right: S) => boolean) {
    this.#equal = equal;
  }

  add(high: number, low: number, place: Place<S>): boolean {
    const key = high * 0x20_0000 + (low & 0x1f_ffff);
    const there = this.#places.get(key);
    const copy = { state: place.state, linearized: place.linearized.slice() };
    if (there === undefined) {
      this.#places.set(key, [copy]);
      return true;
    }
    for (const known of there) {
      if (sameBits(known.linearized, copy.linearized) && this.#equal(known.state, copy.state)) {
        return false;
      }
    }
    there.push(copy);
    return true;
  }
}

function sameBits(left: Uint32Array, right: Uint32Array): boolean {
  for (let at = 0; at < left.length; at += 1) if (left[at] !== right[at]) return false;
  return true;
}
