import type { AppendWork } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import type { LogBatch, LogStore } from "../log/log-store.ts";
import type { GroupCounters } from "./counters.ts";

export interface LogWriterOwner {
  /** The work, and everything before it, is durable. */
  durable(work: AppendWork): void;
  /** The disk has failed: nothing that follows can become durable. */
  writeFailed(error: unknown): void;
}

/** Hands the core's append works to the log store and tells when they are durable, in order, with their times. */
export class LogWriter {
  readonly #store: LogStore;
  readonly #environment: Environment;
  readonly #counters: GroupCounters;
  readonly #owner: LogWriterOwner;
  /** When each write that is under way began, oldest first. */
  readonly #startedMs: number[] = [];

  constructor(
    store: LogStore,
    environment: Environment,
    counters: GroupCounters,
    owner: LogWriterOwner,
  ) {
    this.#store = store;
    this.#environment = environment;
    this.#counters = counters;
    this.#owner = owner;
  }

  /** How long the oldest write has been under way, 0 for none. */
  waitingMs(nowMs: number): number {
    const oldest = this.#startedMs[0];
    return oldest === undefined ? 0 : nowMs - oldest;
  }

  write(work: AppendWork): void {
    const { hardState, entries, installSnapshot } = work;
    const snapshot =
      installSnapshot === undefined ? undefined : { info: installSnapshot, replacesLog: true };
    for (const entry of entries) this.#counters.logBytes += entry.payload.length;
    this.#append({ hardState, entries, snapshot, sync: work.mustSync }, () =>
      this.#owner.durable(work),
    );
  }

  /** Marks a snapshot that was made here; `then` runs when the mark is durable. */
  mark(batch: LogBatch, then: () => void): void {
    this.#append(batch, then);
  }

  #append(batch: LogBatch, then: () => void): void {
    const startedMs = this.#environment.nowMs();
    this.#startedMs.push(startedMs);
    this.#counters.logAppends += 1;
    this.#store.append(batch).then(
      () => {
        this.#startedMs.shift();
        const tookMs = this.#environment.nowMs() - startedMs;
        this.#counters.logAppendMs += tookMs;
        if (tookMs > this.#counters.logAppendMsMax) this.#counters.logAppendMsMax = tookMs;
        then();
      },
      (error: unknown) => this.#owner.writeFailed(error),
    );
  }
}
