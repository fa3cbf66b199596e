import type { MemberId } from "@quorate/core";
import type { FaultCounters } from "../faults/fault-counters.ts";
import { History, type OpenOperation } from "../history/operation.ts";
import type { RegisterInput, RegisterOutput } from "../linearizability/models/register.ts";
import type { Random } from "../random/random.ts";
import type { Agenda } from "../time/agenda.ts";
import type { ClusterMember } from "./cluster-member.ts";
import {
  type Command,
  type CommandResult,
  encodeCommand,
  type RegisterOperation,
} from "./command.ts";
import type { ClusterEventBody } from "./events.ts";
import type { ClusterSettings } from "./settings.ts";

/** What a simulated client asks for. */
export type ClientOperation = RegisterOperation | { readonly type: "read"; readonly key: string };

/** How a client behaves while it waits for one answer. */
export interface ClientManners {
  /** The member asked first; whoever leads as far as the client knows, when undefined. */
  readonly member?: MemberId | undefined;
  /** Asks again, elsewhere, when no answer comes. Default true. */
  readonly repeats?: boolean | undefined;
  /** Its commands are numbered, so that repeating one is safe. Default true. */
  readonly hasSession?: boolean | undefined;
  /** Asks although an answer to an earlier operation is still out. Default false. */
  readonly isPipelined?: boolean | undefined;
}

/** What a client believes of one of its operations. */
export type ClientBelief = "waiting" | "answered" | "unknown" | "notApplied";

/** What a simulated client asked for, and what it believes became of it. */
export interface ClientRecord {
  readonly client: number;
  readonly operation: ClientOperation;
  readonly sequence: number;
  belief: ClientBelief;
  attempts: number;
  /** The value read, or the text of the result. */
  answer: string | null | undefined;
}

interface Waiting {
  readonly ticket: number;
  readonly record: ClientRecord;
  readonly manners: ClientManners;
  readonly open: OpenOperation<RegisterInput, RegisterOutput>;
  readonly payload: Uint8Array | undefined;
  /** Members at which an attempt may still be answered, with the read's number there. */
  readonly asked: Map<MemberId, number>;
  /** Some member may have taken it: it can no longer be called back. */
  mayBeTaken: boolean;
}

export interface DeskWorld {
  readonly agenda: Agenda;
  readonly settings: ClusterSettings;
  readonly random: Random;
  readonly counters: FaultCounters;
  readonly emit: ((event: ClusterEventBody) => void) | undefined;
  readonly members: ReadonlyMap<MemberId, ClusterMember>;
}

/**
 * All clients of a cluster, and the history of what they see. A client has one operation under way at most, unless it
 * says that it pipelines.
 */
export class ClientDesk {
  readonly history: History<RegisterInput, RegisterOutput> = new History();
  readonly records: ClientRecord[] = [];
  readonly #world: DeskWorld;
  /** By ticket, which numbers operations. */
  readonly #waiting: Map<number, Waiting> = new Map();
  readonly #sequences: Map<number, number> = new Map();
  /** By request number, the ticket of a read. */
  readonly #reads: Map<number, number> = new Map();
  readonly #lostAnswers: Set<number> = new Set();
  #leaderHint: MemberId = 0;
  #nextRead = 0;
  #nextTicket = 0;

  constructor(world: DeskWorld) {
    this.#world = world;
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0;
  }

  isBusy(client: number): boolean {
    for (const { record } of this.#waiting.values()) if (record.client === client) return true;
    return false;
  }

  /** Undefined when the client still waits for its last answer and does not pipeline. */
  ask(
    client: number,
    operation: ClientOperation,
    manners: ClientManners = {},
  ): ClientRecord | undefined {
    if (manners.isPipelined !== true && this.isBusy(client)) return undefined;
    const isRead = operation.type === "read";
    const sequence = isRead ? 0 : (this.#sequences.get(client) ?? 0) + 1;
    if (!isRead) this.#sequences.set(client, sequence);
    const record: ClientRecord = {
      client,
      operation,
      sequence,
      belief: "waiting",
      attempts: 0,
      answer: undefined,
    };
    this.records.push(record);
    const numbered = manners.hasSession === false ? 0 : sequence;
    const payload = isRead
      ? undefined
      : encodeCommand({ client, sequence: numbered, operation } satisfies Command);
    const open = this.history.call(client, operation as RegisterInput);
    this.#nextTicket += 1;
    const waiting: Waiting = {
      ticket: this.#nextTicket,
      record,
      manners,
      open,
      payload,
      asked: new Map(),
      mayBeTaken: false,
    };
    this.#waiting.set(waiting.ticket, waiting);
    this.#world.agenda.after(this.#world.settings.clientGivesUpMs, () => this.#giveUp(waiting));
    this.#attempt(waiting, manners.member);
    return record;
  }

  /** The next answer to this client never arrives. */
  loseAnswer(client: number): void {
    this.#lostAnswers.add(client);
  }

  /** A command was applied at a member: whoever waits for it there has the answer. */
  applied(member: MemberId, payload: Uint8Array, result: CommandResult): void {
    for (const waiting of this.#waiting.values()) {
      if (waiting.payload === undefined || !waiting.asked.has(member)) continue;
      if (!sameBytes(waiting.payload, payload)) continue;
      if (result.type === "outdated") continue;
      this.#answer(waiting, member, result, describeResult(result));
      return;
    }
  }

  readable(member: MemberId, requestId: number): void {
    const ticket = this.#reads.get(requestId);
    const waiting = ticket === undefined ? undefined : this.#waiting.get(ticket);
    if (waiting === undefined || waiting.asked.get(member) !== requestId) return;
    const machine = this.#world.members.get(member)?.machine;
    if (machine === undefined) return;
    const value = machine.read(waiting.record.operation.key);
    this.#answer(waiting, member, { type: "value", value }, value);
  }

  #attempt(waiting: Waiting, at: MemberId | undefined): void {
    if (waiting.record.belief !== "waiting") return;
    const { agenda, settings, counters } = this.#world;
    const member = at ?? this.#choose(waiting);
    waiting.record.attempts += 1;
    const isFirst = waiting.record.attempts === 1;
    if (!isFirst) counters.count("requestRepeated");
    this.#say(waiting, isFirst ? "asks" : "repeats", member);
    const taken = this.#submit(waiting, member);
    if (!taken && waiting.manners.repeats === false) {
      this.#refused(waiting, member);
      return;
    }
    if (waiting.manners.repeats === false) return;
    const delayMs = taken ? settings.clientRetryMs : settings.clientRetryMs / 4;
    agenda.after(delayMs, () => this.#attempt(waiting, undefined));
  }

  /** Hands the operation to a member; false when nothing will come of it. */
  #submit(waiting: Waiting, id: MemberId): boolean {
    const member = this.#world.members.get(id);
    if (member === undefined || !member.isUp) return false;
    if (waiting.payload === undefined) {
      this.#nextRead += 1;
      const requestId = this.#nextRead;
      this.#reads.set(requestId, waiting.ticket);
      waiting.asked.set(id, requestId);
      const accepted = member.askRead(requestId);
      if (!accepted) waiting.asked.delete(id);
      return accepted;
    }
    const { payload } = waiting;
    waiting.asked.set(id, 0);
    const proposed = member.call((core) => core.propose([{ kind: "command", payload }]));
    if (proposed?.ok === true) {
      waiting.mayBeTaken = true;
      this.#leaderHint = id;
      return true;
    }
    waiting.asked.delete(id);
    if (proposed !== undefined && !proposed.ok) this.#leaderHint = proposed.leader;
    return false;
  }

  /** Whoever leads as far as the client knows; after a while anybody. */
  #choose(waiting: Waiting): MemberId {
    const { members, random } = this.#world;
    const all = [...members.keys()];
    if (this.#leaderHint !== 0 && waiting.record.attempts % 3 !== 2) return this.#leaderHint;
    return random.pick(all);
  }

  #answer(
    waiting: Waiting,
    member: MemberId,
    output: CommandResult | RegisterOutput,
    text: string | null,
  ): void {
    if (waiting.record.belief !== "waiting" || output.type === "outdated") return;
    if (this.#lostAnswers.delete(waiting.record.client)) {
      this.#world.counters.count("answerLost");
      waiting.asked.delete(member);
      this.#say(waiting, "answerLost", member);
      return;
    }
    waiting.record.belief = "answered";
    waiting.record.answer = text;
    this.#waiting.delete(waiting.ticket);
    waiting.open.returns(output);
    this.#say(waiting, "answered", member);
  }

  #refused(waiting: Waiting, member: MemberId): void {
    waiting.record.belief = "notApplied";
    this.#waiting.delete(waiting.ticket);
    waiting.open.didNothing();
    this.#say(waiting, "refused", member);
  }

  #giveUp(waiting: Waiting): void {
    if (waiting.record.belief !== "waiting") return;
    const isRead = waiting.payload === undefined;
    waiting.record.belief = waiting.mayBeTaken || isRead ? "unknown" : "notApplied";
    this.#waiting.delete(waiting.ticket);
    if (isRead || !waiting.mayBeTaken) waiting.open.didNothing();
    this.#say(waiting, "gaveUp", 0);
  }

  #say(
    waiting: Waiting,
    phase: "asks" | "repeats" | "answered" | "answerLost" | "refused" | "gaveUp",
    member: MemberId,
  ): void {
    const { emit } = this.#world;
    if (emit === undefined) return;
    const { client, operation, answer } = waiting.record;
    const what = describeOperation(operation);
    const text = phase === "answered" ? `${what} → ${answer ?? "∅"}` : what;
    emit({ type: "client", client, phase, member, text });
  }
}

/** An operation in a few words, for narration. */
export function describeOperation(operation: ClientOperation): string {
  switch (operation.type) {
    case "read":
      return `read ${operation.key}`;
    case "write":
      return `set ${operation.key}=${operation.value}`;
    case "compareAndSet":
      return `set ${operation.key}=${operation.value} if ${operation.expected ?? "∅"}`;
  }
}

function describeResult(result: CommandResult): string {
  return result.type === "swapped" ? (result.done ? "done" : "not done") : "done";
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at += 1) if (left[at] !== right[at]) return false;
  return true;
}
