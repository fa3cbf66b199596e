import type { AuthStore } from "../auth/auth-store.ts";
import type { Revision } from "../key-value.ts";
import type { MvccStore } from "../mvcc/mvcc-store.ts";
import { RowReader } from "../mvcc/row.ts";
import { catchUp } from "./catch-up.ts";
import { batchOf, Change } from "./event-source.ts";
import { LiveWatchers } from "./live-watchers.ts";
import { QueuedWatchStream } from "./queued-watch-stream.ts";
import type { EventBatch, WatchSource, WatchStream } from "./watch-stream.ts";
import type { Watcher } from "./watcher.ts";

/** What watching needs to see. `state` changes as a whole when a snapshot is restored. */
export interface WatchedState {
  readonly mvcc: MvccStore;
  readonly auth: AuthStore;
}

/**
 * Changes are told together, which costs a response instead of many; but at the latest after this many bytes of them, so
 * that no response grows without bounds.
 */
const UNTOLD_BYTES_MAX = 64 * 1024;

/**
 * So long watchers rest for each response they got. Changes meanwhile go into one response: a thousand watchers of a busy
 * key get hundreds of events a second in twenty responses each, instead of keeping everybody and themselves busy with
 * one response for every revision. A few watchers do not rest at all, and whoever is told after a quiet time is told at once.
 */
const REST_MS_PER_RESPONSE = 1 / 20;
/** A shorter rest is none. */
const REST_MS_MIN = 1;

/** What the hub has work done by. */
export interface WatchClock {
  /** Runs something after what is already due in this turn of the event loop. */
  defer(run: () => void): void;
  /** Runs something later. Where there is no such thing, watchers never rest. */
  readonly after?: ((delayMs: number, run: () => void) => void) | undefined;
}

/** Counters for people. */
export interface WatchStats {
  readonly streams: number;
  readonly watchers: number;
  /** Behind the store: their connection is slow, or they began in the past. */
  readonly lagging: number;
}

/**
 * All watchers of one machine. Those that are up to date hear of revisions in the turn in which they are made, after
 * the answers to those who made them; the others are served from the history, many at once, until they are.
 */
export class WatchHub implements WatchSource {
  #state: WatchedState;
  readonly #clock: WatchClock;
  readonly #live: LiveWatchers = new LiveWatchers();
  readonly #lagging: Set<Watcher> = new Set();
  readonly #streams: Set<QueuedWatchStream> = new Set();
  /** Live watchers have seen everything up to here. */
  #seen: Revision;
  #scheduled = false;
  /** Bytes of changes that live watchers have not been told of. */
  #untoldBytes = 0;
  /** A turn is asked for in which they will be. */
  #telling = false;
  /** They have had so many responses that they rest. */
  #resting = false;
  readonly #row: RowReader = new RowReader();

  constructor(state: WatchedState, clock: WatchClock) {
    this.#state = state;
    this.#clock = clock;
    this.#seen = state.mvcc.revision;
  }

  get state(): WatchedState {
    return this.#state;
  }

  get stats(): WatchStats {
    return {
      streams: this.#streams.size,
      watchers: this.#live.size + this.#lagging.size,
      lagging: this.#lagging.size,
    };
  }

  openStream(onReady: () => void): WatchStream {
    const stream = new QueuedWatchStream(this, onReady);
    this.#streams.add(stream);
    return stream;
  }

  closed(stream: QueuedWatchStream): void {
    this.#streams.delete(stream);
  }

  /** So many bytes of changes were made: live watchers hear of them soon. */
  changed(bytes: number): void {
    if (this.#live.size === 0) {
      this.#seen = this.#state.mvcc.revision;
      return;
    }
    this.#untoldBytes += bytes;
    if (this.#untoldBytes > UNTOLD_BYTES_MAX) this.notify();
    else this.#tellSoon();
  }

  #tellSoon(): void {
    if (this.#telling || this.#resting) return;
    this.#telling = true;
    this.#clock.defer(() => {
      this.#telling = false;
      if (!this.#resting) this.notify();
    });
  }

  #rest(responses: number): void {
    const restMs = responses * REST_MS_PER_RESPONSE;
    if (restMs < REST_MS_MIN || this.#resting || this.#clock.after === undefined) return;
    this.#resting = true;
    this.#clock.after(restMs, () => {
      this.#resting = false;
      this.notify();
    });
  }

  /**
   * Tells live watchers of all revisions that were made. Whoever needs to know where watchers stand, or is about to
   * change what they can see, calls it first.
   */
  notify(): void {
    const { mvcc } = this.#state;
    const { revision } = mvcc;
    const first = this.#seen + 1;
    this.#seen = revision;
    this.#untoldBytes = 0;
    if (revision < first || this.#live.size === 0) return;
    const changes: Change[] = [];
    mvcc.history.scanNewest(first, this.#row, () => {
      changes.push(new Change(mvcc, this.#row));
    });
    let responses = 0;
    this.#live.deliver(changes, (watcher, batch) => {
      const wanted = watcher.startRevision <= first ? batch : since(watcher.startRevision, batch);
      if (wanted === undefined) return;
      responses += 1;
      if (watcher.sink.hasRoom) {
        watcher.active = true;
        watcher.sink.sendEvents(watcher, revision, wanted);
      } else this.#fallBehind(watcher, Math.max(first, watcher.startRevision));
    });
    this.#rest(responses);
  }

  add(watcher: Watcher): void {
    if (watcher.lagging) {
      this.#startLagging(watcher);
      this.schedule();
    } else this.#live.add(watcher);
  }

  remove(watcher: Watcher): void {
    if (watcher.lagging) this.#stopLagging(watcher);
    else this.#live.remove(watcher);
  }

  /** The state was replaced by a newer one: what lies between comes from its history. */
  replaced(state: WatchedState): void {
    for (const watcher of this.#live.all()) {
      this.#fallBehind(watcher, Math.max(watcher.startRevision, this.#seen + 1));
    }
    this.#state = state;
    this.#seen = state.mvcc.revision;
    this.schedule();
  }

  /** Serves lagging watchers soon. Call it when there is room again in a stream. */
  schedule(): void {
    if (this.#scheduled || this.#lagging.size === 0) return;
    this.#scheduled = true;
    this.#clock.defer(() => {
      this.#scheduled = false;
      this.#serveLagging();
    });
  }

  #fallBehind(watcher: Watcher, next: Revision): void {
    this.#live.remove(watcher);
    watcher.lagging = true;
    watcher.nextRevision = next;
    this.#startLagging(watcher);
  }

  #startLagging(watcher: Watcher): void {
    this.#lagging.add(watcher);
    watcher.sink.lagging++;
  }

  #stopLagging(watcher: Watcher): void {
    if (this.#lagging.delete(watcher)) watcher.sink.lagging--;
  }

  #serveLagging(): void {
    // Who catches up joins those that have seen everything.
    this.notify();
    const { mvcc } = this.#state;
    const ready: Watcher[] = [];
    for (const watcher of this.#lagging) {
      if (!watcher.sink.hasRoom) continue;
      if (watcher.nextRevision < mvcc.compactRevision) {
        this.#stopLagging(watcher);
        watcher.sink.sendCompacted(watcher, mvcc.compactRevision);
      } else if (watcher.nextRevision > mvcc.revision) this.#joinLive(watcher);
      else ready.push(watcher);
    }
    if (ready.length === 0) return;
    catchUp(mvcc, ready, (watcher, batch) => {
      watcher.active = true;
      watcher.sink.sendEvents(watcher, mvcc.revision, batch);
    });
    for (const watcher of ready) {
      if (watcher.nextRevision > mvcc.revision) this.#joinLive(watcher);
    }
    // Those without room wait until their stream is read, which schedules again.
    for (const watcher of this.#lagging) {
      if (watcher.sink.hasRoom) {
        this.schedule();
        return;
      }
    }
  }

  #joinLive(watcher: Watcher): void {
    this.#stopLagging(watcher);
    watcher.lagging = false;
    this.#live.add(watcher);
  }
}

/** The part of a batch that a watcher wants who begins at `revision`; undefined for nothing. */
function since(revision: Revision, batch: EventBatch): EventBatch | undefined {
  const events = batch.events.filter(({ kv }) => kv.modRevision >= revision);
  if (events.length === batch.events.length) return batch;
  return events.length === 0 ? undefined : batchOf(events);
}
