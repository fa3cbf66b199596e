import type { Environment, Replica, Timer } from "@quorate/host";
import {
  type KvAnswer,
  type KvCommand,
  type KvMachine,
  type KvQuery,
  type KvResult,
  type LeaseId,
  SYSTEM_CALLER,
  type WriteRequest,
} from "@quorate/kv";

/** How often a leader looks for leases that have run out. */
const LOOK_INTERVAL_MS = 500;
/** Leases revoked per look, at most. */
const REVOCATIONS_PER_LOOK = 500;

export type KvReplica = Replica<KvCommand, KvResult, KvQuery, KvAnswer>;

export interface LeaseDriverOptions {
  readonly machine: KvMachine;
  readonly replica: KvReplica;
  readonly environment: Environment;
  readonly electionTimeoutMs: number;
}

/** Runs the machine's lease clock by the same rules as a server: while its member leads, and by proposals only. */
export class LeaseDriver {
  readonly #options: LeaseDriverOptions;
  #timer: Timer | undefined;

  constructor(options: LeaseDriverOptions) {
    this.#options = options;
    options.replica.onEvent((event) => {
      if (event.type === "role" || event.type === "membership") this.#follow();
    });
    this.#follow();
    this.#schedule();
  }

  close(): void {
    this.#timer?.cancel();
  }

  /** The seconds the lease has from now on, 0 when there is none; undefined when this member does not lead. */
  async renew(id: LeaseId): Promise<number | undefined> {
    const { machine, environment } = this.#options;
    const renewal = machine.leaseClock.renew(id, environment.nowMs());
    switch (renewal.type) {
      case "renewed":
        if (renewal.clearCheckpoint) {
          this.#inBackground({
            type: "leaseCheckpoint",
            checkpoints: [{ id, remainingSeconds: 0 }],
          });
        }
        return renewal.ttlSeconds;
      case "unknown":
        return (await this.#exists(id)) ? this.renew(id) : 0;
      case "notLeader":
        return undefined;
      case "expired":
        await this.#propose({ type: "leaseRevoke", id });
        return 0;
    }
  }

  /** Others may have applied the grant already, and told its owner. */
  async #exists(id: LeaseId): Promise<boolean> {
    const { replica, environment } = this.#options;
    const nowMs = environment.nowMs();
    const answer = await replica.query({ type: "leaseTimeToLive", id, keys: false, nowMs });
    return answer.type === "leaseTimeToLive" && answer.ttlSeconds !== -1;
  }

  #follow(): void {
    const { machine, replica, environment, electionTimeoutMs } = this.#options;
    const { leaseClock } = machine;
    const leads = replica.role === "leader";
    if (leads === leaseClock.isLeading) return;
    if (leads) leaseClock.promote(environment.nowMs(), electionTimeoutMs);
    else leaseClock.demote();
  }

  #schedule(): void {
    this.#timer = this.#options.environment.setTimer(LOOK_INTERVAL_MS, () => {
      this.#look();
      this.#schedule();
    });
  }

  #look(): void {
    const { machine, environment } = this.#options;
    const { leaseClock } = machine;
    if (!leaseClock.isLeading) return;
    const nowMs = environment.nowMs();
    for (const id of leaseClock.expired(nowMs, REVOCATIONS_PER_LOOK)) {
      this.#inBackground({ type: "leaseRevoke", id });
    }
    for (const checkpoints of leaseClock.checkpoints(nowMs)) {
      this.#inBackground({ type: "leaseCheckpoint", checkpoints });
    }
  }

  #propose(request: WriteRequest): Promise<unknown> {
    return this.#options.replica.propose({ ...request, caller: SYSTEM_CALLER });
  }

  /** The clock asks again for what did not get through. */
  #inBackground(request: WriteRequest): void {
    this.#propose(request).catch(() => undefined);
  }
}
