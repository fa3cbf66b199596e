import type { SnapshotInfo } from "@quorate/core";
import type { Committed, OpenedState, SnapshotSource, StateMachine } from "@quorate/host";

/** Hears what a machine is made to do. */
export interface MachineWitness<C, R> {
  opened(index: number): void;
  applied(batch: readonly Committed<C>[], results: readonly R[]): void;
  restored(info: SnapshotInfo): void;
}

/** Passes everything on to the real machine and tells the witness. */
export class RecordingMachine<C, R, Q, A> implements StateMachine<C, R, Q, A> {
  readonly #machine: StateMachine<C, R, Q, A>;
  readonly #witness: MachineWitness<C, R>;
  readonly #flushPressure: number;
  readonly #applyTime: () => Promise<void> | undefined;
  readonly flush?: (
    applied: { readonly term: number; readonly index: number },
    companion: Uint8Array,
  ) => Promise<void>;

  /**
   * @param flushPressure - Every byte that is not flushed counts so many times: hosts ask for flushes by the megabyte, and
   *   simulated machines are small.
   * @param keepsState - False: the host takes it for a machine in memory, which comes back from snapshots alone.
   * @param applyTime - Resolves when the machine gets to the commands it was given; undefined for at once.
   */
  constructor(
    machine: StateMachine<C, R, Q, A>,
    witness: MachineWitness<C, R>,
    flushPressure: number = 1,
    keepsState: boolean = true,
    applyTime: () => Promise<void> | undefined = () => undefined,
  ) {
    this.#applyTime = applyTime;
    this.#machine = machine;
    this.#witness = witness;
    this.#flushPressure = flushPressure;
    if (keepsState && machine.flush !== undefined) {
      this.flush = (applied, companion) => machine.flush?.(applied, companion) ?? Promise.resolve();
    }
  }

  get unflushedBytes(): number {
    return (this.#machine.unflushedBytes ?? 0) * this.#flushPressure;
  }

  async open(): Promise<OpenedState> {
    const opened = await this.#machine.open();
    this.#witness.opened(opened.position.index);
    return opened;
  }

  apply(batch: readonly Committed<C>[]): readonly R[] | Promise<readonly R[]> {
    const begins = this.#applyTime();
    return begins === undefined ? this.#apply(batch) : begins.then(() => this.#apply(batch));
  }

  #apply(batch: readonly Committed<C>[]): readonly R[] | Promise<readonly R[]> {
    const results = this.#machine.apply(batch);
    if (results instanceof Promise) {
      return results.then((settled) => {
        this.#witness.applied(batch, settled);
        return settled;
      });
    }
    this.#witness.applied(batch, results);
    return results;
  }

  query(query: Q): A | Promise<A> {
    return this.#machine.query(query);
  }

  beginSnapshot(): SnapshotSource {
    return this.#machine.beginSnapshot();
  }

  async restore(
    info: SnapshotInfo,
    chunks: AsyncIterable<Uint8Array>,
    companion: Uint8Array,
  ): Promise<void> {
    await this.#machine.restore(info, chunks, companion);
    this.#witness.restored(info);
  }

  close(): Promise<void> {
    return this.#machine.close();
  }
}
