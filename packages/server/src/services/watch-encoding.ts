import type { EventBatch, KvEvent } from "@quorate/kv";
import {
  type EventInit,
  EventType,
  WatchResponse,
  type WatchResponseInit,
} from "@quorate/protocol";
import type { Encoding } from "../rpc/typed-method.ts";

/** A response as it leaves: its own fields, and events that many watchers may share. */
export interface WatchOut {
  readonly response: WatchResponseInit;
  readonly batch?: EventBatch | undefined;
}

/**
 * Events are encoded once for all watchers that get them. Fields of a protobuf message may come in any number of pieces,
 * so that a response is its own fields followed by the shared bytes.
 */
export const WATCH_ENCODING: Encoding<WatchOut> = {
  encode({ response, batch }) {
    const own = WatchResponse.encode(response);
    if (batch === undefined) return own;
    batch.encoded ??= WatchResponse.encode({ events: batch.events.map(eventOut) });
    const whole = Buffer.allocUnsafe(own.length + batch.encoded.length);
    whole.set(own);
    whole.set(batch.encoded, own.length);
    return whole;
  },
  toJson({ response, batch }) {
    if (batch === undefined) return WatchResponse.toJson(response);
    return WatchResponse.toJson({ ...response, events: batch.events.map(eventOut) });
  },
};

export function eventOut({ kind, kv, prevKv }: KvEvent): EventInit {
  if (kind === "put") return { type: EventType.PUT, kv, prevKv };
  return { type: EventType.DELETE, kv: { key: kv.key, modRevision: kv.modRevision }, prevKv };
}
