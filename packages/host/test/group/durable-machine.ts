import type { LogPosition } from "@quorate/core";
import { CounterMachine } from "./counter-machine.ts";

/** What a durable machine has on its disk: outlives the machine objects. */
export interface MachineDisk {
  position: LogPosition;
  companion: Uint8Array;
  counts: [string, number][];
  order: string[];
  flushes: number;
}

/** A machine with its own durable state, written behind the log. */
export class DurableMachine extends CounterMachine {
  readonly disk: MachineDisk;
  unflushedBytes = 0;
  replayed = 0;

  constructor(disk: MachineDisk) {
    super();
    this.disk = disk;
  }

  override open(): { position: LogPosition; companion: Uint8Array } {
    for (const [word, count] of this.disk.counts) this.counts.set(word, count);
    this.order.push(...this.disk.order);
    this.position = this.disk.position;
    return { position: this.disk.position, companion: this.disk.companion };
  }

  override apply(
    batch: Parameters<CounterMachine["apply"]>[0],
  ): ReturnType<CounterMachine["apply"]> {
    for (const { index } of batch) {
      if (index <= this.disk.position.index) throw new Error("applied again");
    }
    this.replayed += batch.length;
    return super.apply(batch);
  }

  async flush(applied: LogPosition, companion: Uint8Array): Promise<void> {
    const counts = [...this.counts];
    const order = [...this.order];
    await undefined;
    Object.assign(this.disk, { position: applied, companion, counts, order });
    this.disk.flushes += 1;
  }
}

export function emptyMachineDisk(): MachineDisk {
  return {
    position: { term: 0, index: 0 },
    companion: new Uint8Array(0),
    counts: [],
    order: [],
    flushes: 0,
  };
}
