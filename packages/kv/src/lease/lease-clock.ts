import type { LeaseCheckpoint } from "../command.ts";
import type { LeaseId } from "../key-value.ts";
import { DeadlineQueue } from "./deadline-queue.ts";
import type { Lease, LeaseListener, LeaseTable } from "./lease-table.ts";

/** How leases are counted down and ended. */
export interface LeaseClockOptions {
  /** Leases that expire in one second after a change of leadership, at most; the others follow later. Default 750. */
  readonly expiriesPerSecond?: number | undefined;
  /** How often the remaining time of long leases is told to the group, milliseconds. Default 5 minutes. */
  readonly checkpointIntervalMs?: number | undefined;
  /** A revocation that has had no effect after this time is asked for again, milliseconds. Default 3 seconds. */
  readonly retryMs?: number | undefined;
}

const DEFAULT_EXPIRIES_PER_SECOND = 750;
const DEFAULT_CHECKPOINT_INTERVAL_MS = 5 * 60 * 1000;
const DEFAULT_RETRY_MS = 3000;

/** Checkpoints in one command, at most: one command must stay well below the size limit. */
export const CHECKPOINTS_PER_COMMAND_MAX: number = 1000;

/** Entries of leases that are gone, which the queue may hold besides. */
const STALE_MAX = 1024;

interface Timing {
  readonly lease: Lease;
  /** Infinite until the clock is told the time for the first time after the grant. */
  expiresAtMs: number;
  /** Expired, and a revocation was asked for at this time. */
  revokingSinceMs: number | undefined;
  /** A checkpoint was given out since the lease was last renewed; whether it is applied already is not known. */
  told: boolean;
}

/** What renewing a lease came to. */
export type Renewal =
  | {
      readonly type: "renewed";
      readonly ttlSeconds: number;
      /** A checkpoint stands, or is on its way, that is out of date now: propose one with remaining 0. */
      readonly clearCheckpoint: boolean;
    }
  /** It ran out; wait for its revocation to be applied, then answer that it does not exist. */
  | { readonly type: "expired" }
  | { readonly type: "unknown" }
  /** This member does not lead: ask the leader. */
  | { readonly type: "notLeader" };

/**
 * When leases expire. Only the leader's runs: it alone decides that a lease has run out, and tells the group by
 * proposing `leaseRevoke`. All times are monotonic milliseconds of one clock, given by the caller.
 */
export class LeaseClock implements LeaseListener {
  readonly #expiriesPerSecond: number;
  readonly #checkpointIntervalMs: number;
  readonly #retryMs: number;
  #table: LeaseTable;
  readonly #timings: Map<LeaseId, Timing> = new Map();
  #expiries: DeadlineQueue<Timing> = new DeadlineQueue();
  /** Granted since the last `tick`: they count from the next one, so that none ends early. */
  #fresh: Timing[] = [];
  /** All leases are others since the last `tick`. */
  #isReplaced = false;
  #leadingTerm: number | undefined;
  /** The latest time this clock has heard of. */
  #nowMs = 0;
  #nextCheckpointMs = 0;

  constructor(table: LeaseTable, options: LeaseClockOptions = {}) {
    this.#table = table;
    this.#expiriesPerSecond = options.expiriesPerSecond ?? DEFAULT_EXPIRIES_PER_SECOND;
    this.#checkpointIntervalMs = options.checkpointIntervalMs ?? DEFAULT_CHECKPOINT_INTERVAL_MS;
    this.#retryMs = options.retryMs ?? DEFAULT_RETRY_MS;
    table.listen(this);
  }

  get isLeading(): boolean {
    return this.#leadingTerm !== undefined;
  }

  /** The term in which this member leads; undefined when it does not. */
  get leadingTerm(): number | undefined {
    return this.#leadingTerm;
  }

  /** Whether there is such a lease, as far as this member has applied. */
  knows(id: LeaseId): boolean {
    return this.#table.get(id) !== undefined;
  }

  /** Follows another table from now on; the old one was replaced by a snapshot. */
  follow(table: LeaseTable): void {
    this.#table.listen(undefined);
    this.#table = table;
    table.listen(this);
    this.replaced();
  }

  /**
   * This member leads now, in `term`: all clocks start with what the last checkpoint left, plus `extendMs` (the time nobody
   * led), so that no lease ends early.
   */
  promote(nowMs: number, extendMs: number, term: number): void {
    this.#leadingTerm = term;
    this.#nowMs = nowMs;
    this.#nextCheckpointMs = nowMs + this.#checkpointIntervalMs;
    this.#startAll(extendMs);
  }

  /** Another member leads. */
  demote(): void {
    this.#leadingTerm = undefined;
    this.#clear();
  }

  /** Tells the time. Leases granted since the last call count from now. */
  tick(nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    if (this.#isReplaced) this.#startAll(0);
    if (this.#fresh.length === 0) return;
    for (const timing of this.#fresh) {
      timing.expiresAtMs = this.#nowMs + timing.lease.ttlSeconds * 1000;
      this.#expiries.push(timing.expiresAtMs, timing);
    }
    this.#fresh = [];
  }

  /** Leases that ran out and should be revoked now, the earliest first. Asks again for those that still exist later. */
  expired(nowMs: number, max: number): LeaseId[] {
    this.tick(nowMs);
    const found: LeaseId[] = [];
    while (found.length < max) {
      const timing = this.#expiries.popDue(nowMs);
      if (timing === undefined) break;
      // Renewed, revoked or replaced since it was queued.
      if (this.#timings.get(timing.lease.id) !== timing) continue;
      if (timing.revokingSinceMs === undefined && timing.expiresAtMs > nowMs) {
        this.#expiries.push(timing.expiresAtMs, timing);
        continue;
      }
      timing.revokingSinceMs = nowMs;
      this.#expiries.push(nowMs + this.#retryMs, timing);
      found.push(timing.lease.id);
    }
    return found;
  }

  /** Gives the lease its full time again. The caller must know that this member still leads, or the answer may be stale. */
  renew(id: LeaseId, nowMs: number): Renewal {
    if (!this.isLeading) return { type: "notLeader" };
    this.tick(nowMs);
    const timing = this.#timings.get(id);
    if (timing === undefined) return { type: "unknown" };
    if (timing.revokingSinceMs !== undefined || timing.expiresAtMs <= nowMs) {
      return { type: "expired" };
    }
    timing.expiresAtMs = nowMs + timing.lease.ttlSeconds * 1000;
    const clearCheckpoint = timing.told || timing.lease.remainingSeconds > 0;
    timing.told = false;
    return { type: "renewed", ttlSeconds: timing.lease.ttlSeconds, clearCheckpoint };
  }

  /** Whole seconds left, rounded down, at least 0. Without a running clock: what the last checkpoint left. */
  remainingSeconds(lease: Lease, nowMs: number): number {
    const timing = this.#timings.get(lease.id);
    if (timing === undefined) return startSeconds(lease);
    if (timing.expiresAtMs === Number.POSITIVE_INFINITY) return lease.ttlSeconds;
    return Math.max(0, Math.floor((timing.expiresAtMs - nowMs) / 1000));
  }

  /**
   * What to tell the group now: the remaining time of leases that outlast the interval. Empty most of the time. Each
   * list is for one `leaseCheckpoint` command.
   */
  checkpoints(nowMs: number): LeaseCheckpoint[][] {
    this.tick(nowMs);
    if (!this.isLeading || nowMs < this.#nextCheckpointMs) return [];
    this.#nextCheckpointMs = nowMs + this.#checkpointIntervalMs;
    const lists: LeaseCheckpoint[][] = [];
    let list: LeaseCheckpoint[] = [];
    for (const timing of this.#timings.values()) {
      const { lease, expiresAtMs } = timing;
      const remainingSeconds = Math.ceil((expiresAtMs - nowMs) / 1000);
      if (remainingSeconds === Number.POSITIVE_INFINITY) continue;
      if (remainingSeconds * 1000 <= this.#checkpointIntervalMs) continue;
      if (remainingSeconds >= startSeconds(lease)) continue;
      timing.told = true;
      if (list.length === 0) lists.push(list);
      list.push({ id: lease.id, remainingSeconds });
      if (list.length === CHECKPOINTS_PER_COMMAND_MAX) list = [];
    }
    return lists;
  }

  granted(lease: Lease): void {
    if (!this.isLeading) return;
    const expiresAtMs = Number.POSITIVE_INFINITY;
    const timing: Timing = { lease, expiresAtMs, revokingSinceMs: undefined, told: false };
    this.#timings.set(lease.id, timing);
    this.#fresh.push(timing);
  }

  revoked(id: LeaseId): void {
    this.#timings.delete(id);
    // The queue still holds the lease until it is due, which for long ones may be never.
    if (this.#expiries.length > 2 * this.#timings.size + STALE_MAX) this.#rebuildQueue();
  }

  replaced(): void {
    this.#clear();
    this.#isReplaced = this.isLeading;
  }

  #start(lease: Lease, expiresAtMs: number): void {
    const timing: Timing = { lease, expiresAtMs, revokingSinceMs: undefined, told: false };
    this.#timings.set(lease.id, timing);
    this.#expiries.push(expiresAtMs, timing);
  }

  #clear(): void {
    this.#isReplaced = false;
    this.#timings.clear();
    this.#expiries = new DeadlineQueue();
    this.#fresh = [];
  }

  #rebuildQueue(): void {
    this.#fresh = this.#fresh.filter((timing) => this.#timings.get(timing.lease.id) === timing);
    this.#expiries = new DeadlineQueue();
    for (const timing of this.#timings.values()) {
      if (timing.expiresAtMs === Number.POSITIVE_INFINITY) continue;
      const dueMs =
        timing.revokingSinceMs === undefined
          ? timing.expiresAtMs
          : timing.revokingSinceMs + this.#retryMs;
      this.#expiries.push(dueMs, timing);
    }
  }

  /** Spreads out what would otherwise expire all at once, as after a long time without a leader. */
  #startAll(extendMs: number): void {
    this.#clear();
    const leases = [...this.#table.all()].sort(byStartAndId);
    let second = 0;
    let inSecond = 0;
    for (const lease of leases) {
      const wanted = Math.max(startSeconds(lease), second);
      inSecond = wanted === second ? inSecond + 1 : 1;
      second = wanted;
      if (inSecond > this.#expiriesPerSecond) {
        second++;
        inSecond = 1;
      }
      this.#start(lease, this.#nowMs + extendMs + second * 1000);
    }
  }
}

/** The time a new leader gives a lease. */
function startSeconds(lease: Lease): number {
  return lease.remainingSeconds > 0 ? lease.remainingSeconds : lease.ttlSeconds;
}

function byStartAndId(a: Lease, b: Lease): number {
  const difference = startSeconds(a) - startSeconds(b);
  if (difference !== 0) return difference;
  return a.id < b.id ? -1 : 1;
}
