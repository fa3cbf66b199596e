import type { KvCommand } from "../../src/command.ts";
import { KvMachine, type KvMachineOptions } from "../../src/machine/kv-machine.ts";
import type { KvQuery } from "../../src/query.ts";
import type { KvAnswer, KvResult } from "../../src/result.ts";
import type { OrderedStore } from "../../src/store/ordered-store.ts";

/** Runs what was deferred when told to, so that tests decide when. */
export class Deferred {
  #runs: (() => void)[] = [];
  readonly defer = (run: () => void): void => {
    this.#runs.push(run);
  };

  get waiting(): number {
    return this.#runs.length;
  }

  /** Runs what waits now; what that defers waits for the next call. False if nothing waited. */
  step(): boolean {
    const runs = this.#runs;
    this.#runs = [];
    for (const run of runs) run();
    return runs.length > 0;
  }

  /** Runs until nothing waits. */
  drain(): void {
    while (this.step());
  }
}

/** A machine as a host drives it: numbers commands, flushes, crashes, snapshots. */
export class MachineDriver {
  readonly deferred: Deferred = new Deferred();
  readonly store: OrderedStore;
  readonly machine: KvMachine;
  index = 0;

  constructor(store: OrderedStore, more: Partial<KvMachineOptions> = {}) {
    this.store = store;
    this.machine = new KvMachine({ store, defer: this.deferred.defer, ...more });
  }

  /** Opens what the store holds. */
  static async open(store: OrderedStore): Promise<MachineDriver> {
    const driver = new MachineDriver(store);
    driver.index = (await driver.settle(driver.machine.open())).position.index;
    return driver;
  }

  apply(command: KvCommand): KvResult {
    return this.applyTogether([command])[0] as KvResult;
  }

  /** As one portion, in an entry each. */
  applyTogether(commands: readonly KvCommand[]): readonly KvResult[] {
    const portion = commands.map((command) => {
      this.index++;
      return { term: 1, index: this.index, slot: 0, proposedAtMs: 0, command };
    });
    return this.machine.apply(portion);
  }

  query(query: KvQuery): KvAnswer {
    const answer = this.machine.query(query);
    if (answer instanceof Promise) throw new Error("This answer takes time.");
    return answer;
  }

  flush(companion: Uint8Array = Uint8Array.of()): Promise<void> {
    return this.machine.flush({ term: 1, index: this.index }, companion);
  }

  /** Waits for a promise while deferred work goes on. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const watched = promise.finally(() => {
      settled = true;
    });
    while (!settled) {
      this.deferred.step();
      await Promise.race([watched.catch(() => undefined), tick()]);
    }
    return watched;
  }

  async snapshot(): Promise<Uint8Array[]> {
    const source = this.machine.beginSnapshot();
    const chunks: Uint8Array[] = [];
    for await (const chunk of source.chunks()) chunks.push(chunk.slice());
    source.release();
    return chunks;
  }

  /** Takes over a snapshot that was taken when `from` had applied `index`. */
  async restore(chunks: readonly Uint8Array[], index: number): Promise<void> {
    const info = {
      term: 1,
      index,
      membership: { voters: [1], votersOutgoing: [], learners: [], learnersNext: [] },
      id: "test",
      bytes: 0,
    };
    await this.settle(this.machine.restore(info as never, stream(chunks), Uint8Array.of(1, 2, 3)));
    this.index = index;
  }

  async stateHash(): Promise<string> {
    return this.machine.status().stateHash;
  }
}

function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function* stream(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield chunk;
}
