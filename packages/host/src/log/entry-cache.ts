import type { Entry, LogIndex } from "@quorate/core";

/** What an entry costs in memory beyond its payload: two objects and a place in the list. */
const ENTRY_OVERHEAD_BYTES = 128;
/** Freed places at the front are given back in blocks of this many at least, so that eviction costs nothing per entry. */
const FREED_PLACES_MIN = 1_024;

/** The newest entries of the log in memory: always a gapless run up to the last. */
export class EntryCache {
  #entries: (Entry | undefined)[] = [];
  #head = 0;
  #firstIndex: LogIndex;
  #bytes = 0;

  constructor(firstIndex: LogIndex) {
    this.#firstIndex = firstIndex;
  }

  /** Index of the oldest entry held, one behind the last when none is. */
  get firstIndex(): LogIndex {
    return this.#firstIndex;
  }

  get nextIndex(): LogIndex {
    return this.#firstIndex + this.#entries.length - this.#head;
  }

  /** Payloads with an allowance for the objects around them. */
  get bytes(): number {
    return this.#bytes;
  }

  at(index: LogIndex): Entry | undefined {
    return index < this.#firstIndex
      ? undefined
      : this.#entries[this.#head + index - this.#firstIndex];
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
    this.#bytes += entry.payload.length + ENTRY_OVERHEAD_BYTES;
  }

  /** Puts an equal entry with other payload memory in the place of `old`, if that is still there. */
  exchange(old: Entry, entry: Entry): void {
    const place = this.#head + old.index - this.#firstIndex;
    if (place >= this.#head && this.#entries[place] === old) this.#entries[place] = entry;
  }

  /** Drops everything after `last`. */
  truncate(last: LogIndex): void {
    if (last < this.#firstIndex) {
      this.reset(last + 1);
      return;
    }
    const end = this.#head + last + 1 - this.#firstIndex;
    for (let place = end; place < this.#entries.length; place += 1) this.#forget(place);
    this.#entries.length = Math.min(end, this.#entries.length);
  }

  reset(firstIndex: LogIndex): void {
    this.#entries = [];
    this.#head = 0;
    this.#firstIndex = firstIndex;
    this.#bytes = 0;
  }

  /** Lets the oldest go until `bytesMax` is met, but none after `durable`: the disk does not have those yet. */
  evict(bytesMax: number, durable: LogIndex): void {
    while (
      this.#bytes > bytesMax &&
      this.#firstIndex <= durable &&
      this.#head < this.#entries.length
    ) {
      this.#forget(this.#head);
      this.#entries[this.#head] = undefined;
      this.#head += 1;
      this.#firstIndex += 1;
    }
    if (this.#head >= FREED_PLACES_MIN && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Entries [low, high) cut after `bytesMax` of payload, but at least one. The caller has checked that `low` is held. */
  slice(low: LogIndex, high: LogIndex, bytesMax: number): readonly Entry[] {
    const from = this.#head + low - this.#firstIndex;
    const to = Math.min(this.#entries.length, from + high - low);
    const taken: Entry[] = [];
    let bytes = 0;
    for (let place = from; place < to; place += 1) {
      const entry = this.#entries[place] as Entry;
      bytes += entry.payload.length;
      if (bytes > bytesMax && taken.length > 0) break;
      taken.push(entry);
    }
    return taken;
  }

  #forget(place: number): void {
    const entry = this.#entries[place];
    if (entry !== undefined) this.#bytes -= entry.payload.length + ENTRY_OVERHEAD_BYTES;
  }
}
