import type {
  Entry,
  HardState,
  LogIndex,
  LogPosition,
  Membership,
  SnapshotInfo,
  Term,
} from "@quorate/core";
import type { Environment } from "../../src/environment/environment.ts";
import type { GroupStorage } from "../../src/group/recovery.ts";
import type { HostStorage } from "../../src/host/host-storage.ts";
import type { LogEvent } from "../../src/log/log-event.ts";
import type { LogBatch, LogStore, RecoveredLog } from "../../src/log/log-store.ts";
import type { SnapshotStore, SnapshotWriter } from "../../src/snapshot/snapshot-store.ts";
import type { GroupId } from "../../src/transport/transport.ts";

/** What is durable of one group; outlives the stores that are opened on it. */
class Durable {
  hardState: HardState = { term: 0, vote: 0, commit: 0 };
  base: LogPosition = { term: 0, index: 0 };
  entries: Entry[] = [];
  markers: SnapshotInfo[] = [];
  readonly contents: Map<string, Uint8Array> = new Map();
}

/** Hooks for tests that need a slow or a failing disk. */
export interface DiskControl {
  delayMs: number;
  failure: Error | undefined;
  /** Entries below this distance from the end must be fetched. */
  cachedEntries: number;
}

/** A host's storage in memory: everything that became durable is there when a group is opened again. */
export class MemoryStorage implements HostStorage {
  readonly disk: DiskControl = { delayMs: 1, failure: undefined, cachedEntries: 1_000_000 };
  readonly #groups: Map<GroupId, Durable> = new Map();
  readonly #onEvent: Map<GroupId, (event: LogEvent) => void> = new Map();
  environment: Environment;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  async exists(group: GroupId): Promise<boolean> {
    return this.#groups.has(group);
  }

  async create(group: GroupId, first: LogBatch | undefined): Promise<void> {
    if (this.#groups.has(group)) throw new Error("exists");
    const durable = new Durable();
    this.#groups.set(group, durable);
    if (first !== undefined) {
      await new MemoryLog(this.environment, this.disk, durable).append(first);
    }
  }

  async open(group: GroupId, onEvent: (event: LogEvent) => void): Promise<GroupStorage> {
    const durable = this.#groups.get(group);
    if (durable === undefined) throw new Error("missing");
    this.#onEvent.set(group, onEvent);
    const log = new MemoryLog(this.environment, this.disk, durable);
    const recovered: RecoveredLog = {
      hardState: durable.hardState,
      firstIndex: log.firstIndex,
      last: log.last,
      snapshots: [...durable.markers],
      truncatedBytes: 0,
    };
    return { log, recovered, snapshots: new MemorySnapshots(durable) };
  }

  async remove(group: GroupId): Promise<void> {
    this.#groups.delete(group);
  }

  emit(group: GroupId, event: LogEvent): void {
    this.#onEvent.get(group)?.(event);
  }
}

class MemoryLog implements LogStore {
  readonly diskBytes = 0;
  readonly #environment: Environment;
  readonly #disk: DiskControl;
  readonly #durable: Durable;
  #base: LogPosition;
  #entries: Entry[];
  #closed = false;

  constructor(environment: Environment, disk: DiskControl, durable: Durable) {
    this.#environment = environment;
    this.#disk = disk;
    this.#durable = durable;
    this.#base = durable.base;
    this.#entries = [...durable.entries];
  }

  get firstIndex(): LogIndex {
    return this.#base.index + 1;
  }

  get lastIndex(): LogIndex {
    return this.#base.index + this.#entries.length;
  }

  get last(): LogPosition {
    const last = this.#entries.at(-1);
    return last === undefined ? this.#base : { term: last.term, index: last.index };
  }

  append(batch: LogBatch): Promise<void> {
    const { failure } = this.#disk;
    if (failure !== undefined) return Promise.reject(failure);
    const first = batch.entries[0];
    if (first !== undefined) {
      this.#entries.length = first.index - this.#base.index - 1;
      for (const entry of batch.entries) {
        this.#entries.push({ ...entry, payload: entry.payload.slice() });
      }
    }
    if (batch.snapshot?.replacesLog === true) {
      this.#base = { term: batch.snapshot.info.term, index: batch.snapshot.info.index };
      this.#entries = [];
    }
    const entries = [...this.#entries];
    const base = this.#base;
    return new Promise((resolve, reject) => {
      this.#environment.setTimer(this.#disk.delayMs, () => {
        if (this.#closed) return;
        if (this.#disk.failure !== undefined) {
          reject(this.#disk.failure);
          return;
        }
        this.#durable.entries = entries;
        this.#durable.base = base;
        if (batch.hardState !== undefined) this.#durable.hardState = batch.hardState;
        if (batch.snapshot !== undefined) {
          this.#durable.markers = [batch.snapshot.info, ...this.#durable.markers].slice(0, 2);
        }
        resolve();
      });
    });
  }

  term(index: LogIndex): Term | "compacted" | "unavailable" {
    if (index === this.#base.index) return this.#base.term;
    if (index < this.#base.index) return "compacted";
    return this.#entries[index - this.#base.index - 1]?.term ?? "unavailable";
  }

  cached(
    low: LogIndex,
    high: LogIndex,
    bytesMax: number,
  ): readonly Entry[] | "compacted" | "unavailable" | "loading" {
    if (low <= this.#base.index) return "compacted";
    if (high > this.lastIndex + 1) return "unavailable";
    if (low <= this.lastIndex - this.#disk.cachedEntries) return "loading";
    return this.#cut(low, high, bytesMax);
  }

  async read(low: LogIndex, high: LogIndex, bytesMax: number): Promise<readonly Entry[]> {
    await new Promise<void>((resolve) => this.#environment.setTimer(1, resolve));
    return this.#cut(low, high, bytesMax);
  }

  async compact(index: LogIndex): Promise<LogIndex> {
    const term = this.term(index);
    if (typeof term !== "number" || index <= this.#base.index) return this.firstIndex;
    this.#entries = this.#entries.slice(index - this.#base.index);
    this.#base = { term, index };
    this.#durable.entries = [...this.#entries];
    this.#durable.base = this.#base;
    return this.firstIndex;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #cut(low: LogIndex, high: LogIndex, bytesMax: number): readonly Entry[] {
    const cut: Entry[] = [];
    let bytes = 0;
    for (const entry of this.#entries.slice(
      low - this.#base.index - 1,
      high - this.#base.index - 1,
    )) {
      bytes += entry.payload.length;
      if (cut.length > 0 && bytes > bytesMax) break;
      cut.push(entry);
    }
    return cut;
  }
}

class MemorySnapshots implements SnapshotStore {
  readonly #durable: Durable;
  readonly #partial: Map<string, Uint8Array> = new Map();

  constructor(durable: Durable) {
    this.#durable = durable;
  }

  async list(): Promise<readonly SnapshotInfo[]> {
    return this.#durable.markers;
  }

  async create(info: Omit<SnapshotInfo, "bytes">): Promise<SnapshotWriter> {
    this.#partial.set(info.id, new Uint8Array(0));
    return this.#writer(info);
  }

  async resume(info: SnapshotInfo): Promise<SnapshotWriter | undefined> {
    return this.#partial.has(info.id) ? this.#writer(info) : undefined;
  }

  async *read(info: SnapshotInfo, fromByte: number): AsyncGenerator<Uint8Array> {
    const content = this.#durable.contents.get(info.id);
    if (content === undefined) throw new Error(`no snapshot ${info.id}`);
    for (let at = fromByte; at < content.length; at += 1_000) {
      yield content.slice(at, at + 1_000);
    }
  }

  async prune(keep: number, resumable: readonly string[]): Promise<void> {
    const kept = new Set(this.#durable.markers.slice(0, keep).map((info) => info.id));
    for (const id of this.#durable.contents.keys()) {
      if (!kept.has(id)) this.#durable.contents.delete(id);
    }
    for (const id of this.#partial.keys()) if (!resumable.includes(id)) this.#partial.delete(id);
  }

  #writer(info: {
    term: Term;
    index: LogIndex;
    membership: Membership;
    id: string;
  }): SnapshotWriter {
    const partial = this.#partial;
    const contents = this.#durable.contents;
    const written = (): Uint8Array => partial.get(info.id) ?? new Uint8Array(0);
    return {
      get durableBytes() {
        return written().length;
      },
      async write(chunk) {
        const whole = new Uint8Array(written().length + chunk.length);
        whole.set(written());
        whole.set(chunk, written().length);
        partial.set(info.id, whole);
      },
      async commit() {
        const content = written();
        contents.set(info.id, content);
        partial.delete(info.id);
        const { term, index, membership, id } = info;
        return { term, index, membership, id, bytes: content.length };
      },
      async discard() {
        partial.delete(info.id);
      },
    };
  }
}
