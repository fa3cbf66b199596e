import type { Operation } from "../history/operation.ts";
import { mix32 } from "../random/mix.ts";
import { orderOfEvents } from "./event-order.ts";
import type { Model } from "./model.ts";
import { ExactPlaces, FingerprintedPlaces, type Visited } from "./visited.ts";

export type SearchState = "running" | "legal" | "illegal";

/** How far the search came before it had to give up, for the picture of a failing history. */
export interface Deepest {
  /** Offsets into the partition's operations, in the order in which they took effect. */
  readonly linearized: readonly number[];
  /** The operation that returned before it could be placed. */
  readonly stuckAt: number;
}

/**
 * The search of Wing and Gong with Lowe's memory, over one partition: takes operations that may come next, in the order
 * of their calls, undoes on dead ends, and never visits a place twice. Runs in slices of steps, so that one hard
 * partition does not hide a short counterexample in another.
 */
export class PartitionSearch<S, I, O> {
  readonly operations: readonly Operation<I, O>[];
  readonly #model: Model<S, I, O>;
  readonly #visited: Visited<S>;
  /** Events in time order, doubly linked; the last slot is the head. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** Which operation an event belongs to; returns are stored as -1 - operation. */
  readonly #owner: Int32Array;
  /** The event of an operation's call and return, -1 for a return that never came. */
  readonly #callAt: Int32Array;
  readonly #returnAt: Int32Array;
  readonly #linearized: Uint32Array;
  /** Taken operations, with the state before each; a forced one had no alternative. */
  readonly #stack: number[] = [];
  readonly #statesBefore: S[] = [];
  readonly #head: number;
  #state: S;
  #high = 0;
  #low = 0;
  #at: number;
  #openReturns: number;
  #steps = 0;
  #verdict: SearchState = "running";
  #deepest: Deepest = { linearized: [], stuckAt: 0 };
  #deepestDepth = -1;

  constructor(
    model: Model<S, I, O>,
    operations: readonly Operation<I, O>[],
    memory: "fingerprints" | "exact" = "fingerprints",
  ) {
    this.#model = model;
    this.operations = operations;
    this.#visited =
      memory === "exact"
        ? new ExactPlaces<S>((left, right) => model.equal(left, right))
        : new FingerprintedPlaces<S>();
    const { owner, callAt, returnAt, returns } = orderOfEvents(operations);
    this.#owner = owner;
    this.#callAt = callAt;
    this.#returnAt = returnAt;
    this.#openReturns = returns;
    this.#linearized = new Uint32Array(Math.ceil(operations.length / 32));
    const events = owner.length;
    this.#head = events;
    this.#next = new Int32Array(events + 1);
    this.#previous = new Int32Array(events + 1);
    for (let event = 0; event <= events; event += 1) {
      this.#next[event] = event === events ? 0 : event + 1;
      this.#previous[event] = event === 0 ? events : event - 1;
    }
    this.#state = model.initial();
    this.#at = this.#next[this.#head] as number;
    if (returns === 0) this.#verdict = "legal";
  }

  get verdict(): SearchState {
    return this.#verdict;
  }

  get steps(): number {
    return this.#steps;
  }

  /** The longest order that was found before it failed; empty unless `explain` was called. */
  get deepest(): Deepest {
    return this.#deepest;
  }

  /** Goes on for at most `steps` steps. */
  run(steps: number, explain: boolean = false): SearchState {
    const end = this.#steps + steps;
    while (this.#verdict === "running" && this.#steps < end) {
      this.#steps += 1;
      const owner = this.#owner[this.#at];
      // Past the last event, or at a return: what is taken so far leads nowhere.
      if (owner === undefined || owner < 0)
        this.#goBack(owner === undefined ? -1 : -1 - owner, explain);
      else this.#tryToTake(owner);
    }
    return this.#verdict;
  }

  #tryToTake(operation: number): void {
    const { input, output } = this.operations[operation] as Operation<I, O>;
    const after = this.#model.step(this.#state, input, output);
    if (after === undefined) {
      this.#at = this.#next[this.#at] as number;
      return;
    }
    if (output !== undefined && this.#model.isRead(input)) {
      // It fits here and changes nothing: wherever else it would fit, everything after it stays possible.
      this.#take(operation, after, true);
      return;
    }
    this.#mark(operation);
    const print = this.#model.fingerprint(after);
    const high = (this.#high ^ mix32(print)) >>> 0;
    const low = (this.#low ^ mix32(print ^ 0x5bd1e995)) >>> 0;
    if (!this.#visited.add(high, low, { state: after, linearized: this.#linearized })) {
      this.#mark(operation);
      this.#at = this.#next[this.#at] as number;
      return;
    }
    this.#mark(operation);
    this.#take(operation, after, false);
  }

  #take(operation: number, after: S, forced: boolean): void {
    this.#mark(operation);
    this.#stack.push(forced ? -1 - operation : operation);
    this.#statesBefore.push(this.#state);
    this.#state = after;
    this.#unlink(this.#callAt[operation] as number);
    const returned = this.#returnAt[operation] as number;
    if (returned >= 0) {
      this.#unlink(returned);
      this.#openReturns -= 1;
      if (this.#openReturns === 0) this.#verdict = "legal";
    }
    this.#at = this.#next[this.#head] as number;
  }

  #goBack(stuckAt: number, explain: boolean): void {
    if (explain && this.#stack.length > this.#deepestDepth) {
      this.#deepestDepth = this.#stack.length;
      const linearized = this.#stack.map((taken) => (taken < 0 ? -1 - taken : taken));
      this.#deepest = { linearized, stuckAt };
    }
    for (;;) {
      const taken = this.#stack.pop();
      if (taken === undefined) {
        this.#verdict = "illegal";
        return;
      }
      const operation = taken < 0 ? -1 - taken : taken;
      this.#state = this.#statesBefore.pop() as S;
      this.#mark(operation);
      const returned = this.#returnAt[operation] as number;
      if (returned >= 0) {
        this.#link(returned);
        this.#openReturns += 1;
      }
      const called = this.#callAt[operation] as number;
      this.#link(called);
      if (taken >= 0) {
        this.#at = this.#next[called] as number;
        return;
      }
    }
  }

  /** Flips an operation in the set of linearized ones and in its running hash. */
  #mark(operation: number): void {
    const word = operation >>> 5;
    this.#linearized[word] = (this.#linearized[word] as number) ^ (1 << (operation & 31));
    this.#high ^= mix32(operation * 2 + 1);
    this.#low ^= mix32(Math.imul(operation + 1, 0x9e3779b1));
  }

  #unlink(event: number): void {
    const before = this.#previous[event] as number;
    const after = this.#next[event] as number;
    this.#next[before] = after;
    this.#previous[after] = before;
  }

  #link(event: number): void {
    this.#next[this.#previous[event] as number] = event;
    this.#previous[this.#next[event] as number] = event;
  }
}
