import type { LogIndex, LogPosition, RaftCore, SnapshotInfo } from "@quorate/core";
import type { Environment } from "../environment/environment.ts";
import type { QuorateError } from "../errors.ts";
import type { RecoveredLog } from "../log/log-store.ts";
import type { Companion } from "../session/companion.ts";
import type { Applier } from "./applier.ts";
import type { GroupCounters } from "./counters.ts";
import type { EventFeed } from "./event-feed.ts";
import { invalidArgument, snapshotFailed, stopped, storageFailed } from "./failures.ts";
import type { SnapshotPolicy } from "./group-spec.ts";
import type { LogAccess } from "./log-access.ts";
import type { LogWriter } from "./log-writer.ts";
import type { GroupStorage } from "./recovery.ts";
import type { SnapshotSource, StateMachine } from "./state-machine.ts";
import { writeSnapshot } from "./write-snapshot.ts";

/** An on-disk machine is asked to flush after so much: a restart replays at most this and what came meanwhile. */
const FLUSH_BYTES = 16 << 20;
const FLUSH_ENTRIES = 50_000;

/** And at the latest so long after something was applied. */
const FLUSH_INTERVAL_MS = 10_000;

/** Purging gives up whole segments; asking more often than this gains nothing. */
const COMPACT_ENTRIES_MIN = 256;

/** Complete snapshots kept on disk, so that there is one to fall back on. */
const SNAPSHOTS_KEPT = 2;

/** A build that failed is tried again after this. */
const REBUILD_MS = 5_000;

export interface KeeperGroup {
  readonly core: RaftCore;
  readonly applier: Pick<Applier<unknown, unknown>, "whenIdle" | "applied" | "companion">;
  readonly log: LogAccess;
  readonly writer: LogWriter;
  readonly feed: EventFeed;
  readonly counters: GroupCounters;
  readonly isRunning: boolean;
  readonly parts: {
    readonly environment: Environment;
    readonly storage: GroupStorage;
    readonly recovered: RecoveredLog;
    readonly snapshotPolicy: SnapshotPolicy;
  };
  /** Snapshots whose followers still need the log after them. */
  readonly outlet: { readonly oldestIndex: LogIndex | undefined };
  /** Snapshots on their way in, by their ids. */
  readonly intake: { readonly resumable: readonly string[] };
  schedule(): void;
  fail(error: QuorateError): void;
}

interface Requester {
  readonly resolve: (info: SnapshotInfo) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Decides when the group's state is saved and how much log is kept. A machine in memory is saved as a snapshot by the
 * policy; a machine with its own disk is flushed, and a snapshot of it is made when a member needs one.
 */
export class SnapshotKeeper {
  readonly #group: KeeperGroup;
  readonly #machine: StateMachine<never, unknown, never, unknown>;
  #newest: SnapshotInfo | undefined;
  #older: SnapshotInfo | undefined;
  #bytesSince = 0;
  #building = false;
  #wanted = false;
  #requesters: Requester[] = [];
  #notBeforeMs = 0;
  #flushing = false;
  /** The machine had no room for it. */
  #flushFailed = false;
  #flushed: LogIndex;
  #flushedAtMs: number;
  #compacting = false;
  #buildDone: Promise<void> | undefined;
  #flushDone: Promise<void> | undefined;
  #pruneDone: Promise<void> = Promise.resolve();

  constructor(group: KeeperGroup, machine: StateMachine<never, unknown, never, unknown>) {
    this.#group = group;
    this.#machine = machine;
    const { recovered, environment } = group.parts;
    [this.#newest, this.#older] = recovered.snapshots;
    this.#flushed = machine.flush === undefined ? 0 : group.applier.applied.index;
    this.#flushedAtMs = environment.nowMs();
  }

  get isBuilding(): boolean {
    return this.#building;
  }

  get newest(): SnapshotInfo | undefined {
    return this.#newest;
  }

  /** Settles when the snapshots that are superfluous by now are gone, as far as they could be removed. */
  get pruned(): Promise<void> {
    return this.#pruneDone;
  }

  /** Payload bytes were handed to the machine. */
  applied(bytes: number): void {
    this.#bytesSince += bytes;
  }

  /** A member needs a snapshot and there is none that fits. Called from within the core. */
  wanted(): void {
    this.#wanted = true;
    this.#group.schedule();
  }

  request(): Promise<SnapshotInfo> {
    return new Promise((resolve, reject) => {
      this.#requesters.push({ resolve, reject });
      this.#group.schedule();
    });
  }

  /** A received snapshot has become the state. */
  installed(info: SnapshotInfo): void {
    this.#older = this.#newest;
    this.#newest = info;
    this.#bytesSince = 0;
    if (this.#machine.flush !== undefined) this.#flushed = info.index;
    this.#prune();
  }

  /** Starts what is due; cheap when nothing is. */
  check(): void {
    if (!this.#building && this.#isDue()) this.#build();
    if (this.#machine.flush !== undefined && !this.#flushing) this.#flushIfDue();
  }

  tick(): void {
    this.check();
  }

  /** Waits for what is under way and, where `flush` is set, makes everything applied durable. */
  async close(flush: boolean): Promise<void> {
    await Promise.all([this.#buildDone, this.#flushDone]);
    const { position } = this.#group.applier.companion;
    if (!flush || this.#machine.flush === undefined || position.index <= this.#flushed) return;
    try {
      await this.#machine.flush(position, this.#group.applier.companion.encode());
    } catch (error) {
      // The log has it all: the next start replays a little more.
      if (!isFull(error)) throw error;
    }
  }

  failAll(cause: QuorateError | undefined): void {
    for (const { reject } of this.#requesters.splice(0)) reject(stopped("notApplied", cause));
  }

  #isDue(): boolean {
    const { environment, snapshotPolicy: policy } = this.#group.parts;
    if (this.#requesters.length > 0) return true;
    const isOnDisk = this.#machine.flush !== undefined;
    if (!this.#wanted && isOnDisk) return false;
    const entries = this.#group.applier.applied.index - (this.#newest?.index ?? 0);
    const isDue = entries >= policy.entriesMax || this.#bytesSince >= policy.bytesMax;
    return (this.#wanted || (isDue && entries > 0)) && environment.nowMs() >= this.#notBeforeMs;
  }

  #build(): void {
    this.#building = true;
    this.#group.applier.whenIdle(() => {
      if (!this.#group.isRunning) return;
      const { companion } = this.#group.applier;
      if (companion.position.index === 0) {
        this.#built(invalidArgument("There is nothing to save yet."));
        return;
      }
      if (this.#newest?.index === companion.position.index) {
        this.#built(this.#newest);
        return;
      }
      const source = this.#pin();
      if (source === undefined) return;
      const bytesSince = this.#bytesSince;
      this.#bytesSince = 0;
      this.#buildDone = this.#write(source, companion).then(
        (info) => this.#mark(info),
        (error: unknown) => {
          this.#bytesSince += bytesSince;
          this.#failed(error);
        },
      );
    });
  }

  #pin(): SnapshotSource | undefined {
    try {
      return this.#machine.beginSnapshot();
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  #write(source: SnapshotSource, companion: Companion): Promise<SnapshotInfo> {
    const { environment, storage } = this.#group.parts;
    const id = Math.floor(environment.random() * 2 ** 48)
      .toString(16)
      .padStart(12, "0");
    return writeSnapshot(storage.snapshots, id, source, companion);
  }

  /** The log vouches for it from here on; only then may anything before it go. */
  #mark(info: SnapshotInfo): void {
    if (!this.#group.isRunning) return;
    if (info.index < this.#group.parts.storage.log.firstIndex - 1) {
      // A newer one was received meanwhile.
      this.#failed(new Error("a newer snapshot has taken its place"));
      return;
    }
    const snapshot = { info, replacesLog: false };
    this.#group.writer.mark({ hardState: undefined, entries: [], snapshot, sync: true }, () => {
      this.#older = this.#newest;
      this.#newest = info;
      this.#group.counters.snapshotsBuilt += 1;
      this.#group.feed.emit({ type: "snapshot", phase: "built", peer: 0, info });
      this.#built(info);
      this.#prune();
      this.#compact();
    });
  }

  #built(outcome: SnapshotInfo | QuorateError): void {
    this.#building = false;
    const requesters = this.#requesters.splice(0);
    if (outcome instanceof Error) {
      for (const { reject } of requesters) reject(outcome);
      return;
    }
    this.#group.log.newestSnapshot = outcome;
    if (this.#wanted) {
      this.#wanted = false;
      this.#group.core.snapshotReady();
      this.#group.schedule();
    }
    for (const { resolve } of requesters) resolve(outcome);
  }

  #failed(error: unknown): void {
    const { environment } = this.#group.parts;
    this.#building = false;
    this.#notBeforeMs = environment.nowMs() + REBUILD_MS;
    this.#group.counters.snapshotsFailed += 1;
    const reason = error instanceof Error ? error.message : String(error);
    this.#group.feed.emit({ type: "snapshotFailed", phase: "build", peer: 0, reason });
    for (const { reject } of this.#requesters.splice(0)) reject(snapshotFailed(error));
  }

  #flushIfDue(): void {
    const { applied } = this.#group.applier;
    // A machine may also have tidied up by itself: what that frees is free once it is flushed.
    const unflushedBytes = this.#machine.unflushedBytes ?? 0;
    if (applied.index <= this.#flushed && unflushedBytes === 0) return;
    const { environment } = this.#group.parts;
    const isMuch = unflushedBytes >= FLUSH_BYTES || applied.index - this.#flushed >= FLUSH_ENTRIES;
    // A disk that was full is asked again at the usual interval, however much there is.
    const isDue =
      (isMuch && !this.#flushFailed) ||
      environment.nowMs() - this.#flushedAtMs >= FLUSH_INTERVAL_MS;
    if (!isDue) return;
    this.#flushing = true;
    this.#group.applier.whenIdle(() => this.#flush());
  }

  #flush(): void {
    const { companion } = this.#group.applier;
    const position: LogPosition = companion.position;
    this.#flushDone = this.#machine.flush?.(position, companion.encode()).then(
      () => {
        this.#flushing = false;
        this.#flushFailed = false;
        this.#flushed = Math.max(this.#flushed, position.index);
        this.#flushedAtMs = this.#group.parts.environment.nowMs();
        this.#compact();
      },
      (error: unknown) => {
        if (!isFull(error)) {
          this.#group.fail(storageFailed(error));
          return;
        }
        this.#flushing = false;
        this.#flushedAtMs = this.#group.parts.environment.nowMs();
        this.#flushFailed = true;
      },
    );
  }

  #prune(): void {
    if (this.#group.outlet.oldestIndex !== undefined) return;
    // A file that cannot be removed now is removed after the next snapshot.
    this.#pruneDone = this.#pruneTo(this.#newest?.index ?? 0).catch(() => undefined);
  }

  /** What is newer than the state's own snapshot was received, and waits for its turn to be installed. */
  async #pruneTo(newest: LogIndex): Promise<void> {
    const { snapshots } = this.#group.parts.storage;
    const waiting = (await snapshots.list()).filter(({ index }) => index > newest);
    await snapshots.prune(SNAPSHOTS_KEPT + waiting.length, this.#group.intake.resumable);
  }

  /** Gives up log that neither a restart nor a member that lags a little needs. */
  #compact(): void {
    const { storage, snapshotPolicy } = this.#group.parts;
    const saved =
      this.#machine.flush === undefined
        ? Math.min((this.#newest?.index ?? 0) - snapshotPolicy.keepEntries, this.#older?.index ?? 0)
        : this.#flushed - snapshotPolicy.keepEntries;
    const index = Math.min(saved, this.#group.outlet.oldestIndex ?? saved);
    const least = Math.min(COMPACT_ENTRIES_MIN, snapshotPolicy.entriesMax);
    if (this.#compacting || index - storage.log.firstIndex < least) return;
    this.#compacting = true;
    const before = storage.log.firstIndex;
    storage.log.compact(index).then(
      (firstIndex) => {
        this.#compacting = false;
        if (firstIndex > before) this.#group.feed.emit({ type: "logCompacted", firstIndex });
      },
      (error: unknown) => this.#group.fail(storageFailed(error)),
    );
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "STORAGE_FULL";
}
