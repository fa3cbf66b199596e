// Generated from proto/kv.proto by tools/protogen; do not edit.
import { Reader } from "../wire/reader.ts";
import { sharedWriter, type Writer } from "../wire/writer.ts";
import { NO_BYTES } from "../wire/no-bytes.ts";
import { encodeBase64 } from "../json/base64.ts";
import { type JsonValue } from "../json/parse-json.ts";
import { jsonEnum } from "../json/write-json.ts";
import { field, readArray, readBool, readBytes, readEnum, readInt64, readInt64Exact, readObject } from "../json/read-json.ts";
import { type MessageCodec } from "../message-codec.ts";
import { type MethodDescriptor } from "../service.ts";
import { jsonResponseHeader, parseResponseHeader, readResponseHeader, ResponseHeader, type ResponseHeaderInit, writeResponseHeader } from "./header.ts";
import { jsonKeyValue, KeyValue, type KeyValueInit, parseKeyValue, readKeyValue, writeKeyValue } from "./mvcc.ts";

/** Numbers of etcdserverpb.RangeRequest.SortOrder. Open: a number that is not listed may arrive. */
export const SortOrder: { readonly NONE: 0; readonly ASCEND: 1; readonly DESCEND: 2 } = { NONE: 0, ASCEND: 1, DESCEND: 2 };
export type SortOrder = number;
/** @internal */
export const SortOrderNames: Readonly<Record<number, string>> = {"0":"NONE","1":"ASCEND","2":"DESCEND"};

/** Numbers of etcdserverpb.RangeRequest.SortTarget. Open: a number that is not listed may arrive. */
export const SortTarget: { readonly KEY: 0; readonly VERSION: 1; readonly CREATE: 2; readonly MOD: 3; readonly VALUE: 4 } = { KEY: 0, VERSION: 1, CREATE: 2, MOD: 3, VALUE: 4 };
export type SortTarget = number;
/** @internal */
export const SortTargetNames: Readonly<Record<number, string>> = {"0":"KEY","1":"VERSION","2":"CREATE","3":"MOD","4":"VALUE"};

/** Numbers of etcdserverpb.Compare.CompareResult. Open: a number that is not listed may arrive. */
export const CompareResult: { readonly EQUAL: 0; readonly GREATER: 1; readonly LESS: 2; readonly NOT_EQUAL: 3 } = { EQUAL: 0, GREATER: 1, LESS: 2, NOT_EQUAL: 3 };
export type CompareResult = number;
/** @internal */
export const CompareResultNames: Readonly<Record<number, string>> = {"0":"EQUAL","1":"GREATER","2":"LESS","3":"NOT_EQUAL"};

/** Numbers of etcdserverpb.Compare.CompareTarget. Open: a number that is not listed may arrive. */
export const CompareTarget: { readonly VERSION: 0; readonly CREATE: 1; readonly MOD: 2; readonly VALUE: 3; readonly LEASE: 4 } = { VERSION: 0, CREATE: 1, MOD: 2, VALUE: 3, LEASE: 4 };
export type CompareTarget = number;
/** @internal */
export const CompareTargetNames: Readonly<Record<number, string>> = {"0":"VERSION","1":"CREATE","2":"MOD","3":"VALUE","4":"LEASE"};

export interface RangeRequest {
  readonly key: Uint8Array;
  /** Empty: only `key`. One zero byte: everything from `key` on. Otherwise the first key that is not included. */
  readonly rangeEnd: Uint8Array;
  readonly limit: number;
  /** 0 or less: the current state. */
  readonly revision: number;
  readonly sortOrder: SortOrder;
  readonly sortTarget: SortTarget;
  /** Answer from local state without asking the leader. */
  readonly serializable: boolean;
  readonly keysOnly: boolean;
  readonly countOnly: boolean;
  readonly minModRevision: number;
  readonly maxModRevision: number;
  readonly minCreateRevision: number;
  readonly maxCreateRevision: number;
}
/** What makes a RangeRequest: zero values may be left out. */
export interface RangeRequestInit {
  readonly key?: Uint8Array | undefined;
  /** Empty: only `key`. One zero byte: everything from `key` on. Otherwise the first key that is not included. */
  readonly rangeEnd?: Uint8Array | undefined;
  readonly limit?: number | undefined;
  /** 0 or less: the current state. */
  readonly revision?: number | undefined;
  readonly sortOrder?: SortOrder | undefined;
  readonly sortTarget?: SortTarget | undefined;
  /** Answer from local state without asking the leader. */
  readonly serializable?: boolean | undefined;
  readonly keysOnly?: boolean | undefined;
  readonly countOnly?: boolean | undefined;
  readonly minModRevision?: number | undefined;
  readonly maxModRevision?: number | undefined;
  readonly minCreateRevision?: number | undefined;
  readonly maxCreateRevision?: number | undefined;
}
/** @internal */
export function readRangeRequest(r: Reader, end: number): RangeRequest {
  let key: Uint8Array = NO_BYTES;
  let rangeEnd: Uint8Array = NO_BYTES;
  let limit = 0;
  let revision = 0;
  let sortOrder = 0;
  let sortTarget = 0;
  let serializable = false;
  let keysOnly = false;
  let countOnly = false;
  let minModRevision = 0;
  let maxModRevision = 0;
  let minCreateRevision = 0;
  let maxCreateRevision = 0;
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
        limit = r.int64();
        break;
      case 32:
        revision = r.int64();
        break;
      case 40:
        sortOrder = r.int32();
        break;
      case 48:
        sortTarget = r.int32();
        break;
      case 56:
        serializable = r.bool();
        break;
      case 64:
        keysOnly = r.bool();
        break;
      case 72:
        countOnly = r.bool();
        break;
      case 80:
        minModRevision = r.int64();
        break;
      case 88:
        maxModRevision = r.int64();
        break;
      case 96:
        minCreateRevision = r.int64();
        break;
      case 104:
        maxCreateRevision = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { key, rangeEnd, limit, revision, sortOrder, sortTarget, serializable, keysOnly, countOnly, minModRevision, maxModRevision, minCreateRevision, maxCreateRevision };
}
/** @internal */
export function writeRangeRequest(w: Writer, m: RangeRequestInit): void {
  if (m.maxCreateRevision !== undefined && m.maxCreateRevision !== 0) {
    w.int64(104, m.maxCreateRevision);
  }
  if (m.minCreateRevision !== undefined && m.minCreateRevision !== 0) {
    w.int64(96, m.minCreateRevision);
  }
  if (m.maxModRevision !== undefined && m.maxModRevision !== 0) {
    w.int64(88, m.maxModRevision);
  }
  if (m.minModRevision !== undefined && m.minModRevision !== 0) {
    w.int64(80, m.minModRevision);
  }
  if (m.countOnly === true) {
    w.bool(72, m.countOnly);
  }
  if (m.keysOnly === true) {
    w.bool(64, m.keysOnly);
  }
  if (m.serializable === true) {
    w.bool(56, m.serializable);
  }
  if (m.sortTarget !== undefined && m.sortTarget !== 0) {
    w.int32(48, m.sortTarget);
  }
  if (m.sortOrder !== undefined && m.sortOrder !== 0) {
    w.int32(40, m.sortOrder);
  }
  if (m.revision !== undefined && m.revision !== 0) {
    w.int64(32, m.revision);
  }
  if (m.limit !== undefined && m.limit !== 0) {
    w.int64(24, m.limit);
  }
  if (m.rangeEnd !== undefined && m.rangeEnd.length > 0) {
    w.bytes(18, m.rangeEnd);
  }
  if (m.key !== undefined && m.key.length > 0) {
    w.bytes(10, m.key);
  }
}
/** @internal */
export function jsonRangeRequest(m: RangeRequestInit): string {
  let s = "";
  if (m.key !== undefined && m.key.length > 0) s += `,"key":"${encodeBase64(m.key)}"`;
  if (m.rangeEnd !== undefined && m.rangeEnd.length > 0) s += `,"range_end":"${encodeBase64(m.rangeEnd)}"`;
  if (m.limit !== undefined && m.limit !== 0) s += `,"limit":"${m.limit}"`;
  if (m.revision !== undefined && m.revision !== 0) s += `,"revision":"${m.revision}"`;
  if (m.sortOrder !== undefined && m.sortOrder !== 0) s += `,"sort_order":${jsonEnum(m.sortOrder, SortOrderNames)}`;
  if (m.sortTarget !== undefined && m.sortTarget !== 0) s += `,"sort_target":${jsonEnum(m.sortTarget, SortTargetNames)}`;
  if (m.serializable === true) s += `,"serializable":${m.serializable}`;
  if (m.keysOnly === true) s += `,"keys_only":${m.keysOnly}`;
  if (m.countOnly === true) s += `,"count_only":${m.countOnly}`;
  if (m.minModRevision !== undefined && m.minModRevision !== 0) s += `,"min_mod_revision":"${m.minModRevision}"`;
  if (m.maxModRevision !== undefined && m.maxModRevision !== 0) s += `,"max_mod_revision":"${m.maxModRevision}"`;
  if (m.minCreateRevision !== undefined && m.minCreateRevision !== 0) s += `,"min_create_revision":"${m.minCreateRevision}"`;
  if (m.maxCreateRevision !== undefined && m.maxCreateRevision !== 0) s += `,"max_create_revision":"${m.maxCreateRevision}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseRangeRequest(value: JsonValue): RangeRequest {
  const o = readObject(value, "RangeRequest");
  const keyIn = field(o, "key", "key");
  const rangeEndIn = field(o, "range_end", "rangeEnd");
  const limitIn = field(o, "limit", "limit");
  const revisionIn = field(o, "revision", "revision");
  const sortOrderIn = field(o, "sort_order", "sortOrder");
  const sortTargetIn = field(o, "sort_target", "sortTarget");
  const serializableIn = field(o, "serializable", "serializable");
  const keysOnlyIn = field(o, "keys_only", "keysOnly");
  const countOnlyIn = field(o, "count_only", "countOnly");
  const minModRevisionIn = field(o, "min_mod_revision", "minModRevision");
  const maxModRevisionIn = field(o, "max_mod_revision", "maxModRevision");
  const minCreateRevisionIn = field(o, "min_create_revision", "minCreateRevision");
  const maxCreateRevisionIn = field(o, "max_create_revision", "maxCreateRevision");
  return {
    key: keyIn === undefined ? NO_BYTES : readBytes(keyIn, "key"),
    rangeEnd: rangeEndIn === undefined ? NO_BYTES : readBytes(rangeEndIn, "range_end"),
    limit: limitIn === undefined ? 0 : readInt64(limitIn, "limit"),
    revision: revisionIn === undefined ? 0 : readInt64(revisionIn, "revision"),
    sortOrder: sortOrderIn === undefined ? 0 : readEnum(sortOrderIn, "sort_order", SortOrder),
    sortTarget: sortTargetIn === undefined ? 0 : readEnum(sortTargetIn, "sort_target", SortTarget),
    serializable: serializableIn === undefined ? false : readBool(serializableIn, "serializable"),
    keysOnly: keysOnlyIn === undefined ? false : readBool(keysOnlyIn, "keys_only"),
    countOnly: countOnlyIn === undefined ? false : readBool(countOnlyIn, "count_only"),
    minModRevision: minModRevisionIn === undefined ? 0 : readInt64(minModRevisionIn, "min_mod_revision"),
    maxModRevision: maxModRevisionIn === undefined ? 0 : readInt64(maxModRevisionIn, "max_mod_revision"),
    minCreateRevision: minCreateRevisionIn === undefined ? 0 : readInt64(minCreateRevisionIn, "min_create_revision"),
    maxCreateRevision: maxCreateRevisionIn === undefined ? 0 : readInt64(maxCreateRevisionIn, "max_create_revision"),
  };
}
export const RangeRequest: MessageCodec<RangeRequest, RangeRequestInit> = {
  name: "etcdserverpb.RangeRequest",
  encode(message) {
    sharedWriter.begin();
    writeRangeRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readRangeRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonRangeRequest,
  toJsonPieces: (message) => [jsonRangeRequest(message)],
  fromJson: parseRangeRequest,
};

export interface RangeResponse {
  readonly header: ResponseHeader | undefined;
  readonly kvs: readonly KeyValue[];
  /** The limit cut something off. */
  readonly more: boolean;
  /** Keys in the interval, whatever the limit. */
  readonly count: number;
}
/** What makes a RangeResponse: zero values may be left out. */
export interface RangeResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly kvs?: readonly KeyValueInit[] | undefined;
  /** The limit cut something off. */
  readonly more?: boolean | undefined;
  /** Keys in the interval, whatever the limit. */
  readonly count?: number | undefined;
}
/** @internal */
export function readRangeResponse(r: Reader, end: number): RangeResponse {
  let header: ResponseHeader | undefined;
  let kvs: KeyValue[] | undefined;
  let more = false;
  let count = 0;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        (kvs ??= []).push(readKeyValue(r, r.enter()));
        break;
      case 24:
        more = r.bool();
        break;
      case 32:
        count = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, kvs: kvs ?? [], more, count };
}
/** @internal */
export function writeRangeResponse(w: Writer, m: RangeResponseInit): void {
  if (m.count !== undefined && m.count !== 0) {
    w.int64(32, m.count);
  }
  if (m.more === true) {
    w.bool(24, m.more);
  }
  if (m.kvs !== undefined) {
    for (let i = m.kvs.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeKeyValue(w, m.kvs[i] as KeyValueInit);
      w.length(18, mark);
    }
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonRangeResponse(m: RangeResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.kvs !== undefined && m.kvs.length > 0) s += `,"kvs":[${m.kvs.map(jsonKeyValue).join(",")}]`;
  if (m.more === true) s += `,"more":${m.more}`;
  if (m.count !== undefined && m.count !== 0) s += `,"count":"${m.count}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function* piecesRangeResponse(m: RangeResponseInit): Generator<string> {
  let s = "{";
  let comma = "";
  if (m.header !== undefined) {
    s += `${comma}"header":${jsonResponseHeader(m.header)}`;
    comma = ",";
  }
  if (m.kvs !== undefined && m.kvs.length > 0) {
    s += `${comma}"kvs":[`;
    comma = ",";
    let between = "";
    for (const v of m.kvs) {
      yield `${s}${between}${jsonKeyValue(v)}`;
      s = "";
      between = ",";
    }
    s = "]";
  }
  if (m.more === true) {
    s += `${comma}"more":${m.more}`;
    comma = ",";
  }
  if (m.count !== undefined && m.count !== 0) {
    s += `${comma}"count":"${m.count}"`;
    comma = ",";
  }
  yield `${s}}`;
}
/** @internal */
export function parseRangeResponse(value: JsonValue): RangeResponse {
  const o = readObject(value, "RangeResponse");
  const headerIn = field(o, "header", "header");
  const kvsIn = field(o, "kvs", "kvs");
  const moreIn = field(o, "more", "more");
  const countIn = field(o, "count", "count");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    kvs: kvsIn === undefined ? [] : readArray(kvsIn, "kvs").map((v) => parseKeyValue(v)),
    more: moreIn === undefined ? false : readBool(moreIn, "more"),
    count: countIn === undefined ? 0 : readInt64(countIn, "count"),
  };
}
export const RangeResponse: MessageCodec<RangeResponse, RangeResponseInit> = {
  name: "etcdserverpb.RangeResponse",
  encode(message) {
    sharedWriter.begin();
    writeRangeResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readRangeResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonRangeResponse,
  toJsonPieces: piecesRangeResponse,
  fromJson: parseRangeResponse,
};

export interface RangeStreamResponse {
  readonly rangeResponse: RangeResponse | undefined;
}
/** What makes a RangeStreamResponse: zero values may be left out. */
export interface RangeStreamResponseInit {
  readonly rangeResponse?: RangeResponseInit | undefined;
}
/** @internal */
export function readRangeStreamResponse(r: Reader, end: number): RangeStreamResponse {
  let rangeResponse: RangeResponse | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        rangeResponse = readRangeResponse(r, r.enter());
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { rangeResponse };
}
/** @internal */
export function writeRangeStreamResponse(w: Writer, m: RangeStreamResponseInit): void {
  if (m.rangeResponse !== undefined) {
    const mark = w.mark();
    writeRangeResponse(w, m.rangeResponse);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonRangeStreamResponse(m: RangeStreamResponseInit): string {
  let s = "";
  if (m.rangeResponse !== undefined) s += `,"range_response":${jsonRangeResponse(m.rangeResponse)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function* piecesRangeStreamResponse(m: RangeStreamResponseInit): Generator<string> {
  let s = "{";
  let comma = "";
  if (m.rangeResponse !== undefined) {
    yield `${s}${comma}"range_response":`;
    s = "";
    yield* piecesRangeResponse(m.rangeResponse);
    comma = ",";
  }
  yield `${s}}`;
}
/** @internal */
export function parseRangeStreamResponse(value: JsonValue): RangeStreamResponse {
  const o = readObject(value, "RangeStreamResponse");
  const rangeResponseIn = field(o, "range_response", "rangeResponse");
  return {
    rangeResponse: rangeResponseIn === undefined ? undefined : parseRangeResponse(rangeResponseIn),
  };
}
export const RangeStreamResponse: MessageCodec<RangeStreamResponse, RangeStreamResponseInit> = {
  name: "etcdserverpb.RangeStreamResponse",
  encode(message) {
    sharedWriter.begin();
    writeRangeStreamResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readRangeStreamResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonRangeStreamResponse,
  toJsonPieces: piecesRangeStreamResponse,
  fromJson: parseRangeStreamResponse,
};

export interface PutRequest {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly lease: bigint;
  readonly prevKv: boolean;
  readonly ignoreValue: boolean;
  readonly ignoreLease: boolean;
}
/** What makes a PutRequest: zero values may be left out. */
export interface PutRequestInit {
  readonly key?: Uint8Array | undefined;
  readonly value?: Uint8Array | undefined;
  readonly lease?: bigint | undefined;
  readonly prevKv?: boolean | undefined;
  readonly ignoreValue?: boolean | undefined;
  readonly ignoreLease?: boolean | undefined;
}
/** @internal */
export function readPutRequest(r: Reader, end: number): PutRequest {
  let key: Uint8Array = NO_BYTES;
  let value: Uint8Array = NO_BYTES;
  let lease = 0n;
  let prevKv = false;
  let ignoreValue = false;
  let ignoreLease = false;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        key = r.bytes();
        break;
      case 18:
        value = r.bytes();
        break;
      case 24:
        lease = r.int64Exact();
        break;
      case 32:
        prevKv = r.bool();
        break;
      case 40:
        ignoreValue = r.bool();
        break;
      case 48:
        ignoreLease = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { key, value, lease, prevKv, ignoreValue, ignoreLease };
}
/** @internal */
export function writePutRequest(w: Writer, m: PutRequestInit): void {
  if (m.ignoreLease === true) {
    w.bool(48, m.ignoreLease);
  }
  if (m.ignoreValue === true) {
    w.bool(40, m.ignoreValue);
  }
  if (m.prevKv === true) {
    w.bool(32, m.prevKv);
  }
  if (m.lease !== undefined && m.lease !== 0n) {
    w.int64Exact(24, m.lease);
  }
  if (m.value !== undefined && m.value.length > 0) {
    w.bytes(18, m.value);
  }
  if (m.key !== undefined && m.key.length > 0) {
    w.bytes(10, m.key);
  }
}
/** @internal */
export function jsonPutRequest(m: PutRequestInit): string {
  let s = "";
  if (m.key !== undefined && m.key.length > 0) s += `,"key":"${encodeBase64(m.key)}"`;
  if (m.value !== undefined && m.value.length > 0) s += `,"value":"${encodeBase64(m.value)}"`;
  if (m.lease !== undefined && m.lease !== 0n) s += `,"lease":"${m.lease}"`;
  if (m.prevKv === true) s += `,"prev_kv":${m.prevKv}`;
  if (m.ignoreValue === true) s += `,"ignore_value":${m.ignoreValue}`;
  if (m.ignoreLease === true) s += `,"ignore_lease":${m.ignoreLease}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parsePutRequest(value: JsonValue): PutRequest {
  const o = readObject(value, "PutRequest");
  const keyIn = field(o, "key", "key");
  const valueIn = field(o, "value", "value");
  const leaseIn = field(o, "lease", "lease");
  const prevKvIn = field(o, "prev_kv", "prevKv");
  const ignoreValueIn = field(o, "ignore_value", "ignoreValue");
  const ignoreLeaseIn = field(o, "ignore_lease", "ignoreLease");
  return {
    key: keyIn === undefined ? NO_BYTES : readBytes(keyIn, "key"),
    value: valueIn === undefined ? NO_BYTES : readBytes(valueIn, "value"),
    lease: leaseIn === undefined ? 0n : readInt64Exact(leaseIn, "lease"),
    prevKv: prevKvIn === undefined ? false : readBool(prevKvIn, "prev_kv"),
    ignoreValue: ignoreValueIn === undefined ? false : readBool(ignoreValueIn, "ignore_value"),
    ignoreLease: ignoreLeaseIn === undefined ? false : readBool(ignoreLeaseIn, "ignore_lease"),
  };
}
export const PutRequest: MessageCodec<PutRequest, PutRequestInit> = {
  name: "etcdserverpb.PutRequest",
  encode(message) {
    sharedWriter.begin();
    writePutRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readPutRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonPutRequest,
  toJsonPieces: (message) => [jsonPutRequest(message)],
  fromJson: parsePutRequest,
};

export interface PutResponse {
  readonly header: ResponseHeader | undefined;
  readonly prevKv: KeyValue | undefined;
}
/** What makes a PutResponse: zero values may be left out. */
export interface PutResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly prevKv?: KeyValueInit | undefined;
}
/** @internal */
export function readPutResponse(r: Reader, end: number): PutResponse {
  let header: ResponseHeader | undefined;
  let prevKv: KeyValue | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        prevKv = readKeyValue(r, r.enter());
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, prevKv };
}
/** @internal */
export function writePutResponse(w: Writer, m: PutResponseInit): void {
  if (m.prevKv !== undefined) {
    const mark = w.mark();
    writeKeyValue(w, m.prevKv);
    w.length(18, mark);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonPutResponse(m: PutResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.prevKv !== undefined) s += `,"prev_kv":${jsonKeyValue(m.prevKv)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parsePutResponse(value: JsonValue): PutResponse {
  const o = readObject(value, "PutResponse");
  const headerIn = field(o, "header", "header");
  const prevKvIn = field(o, "prev_kv", "prevKv");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    prevKv: prevKvIn === undefined ? undefined : parseKeyValue(prevKvIn),
  };
}
export const PutResponse: MessageCodec<PutResponse, PutResponseInit> = {
  name: "etcdserverpb.PutResponse",
  encode(message) {
    sharedWriter.begin();
    writePutResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readPutResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonPutResponse,
  toJsonPieces: (message) => [jsonPutResponse(message)],
  fromJson: parsePutResponse,
};

export interface DeleteRangeRequest {
  readonly key: Uint8Array;
  readonly rangeEnd: Uint8Array;
  readonly prevKv: boolean;
}
/** What makes a DeleteRangeRequest: zero values may be left out. */
export interface DeleteRangeRequestInit {
  readonly key?: Uint8Array | undefined;
  readonly rangeEnd?: Uint8Array | undefined;
  readonly prevKv?: boolean | undefined;
}
/** @internal */
export function readDeleteRangeRequest(r: Reader, end: number): DeleteRangeRequest {
  let key: Uint8Array = NO_BYTES;
  let rangeEnd: Uint8Array = NO_BYTES;
  let prevKv = false;
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
        prevKv = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { key, rangeEnd, prevKv };
}
/** @internal */
export function writeDeleteRangeRequest(w: Writer, m: DeleteRangeRequestInit): void {
  if (m.prevKv === true) {
    w.bool(24, m.prevKv);
  }
  if (m.rangeEnd !== undefined && m.rangeEnd.length > 0) {
    w.bytes(18, m.rangeEnd);
  }
  if (m.key !== undefined && m.key.length > 0) {
    w.bytes(10, m.key);
  }
}
/** @internal */
export function jsonDeleteRangeRequest(m: DeleteRangeRequestInit): string {
  let s = "";
  if (m.key !== undefined && m.key.length > 0) s += `,"key":"${encodeBase64(m.key)}"`;
  if (m.rangeEnd !== undefined && m.rangeEnd.length > 0) s += `,"range_end":"${encodeBase64(m.rangeEnd)}"`;
  if (m.prevKv === true) s += `,"prev_kv":${m.prevKv}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseDeleteRangeRequest(value: JsonValue): DeleteRangeRequest {
  const o = readObject(value, "DeleteRangeRequest");
  const keyIn = field(o, "key", "key");
  const rangeEndIn = field(o, "range_end", "rangeEnd");
  const prevKvIn = field(o, "prev_kv", "prevKv");
  return {
    key: keyIn === undefined ? NO_BYTES : readBytes(keyIn, "key"),
    rangeEnd: rangeEndIn === undefined ? NO_BYTES : readBytes(rangeEndIn, "range_end"),
    prevKv: prevKvIn === undefined ? false : readBool(prevKvIn, "prev_kv"),
  };
}
export const DeleteRangeRequest: MessageCodec<DeleteRangeRequest, DeleteRangeRequestInit> = {
  name: "etcdserverpb.DeleteRangeRequest",
  encode(message) {
    sharedWriter.begin();
    writeDeleteRangeRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readDeleteRangeRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonDeleteRangeRequest,
  toJsonPieces: (message) => [jsonDeleteRangeRequest(message)],
  fromJson: parseDeleteRangeRequest,
};

export interface DeleteRangeResponse {
  readonly header: ResponseHeader | undefined;
  readonly deleted: number;
  readonly prevKvs: readonly KeyValue[];
}
/** What makes a DeleteRangeResponse: zero values may be left out. */
export interface DeleteRangeResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly deleted?: number | undefined;
  readonly prevKvs?: readonly KeyValueInit[] | undefined;
}
/** @internal */
export function readDeleteRangeResponse(r: Reader, end: number): DeleteRangeResponse {
  let header: ResponseHeader | undefined;
  let deleted = 0;
  let prevKvs: KeyValue[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 16:
        deleted = r.int64();
        break;
      case 26:
        (prevKvs ??= []).push(readKeyValue(r, r.enter()));
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, deleted, prevKvs: prevKvs ?? [] };
}
/** @internal */
export function writeDeleteRangeResponse(w: Writer, m: DeleteRangeResponseInit): void {
  if (m.prevKvs !== undefined) {
    for (let i = m.prevKvs.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeKeyValue(w, m.prevKvs[i] as KeyValueInit);
      w.length(26, mark);
    }
  }
  if (m.deleted !== undefined && m.deleted !== 0) {
    w.int64(16, m.deleted);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonDeleteRangeResponse(m: DeleteRangeResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.deleted !== undefined && m.deleted !== 0) s += `,"deleted":"${m.deleted}"`;
  if (m.prevKvs !== undefined && m.prevKvs.length > 0) s += `,"prev_kvs":[${m.prevKvs.map(jsonKeyValue).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function* piecesDeleteRangeResponse(m: DeleteRangeResponseInit): Generator<string> {
  let s = "{";
  let comma = "";
  if (m.header !== undefined) {
    s += `${comma}"header":${jsonResponseHeader(m.header)}`;
    comma = ",";
  }
  if (m.deleted !== undefined && m.deleted !== 0) {
    s += `${comma}"deleted":"${m.deleted}"`;
    comma = ",";
  }
  if (m.prevKvs !== undefined && m.prevKvs.length > 0) {
    s += `${comma}"prev_kvs":[`;
    comma = ",";
    let between = "";
    for (const v of m.prevKvs) {
      yield `${s}${between}${jsonKeyValue(v)}`;
      s = "";
      between = ",";
    }
    s = "]";
  }
  yield `${s}}`;
}
/** @internal */
export function parseDeleteRangeResponse(value: JsonValue): DeleteRangeResponse {
  const o = readObject(value, "DeleteRangeResponse");
  const headerIn = field(o, "header", "header");
  const deletedIn = field(o, "deleted", "deleted");
  const prevKvsIn = field(o, "prev_kvs", "prevKvs");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    deleted: deletedIn === undefined ? 0 : readInt64(deletedIn, "deleted"),
    prevKvs: prevKvsIn === undefined ? [] : readArray(prevKvsIn, "prev_kvs").map((v) => parseKeyValue(v)),
  };
}
export const DeleteRangeResponse: MessageCodec<DeleteRangeResponse, DeleteRangeResponseInit> = {
  name: "etcdserverpb.DeleteRangeResponse",
  encode(message) {
    sharedWriter.begin();
    writeDeleteRangeResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readDeleteRangeResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonDeleteRangeResponse,
  toJsonPieces: piecesDeleteRangeResponse,
  fromJson: parseDeleteRangeResponse,
};

export interface RequestOp {
  readonly request: RequestOpRequest | undefined;
}
/** What makes a RequestOp: zero values may be left out. */
export interface RequestOpInit {
  readonly request?: RequestOpRequestInit | undefined;
}
export type RequestOpRequest =
  | { readonly kind: "requestRange"; readonly value: RangeRequest }
  | { readonly kind: "requestPut"; readonly value: PutRequest }
  | { readonly kind: "requestDeleteRange"; readonly value: DeleteRangeRequest }
  | { readonly kind: "requestTxn"; readonly value: TxnRequest };
export type RequestOpRequestInit =
  | { readonly kind: "requestRange"; readonly value: RangeRequestInit }
  | { readonly kind: "requestPut"; readonly value: PutRequestInit }
  | { readonly kind: "requestDeleteRange"; readonly value: DeleteRangeRequestInit }
  | { readonly kind: "requestTxn"; readonly value: TxnRequestInit };
/** @internal */
export function readRequestOp(r: Reader, end: number): RequestOp {
  let request: RequestOpRequest | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        request = { kind: "requestRange", value: readRangeRequest(r, r.enter()) };
        break;
      case 18:
        request = { kind: "requestPut", value: readPutRequest(r, r.enter()) };
        break;
      case 26:
        request = { kind: "requestDeleteRange", value: readDeleteRangeRequest(r, r.enter()) };
        break;
      case 34:
        request = { kind: "requestTxn", value: readTxnRequest(r, r.enter()) };
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { request };
}
/** @internal */
export function writeRequestOp(w: Writer, m: RequestOpInit): void {
  switch (m.request?.kind) {
    case "requestRange": {
      const mark = w.mark();
      writeRangeRequest(w, m.request.value);
      w.length(10, mark);
      break;
    }
    case "requestPut": {
      const mark = w.mark();
      writePutRequest(w, m.request.value);
      w.length(18, mark);
      break;
    }
    case "requestDeleteRange": {
      const mark = w.mark();
      writeDeleteRangeRequest(w, m.request.value);
      w.length(26, mark);
      break;
    }
    case "requestTxn": {
      const mark = w.mark();
      writeTxnRequest(w, m.request.value);
      w.length(34, mark);
      break;
    }
    default:
  }
}
/** @internal */
export function jsonRequestOp(m: RequestOpInit): string {
  let s = "";
  switch (m.request?.kind) {
    case "requestRange":
      s += `,"request_range":${jsonRangeRequest(m.request.value)}`;
      break;
    case "requestPut":
      s += `,"request_put":${jsonPutRequest(m.request.value)}`;
      break;
    case "requestDeleteRange":
      s += `,"request_delete_range":${jsonDeleteRangeRequest(m.request.value)}`;
      break;
    case "requestTxn":
      s += `,"request_txn":${jsonTxnRequest(m.request.value)}`;
      break;
    default:
  }
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseRequestOp(value: JsonValue): RequestOp {
  const o = readObject(value, "RequestOp");
  const requestRangeIn = field(o, "request_range", "requestRange");
  const requestPutIn = field(o, "request_put", "requestPut");
  const requestDeleteRangeIn = field(o, "request_delete_range", "requestDeleteRange");
  const requestTxnIn = field(o, "request_txn", "requestTxn");
  return {
    request:
      requestRangeIn !== undefined
        ? { kind: "requestRange", value: parseRangeRequest(requestRangeIn) }
        : requestPutIn !== undefined
        ? { kind: "requestPut", value: parsePutRequest(requestPutIn) }
        : requestDeleteRangeIn !== undefined
        ? { kind: "requestDeleteRange", value: parseDeleteRangeRequest(requestDeleteRangeIn) }
        : requestTxnIn !== undefined
        ? { kind: "requestTxn", value: parseTxnRequest(requestTxnIn) }
        : undefined,
  };
}
export const RequestOp: MessageCodec<RequestOp, RequestOpInit> = {
  name: "etcdserverpb.RequestOp",
  encode(message) {
    sharedWriter.begin();
    writeRequestOp(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readRequestOp(new Reader(bytes), bytes.length);
  },
  toJson: jsonRequestOp,
  toJsonPieces: (message) => [jsonRequestOp(message)],
  fromJson: parseRequestOp,
};

export interface ResponseOp {
  readonly response: ResponseOpResponse | undefined;
}
/** What makes a ResponseOp: zero values may be left out. */
export interface ResponseOpInit {
  readonly response?: ResponseOpResponseInit | undefined;
}
export type ResponseOpResponse =
  | { readonly kind: "responseRange"; readonly value: RangeResponse }
  | { readonly kind: "responsePut"; readonly value: PutResponse }
  | { readonly kind: "responseDeleteRange"; readonly value: DeleteRangeResponse }
  | { readonly kind: "responseTxn"; readonly value: TxnResponse };
export type ResponseOpResponseInit =
  | { readonly kind: "responseRange"; readonly value: RangeResponseInit }
  | { readonly kind: "responsePut"; readonly value: PutResponseInit }
  | { readonly kind: "responseDeleteRange"; readonly value: DeleteRangeResponseInit }
  | { readonly kind: "responseTxn"; readonly value: TxnResponseInit };
/** @internal */
export function readResponseOp(r: Reader, end: number): ResponseOp {
  let response: ResponseOpResponse | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        response = { kind: "responseRange", value: readRangeResponse(r, r.enter()) };
        break;
      case 18:
        response = { kind: "responsePut", value: readPutResponse(r, r.enter()) };
        break;
      case 26:
        response = { kind: "responseDeleteRange", value: readDeleteRangeResponse(r, r.enter()) };
        break;
      case 34:
        response = { kind: "responseTxn", value: readTxnResponse(r, r.enter()) };
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { response };
}
/** @internal */
export function writeResponseOp(w: Writer, m: ResponseOpInit): void {
  switch (m.response?.kind) {
    case "responseRange": {
      const mark = w.mark();
      writeRangeResponse(w, m.response.value);
      w.length(10, mark);
      break;
    }
    case "responsePut": {
      const mark = w.mark();
      writePutResponse(w, m.response.value);
      w.length(18, mark);
      break;
    }
    case "responseDeleteRange": {
      const mark = w.mark();
      writeDeleteRangeResponse(w, m.response.value);
      w.length(26, mark);
      break;
    }
    case "responseTxn": {
      const mark = w.mark();
      writeTxnResponse(w, m.response.value);
      w.length(34, mark);
      break;
    }
    default:
  }
}
/** @internal */
export function jsonResponseOp(m: ResponseOpInit): string {
  let s = "";
  switch (m.response?.kind) {
    case "responseRange":
      s += `,"response_range":${jsonRangeResponse(m.response.value)}`;
      break;
    case "responsePut":
      s += `,"response_put":${jsonPutResponse(m.response.value)}`;
      break;
    case "responseDeleteRange":
      s += `,"response_delete_range":${jsonDeleteRangeResponse(m.response.value)}`;
      break;
    case "responseTxn":
      s += `,"response_txn":${jsonTxnResponse(m.response.value)}`;
      break;
    default:
  }
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function* piecesResponseOp(m: ResponseOpInit): Generator<string> {
  let s = "{";
  let comma = "";
  switch (m.response?.kind) {
    case "responseRange":
      yield `${s}${comma}"response_range":`;
      s = "";
      yield* piecesRangeResponse(m.response.value);
      comma = ",";
      break;
    case "responsePut":
      s += `${comma}"response_put":${jsonPutResponse(m.response.value)}`;
      comma = ",";
      break;
    case "responseDeleteRange":
      yield `${s}${comma}"response_delete_range":`;
      s = "";
      yield* piecesDeleteRangeResponse(m.response.value);
      comma = ",";
      break;
    case "responseTxn":
      yield `${s}${comma}"response_txn":`;
      s = "";
      yield* piecesTxnResponse(m.response.value);
      comma = ",";
      break;
    default:
  }
  yield `${s}}`;
}
/** @internal */
export function parseResponseOp(value: JsonValue): ResponseOp {
  const o = readObject(value, "ResponseOp");
  const responseRangeIn = field(o, "response_range", "responseRange");
  const responsePutIn = field(o, "response_put", "responsePut");
  const responseDeleteRangeIn = field(o, "response_delete_range", "responseDeleteRange");
  const responseTxnIn = field(o, "response_txn", "responseTxn");
  return {
    response:
      responseRangeIn !== undefined
        ? { kind: "responseRange", value: parseRangeResponse(responseRangeIn) }
        : responsePutIn !== undefined
        ? { kind: "responsePut", value: parsePutResponse(responsePutIn) }
        : responseDeleteRangeIn !== undefined
        ? { kind: "responseDeleteRange", value: parseDeleteRangeResponse(responseDeleteRangeIn) }
        : responseTxnIn !== undefined
        ? { kind: "responseTxn", value: parseTxnResponse(responseTxnIn) }
        : undefined,
  };
}
export const ResponseOp: MessageCodec<ResponseOp, ResponseOpInit> = {
  name: "etcdserverpb.ResponseOp",
  encode(message) {
    sharedWriter.begin();
    writeResponseOp(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readResponseOp(new Reader(bytes), bytes.length);
  },
  toJson: jsonResponseOp,
  toJsonPieces: piecesResponseOp,
  fromJson: parseResponseOp,
};

export interface Compare {
  readonly result: CompareResult;
  readonly target: CompareTarget;
  readonly key: Uint8Array;
  readonly targetUnion: CompareTargetUnion | undefined;
  readonly rangeEnd: Uint8Array;
}
/** What makes a Compare: zero values may be left out. */
export interface CompareInit {
  readonly result?: CompareResult | undefined;
  readonly target?: CompareTarget | undefined;
  readonly key?: Uint8Array | undefined;
  readonly targetUnion?: CompareTargetUnionInit | undefined;
  readonly rangeEnd?: Uint8Array | undefined;
}
export type CompareTargetUnion =
  | { readonly kind: "version"; readonly value: number }
  | { readonly kind: "createRevision"; readonly value: number }
  | { readonly kind: "modRevision"; readonly value: number }
  | { readonly kind: "value"; readonly value: Uint8Array }
  | { readonly kind: "lease"; readonly value: bigint };
export type CompareTargetUnionInit =
  | { readonly kind: "version"; readonly value: number }
  | { readonly kind: "createRevision"; readonly value: number }
  | { readonly kind: "modRevision"; readonly value: number }
  | { readonly kind: "value"; readonly value: Uint8Array }
  | { readonly kind: "lease"; readonly value: bigint };
/** @internal */
export function readCompare(r: Reader, end: number): Compare {
  let result = 0;
  let target = 0;
  let key: Uint8Array = NO_BYTES;
  let targetUnion: CompareTargetUnion | undefined;
  let rangeEnd: Uint8Array = NO_BYTES;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        result = r.int32();
        break;
      case 16:
        target = r.int32();
        break;
      case 26:
        key = r.bytes();
        break;
      case 32:
        targetUnion = { kind: "version", value: r.int64() };
        break;
      case 40:
        targetUnion = { kind: "createRevision", value: r.int64() };
        break;
      case 48:
        targetUnion = { kind: "modRevision", value: r.int64() };
        break;
      case 58:
        targetUnion = { kind: "value", value: r.bytes() };
        break;
      case 64:
        targetUnion = { kind: "lease", value: r.int64Exact() };
        break;
      case 514:
        rangeEnd = r.bytes();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { result, target, key, targetUnion, rangeEnd };
}
/** @internal */
export function writeCompare(w: Writer, m: CompareInit): void {
  if (m.rangeEnd !== undefined && m.rangeEnd.length > 0) {
    w.bytes(514, m.rangeEnd);
  }
  switch (m.targetUnion?.kind) {
    case "version": {
      w.int64(32, m.targetUnion.value);
      break;
    }
    case "createRevision": {
      w.int64(40, m.targetUnion.value);
      break;
    }
    case "modRevision": {
      w.int64(48, m.targetUnion.value);
      break;
    }
    case "value": {
      w.bytes(58, m.targetUnion.value);
      break;
    }
    case "lease": {
      w.int64Exact(64, m.targetUnion.value);
      break;
    }
    default:
  }
  if (m.key !== undefined && m.key.length > 0) {
    w.bytes(26, m.key);
  }
  if (m.target !== undefined && m.target !== 0) {
    w.int32(16, m.target);
  }
  if (m.result !== undefined && m.result !== 0) {
    w.int32(8, m.result);
  }
}
/** @internal */
export function jsonCompare(m: CompareInit): string {
  let s = "";
  if (m.result !== undefined && m.result !== 0) s += `,"result":${jsonEnum(m.result, CompareResultNames)}`;
  if (m.target !== undefined && m.target !== 0) s += `,"target":${jsonEnum(m.target, CompareTargetNames)}`;
  if (m.key !== undefined && m.key.length > 0) s += `,"key":"${encodeBase64(m.key)}"`;
  switch (m.targetUnion?.kind) {
    case "version":
      s += `,"version":"${m.targetUnion.value}"`;
      break;
    case "createRevision":
      s += `,"create_revision":"${m.targetUnion.value}"`;
      break;
    case "modRevision":
      s += `,"mod_revision":"${m.targetUnion.value}"`;
      break;
    case "value":
      s += `,"value":"${encodeBase64(m.targetUnion.value)}"`;
      break;
    case "lease":
      s += `,"lease":"${m.targetUnion.value}"`;
      break;
    default:
  }
  if (m.rangeEnd !== undefined && m.rangeEnd.length > 0) s += `,"range_end":"${encodeBase64(m.rangeEnd)}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseCompare(value: JsonValue): Compare {
  const o = readObject(value, "Compare");
  const resultIn = field(o, "result", "result");
  const targetIn = field(o, "target", "target");
  const keyIn = field(o, "key", "key");
  const versionIn = field(o, "version", "version");
  const createRevisionIn = field(o, "create_revision", "createRevision");
  const modRevisionIn = field(o, "mod_revision", "modRevision");
  const valueIn = field(o, "value", "value");
  const leaseIn = field(o, "lease", "lease");
  const rangeEndIn = field(o, "range_end", "rangeEnd");
  return {
    result: resultIn === undefined ? 0 : readEnum(resultIn, "result", CompareResult),
    target: targetIn === undefined ? 0 : readEnum(targetIn, "target", CompareTarget),
    key: keyIn === undefined ? NO_BYTES : readBytes(keyIn, "key"),
    targetUnion:
      versionIn !== undefined
        ? { kind: "version", value: readInt64(versionIn, "version") }
        : createRevisionIn !== undefined
        ? { kind: "createRevision", value: readInt64(createRevisionIn, "create_revision") }
        : modRevisionIn !== undefined
        ? { kind: "modRevision", value: readInt64(modRevisionIn, "mod_revision") }
        : valueIn !== undefined
        ? { kind: "value", value: readBytes(valueIn, "value") }
        : leaseIn !== undefined
        ? { kind: "lease", value: readInt64Exact(leaseIn, "lease") }
        : undefined,
    rangeEnd: rangeEndIn === undefined ? NO_BYTES : readBytes(rangeEndIn, "range_end"),
  };
}
export const Compare: MessageCodec<Compare, CompareInit> = {
  name: "etcdserverpb.Compare",
  encode(message) {
    sharedWriter.begin();
    writeCompare(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readCompare(new Reader(bytes), bytes.length);
  },
  toJson: jsonCompare,
  toJsonPieces: (message) => [jsonCompare(message)],
  fromJson: parseCompare,
};

export interface TxnRequest {
  readonly compare: readonly Compare[];
  readonly success: readonly RequestOp[];
  readonly failure: readonly RequestOp[];
}
/** What makes a TxnRequest: zero values may be left out. */
export interface TxnRequestInit {
  readonly compare?: readonly CompareInit[] | undefined;
  readonly success?: readonly RequestOpInit[] | undefined;
  readonly failure?: readonly RequestOpInit[] | undefined;
}
/** @internal */
export function readTxnRequest(r: Reader, end: number): TxnRequest {
  let compare: Compare[] | undefined;
  let success: RequestOp[] | undefined;
  let failure: RequestOp[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        (compare ??= []).push(readCompare(r, r.enter()));
        break;
      case 18:
        (success ??= []).push(readRequestOp(r, r.enter()));
        break;
      case 26:
        (failure ??= []).push(readRequestOp(r, r.enter()));
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { compare: compare ?? [], success: success ?? [], failure: failure ?? [] };
}
/** @internal */
export function writeTxnRequest(w: Writer, m: TxnRequestInit): void {
  if (m.failure !== undefined) {
    for (let i = m.failure.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeRequestOp(w, m.failure[i] as RequestOpInit);
      w.length(26, mark);
    }
  }
  if (m.success !== undefined) {
    for (let i = m.success.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeRequestOp(w, m.success[i] as RequestOpInit);
      w.length(18, mark);
    }
  }
  if (m.compare !== undefined) {
    for (let i = m.compare.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeCompare(w, m.compare[i] as CompareInit);
      w.length(10, mark);
    }
  }
}
/** @internal */
export function jsonTxnRequest(m: TxnRequestInit): string {
  let s = "";
  if (m.compare !== undefined && m.compare.length > 0) s += `,"compare":[${m.compare.map(jsonCompare).join(",")}]`;
  if (m.success !== undefined && m.success.length > 0) s += `,"success":[${m.success.map(jsonRequestOp).join(",")}]`;
  if (m.failure !== undefined && m.failure.length > 0) s += `,"failure":[${m.failure.map(jsonRequestOp).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseTxnRequest(value: JsonValue): TxnRequest {
  const o = readObject(value, "TxnRequest");
  const compareIn = field(o, "compare", "compare");
  const successIn = field(o, "success", "success");
  const failureIn = field(o, "failure", "failure");
  return {
    compare: compareIn === undefined ? [] : readArray(compareIn, "compare").map((v) => parseCompare(v)),
    success: successIn === undefined ? [] : readArray(successIn, "success").map((v) => parseRequestOp(v)),
    failure: failureIn === undefined ? [] : readArray(failureIn, "failure").map((v) => parseRequestOp(v)),
  };
}
export const TxnRequest: MessageCodec<TxnRequest, TxnRequestInit> = {
  name: "etcdserverpb.TxnRequest",
  encode(message) {
    sharedWriter.begin();
    writeTxnRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readTxnRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonTxnRequest,
  toJsonPieces: (message) => [jsonTxnRequest(message)],
  fromJson: parseTxnRequest,
};

export interface TxnResponse {
  readonly header: ResponseHeader | undefined;
  readonly succeeded: boolean;
  readonly responses: readonly ResponseOp[];
}
/** What makes a TxnResponse: zero values may be left out. */
export interface TxnResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly succeeded?: boolean | undefined;
  readonly responses?: readonly ResponseOpInit[] | undefined;
}
/** @internal */
export function readTxnResponse(r: Reader, end: number): TxnResponse {
  let header: ResponseHeader | undefined;
  let succeeded = false;
  let responses: ResponseOp[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 16:
        succeeded = r.bool();
        break;
      case 26:
        (responses ??= []).push(readResponseOp(r, r.enter()));
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, succeeded, responses: responses ?? [] };
}
/** @internal */
export function writeTxnResponse(w: Writer, m: TxnResponseInit): void {
  if (m.responses !== undefined) {
    for (let i = m.responses.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeResponseOp(w, m.responses[i] as ResponseOpInit);
      w.length(26, mark);
    }
  }
  if (m.succeeded === true) {
    w.bool(16, m.succeeded);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonTxnResponse(m: TxnResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.succeeded === true) s += `,"succeeded":${m.succeeded}`;
  if (m.responses !== undefined && m.responses.length > 0) s += `,"responses":[${m.responses.map(jsonResponseOp).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function* piecesTxnResponse(m: TxnResponseInit): Generator<string> {
  let s = "{";
  let comma = "";
  if (m.header !== undefined) {
    s += `${comma}"header":${jsonResponseHeader(m.header)}`;
    comma = ",";
  }
  if (m.succeeded === true) {
    s += `${comma}"succeeded":${m.succeeded}`;
    comma = ",";
  }
  if (m.responses !== undefined && m.responses.length > 0) {
    s += `${comma}"responses":[`;
    comma = ",";
    let between = "";
    for (const v of m.responses) {
      yield `${s}${between}`;
      yield* piecesResponseOp(v);
      s = "";
      between = ",";
    }
    s = "]";
  }
  yield `${s}}`;
}
/** @internal */
export function parseTxnResponse(value: JsonValue): TxnResponse {
  const o = readObject(value, "TxnResponse");
  const headerIn = field(o, "header", "header");
  const succeededIn = field(o, "succeeded", "succeeded");
  const responsesIn = field(o, "responses", "responses");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    succeeded: succeededIn === undefined ? false : readBool(succeededIn, "succeeded"),
    responses: responsesIn === undefined ? [] : readArray(responsesIn, "responses").map((v) => parseResponseOp(v)),
  };
}
export const TxnResponse: MessageCodec<TxnResponse, TxnResponseInit> = {
  name: "etcdserverpb.TxnResponse",
  encode(message) {
    sharedWriter.begin();
    writeTxnResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readTxnResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonTxnResponse,
  toJsonPieces: piecesTxnResponse,
  fromJson: parseTxnResponse,
};

export interface CompactionRequest {
  readonly revision: number;
  /** Answer only after the old revisions are really gone. */
  readonly physical: boolean;
}
/** What makes a CompactionRequest: zero values may be left out. */
export interface CompactionRequestInit {
  readonly revision?: number | undefined;
  /** Answer only after the old revisions are really gone. */
  readonly physical?: boolean | undefined;
}
/** @internal */
export function readCompactionRequest(r: Reader, end: number): CompactionRequest {
  let revision = 0;
  let physical = false;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        revision = r.int64();
        break;
      case 16:
        physical = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { revision, physical };
}
/** @internal */
export function writeCompactionRequest(w: Writer, m: CompactionRequestInit): void {
  if (m.physical === true) {
    w.bool(16, m.physical);
  }
  if (m.revision !== undefined && m.revision !== 0) {
    w.int64(8, m.revision);
  }
}
/** @internal */
export function jsonCompactionRequest(m: CompactionRequestInit): string {
  let s = "";
  if (m.revision !== undefined && m.revision !== 0) s += `,"revision":"${m.revision}"`;
  if (m.physical === true) s += `,"physical":${m.physical}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseCompactionRequest(value: JsonValue): CompactionRequest {
  const o = readObject(value, "CompactionRequest");
  const revisionIn = field(o, "revision", "revision");
  const physicalIn = field(o, "physical", "physical");
  return {
    revision: revisionIn === undefined ? 0 : readInt64(revisionIn, "revision"),
    physical: physicalIn === undefined ? false : readBool(physicalIn, "physical"),
  };
}
export const CompactionRequest: MessageCodec<CompactionRequest, CompactionRequestInit> = {
  name: "etcdserverpb.CompactionRequest",
  encode(message) {
    sharedWriter.begin();
    writeCompactionRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readCompactionRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonCompactionRequest,
  toJsonPieces: (message) => [jsonCompactionRequest(message)],
  fromJson: parseCompactionRequest,
};

export interface CompactionResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a CompactionResponse: zero values may be left out. */
export interface CompactionResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readCompactionResponse(r: Reader, end: number): CompactionResponse {
  let header: ResponseHeader | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header };
}
/** @internal */
export function writeCompactionResponse(w: Writer, m: CompactionResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonCompactionResponse(m: CompactionResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseCompactionResponse(value: JsonValue): CompactionResponse {
  const o = readObject(value, "CompactionResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const CompactionResponse: MessageCodec<CompactionResponse, CompactionResponseInit> = {
  name: "etcdserverpb.CompactionResponse",
  encode(message) {
    sharedWriter.begin();
    writeCompactionResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readCompactionResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonCompactionResponse,
  toJsonPieces: (message) => [jsonCompactionResponse(message)],
  fromJson: parseCompactionResponse,
};

export const KVService: {
  readonly range: MethodDescriptor<RangeRequest, RangeRequestInit, RangeResponse, RangeResponseInit, "unary">;
  readonly rangeStream: MethodDescriptor<RangeRequest, RangeRequestInit, RangeStreamResponse, RangeStreamResponseInit, "serverStream">;
  readonly put: MethodDescriptor<PutRequest, PutRequestInit, PutResponse, PutResponseInit, "unary">;
  readonly deleteRange: MethodDescriptor<DeleteRangeRequest, DeleteRangeRequestInit, DeleteRangeResponse, DeleteRangeResponseInit, "unary">;
  readonly txn: MethodDescriptor<TxnRequest, TxnRequestInit, TxnResponse, TxnResponseInit, "unary">;
  readonly compact: MethodDescriptor<CompactionRequest, CompactionRequestInit, CompactionResponse, CompactionResponseInit, "unary">;
} = {
  range: { path: "/etcdserverpb.KV/Range", kind: "unary", request: RangeRequest, response: RangeResponse },
  rangeStream: { path: "/etcdserverpb.KV/RangeStream", kind: "serverStream", request: RangeRequest, response: RangeStreamResponse },
  put: { path: "/etcdserverpb.KV/Put", kind: "unary", request: PutRequest, response: PutResponse },
  deleteRange: { path: "/etcdserverpb.KV/DeleteRange", kind: "unary", request: DeleteRangeRequest, response: DeleteRangeResponse },
  txn: { path: "/etcdserverpb.KV/Txn", kind: "unary", request: TxnRequest, response: TxnResponse },
  compact: { path: "/etcdserverpb.KV/Compact", kind: "unary", request: CompactionRequest, response: CompactionResponse },
};
