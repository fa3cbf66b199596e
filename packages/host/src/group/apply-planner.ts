import type { Entry, LogPosition } from "@quorate/core";
import { BatchReader, ItemKind } from "../session/command-batch.ts";
import type { Companion } from "../session/companion.ts";
import type { EntryPlan, ItemPlan } from "./apply-plan.ts";
import { resultsFrom } from "./apply-plan.ts";
import type { GroupCounters } from "./counters.ts";
import type { Codec, Committed } from "./state-machine.ts";

/** Commands for the machine, and where their results go. */
export interface Portion<C> {
  readonly commands: readonly Committed<C>[];
  readonly plans: readonly EntryPlan[];
}

/**
 * Takes committed entries through the session tables: what was applied before is left out, the rest becomes commands
 * for the machine. Every member plans exactly the same.
 */
export class ApplyPlanner<C> {
  readonly #commandCodec: Codec<C>;
  readonly #counters: GroupCounters;
  readonly #self: { readonly member: number; readonly incarnation: number };
  #companion: Companion;
  #commands: Committed<C>[] = [];
  #plans: EntryPlan[] = [];

  constructor(
    commands: Codec<C>,
    counters: GroupCounters,
    self: { readonly member: number; readonly incarnation: number },
    companion: Companion,
  ) {
    this.#commandCodec = commands;
    this.#counters = counters;
    this.#self = self;
    this.#companion = companion;
  }

  /** Commands planned since the last `take`. */
  get size(): number {
    return this.#commands.length;
  }

  /** Another state took the place of this one. */
  replaced(companion: Companion): void {
    this.#companion = companion;
  }

  /** What was planned; the next portion begins empty. */
  take(): Portion<C> {
    const portion = { commands: this.#commands, plans: this.#plans };
    this.#commands = [];
    this.#plans = [];
    return portion;
  }

  /** Plans a plain batch. `sessions`: user sessions are involved, nothing was planned. */
  plain(entry: Entry): "planned" | "sessions" {
    const isCommand = entry.kind === "command";
    const reader = isCommand ? new BatchReader(entry.payload) : undefined;
    if (reader?.hasSessions === true) return "sessions";
    this.#counters.entriesApplied += 1;
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
  sessions(entry: Entry): void {
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
    if (!fresh) this.#counters.duplicatesDropped += count;
    return fresh;
  }

  #ownFirst(header: BatchReader["header"]): number {
    const { member, incarnation } = this.#self;
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
    const command = this.#commandCodec.decode(bytes);
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
}
