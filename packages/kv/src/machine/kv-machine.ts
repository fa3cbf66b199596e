import type { LogPosition, SnapshotInfo } from "@quorate/core";
import type { Committed, OpenedState, SnapshotSource, StateMachine } from "@quorate/host";
import { authorizeQuery } from "../auth/authorize.ts";
import { TokenTable } from "../auth/token-table.ts";
import { NO_BYTES } from "../bytes/bytes.ts";
import { Fingerprint } from "../bytes/fingerprint.ts";
import type { KvCommand } from "../command.ts";
import type { Revision } from "../key-value.ts";
import { LeaseClock, type LeaseClockOptions } from "../lease/lease-clock.ts";
import { LeaseTable } from "../lease/lease-table.ts";
import { hashKv } from "../mvcc/hash-kv.ts";
import { NEVER_COMPACTED } from "../mvcc/mvcc-store.ts";
import { checkRevision } from "../mvcc/range.ts";
import { Sweeper } from "../mvcc/sweeper.ts";
import type { HashKvQuery, KvQuery } from "../query.ts";
import type { KvAnswer, KvResult, StandingAlarm, StatusResult } from "../result.ts";
import { KvSnapshotSource } from "../snapshot/snapshot-writer.ts";
import type { OrderedStore } from "../store/ordered-store.ts";
import { StoreFullError } from "../store/store-full-error.ts";
import { WatchHub } from "../watch/watch-hub.ts";
import { answerQuery } from "./answer-query.ts";
import { applyCommand } from "./apply-command.ts";
import { KvState } from "./kv-state.ts";
import { loadState } from "./load-state.ts";
import { AUTH_KEY, encodeAuth, encodeStoreMeta, META_KEY, type StateMeta } from "./meta.ts";
import { restoreState } from "./restore-state.ts";

/** What a machine works with. */
export interface KvMachineOptions {
  /** Where the state is kept. The machine owns it from now on and closes it. */
  readonly store: OrderedStore;
  /** Runs something after what is already due in this turn of the event loop (`Environment.defer`). */
  readonly defer: (run: () => void) => void;
  /** Runs something later. With it, watchers of busy keys get changes of some milliseconds together. */
  readonly after?: ((delayMs: number, run: () => void) => void) | undefined;
  readonly leaseClock?: LeaseClockOptions | undefined;
  /** How long an unused token stays valid, milliseconds. Default 5 minutes. */
  readonly tokenTtlMs?: number | undefined;
}

const DEFAULT_TOKEN_TTL_MS = 5 * 60 * 1000;

/** Changes that one step of compaction looks at, and blocks it frees of dead ones; about a millisecond each. */
const SWEEP_ROWS = 500;
const CLEAN_BLOCKS = 100;

const EMPTY_POSITION: LogPosition = { term: 0, index: 0 };

interface SweepWaiter {
  readonly revision: Revision;
  readonly resolve: () => void;
}

/**
 * The replicated key-value store with the semantics of etcd v3. Commands change memory at once; `flush` writes what
 * gathered there, in one transaction with the position in the log, while commands go on.
 */
export class KvMachine implements StateMachine<KvCommand, KvResult, KvQuery, KvAnswer> {
  /** Watches on this member. */
  readonly watch: WatchHub;
  /** Runs while this member leads: see `LeaseClock`. */
  readonly leaseClock: LeaseClock;
  /** Who the tokens stand for. */
  readonly tokens: TokenTable;
  readonly #store: OrderedStore;
  readonly #defer: (run: () => void) => void;
  #state: KvState;
  #sweeper: Sweeper;
  #sweeping = false;
  /** Blocks wait to be freed of dead rows. */
  #moreToClean = false;
  /** Hashes being computed: nothing is removed meanwhile. */
  #hashing = 0;
  #sweepWaiters: SweepWaiter[] = [];
  #storedBytes = 0;
  #lastFlush: Promise<void> = Promise.resolve();
  /** Why this machine must not be used any more. */
  #unusable: string | undefined;

  constructor(options: KvMachineOptions) {
    this.#store = options.store;
    this.#defer = options.defer;
    const leases = new LeaseTable();
    this.#state = new KvState(options.store, new Fingerprint(), leases);
    this.#sweeper = new Sweeper(this.#state.mvcc, NEVER_COMPACTED);
    this.watch = new WatchHub(this.#state, options);
    this.leaseClock = new LeaseClock(leases, options.leaseClock);
    this.tokens = new TokenTable(options.tokenTtlMs ?? DEFAULT_TOKEN_TTL_MS);
  }

  /** The current revision of the store. */
  get revision(): Revision {
    return this.#state.mvcc.revision;
  }

  get unflushedBytes(): number {
    return this.#state.mvcc.history.unflushedBytes + this.#state.leases.unflushedBytes;
  }

  /** Bytes that data takes in the store, or will when it is flushed. Cheap: the store was asked at the last flush. */
  get usedBytes(): number {
    return this.#storedBytes + this.unflushedBytes;
  }

  /** The alarms that stand. */
  get alarms(): readonly StandingAlarm[] {
    return this.#state.alarms.list();
  }

  async open(): Promise<OpenedState> {
    const loaded = await loadState(this.#store, () => this.#pause());
    if (loaded === undefined) return { position: EMPTY_POSITION, companion: NO_BYTES };
    this.#replaceState(loaded.state, loaded.meta.sweptRevision);
    return { position: loaded.meta.position, companion: loaded.meta.companion };
  }

  apply(batch: readonly Committed<KvCommand>[]): readonly KvResult[] {
    this.#checkUsable();
    const results: KvResult[] = new Array(batch.length);
    let bytes = this.unflushedBytes;
    for (let i = 0; i < batch.length; i++) {
      const committed = batch[i] as Committed<KvCommand>;
      const { command } = committed;
      // What watchers may still see of the past is decided before it is compacted.
      if (command.type === "compact") this.watch.notify();
      results[i] = this.#applyOne(command, committed);
      const { unflushedBytes } = this;
      this.watch.changed(unflushedBytes - bytes);
      bytes = unflushedBytes;
    }
    return results;
  }

  #applyOne(command: KvCommand, position: LogPosition): KvResult {
    const { mvcc, fingerprint } = this.#state;
    let result: KvResult;
    try {
      result = applyCommand(this.#state, command, position);
      mvcc.commit();
    } catch (error) {
      // Half of the command may have taken effect: neither reads nor flushes may show it.
      this.#unusable = "A command could not be applied.";
      throw error;
    }
    if (result.type !== "put") {
      fingerprint.addText(result.type === "error" ? result.code : result.type);
      fingerprint.addNumber(mvcc.revision);
      this.#follow(command, result);
    }
    return result;
  }

  /** What a command means for the parts that are not replicated. */
  #follow(command: KvCommand, result: KvResult): void {
    if (result.type === "error") return;
    switch (command.type) {
      case "compact":
        this.#scheduleSweep();
        break;
      case "authenticate":
        if (result.type === "authenticate") this.tokens.assign(result.token, command.name);
        break;
      case "userDelete":
      case "userChangePassword":
        this.tokens.dropUser(command.name);
        break;
      case "authDisable":
        this.tokens.clear();
        break;
      default:
    }
  }

  query(query: KvQuery): KvAnswer | Promise<KvAnswer> {
    this.#checkUsable();
    switch (query.type) {
      case "status":
        return authorizeQuery(this.#state, query) ?? this.#status();
      case "hashKv":
        return authorizeQuery(this.#state, query) ?? this.#hashKv(query);
      default:
        return answerQuery({ state: this.#state, leaseClock: this.leaseClock }, query);
    }
  }

  /** Size and shape, for this member itself: needs no permission. */
  status(): StatusResult {
    this.#checkUsable();
    return this.#status();
  }

  #status(): StatusResult {
    const { mvcc, leases, alarms, fingerprint } = this.#state;
    const size = this.#store.size();
    // What waits for a disk with room is there as well: it will take its place in the store.
    const inUseBytes = size.inUseBytes + this.unflushedBytes;
    return {
      type: "status",
      revision: mvcc.revision,
      compactRevision: mvcc.compactRevision,
      dbSizeBytes: Math.max(size.bytes, inUseBytes),
      dbSizeInUseBytes: inUseBytes,
      keys: mvcc.index.live,
      leases: leases.size,
      watchers: this.watch.stats.watchers,
      alarms: alarms.list(),
      unflushedBytes: this.unflushedBytes,
      stateHash: fingerprint.toString(),
    };
  }

  #hashKv(query: HashKvQuery): KvAnswer | Promise<KvAnswer> {
    const { mvcc } = this.#state;
    const hashRevision = query.revision === 0 ? mvcc.revision : query.revision;
    // As in etcd, before the first revision there is nothing, which can be hashed as well.
    const error = hashRevision < 0 ? undefined : checkRevision(mvcc, hashRevision, mvcc.revision);
    return error ?? this.#hashAt(this.#state, hashRevision, query);
  }

  async #hashAt(state: KvState, hashRevision: Revision, query: HashKvQuery): Promise<KvAnswer> {
    const { mvcc } = state;
    const { revision, compactRevision } = mvcc;
    this.#hashing++;
    try {
      const hash = await hashKv(mvcc, {
        revision: hashRevision,
        pause: async () => {
          await this.#pause();
          return this.#state === state && mvcc.compactRevision === compactRevision;
        },
      });
      if (hash !== undefined) {
        return { type: "hashKv", hash, compactRevision, hashRevision, revision };
      }
    } finally {
      this.#hashing--;
      this.#scheduleSweep();
    }
    // Compacted or restored meanwhile: the hash is another one now.
    return this.query(query);
  }

  beginSnapshot(): SnapshotSource {
    this.#checkUsable();
    const { mvcc, leases, auth } = this.#state;
    return new KvSnapshotSource({
      meta: this.#meta(this.#sweeper.sweptRevision),
      pairs: [...leases.records(), [AUTH_KEY, encodeAuth(auth)]],
      history: mvcc.history.pin(),
    });
  }

  async restore(
    info: SnapshotInfo,
    chunks: AsyncIterable<Uint8Array>,
    companion: Uint8Array,
  ): Promise<void> {
    this.#unusable = "A snapshot is being restored, or was not restored completely.";
    await this.#lastFlush;
    const position = { term: info.term, index: info.index };
    const restored = await restoreState(this.#store, chunks, { position, companion });
    this.#replaceState(restored.state, restored.sweptRevision);
    this.tokens.clear();
    this.#unusable = undefined;
  }

  flush(applied: LogPosition, companion: Uint8Array): Promise<void> {
    if (this.#unusable !== undefined) return Promise.reject(new Error(this.#unusable));
    // Before anything is taken out of memory: what cannot be written stays there, and in the log.
    if (this.#store.hasRoomFor?.(this.unflushedBytes) === false) {
      return Promise.reject(new StoreFullError());
    }
    // What watchers have not seen is found among the rows that memory keeps.
    this.watch.notify();
    const { mvcc, leases, auth } = this.#state;
    const sweptRevision = this.#sweeper.sweptRevision;
    const meta = encodeStoreMeta({ ...this.#meta(sweptRevision), position: applied, companion });
    const authRecord = auth.changed ? encodeAuth(auth) : undefined;
    auth.changed = false;
    const writeLeases = leases.seal();
    const history = mvcc.history.seal();
    this.#lastFlush = this.#lastFlush.then(async () => {
      await this.#store.write((batch) => {
        batch.put(META_KEY, meta);
        if (authRecord !== undefined) batch.put(AUTH_KEY, authRecord);
        writeLeases(batch);
        history.write(batch);
      });
      history.written();
      this.#storedBytes = this.#store.size().inUseBytes;
      // Blocks that were too new to be cleaned may be cleaned now.
      this.#moreToClean ||= this.#sweeper.sweptRevision > 0;
      this.#scheduleSweep();
    });
    return this.#lastFlush;
  }

  /** Resolves when what a compaction at `revision` made superfluous is removed. */
  whenSwept(revision: Revision): Promise<void> {
    if (this.#sweeper.sweptRevision >= revision && !this.#moreToClean) return Promise.resolve();
    return new Promise((resolve) => {
      this.#sweepWaiters.push({ revision, resolve });
    });
  }

  async close(): Promise<void> {
    this.#unusable = "The machine is closed.";
    await this.#lastFlush.catch(() => undefined);
    await this.#store.close();
    this.#wakeSweepWaiters(Number.POSITIVE_INFINITY);
  }

  #meta(sweptRevision: Revision): StateMeta {
    const { mvcc, alarms, fingerprint } = this.#state;
    return {
      revision: mvcc.revision,
      compactRevision: mvcc.compactRevision,
      sweptRevision,
      fingerprintA: fingerprint.a,
      fingerprintB: fingerprint.b,
      alarms: alarms.list(),
    };
  }

  #replaceState(state: KvState, sweptRevision: Revision): void {
    this.#state = state;
    this.#sweeper = new Sweeper(state.mvcc, sweptRevision);
    this.#storedBytes = this.#store.size().inUseBytes;
    this.leaseClock.follow(state.leases);
    this.watch.replaced(state);
    this.#moreToClean = true;
    this.#scheduleSweep();
  }

  #scheduleSweep(): void {
    const done = this.#sweeper.isDone && !this.#moreToClean;
    if (done) this.#wakeSweepWaiters(this.#sweeper.sweptRevision);
    if (done || this.#sweeping || this.#hashing > 0) return;
    this.#sweeping = true;
    this.#defer(() => {
      this.#sweeping = false;
      if (this.#unusable !== undefined) return;
      this.#sweeper.step(SWEEP_ROWS);
      this.#moreToClean = this.#state.mvcc.history.cleanBlocks(CLEAN_BLOCKS);
      this.#scheduleSweep();
    });
  }

  #wakeSweepWaiters(revision: Revision): void {
    if (this.#sweepWaiters.length === 0) return;
    const due = this.#sweepWaiters.filter((waiter) => waiter.revision <= revision);
    this.#sweepWaiters = this.#sweepWaiters.filter((waiter) => waiter.revision > revision);
    for (const { resolve } of due) resolve();
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => this.#defer(resolve));
  }

  #checkUsable(): void {
    if (this.#unusable !== undefined) throw new Error(this.#unusable);
  }
}
