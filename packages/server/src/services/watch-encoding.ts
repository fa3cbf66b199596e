import type { EventBatch, KvEvent } from "@quorate/kv";
import {
  type EventInit,
  EventType,
  WatchResponse,
  type WatchResponseInit,
} from "@quorate/protocol";
import type { Encoding } from "../rpc/typed-method.ts";

/** A response as it leaves, and events that many watchers may share: with them, only header and watch id are of its own. */
export interface WatchOut {
  readonly response: WatchResponseInit;
  readonly batch?: EventBatch | undefined;
}

/**
 * Events are encoded once for all watchers that get them, and with them the header, which says the same to all. Fields of
 * a protobuf message may come in any order and number of pieces, so that a response is the shared bytes and its own fields.
 */
export const WATCH_ENCODING: Encoding<WatchOut> = {
  encode({ response, batch }) {
    if (batch === undefined) return WatchResponse.encode(response);
    batch.encoded ??= WatchResponse.encode({
      header: response.header,
      events: batch.events.map(eventOut),
    });
    const own = WatchResponse.encode({ watchId: response.watchId });
    const whole = Buffer.allocUnsafe(batch.encoded.length + own.length);
    whole.set(batch.encoded);
    whole.set(own, batch.encoded.length);
    return whole;
  },
  toJsonPieces({ response, batch }) {
    if (batch === undefined) return WatchResponse.toJsonPieces(response);
    return WatchResponse.toJsonPieces({ ...response, events: batch.events.map(eventOut) });
  },
};

export function eventOut({ kind, kv, prevKv }: KvEvent): EventInit {
  if (kind === "put") return { type: EventType.PUT, kv, prevKv };
  return { type: EventType.DELETE, kv: { key: kv.key, modRevision: kv.modRevision }, prevKv };
}
