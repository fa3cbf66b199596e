import type { Environment, Timer } from "@quorate/host";
import type { KvMachine, Renewal } from "@quorate/kv";
import type { Logger } from "../log/logger.ts";
import type { LeaseAnswers } from "../peer/peer-routes.ts";
import type { CallContext } from "../rpc/call.ts";
import { RpcError, STATUS } from "../rpc/status.ts";
import { failure } from "../services/failure.ts";
import type { LeaseTimes, LeaseTimeToLive } from "../services/lease-service.ts";
import { answerOf } from "../services/store-access.ts";
import type { Callers } from "./callers.ts";
import type { ReplicatedStore } from "./replicated-store.ts";
import type { Standing } from "./standing.ts";

/** How often a leader looks for leases that have run out; etcd's figure. */
const LOOK_INTERVAL_MS = 500;
/** Leases revoked per look, at most. */
const REVOCATIONS_PER_LOOK = 500;

/** Asks the leader; resolves with undefined when the asked member does not lead, or nobody does. */
export interface LeaderLeases {
  renew(id: bigint): Promise<number | undefined>;
  timeToLive(id: bigint, keys: boolean): Promise<LeaseTimeToLive | undefined>;
}

/** What this leader's clock has done, for monitoring. */
export interface LeaseCounts {
  renewed: number;
  expired: number;
}

export interface LeaseKeeperOptions {
  readonly machine: KvMachine;
  readonly store: ReplicatedStore;
  readonly standing: Standing;
  readonly callers: Callers;
  readonly leader: LeaderLeases;
  readonly environment: Environment;
  readonly electionTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly logger: Logger;
}

/**
 * Runs the clock of leases while this member leads: tells it the time, proposes the revocation of what has run out, and
 * answers renewals. On other members it passes questions on to the leader.
 */
export class LeaseKeeper implements LeaseTimes {
  /** What other members may ask. */
  readonly answers: LeaseAnswers = {
    renewAll: (ids) => this.#renewAll(ids),
    timeToLive: (id, keys) => this.#timeToLiveHere(id, keys),
  };
  readonly counts: LeaseCounts = { renewed: 0, expired: 0 };
  readonly #options: LeaseKeeperOptions;
  readonly #stopListening: () => void;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#stopListening = options.standing.onChange(() => this.#follow());
    this.#follow();
    this.#schedule();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#stopListening();
  }

  async renew(id: bigint, call: CallContext): Promise<number> {
    const { machine, leader, environment, requestTimeoutMs } = this.#options;
    await this.#checkCaller(call);
    const untilMs = environment.nowMs() + requestTimeoutMs;
    for (;;) {
      if (machine.leaseClock.isLeading) {
        const ttl = await this.#renewHere(id);
        if (ttl !== undefined) return ttl;
      }
      const leftMs = untilMs - environment.nowMs();
      if (leftMs <= 0 || call.cancelled) throw failure("timedOut");
      const ttl = await leader.renew(id);
      if (ttl !== undefined) return ttl;
      await this.#pause();
    }
  }

  async timeToLive(id: bigint, keys: boolean, call: CallContext): Promise<LeaseTimeToLive> {
    const { machine, leader, environment, requestTimeoutMs, store } = this.#options;
    // Permission is decided here, where the caller is known.
    const nowMs = environment.nowMs();
    const query = { type: "leaseTimeToLive", id, keys, nowMs } as const;
    const own = answerOf(await store.query(query, "linearizable", call), "leaseTimeToLive");
    if (own.ttlSeconds === -1) return own;
    const untilMs = nowMs + requestTimeoutMs;
    for (;;) {
      if (machine.leaseClock.isLeading) {
        const found = await this.#timeToLiveHere(id, keys);
        if (found !== undefined) return found;
      }
      const leftMs = untilMs - environment.nowMs();
      if (leftMs <= 0 || call.cancelled) throw failure("timedOut");
      const found = await leader.timeToLive(id, keys);
      if (found !== undefined) return found;
      await this.#pause();
    }
  }

  async #renewAll(ids: readonly bigint[]): Promise<readonly number[] | undefined> {
    const ttls = await Promise.all(ids.map((id) => this.#renewHere(id)));
    return ttls.every((ttl) => ttl !== undefined) ? ttls : undefined;
  }

  /** A leader may have yet to apply a grant that others have applied and acknowledged. Undefined: this one does not lead. */
  async #timeToLiveHere(id: bigint, keys: boolean): Promise<LeaseTimeToLive | undefined> {
    const { machine, environment, store } = this.#options;
    if (!machine.leaseClock.isLeading) return undefined;
    const query = { type: "leaseTimeToLive", id, keys, nowMs: environment.nowMs() } as const;
    const found = answerOf(await store.queryAsSystem(query, "linearizable"), "leaseTimeToLive");
    return machine.leaseClock.isLeading ? found : undefined;
  }

  /** Undefined: this member does not lead. */
  async #renewHere(id: bigint): Promise<number | undefined> {
    const { machine, environment, store } = this.#options;
    const renewal: Renewal = machine.leaseClock.renew(id, environment.nowMs());
    switch (renewal.type) {
      case "renewed":
        this.counts.renewed += 1;
        if (renewal.clearCheckpoint) {
          const checkpoints = [{ id, remainingSeconds: 0 }];
          this.#inBackground(store.proposeAsSystem({ type: "leaseCheckpoint", checkpoints }));
        }
        return this.#confirmed(id, renewal.ttlSeconds);
      case "unknown":
        return (await this.#exists(id)) ? this.#renewHere(id) : 0;
      case "notLeader":
        return undefined;
      case "expired":
        // Nobody hears that a lease is gone before it is.
        await store.proposeAsSystem({ type: "leaseRevoke", id });
        return 0;
    }
  }

  /**
   * A leader that stood still may have been deposed meanwhile, and its successor knows of no renewal: only a round with the
   * quorum after the renewal tells, as for a read. Undefined: this member no longer leads.
   */
  async #confirmed(id: bigint, ttlSeconds: number): Promise<number | undefined> {
    const exists = await this.#exists(id);
    if (!this.#options.machine.leaseClock.isLeading) return undefined;
    return exists ? ttlSeconds : 0;
  }

  /**
   * A leader whose disk is slow may not have applied a grant yet that others have applied and acknowledged: it waits
   * until it has, before it tells an owner that the lease is gone.
   */
  async #exists(id: bigint): Promise<boolean> {
    const { store, environment } = this.#options;
    const query = { type: "leaseTimeToLive", id, keys: false, nowMs: environment.nowMs() } as const;
    const found = answerOf(await store.queryAsSystem(query, "linearizable"), "leaseTimeToLive");
    return found.ttlSeconds !== -1;
  }

  async #checkCaller(call: CallContext): Promise<void> {
    const { machine, callers } = this.#options;
    await callers.pending(call);
    const caller = callers.of(call);
    const answer = await machine.query({ type: "authorize", need: "user", caller });
    answerOf(answer, "authorize");
  }

  #follow(): void {
    const { machine, standing, environment, electionTimeoutMs } = this.#options;
    const { leaseClock } = machine;
    if (standing.isLeader === leaseClock.isLeading) return;
    if (standing.isLeader) leaseClock.promote(environment.nowMs(), electionTimeoutMs);
    else leaseClock.demote();
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = this.#options.environment.setTimer(LOOK_INTERVAL_MS, () => {
      this.#look();
      this.#schedule();
    });
  }

  #look(): void {
    const { machine, environment, store } = this.#options;
    const nowMs = environment.nowMs();
    store.lookAfterSpace();
    machine.tokens.expire(nowMs);
    if (!machine.leaseClock.isLeading) return;
    for (const id of machine.leaseClock.expired(nowMs, REVOCATIONS_PER_LOOK)) {
      this.counts.expired += 1;
      this.#inBackground(store.proposeAsSystem({ type: "leaseRevoke", id }));
    }
    for (const checkpoints of machine.leaseClock.checkpoints(nowMs)) {
      this.#inBackground(store.proposeAsSystem({ type: "leaseCheckpoint", checkpoints }));
    }
  }

  /** The clock asks again for what did not get through. */
  #inBackground(proposed: Promise<unknown>): void {
    proposed.catch((error: unknown) => {
      const isExpected = error instanceof RpcError && error.code === STATUS.UNAVAILABLE;
      if (!isExpected)
        this.#options.logger.warn("a lease could not be looked after", { error: String(error) });
    });
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#options.environment.setTimer(PAUSE_MS, resolve);
    });
  }
}

/** Between two attempts to find the leader. */
const PAUSE_MS = 50;
