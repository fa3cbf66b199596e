import type { LogPosition } from "@quorate/core";
import type { Committed } from "@quorate/host";
import { type KvCommand, KvMachine, MemoryStore, type WatchStream } from "@quorate/kv";
import type { WatchItem } from "../checkers/watch-validator.ts";
import { textOf } from "../oracles/reference-store.ts";
import { CrashableStore } from "../world/crashable-store.ts";

/** One change as a watcher was told of it, in order within its revision. */
export interface ToldChange {
  readonly revision: number;
  readonly key: string;
  readonly value: string | null;
  readonly previous: string | undefined;
}

/** A watcher of everything on one replica, which may be slow. */
export interface LabWatcher {
  readonly stream: WatchStream;
  /** The first revision that it wants. */
  readonly startRevision: number;
  readonly items: WatchItem[];
  readonly told: ToldChange[];
}

/** One machine on a store that forgets what was not written yet, with its own pace. */
export class LabReplica {
  readonly number: number;
  machine: KvMachine;
  position: LogPosition = { term: 0, index: 0 };
  watchers: LabWatcher[] = [];
  readonly #durable: MemoryStore = new MemoryStore();
  /** What the machine wants done later, and writes that are on their way to the disk. */
  #due: (() => void)[] = [];
  #life = 0;

  constructor(number: number) {
    this.number = number;
    this.machine = this.#newMachine();
  }

  /** Some of what waits happens. */
  async work(most: number): Promise<void> {
    for (let done = 0; done < most; done += 1) {
      const next = this.#due.shift();
      if (next === undefined) return;
      next();
      await settle();
    }
  }

  apply(batch: readonly Committed<KvCommand>[]): readonly unknown[] {
    const results = this.machine.apply(batch);
    const last = batch.at(-1);
    if (last !== undefined) this.position = { term: last.term, index: last.index };
    return results;
  }

  flush(): void {
    this.machine.flush(this.position, new Uint8Array(0)).catch(() => undefined);
  }

  /** The process ends, and another one opens what its store holds. */
  async restart(): Promise<void> {
    this.#life += 1;
    this.#due = [];
    this.watchers = [];
    this.machine = this.#newMachine();
    this.position = (await this.#workUntil(this.machine.open())).position;
  }

  /** It is brought up to date with the state of another. */
  async restoreFrom(other: LabReplica): Promise<void> {
    const source = other.machine.beginSnapshot();
    const chunks: Uint8Array[] = [];
    for await (const chunk of source.chunks()) chunks.push(chunk.slice());
    source.release();
    const { term, index } = other.position;
    const membership = {
      voters: [],
      outgoing: [],
      learners: [],
      learnersNext: [],
      autoLeave: false,
    };
    const info = { term, index, membership, id: `s${index}`, bytes: 0 };
    await this.#workUntil(this.machine.restore(info, each(chunks), new Uint8Array(0)));
    this.position = { term, index };
  }

  watch(startRevision: number, wantsPrevious: boolean): void {
    const stream = this.machine.watch.openStream(() => undefined);
    const wanted = startRevision === 0 ? this.machine.revision + 1 : startRevision;
    stream.create({
      key: new Uint8Array(0),
      rangeEnd: Uint8Array.of(0),
      startRevision,
      watchId: 0,
      noPut: false,
      noDelete: false,
      prevKv: wantsPrevious,
      progressNotify: false,
    });
    this.watchers.push({ stream, startRevision: wanted, items: [], told: [] });
  }

  /** Takes what waits for a watcher; false when its stream has ended. */
  take(watcher: LabWatcher, bytesMax: number): boolean {
    let isOpen = true;
    for (const response of watcher.stream.take(bytesMax)) {
      if (response.type === "events") {
        const changes = response.batch.events.map(({ kind, kv, prevKv }) => ({
          key: textOf(kv.key),
          value: kind === "put" ? textOf(kv.value) : null,
          revision: kv.modRevision,
          previous: prevKv === undefined ? undefined : textOf(prevKv.value),
        }));
        watcher.items.push({ type: "changes", changes });
        watcher.told.push(...changes);
      } else if (response.type === "progress") {
        watcher.items.push({ type: "progress", revision: response.revision });
      } else if (response.type === "compacted") {
        watcher.items.push({ type: "compacted", compactedRevision: response.compactRevision });
        isOpen = false;
      }
    }
    return isOpen;
  }

  /** Nothing else happens until something that the machine does has come to its end. */
  async #workUntil<T>(doing: Promise<T>): Promise<T> {
    let isDone = false;
    const done = doing.finally(() => {
      isDone = true;
    });
    for (let round = 0; round < ROUNDS_MAX && !isDone; round += 1) {
      await settle();
      await this.work(8);
    }
    if (!isDone) throw new Error(`replica ${this.number} neither opens nor fails to`);
    return done;
  }

  #newMachine(): KvMachine {
    const life = this.#life;
    const isDead = (): boolean => life !== this.#life;
    const later = (run: () => void): void => {
      if (!isDead()) this.#due.push(run);
    };
    const store = new CrashableStore(
      this.#durable,
      () => new Promise<void>((resolve) => later(resolve)),
      isDead,
    );
    return new KvMachine({ store, defer: later });
  }
}

async function* each(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield chunk;
}

/** Opening and restoring a machine of a few keys takes less. */
const ROUNDS_MAX = 1_000;

/** Chains of promises of a machine are shorter. */
const SETTLE_TURNS = 24;

export async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await undefined;
}
