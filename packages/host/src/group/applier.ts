import type { ApplyWork, Entry, LogPosition } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import { QuorateError } from "../errors.ts";
import type { Companion } from "../session/companion.ts";
import type { EntryPlan, ItemPlan } from "./apply-plan.ts";
import type { Portion } from "./apply-planner.ts";
import { ApplyPlanner } from "./apply-planner.ts";
import type { GroupCounters } from "./counters.ts";
import { sessionExpired } from "./failures.ts";
import type { ProposalQueue } from "./proposal-queue.ts";
import type { Codec, StateMachine } from "./state-machine.ts";

/** Commands handed to the machine in one call. */
const PORTION_COMMANDS_MAX = 1_024;

/** After so long the event loop gets a chance to read what has arrived meanwhile, heartbeats above all. */
const SLICE_MS = 5;

export interface ApplierOwner {
  /** A membership entry's turn has come. `stopped`: the core could not put it in force, and nothing more is applied. */
  applyMembership(entry: Entry): "inForce" | "stopped";
  /** The work is applied. */
  workDone(id: number): void;
  /** Goes on in a later turn: time was up, or the machine has answered. */
  resume(): void;
  /** Nothing can be applied any more. */
  failed(error: QuorateError): void;
}

export interface ApplierParts<C, R> {
  readonly environment: Environment;
  readonly machine: StateMachine<C, R, never, unknown>;
  readonly commands: Codec<C>;
  readonly results: Codec<R> | undefined;
  readonly proposals: ProposalQueue;
  readonly counters: GroupCounters;
  readonly self: { readonly member: number; readonly incarnation: number };
  readonly owner: ApplierOwner;
}

/**
 * Takes committed entries through the session tables to the machine, in order, and hands results to those who wait
 * here. Every member does exactly the same, whatever portions it works in.
 */
export class Applier<C, R> {
  readonly #parts: ApplierParts<C, R>;
  #companion: Companion;
  readonly #works: ApplyWork[] = [];
  /** Next entry of the first work. */
  #at = 0;
  readonly #planner: ApplyPlanner<C>;
  /** The machine works on a portion. */
  #busy = false;
  /** The state is being replaced. */
  #held = false;
  #stopped = false;
  readonly #idleWaiters: (() => void)[] = [];
  readonly #drainWaiters: (() => void)[] = [];

  constructor(parts: ApplierParts<C, R>, companion: Companion) {
    this.#parts = parts;
    this.#companion = companion;
    const { commands, counters, self } = parts;
    this.#planner = new ApplyPlanner(commands, counters, self, companion);
    parts.machine.onFailure?.((error) => this.#fail(error));
  }

  /** The state between two portions; replaced when a snapshot is installed. */
  get companion(): Companion {
    return this.#companion;
  }

  get applied(): LogPosition {
    return this.#companion.position;
  }

  /** False while the machine works or its state is being replaced: it must not be asked then. */
  get isIdle(): boolean {
    return !this.#busy && !this.#held;
  }

  /** Runs `run` as soon as the machine is between two portions: at once when it is. */
  whenIdle(run: () => void): void {
    if (this.isIdle) run();
    else this.#idleWaiters.push(run);
  }

  /** Runs `run` once everything handed in so far is applied. */
  drain(run: () => void): void {
    if (this.#works.length === 0 && !this.#busy) run();
    else this.#drainWaiters.push(run);
  }

  push(work: ApplyWork): void {
    this.#works.push(work);
  }

  /** Nothing is applied until `replaced`. The machine may still be at work: wait for `whenIdle` first. */
  hold(): void {
    this.#held = true;
  }

  /** The machine now holds the state that `companion` belongs to. */
  replaced(companion: Companion): void {
    this.#companion = companion;
    this.#planner.replaced(companion);
    this.#held = false;
    this.#wakeIdle();
  }

  /** The state could not be replaced, or nobody needs it any more. */
  release(): void {
    this.#held = false;
    this.#wakeIdle();
  }

  stop(): void {
    this.#stopped = true;
    this.#works.length = 0;
  }

  /** Applies what is there, until time is up or the machine answers later. */
  run(): void {
    const { environment } = this.#parts;
    const startMs = environment.nowMs();
    try {
      while (!this.#busy && !this.#held && !this.#stopped) {
        const work = this.#works[0];
        if (work === undefined) return;
        if (this.#at >= work.entries.length) {
          this.#works.shift();
          this.#at = 0;
          this.#parts.owner.workDone(work.id);
          if (this.#works.length === 0) for (const run of this.#drainWaiters.splice(0)) run();
          continue;
        }
        this.#portion(work.entries);
        if (environment.nowMs() - startMs > SLICE_MS) {
          this.#parts.owner.resume();
          return;
        }
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Gathers commands from as many entries as go together, and gives them to the machine. */
  #portion(entries: readonly Entry[]): void {
    let last = entries[this.#at] as Entry;
    while (this.#at < entries.length && this.#planner.size < PORTION_COMMANDS_MAX) {
      const entry = entries[this.#at] as Entry;
      const isLast = entry.kind === "membership" || this.#planner.plain(entry) === "sessions";
      last = entry;
      this.#at += 1;
      if (!isLast) continue;
      this.#parts.counters.entriesApplied += 1;
      if (entry.kind === "membership") {
        if (this.#parts.owner.applyMembership(entry) === "stopped") return;
      } else this.#planner.sessions(entry);
      break;
    }
    this.#apply(last, this.#planner.take());
  }

  #apply(last: Entry, portion: Portion<C>): void {
    const { commands } = portion;
    if (commands.length === 0) {
      this.#finish(last, portion, []);
      return;
    }
    const startMs = this.#parts.environment.nowMs();
    const results = this.#parts.machine.apply(commands);
    if (isPromise(results)) {
      this.#busy = true;
      results.then(
        (settled) => this.#answered(last, portion, settled, startMs),
        (error: unknown) => this.#fail(error),
      );
      return;
    }
    this.#parts.counters.applyMs += this.#parts.environment.nowMs() - startMs;
    this.#finish(last, portion, results);
  }

  #answered(last: Entry, portion: Portion<C>, results: readonly R[], startMs: number): void {
    this.#busy = false;
    if (this.#stopped) {
      this.#wakeIdle();
      return;
    }
    this.#parts.counters.applyMs += this.#parts.environment.nowMs() - startMs;
    try {
      this.#finish(last, portion, results);
      this.#wakeIdle();
      this.#parts.owner.resume();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The portion is in the machine: the companion follows, and callers get their results. */
  #finish(last: Entry, { commands, plans }: Portion<C>, results: readonly R[]): void {
    if (results.length !== commands.length) {
      throw new Error(`the machine gave ${results.length} results for ${commands.length} commands`);
    }
    this.#companion.position = { term: last.term, index: last.index };
    this.#parts.counters.commandsApplied += commands.length;
    for (const plan of plans) {
      if (plan.items !== undefined) this.#finishItems(plan, plan.items, results);
      else if (plan.ownFirst > 0) this.#finishPlain(plan, results);
    }
  }

  #finishPlain(plan: EntryPlan, results: readonly R[]): void {
    const { proposals } = this.#parts;
    const { ownFirst, count, start, position } = plan;
    proposals.applied(ownFirst);
    for (let place = 0; place < count; place++) {
      proposals.resolveApplied(ownFirst + place, results[start + place], position);
    }
  }

  #finishItems(plan: EntryPlan, items: readonly ItemPlan[], results: readonly R[]): void {
    const { userSessions } = this.#companion;
    const codec = this.#parts.results;
    for (const item of items) {
      if (item.type !== "result" || item.sessionId === 0) continue;
      if (codec === undefined) throw new Error("a session command without a codec for results");
      const encoded = codec.encode(results[item.place] as R).slice();
      userSessions.store(item.sessionId, item.sequence, encoded);
    }
    userSessions.shrink();
    if (plan.ownFirst === 0) return;
    this.#parts.proposals.applied(plan.ownFirst);
    items.forEach((item, place) => {
      this.#answer(plan.ownFirst + place, item, plan.position, results);
    });
  }

  #answer(sequence: number, item: ItemPlan, position: LogPosition, results: readonly R[]): void {
    const { proposals, results: codec } = this.#parts;
    switch (item.type) {
      case "result":
        proposals.resolveApplied(sequence, results[item.place], position);
        return;
      case "stored":
        proposals.resolveApplied(sequence, codec?.decode(item.result), position);
        return;
      case "value":
        proposals.resolve(sequence, item.value);
        return;
      case "expired":
        proposals.reject(sequence, sessionExpired());
        return;
      case "void":
        return;
    }
  }

  #wakeIdle(): void {
    while (this.isIdle) {
      const run = this.#idleWaiters.shift();
      if (run === undefined) return;
      run();
    }
  }

  #fail(error: unknown): void {
    this.#busy = false;
    if (this.#stopped) {
      this.#wakeIdle();
      return;
    }
    this.stop();
    this.#wakeIdle();
    const reason = error instanceof Error ? error.message : String(error);
    this.#parts.owner.failed(
      new QuorateError("STATE_MACHINE_FAILED", `The state machine has failed: ${reason}`, {
        outcome: "unknown",
        retryable: false,
        cause: error,
      }),
    );
  }
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as { then?: unknown }).then === "function";
}
