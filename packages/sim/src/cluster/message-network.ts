import type { MemberId, PeerMessage } from "@quorate/core";
import type { FaultCounters } from "../faults/fault-counters.ts";
import type { Random } from "../random/random.ts";
import type { Agenda, Appointment } from "../time/agenda.ts";
import type { LossReason } from "./events.ts";
import type { Weather } from "./settings.ts";

/** A message on its way. */
export interface Travelling {
  readonly id: number;
  readonly message: PeerMessage;
  /** What came with it beside the core's message: the content of a snapshot. */
  readonly cargo: unknown;
  /** Undefined while it is held back. */
  readonly arrivesAtMs: number | undefined;
}

export interface NetworkOwner {
  sent(travelling: Travelling): void;
  arrived(travelling: Travelling): void;
  lost(travelling: Travelling, reason: LossReason): void;
  linkChanged(from: MemberId, to: MemberId, isCut: boolean): void;
}

/** Snapshots take this many times as long as other messages. */
const SNAPSHOT_DELAY_FACTOR = 4;

/**
 * The network between cores, message by message: each travels for itself, so they overtake each other, get lost, come
 * twice or very late; links can be cut in either direction, and messages can be held back to be released at will.
 */
export class MessageNetwork {
  weather: Weather;
  readonly #agenda: Agenda;
  readonly #random: Random;
  readonly #owner: NetworkOwner;
  readonly #counters: FaultCounters;
  readonly #cut: Set<string> = new Set();
  readonly #slow: Map<string, number> = new Map();
  readonly #travelling: Map<number, { travelling: Travelling; appointment: Appointment }> =
    new Map();
  readonly #held: Travelling[] = [];
  #holds: ((message: PeerMessage) => boolean) | undefined;
  #nextId = 0;

  constructor(
    agenda: Agenda,
    random: Random,
    weather: Weather,
    counters: FaultCounters,
    owner: NetworkOwner,
  ) {
    this.#agenda = agenda;
    this.#random = random;
    this.weather = weather;
    this.#counters = counters;
    this.#owner = owner;
  }

  /** Messages that will arrive, in the order in which they were sent. */
  get travelling(): readonly Travelling[] {
    return [...this.#travelling.values()].map(({ travelling }) => travelling);
  }

  get held(): readonly Travelling[] {
    return this.#held;
  }

  isCut(from: MemberId, to: MemberId): boolean {
    return this.#cut.has(linkName(from, to));
  }

  send(message: PeerMessage, cargo: unknown): void {
    const { weather } = this;
    this.#sendOne(message, cargo);
    if (this.#random.chance(weather.duplicateRate)) {
      this.#counters.count("messageDuplicated");
      this.#sendOne(message, cargo);
    }
  }

  /** Messages for which `holds` answers true wait until they are released; undefined holds no more. */
  hold(holds: ((message: PeerMessage) => boolean) | undefined): void {
    this.#holds = holds;
  }

  /** Lets held messages go on, those for which `matches` answers true. They arrive in the order they were sent. */
  release(matches: (message: PeerMessage) => boolean): number {
    const going = this.#held.filter(({ message }) => matches(message));
    for (const travelling of going) {
      this.#held.splice(this.#held.indexOf(travelling), 1);
      this.#travel({ ...travelling, arrivesAtMs: this.#agenda.nowMs });
    }
    return going.length;
  }

  /** Held messages that will never arrive. */
  dropHeld(matches: (message: PeerMessage) => boolean): void {
    for (const travelling of this.#held.filter(({ message }) => matches(message))) {
      this.#held.splice(this.#held.indexOf(travelling), 1);
      this.#owner.lost(travelling, "lost");
    }
  }

  /** One message will never arrive; false when it is neither on its way nor held back. */
  drop(id: number): boolean {
    const travelling = this.#takeOut(id);
    if (travelling === undefined) return false;
    this.#counters.count("messageLost");
    this.#owner.lost(travelling, "lost");
    return true;
  }

  /** One message arrives later than it would have; one that was held back travels from now on. */
  delay(id: number, extraMs: number): boolean {
    const travelling = this.#takeOut(id);
    if (travelling === undefined) return false;
    this.#counters.count("messageLate");
    const arrivesAtMs = (travelling.arrivesAtMs ?? this.#agenda.nowMs) + Math.max(0, extraMs);
    this.#travel({ ...travelling, arrivesAtMs });
    return true;
  }

  /** One message comes a second time, under a number of its own. */
  duplicate(id: number): boolean {
    const travelling =
      this.#travelling.get(id)?.travelling ?? this.#held.find((held) => held.id === id);
    if (travelling === undefined) return false;
    this.#counters.count("messageDuplicated");
    this.#sendOne(travelling.message, travelling.cargo);
    return true;
  }

  cut(from: MemberId, to: MemberId): void {
    if (from === to || this.isCut(from, to)) return;
    this.#cut.add(linkName(from, to));
    this.#owner.linkChanged(from, to, true);
  }

  mend(from: MemberId, to: MemberId): void {
    if (this.#cut.delete(linkName(from, to))) this.#owner.linkChanged(from, to, false);
  }

  /** Adds `extraMs` to everything that travels from `from` to `to`; 0 for no more. */
  slow(from: MemberId, to: MemberId, extraMs: number): void {
    if (extraMs > 0) this.#slow.set(linkName(from, to), extraMs);
    else this.#slow.delete(linkName(from, to));
  }

  /** All links work again, at their usual speed, and nothing is held back. */
  heal(): void {
    this.#slow.clear();
    this.#holds = undefined;
    for (const link of [...this.#cut]) {
      const [from, to] = link.split(">");
      this.mend(Number(from), Number(to));
    }
    this.release(() => true);
  }

  /** A member is gone: what it said so far still arrives, but its connections break. */
  memberDown(member: MemberId): void {
    for (const travelling of this.#held.filter(({ message }) => message.to === member)) {
      this.#held.splice(this.#held.indexOf(travelling), 1);
      this.#owner.lost(travelling, "receiverDown");
    }
  }

  #sendOne(message: PeerMessage, cargo: unknown): void {
    this.#nextId += 1;
    const id = this.#nextId;
    if (this.#holds?.(message) === true) {
      const held = { id, message, cargo, arrivesAtMs: undefined };
      this.#held.push(held);
      this.#owner.sent(held);
      return;
    }
    const arrivesAtMs = this.#agenda.nowMs + this.#delayOf(message);
    const travelling = { id, message, cargo, arrivesAtMs };
    this.#owner.sent(travelling);
    if (this.#random.chance(this.weather.lossRate)) {
      this.#counters.count("messageLost");
      this.#owner.lost(travelling, "lost");
      return;
    }
    this.#travel(travelling);
  }

  #takeOut(id: number): Travelling | undefined {
    const onItsWay = this.#travelling.get(id);
    if (onItsWay !== undefined) {
      onItsWay.appointment.cancel();
      this.#travelling.delete(id);
      return onItsWay.travelling;
    }
    const at = this.#held.findIndex((held) => held.id === id);
    return at < 0 ? undefined : this.#held.splice(at, 1)[0];
  }

  #delayOf(message: PeerMessage): number {
    const { delayMinMs, delayMaxMs, lateRate, lateMaxMs } = this.weather;
    let delayMs = this.#random.range(delayMinMs, delayMaxMs);
    if (message.type === "snapshot") delayMs *= SNAPSHOT_DELAY_FACTOR;
    if (this.#random.chance(lateRate)) {
      this.#counters.count("messageLate");
      delayMs += this.#random.range(0, lateMaxMs);
    }
    return delayMs + (this.#slow.get(linkName(message.from, message.to)) ?? 0);
  }

  #travel(travelling: Travelling): void {
    const { id, message, arrivesAtMs } = travelling;
    const appointment = this.#agenda.at(arrivesAtMs ?? 0, () => {
      this.#travelling.delete(id);
      if (this.isCut(message.from, message.to)) {
        this.#counters.count("messageCut");
        this.#owner.lost(travelling, "cut");
      } else {
        this.#owner.arrived(travelling);
      }
    });
    this.#travelling.set(id, { travelling, appointment });
  }
}

function linkName(from: MemberId, to: MemberId): string {
  return `${from}>${to}`;
}
