import type { MemberId } from "@quorate/core";
import type { KvCommand } from "@quorate/kv";
import type { LeaseMoment, LeaseRecord } from "../checkers/lease-validator.ts";
import { bytesOf } from "../oracles/reference-store.ts";
import type { Random } from "../random/random.ts";
import type { NodeWorld } from "../world/node-world.ts";
import type { Door } from "./door.ts";
import type { OperationLog } from "./operation-log.ts";

export interface LeaseWorkloadSettings {
  readonly owners: number;
  readonly ttlMinSeconds: number;
  readonly ttlMaxSeconds: number;
  readonly patienceMs: number;
}

/** Ids reach beyond 2^53: where one passes through a double, it meets its neighbour. */
const FIRST_ID = 9_007_199_254_740_993n;

/** Clients of leases count from here. */
const FIRST_CLIENT = 100;

interface Held {
  readonly id: bigint;
  readonly key: string;
  readonly ttlMs: number;
  readonly moments: LeaseMoment[];
  /** Renewals that are still to come; then it is revoked or left to end. */
  renewals: number;
  readonly isRevoked: boolean;
  looksAfterEnd: number;
}

/** Owners that take leases, hang keys on them, renew, revoke or forget them, and look whether the keys are there. */
export class LeaseWorkload {
  readonly records: LeaseRecord[] = [];
  readonly #world: NodeWorld;
  readonly #door: Door;
  readonly #log: OperationLog;
  readonly #random: Random;
  readonly #settings: LeaseWorkloadSettings;
  #ids = 0;
  #isOn = false;
  /** Renewals that were answered. */
  renewed = 0;

  constructor(
    world: NodeWorld,
    door: Door,
    log: OperationLog,
    random: Random,
    settings: LeaseWorkloadSettings,
  ) {
    this.#world = world;
    this.#door = door;
    this.#log = log;
    this.#random = random;
    this.#settings = settings;
  }

  start(): void {
    this.#isOn = true;
    for (let owner = 1; owner <= this.#settings.owners; owner += 1) this.#grantSoon(owner, 1_500);
  }

  stop(): void {
    this.#isOn = false;
  }

  #after(delayMaxMs: number, run: () => void): void {
    this.#world.simulation.agenda.after(this.#random.range(0, delayMaxMs), () => {
      if (this.#isOn) run();
    });
  }

  #someNode(): MemberId {
    const leader = this.#random.chance(0.5) ? this.#world.leader()?.id : undefined;
    return leader ?? this.#random.pick([...this.#world.nodes.keys()]);
  }

  #grantSoon(owner: number, withinMs: number): void {
    this.#after(withinMs, () => this.#grant(owner));
  }

  #grant(owner: number): void {
    const { ttlMinSeconds, ttlMaxSeconds } = this.#settings;
    this.#ids += 1;
    const id = FIRST_ID + BigInt(this.#ids);
    const ttlSeconds = this.#random.between(ttlMinSeconds, ttlMaxSeconds);
    const calledMs = this.#world.nowMs;
    this.#propose({ type: "leaseGrant", id, ttlSeconds }, (isDone) => {
      if (isDone !== true) {
        this.#grantSoon(owner, 2_000);
        return;
      }
      const ttlMs = ttlSeconds * 1_000;
      const moments: LeaseMoment[] = [];
      moments.push({ type: "granted", calledMs, atMs: this.#world.nowMs, ttlMs });
      this.records.push({ lease: String(id), moments });
      const held: Held = {
        id,
        key: `l${id}`,
        ttlMs,
        moments,
        renewals: this.#random.integer(6),
        isRevoked: this.#random.chance(0.5),
        looksAfterEnd: 3,
      };
      this.#attach(owner, held);
    });
  }

  #attach(owner: number, held: Held): void {
    const value = `${owner}.${held.id}`;
    const changes = [{ key: held.key, value }];
    const entry = this.#log.call(FIRST_CLIENT + owner, value, changes);
    const command: KvCommand = {
      type: "put",
      key: bytesOf(held.key),
      value: bytesOf(value),
      lease: held.id,
    };
    const { patienceMs } = this.#settings;
    this.#door.ask(
      this.#someNode(),
      patienceMs,
      (life) => life.replica.propose(command, { timeoutMs: patienceMs }),
      (reply) => {
        if (reply.type === "refused") entry.refused();
        if (reply.type !== "answer") {
          this.#grantSoon(owner, 1_000);
          return;
        }
        const { result } = reply.value;
        if (result.type !== "put") {
          // The lease is gone already.
          entry.refused();
          held.moments.push({ type: "renewalRefused", atMs: this.#world.nowMs });
          this.#grantSoon(owner, 1_000);
          return;
        }
        entry.answered({ revision: result.revision, changes, observed: [] });
        this.#live(owner, held);
      },
    );
  }

  /** One thing after the other, until the lease has ended and a while longer. */
  #live(owner: number, held: Held): void {
    this.#after(held.ttlMs / 2, () => {
      const next = (): void => this.#live(owner, held);
      if (held.renewals > 0) {
        held.renewals -= 1;
        if (this.#random.chance(0.3)) this.#look(held, next);
        else this.#renew(held, next);
        return;
      }
      if (held.isRevoked && held.looksAfterEnd === 3) this.#revoke(held, next);
      else if (held.looksAfterEnd > 0) this.#look(held, next);
      else this.#grantSoon(owner, 1_000);
      held.looksAfterEnd -= 1;
    });
  }

  #renew(held: Held, next: () => void): void {
    const calledMs = this.#world.nowMs;
    this.#door.ask(
      this.#someNode(),
      this.#settings.patienceMs,
      (life) => life.leases.renew(held.id),
      (reply) => {
        const atMs = this.#world.nowMs;
        if (reply.type === "answer" && reply.value !== undefined) {
          if (reply.value === 0) {
            held.moments.push({ type: "renewalRefused", atMs });
            held.renewals = 0;
          } else {
            this.renewed += 1;
            held.moments.push({ type: "renewed", calledMs, atMs, ttlMs: reply.value * 1_000 });
          }
        }
        next();
      },
    );
  }

  #revoke(held: Held, next: () => void): void {
    const calledMs = this.#world.nowMs;
    this.#propose({ type: "leaseRevoke", id: held.id }, (isDone) => {
      if (isDone !== "refused") {
        const atMs = isDone === true ? this.#world.nowMs : Number.POSITIVE_INFINITY;
        held.moments.push({ type: "revoked", calledMs, atMs });
      }
      next();
    });
  }

  #look(held: Held, next: () => void): void {
    const calledMs = this.#world.nowMs;
    const { patienceMs } = this.#settings;
    this.#door.ask(
      this.#someNode(),
      patienceMs,
      (life) =>
        life.replica.query({ type: "range", key: bytesOf(held.key) }, { timeoutMs: patienceMs }),
      (reply) => {
        if (reply.type === "answer" && reply.value.type === "range") {
          const present = reply.value.kvs.length > 0;
          const atMs = this.#world.nowMs;
          held.moments.push({ type: "seen", calledMs, atMs, key: held.key, present });
        }
        next();
      },
    );
  }

  /** True when it was done, false when nobody knows or it was answered with a failure. */
  #propose(command: KvCommand, then: (isDone: boolean | "refused") => void): void {
    const { patienceMs } = this.#settings;
    this.#door.ask(
      this.#someNode(),
      patienceMs,
      (life) => life.replica.propose(command, { timeoutMs: patienceMs }),
      (reply) => {
        if (reply.type === "refused") then("refused");
        else then(reply.type === "answer" && reply.value.result.type !== "error");
      },
    );
  }
}
