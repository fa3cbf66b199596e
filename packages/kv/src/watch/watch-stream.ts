import type { Caller } from "../caller.ts";
import type { KvErrorCode } from "../error.ts";
import type { KeyInterval, KeyValue, Revision } from "../key-value.ts";

/** One change of one key. */
export interface KvEvent {
  readonly kind: "put" | "delete";
  /** For `delete` only `key` and `modRevision` (the deletion's) say something. */
  readonly kv: KeyValue;
  /** The pair before the change, where asked for, not a creation, and not compacted away. */
  readonly prevKv: KeyValue | undefined;
}

/**
 * Events that are delivered together. Watchers with the same interest receive the same object, so that whoever
 * encodes it can keep the bytes in `encoded` and does the work once for all of them. The store never looks at them.
 */
export interface EventBatch {
  readonly events: readonly KvEvent[];
  /** Upper bound of the encoded size in bytes, for limits. */
  readonly sizeBytes: number;
  encoded: Uint8Array | undefined;
}

/** Begins watching an interval. An empty `key` means the byte 0, so that empty key and `rangeEnd` 0 watch everything. */
export interface WatchCreateRequest extends KeyInterval {
  /** Events from this revision on, 0 for those after the current one. */
  readonly startRevision: Revision;
  /** 0 lets the stream choose. */
  readonly watchId: number;
  readonly noPut: boolean;
  readonly noDelete: boolean;
  readonly prevKv: boolean;
  /** Tell the watcher from time to time how far it is, even without events. */
  readonly progressNotify: boolean;
  readonly caller?: Caller | undefined;
}

/**
 * What a stream has to send, in this order. `revision` belongs into the header. All events of one revision that
 * concern a watcher are in one `events` response.
 */
export type WatchResponse =
  | { readonly type: "created"; readonly watchId: number; readonly revision: Revision }
  /** Created and cancelled at once, with watch id -1 and `reason` as the reason. */
  | { readonly type: "refused"; readonly revision: Revision; readonly reason: KvErrorCode }
  | { readonly type: "canceled"; readonly watchId: number; readonly revision: Revision }
  /** Cancelled because history it still needed is gone; the header's revision is 0. */
  | { readonly type: "compacted"; readonly watchId: number; readonly compactRevision: Revision }
  | {
      readonly type: "events";
      readonly watchId: number;
      readonly revision: Revision;
      readonly batch: EventBatch;
    }
  /** Nothing at or below `revision` will follow; watch id -1 speaks for every watcher of the stream. */
  | { readonly type: "progress"; readonly watchId: number; readonly revision: Revision };

/**
 * One client stream with its watchers. Pull style: `onReady` says that `take` has something; whoever sends takes as
 * much as the connection bears and comes back when it has drained. What is not taken costs no memory beyond
 * `WATCH_STREAM_BYTES_MAX`: a watcher that lags reads its events from the history again.
 */
export interface WatchStream {
  /** Answers with `created` or `refused`. */
  create(request: WatchCreateRequest): void;
  /** Answers with `canceled`; an unknown id is ignored. */
  cancel(watchId: number): void;
  /** Answers with one `progress` for id -1, unless a watcher is behind, not yet begun, or there is none. */
  requestProgress(): void;
  /** Sends `progress` to every caught-up watcher that asked for it and got nothing since the last call. */
  notifyProgress(): void;
  /** The next responses, at least one if there is any, up to about `bytesMax` of events. Empty: wait for `onReady`. */
  take(bytesMax: number): readonly WatchResponse[];
  readonly watchers: number;
  /** False while much waits to be taken: read no further requests from the client until it is. */
  readonly hasRoom: boolean;
  close(): void;
}

/** Opens streams on a store. */
export interface WatchSource {
  /**
   * `onReady` is called when there is something to take, and not again before a `take` came back empty. It may be
   * called while commands are applied, so it must only make a note; never from within `take`.
   */
  openStream(onReady: () => void): WatchStream;
}
