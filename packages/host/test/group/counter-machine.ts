import type { LogPosition, SnapshotInfo } from "@quorate/core";
import type {
  Codec,
  Committed,
  SnapshotSource,
  StateMachine,
} from "../../src/group/state-machine.ts";

/** A command that sets a word, and says how often that word was set before. */
export interface SetWord {
  readonly word: string;
}

export const words: Codec<SetWord> = {
  encode: ({ word }) => new TextEncoder().encode(word),
  decode: (bytes) => ({ word: new TextDecoder().decode(bytes) }),
};

export const numbers: Codec<number> = {
  encode: (value) => new TextEncoder().encode(String(value)),
  decode: (bytes) => Number(new TextDecoder().decode(bytes)),
};

/** Counts words: applying the same command twice shows. */
export class CounterMachine implements StateMachine<SetWord, number, string, number> {
  readonly counts: Map<string, number> = new Map();
  readonly order: string[] = [];
  position: LogPosition = { term: 0, index: 0 };
  /** Makes `apply` answer later. */
  delay: ((run: () => void) => void) | undefined;
  applying = false;

  open(): { position: LogPosition; companion: Uint8Array } {
    return { position: { term: 0, index: 0 }, companion: new Uint8Array(0) };
  }

  apply(batch: readonly Committed<SetWord>[]): readonly number[] | Promise<readonly number[]> {
    if (this.applying) throw new Error("apply while applying");
    if (this.delay === undefined) return this.#applyAll(batch);
    this.applying = true;
    return new Promise((resolve) => {
      this.delay?.(() => {
        this.applying = false;
        resolve(this.#applyAll(batch));
      });
    });
  }

  query(word: string): number {
    if (this.applying) throw new Error("a query while applying");
    return this.counts.get(word) ?? 0;
  }

  beginSnapshot(): SnapshotSource {
    if (this.applying) throw new Error("a snapshot while applying");
    const text = JSON.stringify({ counts: [...this.counts], order: this.order });
    const bytes = new TextEncoder().encode(text);
    return {
      async *chunks() {
        for (let at = 0; at < bytes.length; at += 700) yield bytes.slice(at, at + 700);
      },
      release: () => undefined,
    };
  }

  async restore(info: SnapshotInfo, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    const { counts, order } = JSON.parse(Buffer.concat(parts).toString("utf8")) as {
      counts: [string, number][];
      order: string[];
    };
    this.counts.clear();
    for (const [word, count] of counts) this.counts.set(word, count);
    this.order.length = 0;
    this.order.push(...order);
    this.position = { term: info.term, index: info.index };
  }

  async close(): Promise<void> {}

  #applyAll(batch: readonly Committed<SetWord>[]): number[] {
    return batch.map(({ term, index, command: { word } }) => {
      if (index < this.position.index) throw new Error("out of order");
      this.position = { term, index };
      const count = (this.counts.get(word) ?? 0) + 1;
      this.counts.set(word, count);
      this.order.push(word);
      return count;
    });
  }
}
