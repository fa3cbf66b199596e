import type { PeerMessage } from "@quorate/core";

/** Why a message ended its way, or that it has not yet. */
export type FlightOutcome =
  | "travelling"
  | "delivered"
  | "cut"
  | "lost"
  | "receiverDown"
  | "senderDown";

/** One message from its sending to its end. */
export interface Flight {
  readonly id: number;
  readonly message: PeerMessage;
  readonly sentAt: number;
  readonly sentMs: number;
  /** Undefined while it is held back. */
  arrivesMs: number | undefined;
  /** The moment of its end; Infinity while it travels. */
  endedAt: number;
  endedMs: number;
  outcome: FlightOutcome;
}

/** Flights that are open are noted down every so many flights, so that no search looks back further. */
const NOTE_EVERY = 256;

/** All messages of a run, to be found by moment. */
export class FlightLog {
  readonly #flights: Flight[] = [];
  readonly #open: Map<number, Flight> = new Map();
  /** Flights open just before the flight number `place * NOTE_EVERY`. */
  readonly #notes: (readonly Flight[])[] = [];

  get count(): number {
    return this.#flights.length;
  }

  sent(flight: Flight): void {
    if (this.#flights.length % NOTE_EVERY === 0) this.#notes.push([...this.#open.values()]);
    this.#flights.push(flight);
    this.#open.set(flight.id, flight);
  }

  /** It goes on its way again, or arrives at another time. */
  moved(id: number, arrivesMs: number): void {
    const flight = this.#open.get(id);
    if (flight !== undefined) flight.arrivesMs = arrivesMs;
  }

  ended(id: number, moment: number, atMs: number, outcome: FlightOutcome): void {
    const flight = this.#open.get(id);
    if (flight === undefined) return;
    flight.endedAt = moment;
    flight.endedMs = atMs;
    flight.outcome = outcome;
    this.#open.delete(id);
  }

  /** Messages under way after `moment`, oldest first. */
  at(moment: number): readonly Flight[] {
    return this.between(moment, moment);
  }

  /** Messages that were under way at any time from `first` to `last`. */
  between(first: number, last: number): readonly Flight[] {
    const place = this.#firstSentAfter(first);
    const note = Math.min(Math.floor(place / NOTE_EVERY), this.#notes.length - 1);
    if (note < 0) return [];
    const found: Flight[] = [];
    const wanted = (flight: Flight): boolean => flight.sentAt <= last && flight.endedAt > first;
    for (const flight of this.#notes[note] as readonly Flight[]) {
      if (wanted(flight)) found.push(flight);
    }
    for (let at = note * NOTE_EVERY; at < this.#flights.length; at += 1) {
      const flight = this.#flights[at] as Flight;
      if (flight.sentAt > last) break;
      if (wanted(flight)) found.push(flight);
    }
    return found;
  }

  upTo(moment: number): FlightLog {
    const copy = new FlightLog();
    for (const flight of this.#flights) {
      if (flight.sentAt > moment) break;
      const isOpen = flight.endedAt > moment;
      for (const other of copy.#open.values()) {
        if (other.endedAt <= flight.sentAt) copy.#open.delete(other.id);
      }
      copy.sent(
        isOpen
          ? {
              ...flight,
              endedAt: Number.POSITIVE_INFINITY,
              endedMs: Number.POSITIVE_INFINITY,
              outcome: "travelling",
            }
          : flight,
      );
    }
    for (const flight of copy.#open.values()) {
      if (flight.endedAt <= moment) copy.#open.delete(flight.id);
    }
    return copy;
  }

  #firstSentAfter(moment: number): number {
    let low = 0;
    let high = this.#flights.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#flights[middle] as Flight).sentAt <= moment) low = middle + 1;
      else high = middle;
    }
    // One that was sent before and is noted as open lies at or before this place.
    return Math.max(0, low - 1);
  }
}
