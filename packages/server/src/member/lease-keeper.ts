import type { Environment } from "@quorate/host";
import { type KvMachine, type LeaseCounts, Lessor } from "@quorate/kv";
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

/** Asks the leader; resolves with undefined when the asked member does not lead, or nobody does. */
export interface LeaderLeases {
  renew(id: bigint): Promise<number | undefined>;
  timeToLive(id: bigint, keys: boolean): Promise<LeaseTimeToLive | undefined>;
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

/** Leases of clients: while this member leads its lessor answers, otherwise questions are passed on to the leader. */
export class LeaseKeeper implements LeaseTimes {
  /** What other members may ask. */
  readonly answers: LeaseAnswers = {
    renewAll: (ids) => this.#lessor.renewAll(ids),
    timeToLive: (id, keys) => this.#timeToLiveHere(id, keys),
  };
  readonly #options: LeaseKeeperOptions;
  readonly #lessor: Lessor;
  readonly #stopListening: () => void;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    const { machine, store, standing, environment, electionTimeoutMs } = options;
    this.#lessor = new Lessor({
      clock: machine.leaseClock,
      environment,
      electionTimeoutMs,
      group: {
        standing: () => standing,
        propose: (request) => store.proposeAsSystem(request),
        readBarrier: () => store.readBarrier(),
      },
      onLook: (nowMs) => {
        store.lookAfterSpace();
        machine.tokens.expire(nowMs);
      },
      onFailure: (error) => this.#failed(error),
    });
    this.#stopListening = standing.onChange(() => this.#lessor.follow());
  }

  get counts(): LeaseCounts {
    return this.#lessor.counts;
  }

  close(): void {
    this.#lessor.close();
    this.#stopListening();
  }

  async renew(id: bigint, call: CallContext): Promise<number> {
    const { machine, leader, environment, requestTimeoutMs } = this.#options;
    await this.#checkCaller(call);
    const untilMs = environment.nowMs() + requestTimeoutMs;
    for (;;) {
      if (machine.leaseClock.isLeading) {
        const ttl = await this.#lessor.renew(id);
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

  /** A leader may have yet to apply a grant that others have applied and acknowledged. Undefined: this one does not lead. */
  async #timeToLiveHere(id: bigint, keys: boolean): Promise<LeaseTimeToLive | undefined> {
    const { machine, environment, store } = this.#options;
    if (!machine.leaseClock.isLeading) return undefined;
    const query = { type: "leaseTimeToLive", id, keys, nowMs: environment.nowMs() } as const;
    const found = answerOf(await store.queryAsSystem(query, "linearizable"), "leaseTimeToLive");
    return machine.leaseClock.isLeading ? found : undefined;
  }

  async #checkCaller(call: CallContext): Promise<void> {
    const { machine, callers } = this.#options;
    await callers.pending(call);
    const caller = callers.of(call);
    const answer = await machine.query({ type: "authorize", need: "user", caller });
    answerOf(answer, "authorize");
  }

  #failed(error: unknown): void {
    const isExpected = error instanceof RpcError && error.code === STATUS.UNAVAILABLE;
    if (isExpected) return;
    this.#options.logger.warn("a lease could not be looked after", { error: String(error) });
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#options.environment.setTimer(PAUSE_MS, resolve);
    });
  }
}

/** Between two attempts to find the leader. */
const PAUSE_MS = 50;
