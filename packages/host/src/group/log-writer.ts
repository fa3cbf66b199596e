import type { AppendWork, HardState } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import type { LogBatch, LogStore } from "../log/log-store.ts";
import type { GroupCounters } from "./counters.ts";

export interface LogWriterOwner {
  /** The work, and everything before it, is durable. */
  durable(work: AppendWork): void;
  /** The disk has failed: nothing that follows can become durable. */
  writeFailed(error: unknown): void;
}

/** A write that is under way, and what is told when it is done. */
interface Write {
  readonly startedMs: number;
  /** Works in order; the first is the written one, the others need no write of their own. */
  readonly works: AppendWork[];
}

/**
 * Hands the core's append works to the log store and tells when they are durable, in order, with their times. A work
 * that only moves the commit index travels with the next write, or with `flush`: losing it costs a restart nothing but
 * the wait for a leader, and at low load it would double the number of writes.
 */
export class LogWriter {
  readonly #store: LogStore;
  readonly #environment: Environment;
  readonly #counters: GroupCounters;
  readonly #owner: LogWriterOwner;
  /** Oldest first. */
  readonly #writes: Write[] = [];
  /** A commit index that waits for company. */
  #held: HardState | undefined;

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
    const oldest = this.#writes[0];
    return oldest === undefined ? 0 : nowMs - oldest.startedMs;
  }

  write(work: AppendWork): void {
    const { entries, installSnapshot, mustSync } = work;
    if (!mustSync && entries.length === 0 && installSnapshot === undefined) {
      this.#hold(work);
      return;
    }
    const hardState = work.hardState ?? this.#held;
    this.#held = undefined;
    const snapshot =
      installSnapshot === undefined ? undefined : { info: installSnapshot, replacesLog: true };
    for (const entry of entries) this.#counters.logBytes += entry.payload.length;
    this.#append({ hardState, entries, snapshot, sync: mustSync }, [work], undefined);
  }

  /** Marks a snapshot that was made here; `then` runs when the mark is durable. */
  mark(batch: LogBatch, then: () => void): void {
    this.#append(batch, [], then);
  }

  /** Writes a commit index that has waited long enough. */
  flush(): void {
    const hardState = this.#held;
    if (hardState === undefined || this.#writes.length > 0) return;
    this.#held = undefined;
    this.#append({ hardState, entries: [], snapshot: undefined, sync: false }, [], undefined);
  }

  #hold(work: AppendWork): void {
    this.#held = work.hardState ?? this.#held;
    const last = this.#writes.at(-1);
    if (last === undefined) this.#owner.durable(work);
    else last.works.push(work);
  }

  #append(batch: LogBatch, works: AppendWork[], then: (() => void) | undefined): void {
    const startedMs = this.#environment.nowMs();
    this.#writes.push({ startedMs, works });
    this.#counters.logAppends += 1;
    this.#store.append(batch).then(
      () => {
        this.#writes.shift();
        const tookMs = this.#environment.nowMs() - startedMs;
        this.#counters.logAppendMs += tookMs;
        if (tookMs > this.#counters.logAppendMsMax) this.#counters.logAppendMsMax = tookMs;
        then?.();
        for (const work of works) this.#owner.durable(work);
      },
      (error: unknown) => this.#owner.writeFailed(error),
    );
  }
}
