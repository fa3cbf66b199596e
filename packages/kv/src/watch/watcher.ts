import type { IntervalEnd } from "../bytes/bytes.ts";
import type { Revision } from "../key-value.ts";
import type { EventBatch, KvEvent } from "./watch-stream.ts";

/** What a watcher wants to see of the changes in its interval. Watchers with equal wishes are served together. */
export interface Wish {
  readonly noPut: boolean;
  readonly noDelete: boolean;
  readonly prevKv: boolean;
}

/** A number for each combination of wishes. */
export function wishNumber(wish: Wish): number {
  return (wish.noPut ? 1 : 0) | (wish.noDelete ? 2 : 0) | (wish.prevKv ? 4 : 0);
}

export function wants(wish: Wish, kind: KvEvent["kind"]): boolean {
  return kind === "put" ? !wish.noPut : !wish.noDelete;
}

/** Where a watcher's responses go. */
export interface WatcherSink {
  /** Whether the queue can take more events; a watcher without room falls behind and is served from the history. */
  readonly hasRoom: boolean;
  /** How many of its watchers lag; `WatchHub` counts. */
  lagging: number;
  sendEvents(watcher: Watcher, revision: Revision, batch: EventBatch): void;
  /** The watcher can get no further: it is cancelled and forgotten. */
  sendCompacted(watcher: Watcher, compactRevision: Revision): void;
}

/** One watcher. `WatchHub` owns `lagging` and `nextRevision`. */
export interface Watcher {
  readonly id: number;
  readonly sink: WatcherSink;
  readonly key: Uint8Array;
  /** `undefined`: no end. A single key ends at its successor. */
  readonly end: IntervalEnd;
  readonly single: boolean;
  readonly wish: Wish;
  readonly progressNotify: boolean;
  /** As asked for; 0 for "from now on". */
  readonly startRevision: Revision;
  /** Changes below are delivered already or not wanted. Kept up to date only while the watcher lags. */
  nextRevision: Revision;
  /** Behind the store: served from the history, not from live changes. */
  lagging: boolean;
  /** Events were delivered since the last look at who needs a sign of life. */
  active: boolean;
}
