import type { ConfirmedRead, MemberId, Membership, PeerMessage } from "@quorate/core";
import type { Configuration } from "./configuration.ts";
import { entryText, type Image, type Input, Life } from "./life.ts";
import { FieldWriter, type Renaming } from "./open-fields.ts";

/** What is known of one state of one member. States are numbered from 0 as they are found. */
export interface MemberState {
  readonly id: MemberId;
  readonly number: number;
  /** How it came about: what a crash left, and every input since. */
  readonly image: Image;
  readonly inputs: readonly Input[];
  /** Number of its text under each renaming. */
  readonly prints: readonly number[];
  readonly facts: Facts;
}

/** What the checks look at, computed once per state. */
export interface Facts {
  readonly leads: boolean;
  readonly term: number;
  readonly leader: MemberId;
  readonly commit: number;
  /** The log as the member has it, entry texts from `base + 1` on. */
  readonly base: number;
  readonly log: readonly string[];
  /** The log that a crash would leave. */
  readonly diskBase: number;
  readonly disk: readonly string[];
  readonly diskTerm: number;
  readonly diskVote: MemberId;
  readonly applied: readonly string[];
  readonly membership: Membership;
  readonly writes: number;
  /** What is wrong with the member by itself, if anything. */
  readonly fault: string | undefined;
}

/** What an input makes of a state. */
export interface Transition {
  readonly next: MemberState;
  /** Numbers of the messages it lets out. */
  readonly messages: readonly number[];
  readonly reads: readonly ConfirmedRead[];
}

export interface KnownMessage {
  readonly message: PeerMessage;
  readonly text: string;
  readonly prints: readonly number[];
}

/**
 * Members as automata: a member is a deterministic function of its inputs, so what an input makes of a state is computed
 * once, by a real core, and then looked up, however many states of the whole cluster it occurs in.
 */
export class Automaton {
  readonly #configuration: Configuration;
  readonly #renamings: readonly Renaming[];
  readonly #printOf: Map<string, number> = new Map();
  readonly #stateOf: Map<number, MemberState> = new Map();
  readonly states: MemberState[] = [];
  readonly messages: KnownMessage[] = [];
  readonly #messageOf: Map<string, number> = new Map();
  readonly #inputOf: Map<string, number> = new Map();
  readonly #transitions: Map<number, Transition> = new Map();

  constructor(configuration: Configuration, renamings: readonly Renaming[]) {
    this.#configuration = configuration;
    this.#renamings = renamings;
  }

  /** How many transitions real cores have made. */
  get transitions(): number {
    return this.#transitions.size;
  }

  begin(id: MemberId, image: Image): MemberState {
    return this.#known(id, image, [], new Life(id, image, this.#configuration));
  }

  step(state: MemberState, input: Input, inputName: string): Transition {
    const key = state.number * 2 ** 24 + this.#inputNumber(inputName);
    const known = this.#transitions.get(key);
    if (known !== undefined) return known;
    const made = input.type === "crash" ? this.#crash(state) : this.#perform(state, input);
    this.#transitions.set(key, made);
    return made;
  }

  #crash(state: MemberState): Transition {
    const life = this.#relive(state);
    const { image } = life;
    return { next: this.begin(state.id, image), messages: [], reads: [] };
  }

  #perform(state: MemberState, input: Exclude<Input, { type: "crash" }>): Transition {
    const life = this.#relive(state);
    const { messages, reads } = life.perform(input);
    const next = this.#known(state.id, state.image, [...state.inputs, input], life);
    return { next, messages: messages.map((message) => this.message(message)), reads };
  }

  #relive({ id, image, inputs }: MemberState): Life {
    const life = new Life(id, image, this.#configuration);
    for (const input of inputs) if (input.type !== "crash") life.perform(input);
    return life;
  }

  #known(id: MemberId, image: Image, inputs: readonly Input[], life: Life): MemberState {
    const prints = this.#renamings.map((renaming) => this.#print(life.text(renaming)));
    const known = this.#stateOf.get(prints[0] as number);
    if (known !== undefined) return known;
    const number = this.states.length;
    const state = { id, number, image, inputs, prints, facts: factsOf(life) };
    this.states.push(state);
    this.#stateOf.set(prints[0] as number, state);
    return state;
  }

  /** The number of a message; equal messages have equal numbers. */
  message(message: PeerMessage): number {
    const text = this.#messageText(message, []);
    const known = this.#messageOf.get(text);
    if (known !== undefined) return known;
    const number = this.messages.length;
    const prints = this.#renamings.map((renaming) =>
      this.#print(this.#messageText(message, renaming)),
    );
    this.messages.push({ message, text, prints });
    this.#messageOf.set(text, number);
    return number;
  }

  #messageText(message: PeerMessage, renaming: Renaming): string {
    return new FieldWriter(renaming, false).write(message);
  }

  #print(text: string): number {
    const known = this.#printOf.get(text);
    if (known !== undefined) return known;
    const print = this.#printOf.size;
    this.#printOf.set(text, print);
    return print;
  }

  #inputNumber(name: string): number {
    const known = this.#inputOf.get(name);
    if (known !== undefined) return known;
    const number = this.#inputOf.size;
    this.#inputOf.set(name, number);
    return number;
  }
}

function factsOf(life: Life): Facts {
  const { role, term, leader, commit, stopped, last } = life.status();
  const { disk, log, pending } = life;
  const base = Math.max(log.firstIndex - 1, snapshotUnderWay(life));
  return {
    leads: role === "leader",
    term,
    leader,
    commit,
    base,
    log: wholeLog(life, base, last.index),
    diskBase: disk.firstIndex - 1,
    disk: disk.held.map(entryText),
    diskTerm: life.hardState.term,
    diskVote: life.hardState.vote,
    applied: [...life.applied],
    membership: life.status().membership,
    writes: pending.length,
    fault: stopped ?? faultOf(life),
  };
}

/** Index of a snapshot that is about to replace the log. */
function snapshotUnderWay({ pending }: Life): number {
  let index = 0;
  for (const { installSnapshot } of pending) index = Math.max(index, installSnapshot?.index ?? 0);
  return index;
}

/** What is on disk and what is on the way there, as the core sees it. */
function wholeLog(life: Life, base: number, last: number): readonly string[] {
  const entries = life.log.copy();
  for (const { entries: more, installSnapshot } of life.pending) {
    if (installSnapshot !== undefined) entries.install(installSnapshot);
    entries.put(more);
  }
  return entries.held.filter(({ index }) => index > base && index <= last).map(entryText);
}

function faultOf(life: Life): string | undefined {
  try {
    life.core.checkInvariants();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
