import type { ApplyWork, Entry, LogPosition } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import { QuorateError } from "../errors.ts";
import { BatchReader, ItemKind } from "../session/command-batch.ts";
import type { Companion } from "../session/companion.ts";
import type { EntryPlan, ItemPlan } from "./apply-plan.ts";
import { resultsFrom } from "./apply-plan.ts";
import type { GroupCounters } from "./counters.ts";
import { sessionExpired } from "./failures.ts";
import type { ProposalQueue } from "./proposal-queue.ts";
import type { Codec, Committed, StateMachine } from "./state-machine.ts";

/** Commands handed to the machine in one call. */
const PORTION_COMMANDS_MAX = 1_024;

/** After so long the event loop gets a chance to read what has arrived meanwhile, heartbeats above all. */
const SLICE_MS = 5;

export interface ApplierOwner {
  /** A membership entry's turn has come. */
  applyMembership(entry: Entry): void;
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
  #commands: Committed<C>[] = [];
  #plans: EntryPlan[] = [];
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
    while (this.#at < entries.length && this.#commands.length < PORTION_COMMANDS_MAX) {
      const entry = entries[this.#at] as Entry;
      const isLast = entry.kind === "membership" || this.#gather(entry) === "sessions";
      last = entry;
      this.#at += 1;
      if (!isLast) continue;
      this.#parts.counters.entriesApplied += 1;
      if (entry.kind === "membership") this.#parts.owner.applyMembership(entry);
      else this.#gatherSessions(entry);
      break;
    }
    this.#apply(last);
  }

  /** Plans a plain batch. `sessions`: user sessions are involved, nothing was planned. */
  #gather(entry: Entry): "planned" | "sessions" {
    const isCommand = entry.kind === "command";
    const reader = isCommand ? new BatchReader(entry.payload) : undefined;
    if (reader?.hasSessions === true) return "sessions";
    this.#parts.counters.entriesApplied += 1;
    if (reader === undefined) return "planned";
    const { header } = reader;
    if (!this.#admit(header)) return "planned";
    const position = { term: entry.term, index: entry.index };
    const start = this.#commands.length;
    let items: ItemPlan[] | undefined;
    for (let slot = 0; reader.advance(); slot++) {
      if (reader.kind === ItemKind.command) {
        items?.push({ type: "result", place: this.#commands.length, sessionId: 0, sequence: 0 });
        this.#addCommand(position, slot, header.proposedAtMs, reader.command);
        continue;
      }
      items ??= resultsFrom(start, slot);
      items.push({ type: "void" });
    }
    const ownFirst = this.#ownFirst(header);
    this.#plans.push({ position, ownFirst, count: header.count, start, items });
    return "planned";
  }

  /**
   * Plans a batch with user sessions, the last of its portion: all of its commands are checked before the first of its
   * results is stored, and none of another batch's between, so that every member forgets the same sessions.
   */
  #gatherSessions(entry: Entry): void {
    const reader = new BatchReader(entry.payload);
    const { header } = reader;
    if (!this.#admit(header)) return;
    const position = { term: entry.term, index: entry.index };
    const start = this.#commands.length;
    const items: ItemPlan[] = [];
    const placed = new Map<string, number>();
    for (let slot = 0; reader.advance(); slot++) {
      items.push(this.#planItem(reader, position, slot, header.proposedAtMs, placed));
    }
    const ownFirst = this.#ownFirst(header);
    this.#plans.push({ position, ownFirst, count: header.count, start, items });
  }

  #planItem(
    reader: BatchReader,
    position: LogPosition,
    slot: number,
    proposedAtMs: number,
    placed: Map<string, number>,
  ): ItemPlan {
    const { userSessions } = this.#companion;
    switch (reader.kind) {
      case ItemKind.command: {
        const place = this.#addCommand(position, slot, proposedAtMs, reader.command);
        return { type: "result", place, sessionId: 0, sequence: 0 };
      }
      case ItemKind.openSession:
        return { type: "value", value: userSessions.open() };
      case ItemKind.closeSession:
        return { type: "value", value: userSessions.close(reader.sessionId) };
      case ItemKind.sessionCommand: {
        const { sessionId, sequence, acknowledgedBelow } = reader;
        const verdict = userSessions.check(sessionId, sequence, acknowledgedBelow);
        if (verdict.verdict === "expired") return { type: "expired" };
        if (verdict.verdict === "stored") return { type: "stored", result: verdict.result };
        // The same command twice in one entry: both callers get the one result.
        const twin = `${sessionId}/${sequence}`;
        const known = placed.get(twin);
        if (known !== undefined) return { type: "result", place: known, sessionId: 0, sequence: 0 };
        const place = this.#addCommand(position, slot, proposedAtMs, reader.command);
        placed.set(twin, place);
        return { type: "result", place, sessionId, sequence };
      }
      default:
        return { type: "void" };
    }
  }

  /** False for a copy of what was applied before. */
  #admit(header: BatchReader["header"]): boolean {
    const { member, incarnation, firstSequence, count, acknowledgedBelow } = header;
    const fresh = this.#companion.memberSessions.admit(
      member,
      incarnation,
      firstSequence,
      count,
      acknowledgedBelow,
    );
    if (!fresh) this.#parts.counters.duplicatesDropped += count;
    return fresh;
  }

  #ownFirst(header: BatchReader["header"]): number {
    const { member, incarnation } = this.#parts.self;
    return header.member === member && header.incarnation === incarnation
      ? header.firstSequence
      : 0;
  }

  #addCommand(
    position: LogPosition,
    slot: number,
    proposedAtMs: number,
    bytes: Uint8Array,
  ): number {
    const command = this.#parts.commands.decode(bytes);
    return (
      this.#commands.push({
        term: position.term,
        index: position.index,
        slot,
        command,
        proposedAtMs,
      }) - 1
    );
  }

  #apply(last: Entry): void {
    const commands = this.#commands;
    if (commands.length === 0) {
      this.#finish(last, []);
      return;
    }
    const startMs = this.#parts.environment.nowMs();
    const results = this.#parts.machine.apply(commands);
    if (isPromise(results)) {
      this.#busy = true;
      results.then(
        (settled) => this.#answered(last, settled, startMs),
        (error: unknown) => this.#fail(error),
      );
      return;
    }
    this.#parts.counters.applyMs += this.#parts.environment.nowMs() - startMs;
    this.#finish(last, results);
  }

  #answered(last: Entry, results: readonly R[], startMs: number): void {
    this.#busy = false;
    if (this.#stopped) {
      this.#wakeIdle();
      return;
    }
    this.#parts.counters.applyMs += this.#parts.environment.nowMs() - startMs;
    try {
      this.#finish(last, results);
      this.#wakeIdle();
      this.#parts.owner.resume();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The portion is in the machine: the companion follows, and callers get their results. */
  #finish(last: Entry, results: readonly R[]): void {
    const commands = this.#commands;
    if (results.length !== commands.length) {
      throw new Error(`the machine gave ${results.length} results for ${commands.length} commands`);
    }
    const plans = this.#plans;
    this.#commands = [];
    this.#plans = [];
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
      new QuorateError(
        "STATE_MACHINE_FAILED",
        `A committed command could not be applied: ${reason}`,
        {
          outcome: "unknown",
          retryable: false,
          cause: error,
        },
      ),
    );
  }
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as { then?: unknown }).then === "function";
}
