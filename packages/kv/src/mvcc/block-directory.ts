import type { Revision } from "../key-value.ts";
import type { BlockName } from "./block.ts";

/** What is known about a block without reading it. */
export interface BlockEntry extends BlockName {
  /** Rows in it. 0: the block is gone. */
  rows: number;
  /** Rows in it that nobody can ask for any more, as pairs of revision and sub. */
  dead: number[];
  /** Its bytes, as long as the store does not have all of them. */
  resident: ResidentBlock | undefined;
}

/** A block in memory. Bytes below `used` are never changed. */
export interface ResidentBlock {
  readonly bytes: Uint8Array;
  used: number;
  /** Bytes that a flush has taken. */
  sealed: number;
  /** Bytes that the store has. */
  stored: number;
}

const NO_DEAD: number[] = [];

export function newBlockEntry(revision: Revision, sub: number): BlockEntry {
  return { revision, sub, rows: 0, dead: NO_DEAD, resident: undefined };
}

/** Blocks that are gone are forgotten when they are this part of all. */
const GONE_PART = 1 / 4;
const GONE_MIN = 64;

/** All blocks in order. Knows which one a row is in without asking the store. */
export class BlockDirectory {
  #revisions: Float64Array = new Float64Array(64);
  #entries: BlockEntry[] = [];
  #gone = 0;

  get size(): number {
    return this.#entries.length;
  }

  /** The entry must come after all others. */
  push(entry: BlockEntry): void {
    const count = this.#entries.length;
    if (count === this.#revisions.length) {
      const grown = new Float64Array(2 * count);
      grown.set(this.#revisions);
      this.#revisions = grown;
    }
    this.#revisions[count] = entry.revision;
    this.#entries.push(entry);
  }

  /** The block that a row is in, if it is in any. */
  find(revision: Revision, sub: number): BlockEntry | undefined {
    const revisions = this.#revisions;
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((revisions[middle] as number) <= revision) low = middle + 1;
      else high = middle;
    }
    // Large transactions span blocks of the same revision.
    let place = low - 1;
    let entry = this.#entries[place];
    while (entry !== undefined && entry.revision === revision && entry.sub > sub) {
      entry = this.#entries[--place];
    }
    return entry;
  }

  /** The block has no rows left. */
  drop(entry: BlockEntry): void {
    entry.rows = 0;
    entry.dead = NO_DEAD;
    this.#gone++;
    if (this.#gone < GONE_MIN || this.#gone < this.#entries.length * GONE_PART) return;
    this.#entries = this.#entries.filter((other) => other.rows > 0);
    for (let i = 0; i < this.#entries.length; i++) {
      this.#revisions[i] = (this.#entries[i] as BlockEntry).revision;
    }
    this.#gone = 0;
  }
}
