// Generated from proto/mvcc.proto by tools/protogen; do not edit.
import { Reader } from "../wire/reader.ts";
import { sharedWriter, type Writer } from "../wire/writer.ts";
import { NO_BYTES } from "../wire/no-bytes.ts";
import { encodeBase64 } from "../json/base64.ts";
import { type JsonValue } from "../json/parse-json.ts";
import { jsonEnum } from "../json/write-json.ts";
import { field, readBytes, readEnum, readInt64, readInt64Exact, readObject } from "../json/read-json.ts";
import { type MessageCodec } from "../message-codec.ts";

/** Numbers of mvccpb.Event.EventType. Open: a number that is not listed may arrive. */
export const EventType: { readonly PUT: 0; readonly DELETE: 1 } = { PUT: 0, DELETE: 1 };
export type EventType = number;
/** @internal */
export const EventTypeNames: Readonly<Record<number, string>> = {"0":"PUT","1":"DELETE"};

/** One key with its newest (or asked-for) value and the revisions that made it. */
export interface KeyValue {
  readonly key: Uint8Array;
  /** Revision of the put that created this incarnation of the key. */
  readonly createRevision: number;
  /** Revision of the last put. */
  readonly modRevision: number;
  /** Puts in this incarnation, 1 on creation. */
  readonly version: number;
  readonly value: Uint8Array;
  /** The attached lease, 0 for none. */
  readonly lease: bigint;
}
/** What makes a KeyValue: zero values may be left out. */
export interface KeyValueInit {
  readonly key?: Uint8Array | undefined;
  /** Revision of the put that created this incarnation of the key. */
  readonly createRevision?: number | undefined;
  /** Revision of the last put. */
  readonly modRevision?: number | undefined;
  /** Puts in this incarnation, 1 on creation. */
  readonly version?: number | undefined;
  readonly value?: Uint8Array | undefined;
  /** The attached lease, 0 for none. */
  readonly lease?: bigint | undefined;
}
/** @internal */
export function readKeyValue(r: Reader, end: number): KeyValue {
  let key: Uint8Array = NO_BYTES;
  let createRevision = 0;
  let modRevision = 0;
  let version = 0;
  let value: Uint8Array = NO_BYTES;
  let lease = 0n;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        key = r.bytes();
        break;
      case 16:
        createRevision = r.int64();
        break;
      case 24:
        modRevision = r.int64();
        break;
      case 32:
        version = r.int64();
        break;
      case 42:
        value = r.bytes();
        break;
      case 48:
        lease = r.int64Exact();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { key, createRevision, modRevision, version, value, lease };
}
/** @internal */
export function writeKeyValue(w: Writer, m: KeyValueInit): void {
  if (m.lease !== undefined && m.lease !== 0n) {
    w.int64Exact(48, m.lease);
  }
  if (m.value !== undefined && m.value.length > 0) {
    w.bytes(42, m.value);
  }
  if (m.version !== undefined && m.version !== 0) {
    w.int64(32, m.version);
  }
  if (m.modRevision !== undefined && m.modRevision !== 0) {
    w.int64(24, m.modRevision);
  }
  if (m.createRevision !== undefined && m.createRevision !== 0) {
    w.int64(16, m.createRevision);
  }
  if (m.key !== undefined && m.key.length > 0) {
    w.bytes(10, m.key);
  }
}
/** @internal */
export function jsonKeyValue(m: KeyValueInit): string {
  let s = "";
  if (m.key !== undefined && m.key.length > 0) s += `,"key":"${encodeBase64(m.key)}"`;
  if (m.createRevision !== undefined && m.createRevision !== 0) s += `,"create_revision":"${m.createRevision}"`;
  if (m.modRevision !== undefined && m.modRevision !== 0) s += `,"mod_revision":"${m.modRevision}"`;
  if (m.version !== undefined && m.version !== 0) s += `,"version":"${m.version}"`;
  if (m.value !== undefined && m.value.length > 0) s += `,"value":"${encodeBase64(m.value)}"`;
  if (m.lease !== undefined && m.lease !== 0n) s += `,"lease":"${m.lease}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseKeyValue(value: JsonValue): KeyValue {
  const o = readObject(value, "KeyValue");
  const keyIn = field(o, "key", "key");
  const createRevisionIn = field(o, "create_revision", "createRevision");
  const modRevisionIn = field(o, "mod_revision", "modRevision");
  const versionIn = field(o, "version", "version");
  const valueIn = field(o, "value", "value");
  const leaseIn = field(o, "lease", "lease");
  return {
    key: keyIn === undefined ? NO_BYTES : readBytes(keyIn, "key"),
    createRevision: createRevisionIn === undefined ? 0 : readInt64(createRevisionIn, "create_revision"),
    modRevision: modRevisionIn === undefined ? 0 : readInt64(modRevisionIn, "mod_revision"),
    version: versionIn === undefined ? 0 : readInt64(versionIn, "version"),
    value: valueIn === undefined ? NO_BYTES : readBytes(valueIn, "value"),
    lease: leaseIn === undefined ? 0n : readInt64Exact(leaseIn, "lease"),
  };
}
export const KeyValue: MessageCodec<KeyValue, KeyValueInit> = {
  name: "mvccpb.KeyValue",
  encode(message) {
    sharedWriter.begin();
    writeKeyValue(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readKeyValue(new Reader(bytes), bytes.length);
  },
  toJson: jsonKeyValue,
  toJsonPieces: (message) => [jsonKeyValue(message)],
  fromJson: parseKeyValue,
};

/** One change of one key. */
export interface Event {
  readonly type: EventType;
  /** After a put: the pair. After a deletion: only key and mod_revision. */
  readonly kv: KeyValue | undefined;
  /** The pair before the change, when the watcher asked for it and it still exists. */
  readonly prevKv: KeyValue | undefined;
}
/** What makes a Event: zero values may be left out. */
export interface EventInit {
  readonly type?: EventType | undefined;
  /** After a put: the pair. After a deletion: only key and mod_revision. */
  readonly kv?: KeyValueInit | undefined;
  /** The pair before the change, when the watcher asked for it and it still exists. */
  readonly prevKv?: KeyValueInit | undefined;
}
/** @internal */
export function readEvent(r: Reader, end: number): Event {
  let type = 0;
  let kv: KeyValue | undefined;
  let prevKv: KeyValue | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        type = r.int32();
        break;
      case 18:
        kv = readKeyValue(r, r.enter());
        break;
      case 26:
        prevKv = readKeyValue(r, r.enter());
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { type, kv, prevKv };
}
/** @internal */
export function writeEvent(w: Writer, m: EventInit): void {
  if (m.prevKv !== undefined) {
    const mark = w.mark();
    writeKeyValue(w, m.prevKv);
    w.length(26, mark);
  }
  if (m.kv !== undefined) {
    const mark = w.mark();
    writeKeyValue(w, m.kv);
    w.length(18, mark);
  }
  if (m.type !== undefined && m.type !== 0) {
    w.int32(8, m.type);
  }
}
/** @internal */
export function jsonEvent(m: EventInit): string {
  let s = "";
  if (m.type !== undefined && m.type !== 0) s += `,"type":${jsonEnum(m.type, EventTypeNames)}`;
  if (m.kv !== undefined) s += `,"kv":${jsonKeyValue(m.kv)}`;
  if (m.prevKv !== undefined) s += `,"prev_kv":${jsonKeyValue(m.prevKv)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseEvent(value: JsonValue): Event {
  const o = readObject(value, "Event");
  const typeIn = field(o, "type", "type");
  const kvIn = field(o, "kv", "kv");
  const prevKvIn = field(o, "prev_kv", "prevKv");
  return {
    type: typeIn === undefined ? 0 : readEnum(typeIn, "type", EventType),
    kv: kvIn === undefined ? undefined : parseKeyValue(kvIn),
    prevKv: prevKvIn === undefined ? undefined : parseKeyValue(prevKvIn),
  };
}
export const Event: MessageCodec<Event, EventInit> = {
  name: "mvccpb.Event",
  encode(message) {
    sharedWriter.begin();
    writeEvent(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readEvent(new Reader(bytes), bytes.length);
  },
  toJson: jsonEvent,
  toJsonPieces: (message) => [jsonEvent(message)],
  fromJson: parseEvent,
};
