import type { Environment, Replica } from "@quorate/host";
import {
  type KvAnswer,
  type KvCommand,
  type KvMachine,
  type KvQuery,
  type KvResult,
  type LeaseId,
  Lessor,
  SYSTEM_CALLER,
} from "@quorate/kv";

export type KvReplica = Replica<KvCommand, KvResult, KvQuery, KvAnswer>;

export interface LeaseDriverOptions {
  readonly machine: KvMachine;
  readonly replica: KvReplica;
  readonly environment: Environment;
  readonly electionTimeoutMs: number;
}

/** Connects the shipped lessor with a simulated node. */
export class LeaseDriver {
  readonly #lessor: Lessor;
  #term: number;

  constructor({ machine, replica, environment, electionTimeoutMs }: LeaseDriverOptions) {
    this.#term = replica.status().core.term;
    this.#lessor = new Lessor({
      clock: machine.leaseClock,
      environment,
      electionTimeoutMs,
      group: {
        standing: () => ({ isLeader: replica.role === "leader", term: this.#term }),
        propose: (request) => replica.propose({ ...request, caller: SYSTEM_CALLER }),
        readBarrier: () => replica.readBarrier(),
      },
    });
    replica.onEvent((event) => {
      if (event.type !== "role") return;
      this.#term = event.term;
      this.#lessor.follow();
    });
  }

  close(): void {
    this.#lessor.close();
  }

  /** The seconds the lease has from now on, 0 when there is none; undefined when this member does not lead. */
  renew(id: LeaseId): Promise<number | undefined> {
    return this.#lessor.renew(id);
  }
}
