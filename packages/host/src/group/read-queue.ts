import type { Accepted, LogIndex, MemberId, ReadMode } from "@quorate/core";
import type { QuorateError } from "../errors.ts";
import type { AbortSignalLike } from "../transport/transport.ts";
import type { GroupCounters } from "./counters.ts";
import { aborted, overloaded, timedOut } from "./failures.ts";

/**
 * Rounds that may be out at the same time. What arrives while so many are out joins the next one: under load reads
 * share rounds instead of adding messages.
 */
const ROUNDS_MAX = 4;

/** A round without an answer is asked again after this: its message, or the answer, may be lost. */
const ASK_AGAIN_MS = 500;

/** Request ids of one start of a member: a later start's never meet an earlier start's answers. */
const REQUEST_IDS_PER_START = 2 ** 32;
const STARTS_TOLD_APART = 2 ** 20;

export function firstRequestId(incarnation: number): number {
  return (incarnation % STARTS_TOLD_APART) * REQUEST_IDS_PER_START + 1;
}

const NEVER_MS: number = Number.POSITIVE_INFINITY;

/** One waiting read. */
interface Read {
  readonly deadlineMs: number;
  /** Wait until this index is applied; set when the round is confirmed. */
  index: LogIndex;
  readonly resolve: (appliedIndex: LogIndex) => void;
  readonly reject: (error: QuorateError) => void;
  unhook: (() => void) | undefined;
  settled: boolean;
}

/** Reads that share one confirmation by the leader. */
interface Round {
  readonly mode: ReadMode;
  readonly reads: readonly Read[];
  requestId: number;
  askAgainAtMs: number;
}

export interface ReadOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignalLike | undefined;
}

export type AskReadIndex = (requestId: number, mode: ReadMode) => Accepted;

/**
 * Reads that wait for the leader's confirmation or for entries to be applied. All reads of one turn share one read
 * index: a read joins a round only before the round is asked, never after, because it must see everything that was
 * answered before it began.
 */
export class ReadQueue {
  readonly #counters: GroupCounters;
  readonly #pendingMax: number;
  #requestId: number;
  readonly #gathering: Record<ReadMode, Read[]> = { quorum: [], lease: [] };
  /** Not asked yet, or to be asked again: the leader refused, changed or stayed silent. */
  #unasked: Round[] = [];
  #asked: Round[] = [];
  /** Confirmed, and not applied so far. */
  #behind: Read[] = [];
  /** Confirmed and applied, while the machine cannot be asked. */
  #held: Read[] = [];
  #listensForMachine = false;
  #pending = 0;
  #earliestDeadlineMs = NEVER_MS;

  /** Request ids start at `firstRequestId`: an answer to an earlier start of this member must not match. */
  constructor(firstRequestId: number, pendingMax: number, counters: GroupCounters) {
    this.#requestId = firstRequestId;
    this.#pendingMax = pendingMax;
    this.#counters = counters;
  }

  get pending(): number {
    return this.#pending;
  }

  /** Resolves with an index that is applied here and at least the leader's commit index of now. */
  confirmed(mode: ReadMode, nowMs: number, options: ReadOptions): Promise<LogIndex> {
    this.#counters.reads += 1;
    return this.#add(this.#gathering[mode], 0, nowMs, options);
  }

  /** Resolves once `index` is applied here. */
  applied(
    index: LogIndex,
    appliedIndex: LogIndex,
    nowMs: number,
    options: ReadOptions,
  ): Promise<LogIndex> {
    if (index <= appliedIndex) return Promise.resolve(appliedIndex);
    this.#counters.reads += 1;
    return this.#add(this.#behind, index, nowMs, options);
  }

  /** Resolves once the machine may be asked, which `whenIdle` tells by calling its argument. */
  async ready(
    whenIdle: (run: () => void) => void,
    nowMs: number,
    options: ReadOptions,
  ): Promise<void> {
    const added = this.#add(this.#held, 0, nowMs, options);
    if (!this.#listensForMachine) {
      this.#listensForMachine = true;
      whenIdle(() => {
        this.#listensForMachine = false;
        for (const read of this.#held.splice(0)) if (!read.settled) this.#resolve(read, 0);
      });
    }
    await added;
  }

  /** Asks for everything that has gathered, as far as rounds may be out. */
  ask(nowMs: number, ask: AskReadIndex): void {
    this.#gather("quorum");
    this.#gather("lease");
    while (this.#unasked.length > 0 && this.#asked.length < ROUNDS_MAX) {
      const round = this.#unasked[0] as Round;
      round.requestId = this.#requestId++;
      const accepted = this.#askRound(round, ask);
      if (!accepted) return;
      this.#unasked.shift();
      round.askAgainAtMs = nowMs + ASK_AGAIN_MS;
      this.#counters.readRounds += 1;
      this.#asked.push(round);
    }
  }

  /** The leader has confirmed: the round's reads may be served from `index` on. */
  confirm(requestId: number, index: LogIndex, appliedIndex: LogIndex): void {
    const place = this.#asked.findIndex((round) => round.requestId === requestId);
    const round = this.#asked[place];
    if (round === undefined) return;
    this.#asked.splice(place, 1);
    for (const read of round.reads) {
      if (read.settled) continue;
      if (index <= appliedIndex) this.#resolve(read, appliedIndex);
      else {
        read.index = index;
        this.#behind.push(read);
      }
    }
  }

  /** More was applied: serves the reads that waited for it. */
  advance(appliedIndex: LogIndex): void {
    if (this.#behind.length === 0) return;
    let kept = 0;
    for (const read of this.#behind) {
      if (read.settled) continue;
      if (read.index <= appliedIndex) this.#resolve(read, appliedIndex);
      else this.#behind[kept++] = read;
    }
    this.#behind.length = kept;
  }

  /** Answers of an old leader will not come any more: everything that is out is asked again. */
  leaderChanged(): void {
    this.#unasked = [...this.#asked, ...this.#unasked];
    this.#asked = [];
  }

  /** Gives up what is overdue and asks again what got no answer. True when there is something to ask. */
  tick(nowMs: number, leader: MemberId): boolean {
    if (nowMs >= this.#earliestDeadlineMs) this.#expire(nowMs, leader);
    if (this.#asked.some((round) => round.askAgainAtMs <= nowMs)) {
      const silent = this.#asked.filter((round) => round.askAgainAtMs <= nowMs);
      this.#asked = this.#asked.filter((round) => round.askAgainAtMs > nowMs);
      this.#unasked = [...silent, ...this.#unasked];
    }
    this.#unasked = this.#unasked.filter((round) => round.reads.some((read) => !read.settled));
    return this.#unasked.length > 0;
  }

  failAll(error: () => QuorateError): void {
    for (const read of this.#all()) this.#reject(read, error());
    this.#gathering.quorum.length = 0;
    this.#gathering.lease.length = 0;
    this.#unasked = [];
    this.#asked = [];
    this.#behind = [];
    this.#held = [];
  }

  #add(queue: Read[], index: LogIndex, nowMs: number, options: ReadOptions): Promise<LogIndex> {
    if (options.signal?.aborted === true) {
      return Promise.reject(aborted("notApplied", options.signal.reason));
    }
    if (this.#pending >= this.#pendingMax) {
      return Promise.reject(overloaded(`${this.#pendingMax} reads are waiting on this member`, 0));
    }
    const deadlineMs = nowMs + options.timeoutMs;
    if (deadlineMs < this.#earliestDeadlineMs) this.#earliestDeadlineMs = deadlineMs;
    this.#pending += 1;
    return new Promise<LogIndex>((resolve, reject) => {
      const read: Read = { deadlineMs, index, resolve, reject, unhook: undefined, settled: false };
      queue.push(read);
      const { signal } = options;
      if (signal === undefined) return;
      const onAbort = (): void => this.#reject(read, aborted("notApplied", signal.reason));
      signal.addEventListener("abort", onAbort, { once: true });
      read.unhook = () => signal.removeEventListener("abort", onAbort);
    });
  }

  #gather(mode: ReadMode): void {
    const reads = this.#gathering[mode];
    if (reads.length === 0) return;
    this.#gathering[mode] = [];
    this.#unasked.push({ mode, reads, requestId: 0, askAgainAtMs: 0 });
  }

  /** A lease that cannot be had is no reason to fail: the quorum gives the same guarantee. */
  #askRound(round: Round, ask: AskReadIndex): boolean {
    const accepted = ask(round.requestId, round.mode);
    if (accepted.ok) return true;
    if (round.mode !== "lease" || accepted.reason !== "leaseUnavailable") return false;
    return ask(round.requestId, "quorum").ok;
  }

  #expire(nowMs: number, leader: MemberId): void {
    let earliest = NEVER_MS;
    for (const read of this.#all()) {
      if (read.settled) continue;
      if (read.deadlineMs > nowMs) earliest = Math.min(earliest, read.deadlineMs);
      else this.#reject(read, timedOut("notApplied", leader, "read"));
    }
    this.#earliestDeadlineMs = earliest;
    this.#behind = this.#behind.filter((read) => !read.settled);
    this.#held = this.#held.filter((read) => !read.settled);
  }

  #all(): Read[] {
    return [
      ...this.#gathering.quorum,
      ...this.#gathering.lease,
      ...this.#unasked.flatMap((round) => round.reads),
      ...this.#asked.flatMap((round) => round.reads),
      ...this.#behind,
      ...this.#held,
    ];
  }

  #resolve(read: Read, appliedIndex: LogIndex): void {
    read.settled = true;
    this.#pending -= 1;
    read.unhook?.();
    read.resolve(appliedIndex);
  }

  #reject(read: Read, error: QuorateError): void {
    if (read.settled) return;
    read.settled = true;
    this.#pending -= 1;
    this.#counters.readsFailed += 1;
    read.unhook?.();
    read.reject(error);
  }
}
