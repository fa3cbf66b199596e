import type { MemberId, PeerMessage } from "@quorate/core";
import type { Violation } from "../checkers/violation.ts";
import { Fingerprints } from "../random/fingerprints.ts";
import { Automaton, type KnownMessage, type MemberState } from "./automaton.ts";
import { beginnings } from "./beginnings.ts";
import { type Budgets, type Configuration, NO_BUDGETS } from "./configuration.ts";
import { type Ghost, NOTHING_SEEN, observe } from "./ghost.ts";
import type { Input } from "./life.ts";
import type { Renaming } from "./open-fields.ts";
import { renamingsOf } from "./renamings.ts";

/** A state of the whole cluster. */
interface ClusterState {
  readonly members: readonly MemberState[];
  /** Messages on their way, by number, ascending. One that is never delivered is a lost one. */
  readonly network: readonly number[];
  readonly ghost: Ghost;
  readonly left: Budgets;
  readonly parent: number;
}

/** What was explored so far. */
export interface Progress {
  /** States of the cluster, counting those that differ by a renaming once. */
  readonly states: number;
  /** Steps between them. */
  readonly steps: number;
  /** States of single members, and how many of their steps real cores made. */
  readonly memberStates: number;
  readonly memberSteps: number;
  readonly depth: number;
}

export type Explored = Progress &
  (
    | { readonly verdict: "complete" | "bounded" }
    | {
        readonly verdict: "violated";
        readonly violation: Violation;
        readonly trace: readonly string[];
      }
  );

const BUDGETS = Object.keys(NO_BUDGETS) as (keyof Budgets)[];

/** Steps between two reports of progress. */
const STEPS_PER_PIECE = 20_000;

/**
 * Visits every state that a configuration can reach, nearest first, and judges every step. A generator, so that the
 * caller owns the time: it yields its progress now and then and returns what it came to.
 *
 * @param statesMax - Gives up beyond, with the verdict "bounded".
 */
export function* explore(
  configuration: Configuration,
  statesMax: number = Number.POSITIVE_INFINITY,
): Generator<Progress, Explored> {
  const explorer = new Explorer(configuration);
  for (let pieces = 1; ; ) {
    if (!explorer.advance()) break;
    if (explorer.steps >= pieces * STEPS_PER_PIECE) {
      pieces += 1;
      yield explorer.progress;
    }
    if (explorer.progress.states > statesMax) return { ...explorer.progress, verdict: "bounded" };
  }
  const { found } = explorer;
  if (found === undefined) return { ...explorer.progress, verdict: "complete" };
  return {
    ...explorer.progress,
    verdict: "violated",
    violation: found.violation,
    trace: found.trace,
  };
}

class Explorer {
  readonly #configuration: Configuration;
  readonly #automaton: Automaton;
  readonly #renamings: readonly Renaming[];
  readonly #ghosts: GhostPrints;
  /** Where a member stands among all, by its number. */
  readonly #placeOf: ReadonlyMap<MemberId, number>;
  readonly #visited: Fingerprints = new Fingerprints();
  readonly #queue: (ClusterState | undefined)[] = [];
  #head = 0;
  /** For every state ever queued: the state it came from and what was done there. */
  readonly #parents: number[] = [];
  readonly #deeds: string[] = [];
  #depth = 0;
  #levelEnd = 1;
  steps = 0;
  found: { readonly violation: Violation; readonly trace: readonly string[] } | undefined;

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
    this.#renamings = renamingsOf(configuration);
    this.#ghosts = new GhostPrints(this.#renamings);
    this.#automaton = new Automaton(configuration, this.#renamings);
    const members = beginnings(configuration).map(({ id, image }) =>
      this.#automaton.begin(id, image),
    );
    this.#placeOf = new Map(members.map(({ id }, place) => [id, place]));
    const committed = members.reduce<readonly string[]>(
      (longest, { facts }) => (facts.applied.length > longest.length ? facts.applied : longest),
      [],
    );
    const ghost = { ...NOTHING_SEEN, committed, committedIn: committed.map(() => 0) };
    this.#enqueue(
      { members, network: [], ghost, left: configuration.budgets, parent: -1 },
      "begin",
    );
  }

  get progress(): Progress {
    return {
      states: this.#visited.size,
      steps: this.steps,
      memberStates: this.#automaton.states.length,
      memberSteps: this.#automaton.transitions,
      depth: this.#depth,
    };
  }

  /** Does everything that can be done in the next state. False when there is none, or a step was wrong. */
  advance(): boolean {
    const at = this.#head;
    const state = this.#queue[at];
    if (state === undefined || this.found !== undefined) return false;
    if (at >= this.#levelEnd) {
      this.#depth += 1;
      this.#levelEnd = this.#queue.length;
    }
    // What was explored is forgotten, or memory would end before the states do.
    this.#queue[at] = undefined;
    this.#head += 1;
    for (let member = 0; member < state.members.length; member += 1) this.#actOf(state, at, member);
    this.#deliver(state, at);
    return this.found === undefined;
  }

  /** Everything that one member may do by itself. */
  #actOf(state: ClusterState, at: number, place: number): void {
    const { left } = state;
    const { termMax, changes, voters } = this.#configuration;
    const { id, facts } = state.members[place] as MemberState;
    const go = (spent: keyof Budgets | undefined, input: Input, name: string): void => {
      const rest = spent === undefined ? left : { ...left, [spent]: left[spent] - 1 };
      this.#take(state, at, place, input, name, rest, state.network);
    };
    if (left.campaigns > 0 && !facts.leads && facts.term + 1 < termMax)
      go("campaigns", { type: "campaign" }, "campaign");
    if (left.restarts > 0) go("restarts", { type: "crash" }, "crash");
    if (facts.writes > 0) go(undefined, { type: "durable" }, "durable");
    if (left.ticks > 0) go("ticks", { type: "tick" }, "tick");
    if (left.snapshots > 0) go("snapshots", { type: "snapshot" }, "snapshot");
    if (left.reads > 0) {
      const ghost = {
        ...state.ghost,
        reads: { ...state.ghost.reads, [left.reads]: state.ghost.committed.length + 1 },
      };
      const rest = { ...left, reads: left.reads - 1 };
      const input = { type: "read", requestId: left.reads } as const;
      this.#take({ ...state, ghost }, at, place, input, `read ${left.reads}`, rest, state.network);
    }
    if (!facts.leads) return;
    if (left.heartbeats > 0) go("heartbeats", { type: "heartbeat" }, "heartbeat");
    if (left.proposals > 0)
      go("proposals", { type: "propose", number: left.proposals }, `propose ${left.proposals}`);
    if (left.changes > 0) {
      for (let number = 0; number < changes.length; number += 1)
        go("changes", { type: "change", number }, `change ${number}`);
    }
    if (left.transfers > 0) {
      for (let to = 1; to <= voters; to += 1)
        if (to !== id) go("transfers", { type: "transfer", to }, `transfer ${to}`);
    }
  }

  #deliver(state: ClusterState, at: number): void {
    const { delivers } = this.#configuration;
    for (let nth = 0; nth < state.network.length; nth += 1) {
      const number = state.network[nth] as number;
      const { message, text } = this.#automaton.messages[number] as {
        message: PeerMessage;
        text: string;
      };
      if (delivers !== undefined && !delivers.includes(message.type)) continue;
      const place = state.members.findIndex(({ id }) => id === message.to);
      if (place < 0) continue;
      const input = { type: "deliver", message } as const;
      const others = state.network.filter((_, other) => other !== nth);
      this.#take(state, at, place, input, text, state.left, others);
      if (state.left.duplicates > 0) {
        const left = { ...state.left, duplicates: state.left.duplicates - 1 };
        this.#take(state, at, place, input, text, left, state.network);
      }
    }
  }

  /** One step of one member, and what becomes of the cluster. */
  #take(
    state: ClusterState,
    at: number,
    place: number,
    input: Input,
    name: string,
    left: Budgets,
    network: readonly number[],
  ): void {
    if (this.found !== undefined) return;
    this.steps += 1;
    const before = state.members[place] as MemberState;
    const transition = this.#automaton.step(before, input, name);
    // Nothing came of it: what is left is less.
    if (transition.next === before && transition.messages.length === 0 && input.type !== "deliver")
      return;
    const members = state.members.with(place, transition.next);
    const seen = observe({
      ghost: state.ghost,
      before,
      transition,
      members,
      messages: this.#automaton.messages,
    });
    if (!seen.ok) {
      this.found = {
        violation: seen.violation,
        trace: [...this.#trace(at), this.#deedOf(before.id, name)],
      };
      return;
    }
    const next = {
      members,
      network: this.#withoutStale(joined(network, transition.messages), members),
      ghost: seen.ghost,
      left,
      parent: at,
    };
    this.#enqueue(next, this.#deedOf(before.id, name));
  }

  /**
   * Messages of a term that their receiver has left, and that it ignores, are as good as lost: terms only grow. Only
   * messages whose delivery changes nothing at all are dropped, so that a member that heeds them is still found out.
   */
  #withoutStale(network: readonly number[], members: readonly MemberState[]): readonly number[] {
    if (!this.#configuration.dropsStale) return network;
    return network.filter((number) => {
      const { message, text } = this.#automaton.messages[number] as KnownMessage;
      const to = members.find(({ id }) => id === message.to);
      if (to === undefined) return false;
      if (message.term === 0 || message.term >= to.facts.term) return true;
      const { next, messages } = this.#automaton.step(to, { type: "deliver", message }, text);
      return next !== to || messages.length > 0;
    });
  }

  /** Of all renamings the one with the smallest print stands for them all. */
  #enqueue(state: ClusterState, deed: string): void {
    let high = 0;
    let low = 0;
    for (let nth = 0; nth < this.#renamings.length; nth += 1) {
      const hash = this.#hashUnder(state, nth);
      const [h, l] = [hash.high >>> 0, hash.low >>> 0];
      if (nth === 0 || h < high || (h === high && l < low)) [high, low] = [h, l];
    }
    if (!this.#visited.add(high, low)) return;
    this.#parents.push(state.parent);
    this.#deeds.push(deed);
    this.#queue.push(state);
  }

  #hashUnder({ members, network, ghost, left }: ClusterState, nth: number): Mixer {
    const renaming = this.#renamings[nth] as Renaming;
    const hash = new Mixer();
    const prints = new Array<number>(members.length);
    for (const { id, prints: own } of members) {
      prints[this.#placeOf.get(renaming[id] ?? id) as number] = own[nth] as number;
    }
    for (const print of prints) hash.add(print);
    const sent = network.map((number) => this.#automaton.messages[number]?.prints[nth] as number);
    for (const print of sent.sort((a, b) => a - b)) hash.add(print);
    hash.add(-1);
    hash.add(this.#ghosts.of(ghost)[nth] as number);
    for (const budget of BUDGETS) hash.add(left[budget]);
    return hash;
  }

  #deedOf(id: MemberId, name: string): string {
    return `${id}: ${name}`;
  }

  #trace(from: number): readonly string[] {
    const trace: string[] = [];
    for (let at = from; at > 0; at = this.#parents[at] as number)
      trace.push(this.#deeds[at] as string);
    return trace.reverse();
  }
}

/** A set: a message that is on its way already is there once. */
function joined(network: readonly number[], more: readonly number[]): readonly number[] {
  if (more.length === 0) return network;
  return [...new Set([...network, ...more])].sort((left, right) => left - right);
}

/** What was seen so far as a number for each renaming; most steps leave it as it is. Equal numbers mean equal texts. */
class GhostPrints {
  readonly #renamings: readonly Renaming[];
  readonly #printOf: Map<string, number> = new Map();
  readonly #known: WeakMap<Ghost, readonly number[]> = new WeakMap();

  constructor(renamings: readonly Renaming[]) {
    this.#renamings = renamings;
  }

  of(ghost: Ghost): readonly number[] {
    const known = this.#known.get(ghost);
    if (known !== undefined) return known;
    const prints = this.#renamings.map((renaming) => this.#print(textOf(ghost, renaming)));
    this.#known.set(ghost, prints);
    return prints;
  }

  #print(text: string): number {
    const known = this.#printOf.get(text) ?? this.#printOf.size;
    this.#printOf.set(text, known);
    return known;
  }
}

function textOf(
  { committed, committedIn, leaders, votes, reads }: Ghost,
  renaming: Renaming,
): string {
  const name = (id: number): number => renaming[id] ?? id;
  const led = Object.entries(leaders).map(([term, id]) => `${term}=${name(id)}`);
  const voted = Object.entries(votes).map(([key, to]) => {
    const [term, voter] = key.split("/").map(Number) as [number, number];
    return `${term}/${name(voter)}>${name(to)}`;
  });
  return [committed, committedIn, led, voted.sort(), Object.entries(reads)].join("|");
}

/** Two 32-bit hashes side by side. */
class Mixer {
  high: number = 0x811c9dc5;
  low: number = 0x9e3779b9;

  add(value: number): void {
    this.high = Math.imul(this.high ^ value, 0x01000193);
    this.high ^= this.high >>> 15;
    this.low = Math.imul(this.low ^ (value + 0x7f4a7c15), 0x85ebca6b);
    this.low ^= this.low >>> 13;
  }
}
