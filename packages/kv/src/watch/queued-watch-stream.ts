import { authorizeWatch } from "../auth/authorize.ts";
import { compareBytes, type IntervalEnd, intervalEnd, isSingleKey } from "../bytes/bytes.ts";
import type { KvErrorCode } from "../error.ts";
import type { Revision } from "../key-value.ts";
import type { WatchHub } from "./watch-hub.ts";
import type { EventBatch, WatchCreateRequest, WatchResponse, WatchStream } from "./watch-stream.ts";
import type { Watcher, WatcherSink } from "./watcher.ts";

/** Events that wait in one stream, at most; beyond it watchers fall behind. Some of the largest requests fit. */
export const WATCH_STREAM_BYTES_MAX: number = 4 * 1024 * 1024;

/** Responses that wait in one stream, at most: small events weigh more than their bytes. */
export const WATCH_STREAM_RESPONSES_MAX: number = 8192;

/** Taken responses are cleared away in lots of this size, so that taking is cheap and memory does not grow. */
const QUEUE_GARBAGE_MAX = 1024;

/** The id that speaks for the whole stream, or for a watcher that never was. */
const NO_WATCH_ID = -1;

/** What an empty key means to a watch. */
const FIRST_KEY = Uint8Array.of(0);

/** One client stream: its watchers, and the responses that wait to be taken. */
export class QueuedWatchStream implements WatchStream, WatcherSink {
  readonly #hub: WatchHub;
  readonly #onReady: () => void;
  readonly #watchers: Map<number, Watcher> = new Map();
  lagging = 0;
  #nextId = 0;
  #queue: WatchResponse[] = [];
  /** Responses of the queue that were taken already. */
  #taken = 0;
  #queuedBytes = 0;
  #signaled = false;
  #closed = false;

  constructor(hub: WatchHub, onReady: () => void) {
    this.#hub = hub;
    this.#onReady = onReady;
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  get hasRoom(): boolean {
    return (
      this.#queuedBytes < WATCH_STREAM_BYTES_MAX &&
      this.#queue.length - this.#taken < WATCH_STREAM_RESPONSES_MAX
    );
  }

  create(request: WatchCreateRequest): void {
    if (this.#closed) return;
    // Who watches from now on hears nothing of what was before.
    this.#hub.notify();
    const revision = this.#hub.state.mvcc.revision;
    const key = request.key.length === 0 ? FIRST_KEY : request.key.slice();
    const end = intervalEnd(key, request.rangeEnd?.slice());
    const reason = this.#refusal(request, key, end);
    if (reason !== undefined) {
      this.#push({ type: "refused", revision, reason });
      return;
    }
    const { startRevision, noPut, noDelete, prevKv, progressNotify } = request;
    const lagging = startRevision > 0 && startRevision <= revision;
    const watcher: Watcher = {
      id: request.watchId === 0 ? this.#freeId() : request.watchId,
      sink: this,
      key,
      end,
      single: isSingleKey(request.rangeEnd),
      wish: { noPut, noDelete, prevKv },
      progressNotify,
      startRevision,
      nextRevision: startRevision,
      lagging,
      active: false,
    };
    this.#watchers.set(watcher.id, watcher);
    this.#push({ type: "created", watchId: watcher.id, revision });
    this.#hub.add(watcher);
  }

  #refusal(
    request: WatchCreateRequest,
    key: Uint8Array,
    end: IntervalEnd,
  ): KvErrorCode | undefined {
    const { auth } = this.#hub.state;
    const denied = authorizeWatch(auth, request.caller, { key, rangeEnd: request.rangeEnd });
    if (denied !== undefined) return denied.code;
    if (end !== undefined && compareBytes(end, key) <= 0) return "watcherRangeEmpty";
    if (request.startRevision < 0) return "compacted";
    if (request.watchId !== 0 && this.#watchers.has(request.watchId)) return "duplicateWatchId";
    return undefined;
  }

  #freeId(): number {
    while (this.#watchers.has(this.#nextId)) this.#nextId++;
    return this.#nextId++;
  }

  cancel(watchId: number): void {
    const watcher = this.#watchers.get(watchId);
    if (watcher === undefined) return;
    this.#hub.notify();
    this.#forget(watcher);
    this.#push({ type: "canceled", watchId, revision: this.#hub.state.mvcc.revision });
  }

  requestProgress(): void {
    this.#hub.notify();
    const revision = this.#hub.state.mvcc.revision;
    if (this.#watchers.size === 0) return;
    for (const watcher of this.#watchers.values()) {
      if (watcher.lagging || revision < watcher.startRevision) return;
    }
    this.#push({ type: "progress", watchId: NO_WATCH_ID, revision });
  }

  notifyProgress(): void {
    this.#hub.notify();
    const revision = this.#hub.state.mvcc.revision;
    for (const watcher of this.#watchers.values()) {
      const due = watcher.progressNotify && !watcher.active;
      watcher.active = false;
      if (!due || watcher.lagging || revision < watcher.startRevision) continue;
      this.#push({ type: "progress", watchId: watcher.id, revision });
    }
  }

  take(bytesMax: number): readonly WatchResponse[] {
    const taken: WatchResponse[] = [];
    let bytes = 0;
    while (this.#taken < this.#queue.length && (taken.length === 0 || bytes < bytesMax)) {
      const response = this.#queue[this.#taken++] as WatchResponse;
      taken.push(response);
      if (response.type === "events") bytes += response.batch.sizeBytes;
    }
    this.#queuedBytes -= bytes;
    if (this.#taken > QUEUE_GARBAGE_MAX || this.#taken === this.#queue.length) {
      this.#queue = this.#queue.slice(this.#taken);
      this.#taken = 0;
    }
    if (taken.length === 0) this.#signaled = false;
    if (this.lagging > 0 && this.hasRoom) this.#hub.schedule();
    return taken;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const watcher of this.#watchers.values()) this.#hub.remove(watcher);
    this.#watchers.clear();
    this.#queue = [];
    this.#taken = 0;
    this.#queuedBytes = 0;
    this.#hub.closed(this);
  }

  sendEvents(watcher: Watcher, revision: Revision, batch: EventBatch): void {
    this.#queuedBytes += batch.sizeBytes;
    this.#push({ type: "events", watchId: watcher.id, revision, batch });
  }

  sendCompacted(watcher: Watcher, compactRevision: Revision): void {
    this.#watchers.delete(watcher.id);
    this.#push({ type: "compacted", watchId: watcher.id, compactRevision });
  }

  #forget(watcher: Watcher): void {
    this.#watchers.delete(watcher.id);
    this.#hub.remove(watcher);
  }

  #push(response: WatchResponse): void {
    if (this.#closed) return;
    this.#queue.push(response);
    if (this.#signaled) return;
    this.#signaled = true;
    this.#onReady();
  }
}
