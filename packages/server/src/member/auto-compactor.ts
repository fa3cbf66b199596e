import type { Environment, Timer } from "@quorate/host";
import type { AutoCompaction } from "../config/settings.ts";
import type { Logger } from "../log/logger.ts";
import type { ReplicatedStore } from "./replicated-store.ts";
import type { Standing } from "./standing.ts";

/** Looks per retention time; the history kept is exact to a tenth of it. */
const SAMPLES_PER_RETENTION = 10;
const LONGEST_INTERVAL_MS = 60 * 60 * 1000;
/** How often the number of revisions is looked at, in revision mode. */
const REVISION_INTERVAL_MS = 5 * 60 * 1000;

/**
 * Forgets old history without being asked: what is older than a time, or what lies more than a number of revisions
 * back. Every member keeps the time, only the leader acts, so that a change of leadership forgets nothing early.
 */
export class AutoCompactor {
  readonly #settings: AutoCompaction;
  readonly #store: ReplicatedStore;
  readonly #standing: Standing;
  readonly #environment: Environment;
  readonly #logger: Logger;
  /** Revisions seen at regular times, the oldest first. */
  readonly #samples: { readonly atMs: number; readonly revision: number }[] = [];
  #timer: Timer | undefined;
  #compacted = 0;
  #closed = false;

  constructor(
    settings: AutoCompaction,
    store: ReplicatedStore,
    standing: Standing,
    environment: Environment,
    logger: Logger,
  ) {
    this.#settings = settings;
    this.#store = store;
    this.#standing = standing;
    this.#environment = environment;
    this.#logger = logger;
    this.#schedule();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #schedule(): void {
    if (this.#closed || this.#settings.mode === "off") return;
    const interval =
      this.#settings.mode === "revision"
        ? REVISION_INTERVAL_MS
        : Math.min(this.#settings.retentionMs, LONGEST_INTERVAL_MS) / SAMPLES_PER_RETENTION;
    this.#timer = this.#environment.setTimer(interval, () => {
      const revision = this.#due();
      if (revision !== undefined && this.#standing.isLeader) this.#compact(revision);
      this.#schedule();
    });
  }

  #due(): number | undefined {
    switch (this.#settings.mode) {
      case "off":
        return undefined;
      case "revision": {
        const revision = this.#store.revision - this.#settings.retainedRevisions;
        return revision > this.#compacted ? revision : undefined;
      }
      case "periodic":
        return this.#dueByAge(this.#settings.retentionMs);
    }
  }

  #dueByAge(retentionMs: number): number | undefined {
    const nowMs = this.#environment.nowMs();
    this.#samples.push({ atMs: nowMs, revision: this.#store.revision });
    let due: number | undefined;
    for (;;) {
      const oldest = this.#samples[0];
      if (oldest === undefined || oldest.atMs > nowMs - retentionMs) break;
      due = oldest.revision;
      this.#samples.shift();
    }
    return due !== undefined && due > this.#compacted ? due : undefined;
  }

  #compact(revision: number): void {
    this.#store.proposeAsSystem({ type: "compact", revision }).then(
      (result) => {
        this.#compacted = revision;
        if (result.type !== "error") this.#logger.info("compacted old history", { revision });
      },
      (error: unknown) =>
        this.#logger.warn("old history could not be compacted", { error: String(error) }),
    );
  }
}
