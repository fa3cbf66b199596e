import type { LogPosition, MemberId } from "@quorate/core";
import type { Outcome, QuorateError } from "../errors.ts";
import { BatchBuilder, withdrawItems } from "../session/command-batch.ts";
import type { AbortSignalLike } from "../transport/transport.ts";
import type { GroupCounters } from "./counters.ts";
import { aborted, overloaded, resultLost, storageFull, timedOut, tooLarge } from "./failures.ts";
import type { GroupLimits } from "./group-spec.ts";
import type { BatchRefusal } from "./host-message.ts";
import type { Dispatched, OutgoingBatch } from "./outgoing-batch.ts";
import type { SessionRequest } from "./request.ts";

/** A batch that was passed on and not seen applied is sent again after this; the wait doubles with each try. */
const RESEND_MS_MIN = 1_000;
const RESEND_MS_MAX = 8_000;

/** A batch that met somebody who no longer leads is tried again after this, unless a new leader shows up earlier. */
const REDIRECT_MS = 50;

/** Smallest ring of waiting commands. */
const RING_MIN = 64;

/** Never again by itself: only a change of leadership makes the batch due. */
const NEVER_MS: number = Number.POSITIVE_INFINITY;

/** What the caller of one command waits with. */
interface Waiter {
  resolve: (value: unknown) => void;
  reject: (error: QuorateError) => void;
  deadlineMs: number;
  /** Undoes the subscription to the caller's signal. */
  unhook: (() => void) | undefined;
}

export interface ProposalOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignalLike | undefined;
}

/**
 * The commands proposed on this member whose results are still out: packed into batches under increasing sequences
 * of this member's session, sent to whoever leads until they are applied here, and resolved then. One array slot and
 * one promise per command; no timer and no map entry.
 */
export class ProposalQueue {
  readonly #limits: GroupLimits;
  readonly #counters: GroupCounters;
  readonly #builder: BatchBuilder = new BatchBuilder();
  readonly #session: { readonly member: MemberId; readonly incarnation: number };
  #batches: OutgoingBatch[] = [];
  /** Waiters by sequence modulo the ring's length, which is a power of two. */
  #ring: (Waiter | undefined)[] = new Array<Waiter | undefined>(RING_MIN);
  /** Everything below is settled. */
  #settledBelow = 1;
  #nextSequence = 1;
  #builderFirst = 1;
  #builderWithdrawn: Set<number> | undefined;
  #pending = 0;
  #batchBytes = 0;
  /** No waiter's deadline is earlier. */
  #earliestDeadlineMs = NEVER_MS;

  constructor(member: MemberId, incarnation: number, limits: GroupLimits, counters: GroupCounters) {
    this.#session = { member, incarnation };
    this.#limits = limits;
    this.#counters = counters;
  }

  get pending(): number {
    return this.#pending;
  }

  get pendingBytes(): number {
    return this.#batchBytes + this.#builder.bytes;
  }

  /** Whether something waits to be sent at or before `nowMs`. */
  isDue(nowMs: number): boolean {
    if (this.#builder.count > 0) return true;
    for (const batch of this.#batches) if (batch.dueAtMs <= nowMs) return true;
    return false;
  }

  command<R>(
    bytes: Uint8Array,
    session: SessionRequest | undefined,
    nowMs: number,
    wallClockMs: number,
    options: ProposalOptions,
  ): Promise<R> {
    if (bytes.length > this.#limits.commandBytesMax) {
      return Promise.reject(tooLarge(bytes.length, this.#limits.commandBytesMax));
    }
    const refusal = this.#refusal(bytes.length);
    if (refusal !== undefined) return Promise.reject(refusal);
    if (this.#builder.isFull) this.seal(nowMs, wallClockMs);
    if (session === undefined) this.#builder.addCommand(bytes);
    else {
      const { sessionId, sequence, acknowledgedBelow } = session;
      this.#builder.addSessionCommand(sessionId, sequence, acknowledgedBelow, bytes);
    }
    return this.#wait(nowMs, options);
  }

  openSession(nowMs: number, wallClockMs: number, options: ProposalOptions): Promise<number> {
    const refusal = this.#refusal(0);
    if (refusal !== undefined) return Promise.reject(refusal);
    if (this.#builder.isFull) this.seal(nowMs, wallClockMs);
    this.#builder.addOpenSession();
    return this.#wait(nowMs, options);
  }

  closeSession(
    id: number,
    nowMs: number,
    wallClockMs: number,
    options: ProposalOptions,
  ): Promise<boolean> {
    const refusal = this.#refusal(0);
    if (refusal !== undefined) return Promise.reject(refusal);
    if (this.#builder.isFull) this.seal(nowMs, wallClockMs);
    this.#builder.addCloseSession(id);
    return this.#wait(nowMs, options);
  }

  /** Everything proposed since the last call becomes one batch. */
  seal(nowMs: number, wallClockMs: number): void {
    const { count } = this.#builder;
    if (count === 0) return;
    const payload = this.#builder.close({
      member: this.#session.member,
      incarnation: this.#session.incarnation,
      firstSequence: this.#builderFirst,
      acknowledgedBelow: this.#settledBelow,
      proposedAtMs: Math.max(0, Math.floor(wallClockMs)),
    });
    this.#batches.push({
      firstSequence: this.#builderFirst,
      count,
      payload,
      sends: 0,
      dueAtMs: nowMs,
      withdrawn: this.#builderWithdrawn,
    });
    this.#batchBytes += payload.length;
    this.#builderFirst = this.#nextSequence;
    this.#builderWithdrawn = undefined;
  }

  /** Tries to send what is due, in order, until `send` says `later`. */
  dispatch(nowMs: number, leader: MemberId, send: (batch: OutgoingBatch) => Dispatched): void {
    if (leader === 0) return;
    let refused: OutgoingBatch[] | undefined;
    for (const batch of this.#batches) {
      if (batch.dueAtMs > nowMs) continue;
      this.#withdraw(batch);
      const outcome = send(batch);
      if (outcome === "later") break;
      if (outcome === "overloaded") {
        if (batch.sends > 0) batch.dueAtMs = nowMs + RESEND_MS_MIN;
        else {
          refused ??= [];
          refused.push(batch);
        }
        continue;
      }
      if (batch.sends > 0) this.#counters.batchesRetried += 1;
      batch.sends += 1;
      const wait = Math.min(RESEND_MS_MAX, RESEND_MS_MIN * 2 ** (batch.sends - 1));
      batch.dueAtMs = outcome === "appended" ? NEVER_MS : nowMs + wait;
    }
    if (refused === undefined) return;
    for (const batch of refused) this.#refuse(batch, quotaUsedUp(leader));
  }

  /** Another leader may not have what the last one was given: everything unsettled is sent again. */
  leaderChanged(): void {
    for (const batch of this.#batches) batch.dueAtMs = 0;
  }

  /** The leader did not take a batch that was passed on to it. */
  refused(firstSequence: number, reason: BatchRefusal, leader: MemberId, nowMs: number): void {
    const batch = this.#batches.find((known) => known.firstSequence === firstSequence);
    if (batch === undefined) return;
    // A batch that was sent before may be in somebody's log: only a first refusal is the whole story.
    if (reason !== "notLeader" && batch.sends === 1) {
      this.#refuse(batch, reason === "overloaded" ? quotaUsedUp(leader) : storageFull());
    } else batch.dueAtMs = Math.min(batch.dueAtMs, nowMs + REDIRECT_MS);
  }

  /** A batch of this session is being applied: it need not be sent again. */
  applied(firstSequence: number): void {
    const place = this.#batches.findIndex((batch) => batch.firstSequence === firstSequence);
    if (place >= 0) this.#drop(place);
  }

  /** The result of one command of an applied batch. */
  resolve(sequence: number, value: unknown): void {
    const waiter = this.#takeWaiter(sequence);
    if (waiter === undefined) return;
    this.#counters.proposalsApplied += 1;
    waiter.resolve(value);
  }

  reject(sequence: number, error: QuorateError): void {
    const waiter = this.#takeWaiter(sequence);
    if (waiter === undefined) return;
    this.#counters.proposalsFailed += 1;
    waiter.reject(error);
  }

  /** Resolves a command with its result and the place of its entry. */
  resolveApplied(sequence: number, result: unknown, position: LogPosition): void {
    const waiter = this.#takeWaiter(sequence);
    if (waiter === undefined) return;
    this.#counters.proposalsApplied += 1;
    waiter.resolve({ result, position });
  }

  /** The state came as a snapshot: batches for which `isSettled` holds are in it, and their results are lost. */
  snapshotInstalled(
    isSettled: (firstSequence: number, count: number) => boolean,
    leader: MemberId,
  ): void {
    for (const batch of [...this.#batches]) {
      if (!isSettled(batch.firstSequence, batch.count)) continue;
      this.#drop(this.#batches.indexOf(batch));
      this.#rejectAll(batch, resultLost(leader));
    }
  }

  /** Answers the callers whose time is up. */
  expire(nowMs: number, leader: MemberId): void {
    if (nowMs < this.#earliestDeadlineMs) return;
    let earliest = NEVER_MS;
    const mask = this.#ring.length - 1;
    for (let sequence = this.#settledBelow; sequence < this.#nextSequence; sequence++) {
      const waiter = this.#ring[sequence & mask];
      if (waiter === undefined) continue;
      if (waiter.deadlineMs > nowMs) earliest = Math.min(earliest, waiter.deadlineMs);
      else this.#giveUp(sequence, (outcome) => timedOut(outcome, leader, "proposal"));
    }
    this.#earliestDeadlineMs = earliest;
    this.#dropSettled();
  }

  failAll(error: (outcome: Outcome) => QuorateError): void {
    for (let sequence = this.#settledBelow; sequence < this.#nextSequence; sequence++) {
      this.#giveUp(sequence, error);
    }
    this.#dropSettled();
  }

  #refusal(bytes: number): QuorateError | undefined {
    const { pendingProposalsMax, pendingProposalBytesMax } = this.#limits;
    if (this.#nextSequence - this.#settledBelow >= pendingProposalsMax) {
      return overloaded(`${pendingProposalsMax} proposals are waiting on this member`, 0);
    }
    if (this.pendingBytes + bytes > pendingProposalBytesMax) {
      return overloaded(`${pendingProposalBytesMax} bytes of proposals are waiting here`, 0);
    }
    return undefined;
  }

  #wait<T>(nowMs: number, options: ProposalOptions): Promise<T> {
    const sequence = this.#nextSequence++;
    if (sequence - this.#settledBelow >= this.#ring.length) this.#grow();
    const deadlineMs = nowMs + options.timeoutMs;
    if (deadlineMs < this.#earliestDeadlineMs) this.#earliestDeadlineMs = deadlineMs;
    this.#pending += 1;
    this.#counters.proposals += 1;
    return new Promise<T>((resolve, reject) => {
      const waiter: Waiter = {
        resolve: resolve as (value: unknown) => void,
        reject,
        deadlineMs,
        unhook: undefined,
      };
      this.#ring[sequence & (this.#ring.length - 1)] = waiter;
      if (options.signal !== undefined) this.#hook(waiter, sequence, options.signal);
    });
  }

  #hook(waiter: Waiter, sequence: number, signal: AbortSignalLike): void {
    const onAbort = (): void => {
      this.#giveUp(sequence, (outcome) => aborted(outcome, signal.reason));
      this.#dropSettled();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    waiter.unhook = () => signal.removeEventListener("abort", onAbort);
  }

  #grow(): void {
    const { length } = this.#ring;
    const grown = new Array<Waiter | undefined>(length * 2);
    for (let sequence = this.#settledBelow; sequence < this.#nextSequence; sequence++) {
      grown[sequence & (length * 2 - 1)] = this.#ring[sequence & (length - 1)];
    }
    this.#ring = grown;
  }

  #takeWaiter(sequence: number): Waiter | undefined {
    if (sequence < this.#settledBelow || sequence >= this.#nextSequence) return undefined;
    const mask = this.#ring.length - 1;
    const waiter = this.#ring[sequence & mask];
    if (waiter === undefined) return undefined;
    this.#ring[sequence & mask] = undefined;
    this.#pending -= 1;
    waiter.unhook?.();
    if (sequence === this.#settledBelow) {
      let next = sequence + 1;
      while (next < this.#nextSequence && this.#ring[next & mask] === undefined) next += 1;
      this.#settledBelow = next;
    }
    return waiter;
  }

  /** A caller goes without a result: `notApplied` only if the command has not left and never will. */
  #giveUp(sequence: number, error: (outcome: Outcome) => QuorateError): void {
    const waiter = this.#takeWaiter(sequence);
    if (waiter === undefined) return;
    this.#counters.proposalsFailed += 1;
    waiter.reject(error(this.#withhold(sequence) ? "notApplied" : "unknown"));
  }

  /** True when the command could be kept from ever leaving. */
  #withhold(sequence: number): boolean {
    if (sequence >= this.#builderFirst) {
      this.#builderWithdrawn ??= new Set();
      this.#builderWithdrawn.add(sequence - this.#builderFirst);
      return true;
    }
    const batch = this.#batches.find(
      ({ firstSequence, count }) => sequence >= firstSequence && sequence < firstSequence + count,
    );
    if (batch === undefined || batch.sends > 0) return false;
    batch.withdrawn ??= new Set();
    batch.withdrawn.add(sequence - batch.firstSequence);
    return true;
  }

  #withdraw(batch: OutgoingBatch): void {
    if (batch.withdrawn === undefined) return;
    this.#batchBytes -= batch.payload.length;
    batch.payload = withdrawItems(batch.payload, batch.withdrawn);
    this.#batchBytes += batch.payload.length;
    batch.withdrawn = undefined;
  }

  /** Batches nobody waits for any more are not sent again. */
  #dropSettled(): void {
    const kept = this.#batches.filter(
      ({ firstSequence, count }) => firstSequence + count > this.#settledBelow,
    );
    if (kept.length === this.#batches.length) return;
    this.#batches = kept;
    this.#batchBytes = 0;
    for (const batch of kept) this.#batchBytes += batch.payload.length;
  }

  #refuse(batch: OutgoingBatch, error: QuorateError): void {
    this.#drop(this.#batches.indexOf(batch));
    this.#rejectAll(batch, error);
  }

  #rejectAll(batch: OutgoingBatch, error: QuorateError): void {
    for (let place = 0; place < batch.count; place++) {
      this.reject(batch.firstSequence + place, error);
    }
  }

  #drop(place: number): void {
    const batch = this.#batches[place];
    if (batch === undefined) return;
    this.#batchBytes -= batch.payload.length;
    if (place === 0) this.#batches.shift();
    else this.#batches.splice(place, 1);
  }
}

function quotaUsedUp(leader: MemberId): QuorateError {
  return overloaded("The leader holds as much uncommitted data as it may", leader);
}
