// Generated from proto/watch.proto by tools/protogen; do not edit.
import { Reader } from "../wire/reader.ts";
import { sharedWriter, type Writer } from "../wire/writer.ts";
import { NO_BYTES } from "../wire/no-bytes.ts";
import { encodeBase64 } from "../json/base64.ts";
import { type JsonValue } from "../json/parse-json.ts";
import { jsonEnum } from "../json/write-json.ts";
import { field, readArray, readBool, readBytes, readEnum, readInt64, readInt64Exact, readObject, readString } from "../json/read-json.ts";
import { type MessageCodec } from "../message-codec.ts";
import { type MethodDescriptor } from "../service.ts";
import { jsonResponseHeader, parseResponseHeader, readResponseHeader, ResponseHeader, type ResponseHeaderInit, writeResponseHeader } from "./header.ts";
import { Event, type EventInit, jsonEvent, parseEvent, readEvent, writeEvent } from "./mvcc.ts";

/** Numbers of etcdserverpb.WatchCreateRequest.FilterType. Open: a number that is not listed may arrive. */
export const FilterType: { readonly NOPUT: 0; readonly NODELETE: 1 } = { NOPUT: 0, NODELETE: 1 };
export type FilterType = number;
/** @internal */
export const FilterTypeNames: Readonly<Record<number, string>> = {"0":"NOPUT","1":"NODELETE"};

export interface WatchRequest {
  readonly requestUnion: WatchRequestRequestUnion | undefined;
}
/** What makes a WatchRequest: zero values may be left out. */
export interface WatchRequestInit {
  readonly requestUnion?: WatchRequestRequestUnionInit | undefined;
}
export type WatchRequestRequestUnion =
  | { readonly kind: "createRequest"; readonly value: WatchCreateRequest }
  | { readonly kind: "cancelRequest"; readonly value: WatchCancelRequest }
  | { readonly kind: "progressRequest"; readonly value: WatchProgressRequest };
export type WatchRequestRequestUnionInit =
  | { readonly kind: "createRequest"; readonly value: WatchCreateRequestInit }
  | { readonly kind: "cancelRequest"; readonly value: WatchCancelRequestInit }
  | { readonly kind: "progressRequest"; readonly value: WatchProgressRequestInit };
/** @internal */
export function readWatchRequest(r: Reader, end: number): WatchRequest {
  let requestUnion: WatchRequestRequestUnion | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        requestUnion = { kind: "createRequest", value: readWatchCreateRequest(r, r.enter()) };
        break;
      case 18:
        requestUnion = { kind: "cancelRequest", value: readWatchCancelRequest(r, r.enter()) };
        break;
      case 26:
        requestUnion = { kind: "progressRequest", value: readWatchProgressRequest(r, r.enter()) };
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { requestUnion };
}
/** @internal */
export function writeWatchRequest(w: Writer, m: WatchRequestInit): void {
  switch (m.requestUnion?.kind) {
    case "createRequest": {
      const mark = w.mark();
      writeWatchCreateRequest(w, m.requestUnion.value);
      w.length(10, mark);
      break;
    }
    case "cancelRequest": {
      const mark = w.mark();
      writeWatchCancelRequest(w, m.requestUnion.value);
      w.length(18, mark);
      break;
    }
    case "progressRequest": {
      const mark = w.mark();
      writeWatchProgressRequest(w, m.requestUnion.value);
      w.length(26, mark);
      break;
    }
    default:
  }
}
/** @internal */
export function jsonWatchRequest(m: WatchRequestInit): string {
  let s = "";
  switch (m.requestUnion?.kind) {
    case "createRequest":
      s += `,"create_request":${jsonWatchCreateRequest(m.requestUnion.value)}`;
      break;
    case "cancelRequest":
      s += `,"cancel_request":${jsonWatchCancelRequest(m.requestUnion.value)}`;
      break;
    case "progressRequest":
      s += `,"progress_request":${jsonWatchProgressRequest(m.requestUnion.value)}`;
      break;
    default:
  }
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseWatchRequest(value: JsonValue): WatchRequest {
  const o = readObject(value, "WatchRequest");
  const createRequestIn = field(o, "create_request", "createRequest");
  const cancelRequestIn = field(o, "cancel_request", "cancelRequest");
  const progressRequestIn = field(o, "progress_request", "progressRequest");
  return {
    requestUnion:
      createRequestIn !== undefined
        ? { kind: "createRequest", value: parseWatchCreateRequest(createRequestIn) }
        : cancelRequestIn !== undefined
        ? { kind: "cancelRequest", value: parseWatchCancelRequest(cancelRequestIn) }
        : progressRequestIn !== undefined
        ? { kind: "progressRequest", value: parseWatchProgressRequest(progressRequestIn) }
        : undefined,
  };
}
export const WatchRequest: MessageCodec<WatchRequest, WatchRequestInit> = {
  name: "etcdserverpb.WatchRequest",
  encode(message) {
    sharedWriter.begin();
    writeWatchRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readWatchRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonWatchRequest,
  toJsonPieces: (message) => [jsonWatchRequest(message)],
  fromJson: parseWatchRequest,
};

export interface WatchCreateRequest {
  readonly key: Uint8Array;
  readonly rangeEnd: Uint8Array;
  /** First revision of interest; 0 for everything after now. */
  readonly startRevision: number;
  readonly progressNotify: boolean;
  readonly filters: readonly FilterType[];
  readonly prevKv: boolean;
  /** 0: the server chooses. */
  readonly watchId: bigint;
  /** Responses above the size limit may be split. */
  readonly fragment: boolean;
}
/** What makes a WatchCreateRequest: zero values may be left out. */
export interface WatchCreateRequestInit {
  readonly key?: Uint8Array | undefined;
  readonly rangeEnd?: Uint8Array | undefined;
  /** First revision of interest; 0 for everything after now. */
  readonly startRevision?: number | undefined;
  readonly progressNotify?: boolean | undefined;
  readonly filters?: readonly FilterType[] | undefined;
  readonly prevKv?: boolean | undefined;
  /** 0: the server chooses. */
  readonly watchId?: bigint | undefined;
  /** Responses above the size limit may be split. */
  readonly fragment?: boolean | undefined;
}
/** @internal */
export function readWatchCreateRequest(r: Reader, end: number): WatchCreateRequest {
  let key: Uint8Array = NO_BYTES;
  let rangeEnd: Uint8Array = NO_BYTES;
  let startRevision = 0;
  let progressNotify = false;
  let filters: FilterType[] | undefined;
  let prevKv = false;
  let watchId = 0n;
  let fragment = false;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        key = r.bytes();
        break;
      case 18:
        rangeEnd = r.bytes();
        break;
      case 24:
        startRevision = r.int64();
        break;
      case 32:
        progressNotify = r.bool();
        break;
      case 40:
        (filters ??= []).push(r.int32());
        break;
      case 42: {
        const packedEnd = r.enter();
        while (r.pos < packedEnd) (filters ??= []).push(r.int32());
        r.leave(packedEnd);
        break;
      }
      case 48:
        prevKv = r.bool();
        break;
      case 56:
        watchId = r.int64Exact();
        break;
      case 64:
        fragment = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { key, rangeEnd, startRevision, progressNotify, filters: filters ?? [], prevKv, watchId, fragment };
}
/** @internal */
export function writeWatchCreateRequest(w: Writer, m: WatchCreateRequestInit): void {
  if (m.fragment === true) {
    w.bool(64, m.fragment);
  }
  if (m.watchId !== undefined && m.watchId !== 0n) {
    w.int64Exact(56, m.watchId);
  }
  if (m.prevKv === true) {
    w.bool(48, m.prevKv);
  }
  if (m.filters !== undefined && m.filters.length > 0) {
    const mark = w.mark();
    for (let i = m.filters.length - 1; i >= 0; i -= 1) w.int32Value(m.filters[i] as FilterType);
    w.length(42, mark);
  }
  if (m.progressNotify === true) {
    w.bool(32, m.progressNotify);
  }
  if (m.startRevision !== undefined && m.startRevision !== 0) {
    w.int64(24, m.startRevision);
  }
  if (m.rangeEnd !== undefined && m.rangeEnd.length > 0) {
    w.bytes(18, m.rangeEnd);
  }
  if (m.key !== undefined && m.key.length > 0) {
    w.bytes(10, m.key);
  }
}
/** @internal */
export function jsonWatchCreateRequest(m: WatchCreateRequestInit): string {
  let s = "";
  if (m.key !== undefined && m.key.length > 0) s += `,"key":"${encodeBase64(m.key)}"`;
  if (m.rangeEnd !== undefined && m.rangeEnd.length > 0) s += `,"range_end":"${encodeBase64(m.rangeEnd)}"`;
  if (m.startRevision !== undefined && m.startRevision !== 0) s += `,"start_revision":"${m.startRevision}"`;
  if (m.progressNotify === true) s += `,"progress_notify":${m.progressNotify}`;
  if (m.filters !== undefined && m.filters.length > 0) s += `,"filters":[${m.filters.map((v) => `${jsonEnum(v, FilterTypeNames)}`).join(",")}]`;
  if (m.prevKv === true) s += `,"prev_kv":${m.prevKv}`;
  if (m.watchId !== undefined && m.watchId !== 0n) s += `,"watch_id":"${m.watchId}"`;
  if (m.fragment === true) s += `,"fragment":${m.fragment}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseWatchCreateRequest(value: JsonValue): WatchCreateRequest {
  const o = readObject(value, "WatchCreateRequest");
  const keyIn = field(o, "key", "key");
  const rangeEndIn = field(o, "range_end", "rangeEnd");
  const startRevisionIn = field(o, "start_revision", "startRevision");
  const progressNotifyIn = field(o, "progress_notify", "progressNotify");
  const filtersIn = field(o, "filters", "filters");
  const prevKvIn = field(o, "prev_kv", "prevKv");
  const watchIdIn = field(o, "watch_id", "watchId");
  const fragmentIn = field(o, "fragment", "fragment");
  return {
    key: keyIn === undefined ? NO_BYTES : readBytes(keyIn, "key"),
    rangeEnd: rangeEndIn === undefined ? NO_BYTES : readBytes(rangeEndIn, "range_end"),
    startRevision: startRevisionIn === undefined ? 0 : readInt64(startRevisionIn, "start_revision"),
    progressNotify: progressNotifyIn === undefined ? false : readBool(progressNotifyIn, "progress_notify"),
    filters: filtersIn === undefined ? [] : readArray(filtersIn, "filters").map((v) => readEnum(v, "filters", FilterType)),
    prevKv: prevKvIn === undefined ? false : readBool(prevKvIn, "prev_kv"),
    watchId: watchIdIn === undefined ? 0n : readInt64Exact(watchIdIn, "watch_id"),
    fragment: fragmentIn === undefined ? false : readBool(fragmentIn, "fragment"),
  };
}
export const WatchCreateRequest: MessageCodec<WatchCreateRequest, WatchCreateRequestInit> = {
  name: "etcdserverpb.WatchCreateRequest",
  encode(message) {
    sharedWriter.begin();
    writeWatchCreateRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readWatchCreateRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonWatchCreateRequest,
  toJsonPieces: (message) => [jsonWatchCreateRequest(message)],
  fromJson: parseWatchCreateRequest,
};

export interface WatchCancelRequest {
  readonly watchId: bigint;
}
/** What makes a WatchCancelRequest: zero values may be left out. */
export interface WatchCancelRequestInit {
  readonly watchId?: bigint | undefined;
}
/** @internal */
export function readWatchCancelRequest(r: Reader, end: number): WatchCancelRequest {
  let watchId = 0n;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        watchId = r.int64Exact();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { watchId };
}
/** @internal */
export function writeWatchCancelRequest(w: Writer, m: WatchCancelRequestInit): void {
  if (m.watchId !== undefined && m.watchId !== 0n) {
    w.int64Exact(8, m.watchId);
  }
}
/** @internal */
export function jsonWatchCancelRequest(m: WatchCancelRequestInit): string {
  let s = "";
  if (m.watchId !== undefined && m.watchId !== 0n) s += `,"watch_id":"${m.watchId}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseWatchCancelRequest(value: JsonValue): WatchCancelRequest {
  const o = readObject(value, "WatchCancelRequest");
  const watchIdIn = field(o, "watch_id", "watchId");
  return {
    watchId: watchIdIn === undefined ? 0n : readInt64Exact(watchIdIn, "watch_id"),
  };
}
export const WatchCancelRequest: MessageCodec<WatchCancelRequest, WatchCancelRequestInit> = {
  name: "etcdserverpb.WatchCancelRequest",
  encode(message) {
    sharedWriter.begin();
    writeWatchCancelRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readWatchCancelRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonWatchCancelRequest,
  toJsonPieces: (message) => [jsonWatchCancelRequest(message)],
  fromJson: parseWatchCancelRequest,
};

export type WatchProgressRequest = Readonly<Record<string, never>>;
/** What makes a WatchProgressRequest: zero values may be left out. */
export type WatchProgressRequestInit = Readonly<Record<string, never>>;
/** @internal */
export function readWatchProgressRequest(r: Reader, end: number): WatchProgressRequest {
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.leave(end);
  return {};
}
/** @internal */
export function writeWatchProgressRequest(_w: Writer, _m: WatchProgressRequestInit): void {
}
/** @internal */
export function jsonWatchProgressRequest(_m: WatchProgressRequestInit): string {
  return "{}";
}
/** @internal */
export function parseWatchProgressRequest(value: JsonValue): WatchProgressRequest {
  readObject(value, "WatchProgressRequest");
  return {};
}
export const WatchProgressRequest: MessageCodec<WatchProgressRequest, WatchProgressRequestInit> = {
  name: "etcdserverpb.WatchProgressRequest",
  encode(message) {
    sharedWriter.begin();
    writeWatchProgressRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readWatchProgressRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonWatchProgressRequest,
  toJsonPieces: (message) => [jsonWatchProgressRequest(message)],
  fromJson: parseWatchProgressRequest,
};

export interface WatchResponse {
  readonly header: ResponseHeader | undefined;
  readonly watchId: bigint;
  readonly created: boolean;
  readonly canceled: boolean;
  /** The first revision that is still there, when the watcher asked for an older one. */
  readonly compactRevision: number;
  readonly cancelReason: string;
  /** More parts of the same response follow. */
  readonly fragment: boolean;
  readonly events: readonly Event[];
}
/** What makes a WatchResponse: zero values may be left out. */
export interface WatchResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly watchId?: bigint | undefined;
  readonly created?: boolean | undefined;
  readonly canceled?: boolean | undefined;
  /** The first revision that is still there, when the watcher asked for an older one. */
  readonly compactRevision?: number | undefined;
  readonly cancelReason?: string | undefined;
  /** More parts of the same response follow. */
  readonly fragment?: boolean | undefined;
  readonly events?: readonly EventInit[] | undefined;
}
/** @internal */
export function readWatchResponse(r: Reader, end: number): WatchResponse {
  let header: ResponseHeader | undefined;
  let watchId = 0n;
  let created = false;
  let canceled = false;
  let compactRevision = 0;
  let cancelReason = "";
  let fragment = false;
  let events: Event[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 16:
        watchId = r.int64Exact();
        break;
      case 24:
        created = r.bool();
        break;
      case 32:
        canceled = r.bool();
        break;
      case 40:
        compactRevision = r.int64();
        break;
      case 50:
        cancelReason = r.string();
        break;
      case 56:
        fragment = r.bool();
        break;
      case 90:
        (events ??= []).push(readEvent(r, r.enter()));
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, watchId, created, canceled, compactRevision, cancelReason, fragment, events: events ?? [] };
}
/** @internal */
export function writeWatchResponse(w: Writer, m: WatchResponseInit): void {
  if (m.events !== undefined) {
    for (let i = m.events.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeEvent(w, m.events[i] as EventInit);
      w.length(90, mark);
    }
  }
  if (m.fragment === true) {
    w.bool(56, m.fragment);
  }
  if (m.cancelReason !== undefined && m.cancelReason !== "") {
    w.string(50, m.cancelReason);
  }
  if (m.compactRevision !== undefined && m.compactRevision !== 0) {
    w.int64(40, m.compactRevision);
  }
  if (m.canceled === true) {
    w.bool(32, m.canceled);
  }
  if (m.created === true) {
    w.bool(24, m.created);
  }
  if (m.watchId !== undefined && m.watchId !== 0n) {
    w.int64Exact(16, m.watchId);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonWatchResponse(m: WatchResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.watchId !== undefined && m.watchId !== 0n) s += `,"watch_id":"${m.watchId}"`;
  if (m.created === true) s += `,"created":${m.created}`;
  if (m.canceled === true) s += `,"canceled":${m.canceled}`;
  if (m.compactRevision !== undefined && m.compactRevision !== 0) s += `,"compact_revision":"${m.compactRevision}"`;
  if (m.cancelReason !== undefined && m.cancelReason !== "") s += `,"cancel_reason":${JSON.stringify(m.cancelReason)}`;
  if (m.fragment === true) s += `,"fragment":${m.fragment}`;
  if (m.events !== undefined && m.events.length > 0) s += `,"events":[${m.events.map(jsonEvent).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function* piecesWatchResponse(m: WatchResponseInit): Generator<string> {
  let s = "{";
  let comma = "";
  if (m.header !== undefined) {
    s += `${comma}"header":${jsonResponseHeader(m.header)}`;
    comma = ",";
  }
  if (m.watchId !== undefined && m.watchId !== 0n) {
    s += `${comma}"watch_id":"${m.watchId}"`;
    comma = ",";
  }
  if (m.created === true) {
    s += `${comma}"created":${m.created}`;
    comma = ",";
  }
  if (m.canceled === true) {
    s += `${comma}"canceled":${m.canceled}`;
    comma = ",";
  }
  if (m.compactRevision !== undefined && m.compactRevision !== 0) {
    s += `${comma}"compact_revision":"${m.compactRevision}"`;
    comma = ",";
  }
  if (m.cancelReason !== undefined && m.cancelReason !== "") {
    s += `${comma}"cancel_reason":${JSON.stringify(m.cancelReason)}`;
    comma = ",";
  }
  if (m.fragment === true) {
    s += `${comma}"fragment":${m.fragment}`;
    comma = ",";
  }
  if (m.events !== undefined && m.events.length > 0) {
    s += `${comma}"events":[`;
    comma = ",";
    let between = "";
    for (const v of m.events) {
      yield `${s}${between}${jsonEvent(v)}`;
      s = "";
      between = ",";
    }
    s = "]";
  }
  yield `${s}}`;
}
/** @internal */
export function parseWatchResponse(value: JsonValue): WatchResponse {
  const o = readObject(value, "WatchResponse");
  const headerIn = field(o, "header", "header");
  const watchIdIn = field(o, "watch_id", "watchId");
  const createdIn = field(o, "created", "created");
  const canceledIn = field(o, "canceled", "canceled");
  const compactRevisionIn = field(o, "compact_revision", "compactRevision");
  const cancelReasonIn = field(o, "cancel_reason", "cancelReason");
  const fragmentIn = field(o, "fragment", "fragment");
  const eventsIn = field(o, "events", "events");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    watchId: watchIdIn === undefined ? 0n : readInt64Exact(watchIdIn, "watch_id"),
    created: createdIn === undefined ? false : readBool(createdIn, "created"),
    canceled: canceledIn === undefined ? false : readBool(canceledIn, "canceled"),
    compactRevision: compactRevisionIn === undefined ? 0 : readInt64(compactRevisionIn, "compact_revision"),
    cancelReason: cancelReasonIn === undefined ? "" : readString(cancelReasonIn, "cancel_reason"),
    fragment: fragmentIn === undefined ? false : readBool(fragmentIn, "fragment"),
    events: eventsIn === undefined ? [] : readArray(eventsIn, "events").map((v) => parseEvent(v)),
  };
}
export const WatchResponse: MessageCodec<WatchResponse, WatchResponseInit> = {
  name: "etcdserverpb.WatchResponse",
  encode(message) {
    sharedWriter.begin();
    writeWatchResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readWatchResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonWatchResponse,
  toJsonPieces: piecesWatchResponse,
  fromJson: parseWatchResponse,
};

export const WatchService: {
  readonly watch: MethodDescriptor<WatchRequest, WatchRequestInit, WatchResponse, WatchResponseInit, "bidiStream">;
} = {
  watch: { path: "/etcdserverpb.Watch/Watch", kind: "bidiStream", request: WatchRequest, response: WatchResponse },
};
