import type { Entry, LogIndex } from "@quorate/core";

/** Followers far apart read at different places; more than this many places at once are served from the disk again. */
const WINDOWS_MAX = 16;

interface Window {
  readonly firstIndex: LogIndex;
  readonly entries: readonly Entry[];
  /** What the window keeps in memory: the bytes read, whatever part of them is used. */
  readonly bytes: number;
}

/**
 * Entries that were fetched from the disk, kept for the question that follows the answer `loading`. The longest unused
 * go first, and all go when the log is cut.
 */
export class ReadWindows {
  readonly #bytesMax: number;
  /** Most recently used last. */
  #windows: Window[] = [];
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Entries [low, high), as many as there are and `bytesMax` of payload allow; undefined when `low` is not here. */
  find(low: LogIndex, high: LogIndex, bytesMax: number): readonly Entry[] | undefined {
    for (let place = this.#windows.length - 1; place >= 0; place -= 1) {
      const window = this.#windows[place] as Window;
      const from = low - window.firstIndex;
      if (from < 0 || from >= window.entries.length) continue;
      this.#windows.splice(place, 1);
      this.#windows.push(window);
      return cutEntries(
        window.entries,
        from,
        Math.min(window.entries.length, from + high - low),
        bytesMax,
      );
    }
    return undefined;
  }

  add(entries: readonly Entry[], bytes: number): void {
    const first = entries[0];
    if (first === undefined) return;
    this.#windows.push({ firstIndex: first.index, entries, bytes });
    this.#bytes += bytes;
    while (
      this.#windows.length > 1 &&
      (this.#bytes > this.#bytesMax || this.#windows.length > WINDOWS_MAX)
    ) {
      this.#bytes -= this.#windows.shift()?.bytes ?? 0;
    }
  }

  clear(): void {
    this.#windows = [];
    this.#bytes = 0;
  }
}

/** `entries` [from, to), cut after `bytesMax` of payload but never empty. */
export function cutEntries(
  entries: readonly Entry[],
  from: number,
  to: number,
  bytesMax: number,
): readonly Entry[] {
  let bytes = 0;
  for (let place = from; place < to; place += 1) {
    bytes += (entries[place] as Entry).payload.length;
    if (bytes > bytesMax && place > from) return entries.slice(from, place);
  }
  return from === 0 && to === entries.length ? entries : entries.slice(from, to);
}
