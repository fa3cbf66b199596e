import type { Entry, LogIndex } from "@quorate/core";

/** What stood at each index of one member's log, and since when: any state of the log costs a search, never a copy. */
export class EntryHistory {
  readonly #slots: Map<LogIndex, Slot> = new Map();

  put(entry: Entry, moment: number): void {
    const slot = this.#slots.get(entry.index);
    if (slot === undefined) {
      this.#slots.set(entry.index, { moments: [moment], entries: [entry] });
      return;
    }
    slot.moments.push(moment);
    slot.entries.push(entry);
  }

  newest(index: LogIndex): Entry | undefined {
    return this.#slots.get(index)?.entries.at(-1);
  }

  /** What stood at `index` at `moment`; whether the log reached so far then is for the caller to know. */
  at(index: LogIndex, moment: number): Entry | undefined {
    const slot = this.#slots.get(index);
    if (slot === undefined) return undefined;
    const place = lastAtMost(slot.moments, moment);
    return place < 0 ? undefined : slot.entries[place];
  }

  upTo(moment: number): EntryHistory {
    const copy = new EntryHistory();
    for (const [index, { moments, entries }] of this.#slots) {
      const count = lastAtMost(moments, moment) + 1;
      if (count === 0) continue;
      copy.#slots.set(index, {
        moments: moments.slice(0, count),
        entries: entries.slice(0, count),
      });
    }
    return copy;
  }
}

interface Slot {
  readonly moments: number[];
  readonly entries: Entry[];
}

/** Place of the last number that is at most `limit` in numbers that never fall; -1 when all are greater. */
export function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
