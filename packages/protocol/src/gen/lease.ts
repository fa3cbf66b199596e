// Generated from proto/lease.proto by tools/protogen; do not edit.
import { Reader } from "../wire/reader.ts";
import { sharedWriter, type Writer } from "../wire/writer.ts";
import { encodeBase64 } from "../json/base64.ts";
import { type JsonValue } from "../json/parse-json.ts";
import { field, readArray, readBool, readBytes, readInt64, readInt64Exact, readObject, readString } from "../json/read-json.ts";
import { type MessageCodec } from "../message-codec.ts";
import { type MethodDescriptor } from "../service.ts";
import { jsonResponseHeader, parseResponseHeader, readResponseHeader, ResponseHeader, type ResponseHeaderInit, writeResponseHeader } from "./header.ts";

export interface LeaseGrantRequest {
  /** Seconds. */
  readonly ttl: number;
  /** 0: the server chooses. */
  readonly id: bigint;
}
/** What makes a LeaseGrantRequest: zero values may be left out. */
export interface LeaseGrantRequestInit {
  /** Seconds. */
  readonly ttl?: number | undefined;
  /** 0: the server chooses. */
  readonly id?: bigint | undefined;
}
/** @internal */
export function readLeaseGrantRequest(r: Reader, end: number): LeaseGrantRequest {
  let ttl = 0;
  let id = 0n;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        ttl = r.int64();
        break;
      case 16:
        id = r.int64Exact();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { ttl, id };
}
/** @internal */
export function writeLeaseGrantRequest(w: Writer, m: LeaseGrantRequestInit): void {
  if (m.id !== undefined && m.id !== 0n) {
    w.int64Exact(16, m.id);
  }
  if (m.ttl !== undefined && m.ttl !== 0) {
    w.int64(8, m.ttl);
  }
}
/** @internal */
export function jsonLeaseGrantRequest(m: LeaseGrantRequestInit): string {
  let s = "";
  if (m.ttl !== undefined && m.ttl !== 0) s += `,"TTL":"${m.ttl}"`;
  if (m.id !== undefined && m.id !== 0n) s += `,"ID":"${m.id}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLeaseGrantRequest(value: JsonValue): LeaseGrantRequest {
  const o = readObject(value, "LeaseGrantRequest");
  const ttlIn = field(o, "TTL", "TTL");
  const idIn = field(o, "ID", "ID");
  return {
    ttl: ttlIn === undefined ? 0 : readInt64(ttlIn, "TTL"),
    id: idIn === undefined ? 0n : readInt64Exact(idIn, "ID"),
  };
}
export const LeaseGrantRequest: MessageCodec<LeaseGrantRequest, LeaseGrantRequestInit> = {
  name: "etcdserverpb.LeaseGrantRequest",
  encode(message) {
    sharedWriter.begin();
    writeLeaseGrantRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaseGrantRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaseGrantRequest,
  toJsonPieces: (message) => [jsonLeaseGrantRequest(message)],
  fromJson: parseLeaseGrantRequest,
};

export interface LeaseGrantResponse {
  readonly header: ResponseHeader | undefined;
  readonly id: bigint;
  readonly ttl: number;
  readonly error: string;
}
/** What makes a LeaseGrantResponse: zero values may be left out. */
export interface LeaseGrantResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly id?: bigint | undefined;
  readonly ttl?: number | undefined;
  readonly error?: string | undefined;
}
/** @internal */
export function readLeaseGrantResponse(r: Reader, end: number): LeaseGrantResponse {
  let header: ResponseHeader | undefined;
  let id = 0n;
  let ttl = 0;
  let error = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 16:
        id = r.int64Exact();
        break;
      case 24:
        ttl = r.int64();
        break;
      case 34:
        error = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, id, ttl, error };
}
/** @internal */
export function writeLeaseGrantResponse(w: Writer, m: LeaseGrantResponseInit): void {
  if (m.error !== undefined && m.error !== "") {
    w.string(34, m.error);
  }
  if (m.ttl !== undefined && m.ttl !== 0) {
    w.int64(24, m.ttl);
  }
  if (m.id !== undefined && m.id !== 0n) {
    w.int64Exact(16, m.id);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonLeaseGrantResponse(m: LeaseGrantResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.id !== undefined && m.id !== 0n) s += `,"ID":"${m.id}"`;
  if (m.ttl !== undefined && m.ttl !== 0) s += `,"TTL":"${m.ttl}"`;
  if (m.error !== undefined && m.error !== "") s += `,"error":${JSON.stringify(m.error)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLeaseGrantResponse(value: JsonValue): LeaseGrantResponse {
  const o = readObject(value, "LeaseGrantResponse");
  const headerIn = field(o, "header", "header");
  const idIn = field(o, "ID", "ID");
  const ttlIn = field(o, "TTL", "TTL");
  const errorIn = field(o, "error", "error");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    id: idIn === undefined ? 0n : readInt64Exact(idIn, "ID"),
    ttl: ttlIn === undefined ? 0 : readInt64(ttlIn, "TTL"),
    error: errorIn === undefined ? "" : readString(errorIn, "error"),
  };
}
export const LeaseGrantResponse: MessageCodec<LeaseGrantResponse, LeaseGrantResponseInit> = {
  name: "etcdserverpb.LeaseGrantResponse",
  encode(message) {
    sharedWriter.begin();
    writeLeaseGrantResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaseGrantResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaseGrantResponse,
  toJsonPieces: (message) => [jsonLeaseGrantResponse(message)],
  fromJson: parseLeaseGrantResponse,
};

export interface LeaseRevokeRequest {
  readonly id: bigint;
}
/** What makes a LeaseRevokeRequest: zero values may be left out. */
export interface LeaseRevokeRequestInit {
  readonly id?: bigint | undefined;
}
/** @internal */
export function readLeaseRevokeRequest(r: Reader, end: number): LeaseRevokeRequest {
  let id = 0n;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        id = r.int64Exact();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { id };
}
/** @internal */
export function writeLeaseRevokeRequest(w: Writer, m: LeaseRevokeRequestInit): void {
  if (m.id !== undefined && m.id !== 0n) {
    w.int64Exact(8, m.id);
  }
}
/** @internal */
export function jsonLeaseRevokeRequest(m: LeaseRevokeRequestInit): string {
  let s = "";
  if (m.id !== undefined && m.id !== 0n) s += `,"ID":"${m.id}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLeaseRevokeRequest(value: JsonValue): LeaseRevokeRequest {
  const o = readObject(value, "LeaseRevokeRequest");
  const idIn = field(o, "ID", "ID");
  return {
    id: idIn === undefined ? 0n : readInt64Exact(idIn, "ID"),
  };
}
export const LeaseRevokeRequest: MessageCodec<LeaseRevokeRequest, LeaseRevokeRequestInit> = {
  name: "etcdserverpb.LeaseRevokeRequest",
  encode(message) {
    sharedWriter.begin();
    writeLeaseRevokeRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaseRevokeRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaseRevokeRequest,
  toJsonPieces: (message) => [jsonLeaseRevokeRequest(message)],
  fromJson: parseLeaseRevokeRequest,
};

export interface LeaseRevokeResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a LeaseRevokeResponse: zero values may be left out. */
export interface LeaseRevokeResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readLeaseRevokeResponse(r: Reader, end: number): LeaseRevokeResponse {
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
export function writeLeaseRevokeResponse(w: Writer, m: LeaseRevokeResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonLeaseRevokeResponse(m: LeaseRevokeResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLeaseRevokeResponse(value: JsonValue): LeaseRevokeResponse {
  const o = readObject(value, "LeaseRevokeResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const LeaseRevokeResponse: MessageCodec<LeaseRevokeResponse, LeaseRevokeResponseInit> = {
  name: "etcdserverpb.LeaseRevokeResponse",
  encode(message) {
    sharedWriter.begin();
    writeLeaseRevokeResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaseRevokeResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaseRevokeResponse,
  toJsonPieces: (message) => [jsonLeaseRevokeResponse(message)],
  fromJson: parseLeaseRevokeResponse,
};

export interface LeaseCheckpoint {
  readonly id: bigint;
  readonly remainingTtl: number;
}
/** What makes a LeaseCheckpoint: zero values may be left out. */
export interface LeaseCheckpointInit {
  readonly id?: bigint | undefined;
  readonly remainingTtl?: number | undefined;
}
/** @internal */
export function readLeaseCheckpoint(r: Reader, end: number): LeaseCheckpoint {
  let id = 0n;
  let remainingTtl = 0;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        id = r.int64Exact();
        break;
      case 16:
        remainingTtl = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { id, remainingTtl };
}
/** @internal */
export function writeLeaseCheckpoint(w: Writer, m: LeaseCheckpointInit): void {
  if (m.remainingTtl !== undefined && m.remainingTtl !== 0) {
    w.int64(16, m.remainingTtl);
  }
  if (m.id !== undefined && m.id !== 0n) {
    w.int64Exact(8, m.id);
  }
}
/** @internal */
export function jsonLeaseCheckpoint(m: LeaseCheckpointInit): string {
  let s = "";
  if (m.id !== undefined && m.id !== 0n) s += `,"ID":"${m.id}"`;
  if (m.remainingTtl !== undefined && m.remainingTtl !== 0) s += `,"remaining_TTL":"${m.remainingTtl}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLeaseCheckpoint(value: JsonValue): LeaseCheckpoint {
  const o = readObject(value, "LeaseCheckpoint");
  const idIn = field(o, "ID", "ID");
  const remainingTtlIn = field(o, "remaining_TTL", "remainingTTL");
  return {
    id: idIn === undefined ? 0n : readInt64Exact(idIn, "ID"),
    remainingTtl: remainingTtlIn === undefined ? 0 : readInt64(remainingTtlIn, "remaining_TTL"),
  };
}
export const LeaseCheckpoint: MessageCodec<LeaseCheckpoint, LeaseCheckpointInit> = {
  name: "etcdserverpb.LeaseCheckpoint",
  encode(message) {
    sharedWriter.begin();
    writeLeaseCheckpoint(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaseCheckpoint(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaseCheckpoint,
  toJsonPieces: (message) => [jsonLeaseCheckpoint(message)],
  fromJson: parseLeaseCheckpoint,
};

export interface LeaseCheckpointRequest {
  readonly checkpoints: readonly LeaseCheckpoint[];
}
/** What makes a LeaseCheckpointRequest: zero values may be left out. */
export interface LeaseCheckpointRequestInit {
  readonly checkpoints?: readonly LeaseCheckpointInit[] | undefined;
}
/** @internal */
export function readLeaseCheckpointRequest(r: Reader, end: number): LeaseCheckpointRequest {
  let checkpoints: LeaseCheckpoint[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        (checkpoints ??= []).push(readLeaseCheckpoint(r, r.enter()));
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { checkpoints: checkpoints ?? [] };
}
/** @internal */
export function writeLeaseCheckpointRequest(w: Writer, m: LeaseCheckpointRequestInit): void {
  if (m.checkpoints !== undefined) {
    for (let i = m.checkpoints.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeLeaseCheckpoint(w, m.checkpoints[i] as LeaseCheckpointInit);
      w.length(10, mark);
    }
  }
}
/** @internal */
export function jsonLeaseCheckpointRequest(m: LeaseCheckpointRequestInit): string {
  let s = "";
  if (m.checkpoints !== undefined && m.checkpoints.length > 0) s += `,"checkpoints":[${m.checkpoints.map(jsonLeaseCheckpoint).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLeaseCheckpointRequest(value: JsonValue): LeaseCheckpointRequest {
  const o = readObject(value, "LeaseCheckpointRequest");
  const checkpointsIn = field(o, "checkpoints", "checkpoints");
  return {
    checkpoints: checkpointsIn === undefined ? [] : readArray(checkpointsIn, "checkpoints").map((v) => parseLeaseCheckpoint(v)),
  };
}
export const LeaseCheckpointRequest: MessageCodec<LeaseCheckpointRequest, LeaseCheckpointRequestInit> = {
  name: "etcdserverpb.LeaseCheckpointRequest",
  encode(message) {
    sharedWriter.begin();
    writeLeaseCheckpointRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaseCheckpointRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaseCheckpointRequest,
  toJsonPieces: (message) => [jsonLeaseCheckpointRequest(message)],
  fromJson: parseLeaseCheckpointRequest,
};

export interface LeaseCheckpointResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a LeaseCheckpointResponse: zero values may be left out. */
export interface LeaseCheckpointResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readLeaseCheckpointResponse(r: Reader, end: number): LeaseCheckpointResponse {
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
export function writeLeaseCheckpointResponse(w: Writer, m: LeaseCheckpointResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonLeaseCheckpointResponse(m: LeaseCheckpointResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLeaseCheckpointResponse(value: JsonValue): LeaseCheckpointResponse {
  const o = readObject(value, "LeaseCheckpointResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const LeaseCheckpointResponse: MessageCodec<LeaseCheckpointResponse, LeaseCheckpointResponseInit> = {
  name: "etcdserverpb.LeaseCheckpointResponse",
  encode(message) {
    sharedWriter.begin();
    writeLeaseCheckpointResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaseCheckpointResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaseCheckpointResponse,
  toJsonPieces: (message) => [jsonLeaseCheckpointResponse(message)],
  fromJson: parseLeaseCheckpointResponse,
};

export interface LeaseKeepAliveRequest {
  readonly id: bigint;
}
/** What makes a LeaseKeepAliveRequest: zero values may be left out. */
export interface LeaseKeepAliveRequestInit {
  readonly id?: bigint | undefined;
}
/** @internal */
export function readLeaseKeepAliveRequest(r: Reader, end: number): LeaseKeepAliveRequest {
  let id = 0n;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        id = r.int64Exact();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { id };
}
/** @internal */
export function writeLeaseKeepAliveRequest(w: Writer, m: LeaseKeepAliveRequestInit): void {
  if (m.id !== undefined && m.id !== 0n) {
    w.int64Exact(8, m.id);
  }
}
/** @internal */
export function jsonLeaseKeepAliveRequest(m: LeaseKeepAliveRequestInit): string {
  let s = "";
  if (m.id !== undefined && m.id !== 0n) s += `,"ID":"${m.id}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLeaseKeepAliveRequest(value: JsonValue): LeaseKeepAliveRequest {
  const o = readObject(value, "LeaseKeepAliveRequest");
  const idIn = field(o, "ID", "ID");
  return {
    id: idIn === undefined ? 0n : readInt64Exact(idIn, "ID"),
  };
}
export const LeaseKeepAliveRequest: MessageCodec<LeaseKeepAliveRequest, LeaseKeepAliveRequestInit> = {
  name: "etcdserverpb.LeaseKeepAliveRequest",
  encode(message) {
    sharedWriter.begin();
    writeLeaseKeepAliveRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaseKeepAliveRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaseKeepAliveRequest,
  toJsonPieces: (message) => [jsonLeaseKeepAliveRequest(message)],
  fromJson: parseLeaseKeepAliveRequest,
};

export interface LeaseKeepAliveResponse {
  readonly header: ResponseHeader | undefined;
  readonly id: bigint;
  /** 0: the lease is gone. */
  readonly ttl: number;
}
/** What makes a LeaseKeepAliveResponse: zero values may be left out. */
export interface LeaseKeepAliveResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly id?: bigint | undefined;
  /** 0: the lease is gone. */
  readonly ttl?: number | undefined;
}
/** @internal */
export function readLeaseKeepAliveResponse(r: Reader, end: number): LeaseKeepAliveResponse {
  let header: ResponseHeader | undefined;
  let id = 0n;
  let ttl = 0;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 16:
        id = r.int64Exact();
        break;
      case 24:
        ttl = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, id, ttl };
}
/** @internal */
export function writeLeaseKeepAliveResponse(w: Writer, m: LeaseKeepAliveResponseInit): void {
  if (m.ttl !== undefined && m.ttl !== 0) {
    w.int64(24, m.ttl);
  }
  if (m.id !== undefined && m.id !== 0n) {
    w.int64Exact(16, m.id);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonLeaseKeepAliveResponse(m: LeaseKeepAliveResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.id !== undefined && m.id !== 0n) s += `,"ID":"${m.id}"`;
  if (m.ttl !== undefined && m.ttl !== 0) s += `,"TTL":"${m.ttl}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLeaseKeepAliveResponse(value: JsonValue): LeaseKeepAliveResponse {
  const o = readObject(value, "LeaseKeepAliveResponse");
  const headerIn = field(o, "header", "header");
  const idIn = field(o, "ID", "ID");
  const ttlIn = field(o, "TTL", "TTL");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    id: idIn === undefined ? 0n : readInt64Exact(idIn, "ID"),
    ttl: ttlIn === undefined ? 0 : readInt64(ttlIn, "TTL"),
  };
}
export const LeaseKeepAliveResponse: MessageCodec<LeaseKeepAliveResponse, LeaseKeepAliveResponseInit> = {
  name: "etcdserverpb.LeaseKeepAliveResponse",
  encode(message) {
    sharedWriter.begin();
    writeLeaseKeepAliveResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaseKeepAliveResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaseKeepAliveResponse,
  toJsonPieces: (message) => [jsonLeaseKeepAliveResponse(message)],
  fromJson: parseLeaseKeepAliveResponse,
};

export interface LeaseTimeToLiveRequest {
  readonly id: bigint;
  readonly keys: boolean;
}
/** What makes a LeaseTimeToLiveRequest: zero values may be left out. */
export interface LeaseTimeToLiveRequestInit {
  readonly id?: bigint | undefined;
  readonly keys?: boolean | undefined;
}
/** @internal */
export function readLeaseTimeToLiveRequest(r: Reader, end: number): LeaseTimeToLiveRequest {
  let id = 0n;
  let keys = false;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        id = r.int64Exact();
        break;
      case 16:
        keys = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { id, keys };
}
/** @internal */
export function writeLeaseTimeToLiveRequest(w: Writer, m: LeaseTimeToLiveRequestInit): void {
  if (m.keys === true) {
    w.bool(16, m.keys);
  }
  if (m.id !== undefined && m.id !== 0n) {
    w.int64Exact(8, m.id);
  }
}
/** @internal */
export function jsonLeaseTimeToLiveRequest(m: LeaseTimeToLiveRequestInit): string {
  let s = "";
  if (m.id !== undefined && m.id !== 0n) s += `,"ID":"${m.id}"`;
  if (m.keys === true) s += `,"keys":${m.keys}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLeaseTimeToLiveRequest(value: JsonValue): LeaseTimeToLiveRequest {
  const o = readObject(value, "LeaseTimeToLiveRequest");
  const idIn = field(o, "ID", "ID");
  const keysIn = field(o, "keys", "keys");
  return {
    id: idIn === undefined ? 0n : readInt64Exact(idIn, "ID"),
    keys: keysIn === undefined ? false : readBool(keysIn, "keys"),
  };
}
export const LeaseTimeToLiveRequest: MessageCodec<LeaseTimeToLiveRequest, LeaseTimeToLiveRequestInit> = {
  name: "etcdserverpb.LeaseTimeToLiveRequest",
  encode(message) {
    sharedWriter.begin();
    writeLeaseTimeToLiveRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaseTimeToLiveRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaseTimeToLiveRequest,
  toJsonPieces: (message) => [jsonLeaseTimeToLiveRequest(message)],
  fromJson: parseLeaseTimeToLiveRequest,
};

export interface LeaseTimeToLiveResponse {
  readonly header: ResponseHeader | undefined;
  readonly id: bigint;
  /** Remaining seconds, -1 for a lease that does not exist. */
  readonly ttl: number;
  readonly grantedTtl: number;
  readonly keys: readonly Uint8Array[];
}
/** What makes a LeaseTimeToLiveResponse: zero values may be left out. */
export interface LeaseTimeToLiveResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly id?: bigint | undefined;
  /** Remaining seconds, -1 for a lease that does not exist. */
  readonly ttl?: number | undefined;
  readonly grantedTtl?: number | undefined;
  readonly keys?: readonly Uint8Array[] | undefined;
}
/** @internal */
export function readLeaseTimeToLiveResponse(r: Reader, end: number): LeaseTimeToLiveResponse {
  let header: ResponseHeader | undefined;
  let id = 0n;
  let ttl = 0;
  let grantedTtl = 0;
  let keys: Uint8Array[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 16:
        id = r.int64Exact();
        break;
      case 24:
        ttl = r.int64();
        break;
      case 32:
        grantedTtl = r.int64();
        break;
      case 42:
        (keys ??= []).push(r.bytes());
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, id, ttl, grantedTtl, keys: keys ?? [] };
}
/** @internal */
export function writeLeaseTimeToLiveResponse(w: Writer, m: LeaseTimeToLiveResponseInit): void {
  if (m.keys !== undefined) {
    for (let i = m.keys.length - 1; i >= 0; i -= 1) {
      w.bytes(42, m.keys[i] as Uint8Array);
    }
  }
  if (m.grantedTtl !== undefined && m.grantedTtl !== 0) {
    w.int64(32, m.grantedTtl);
  }
  if (m.ttl !== undefined && m.ttl !== 0) {
    w.int64(24, m.ttl);
  }
  if (m.id !== undefined && m.id !== 0n) {
    w.int64Exact(16, m.id);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonLeaseTimeToLiveResponse(m: LeaseTimeToLiveResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.id !== undefined && m.id !== 0n) s += `,"ID":"${m.id}"`;
  if (m.ttl !== undefined && m.ttl !== 0) s += `,"TTL":"${m.ttl}"`;
  if (m.grantedTtl !== undefined && m.grantedTtl !== 0) s += `,"grantedTTL":"${m.grantedTtl}"`;
  if (m.keys !== undefined && m.keys.length > 0) s += `,"keys":[${m.keys.map((v) => `"${encodeBase64(v)}"`).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLeaseTimeToLiveResponse(value: JsonValue): LeaseTimeToLiveResponse {
  const o = readObject(value, "LeaseTimeToLiveResponse");
  const headerIn = field(o, "header", "header");
  const idIn = field(o, "ID", "ID");
  const ttlIn = field(o, "TTL", "TTL");
  const grantedTtlIn = field(o, "grantedTTL", "grantedTTL");
  const keysIn = field(o, "keys", "keys");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    id: idIn === undefined ? 0n : readInt64Exact(idIn, "ID"),
    ttl: ttlIn === undefined ? 0 : readInt64(ttlIn, "TTL"),
    grantedTtl: grantedTtlIn === undefined ? 0 : readInt64(grantedTtlIn, "grantedTTL"),
    keys: keysIn === undefined ? [] : readArray(keysIn, "keys").map((v) => readBytes(v, "keys")),
  };
}
export const LeaseTimeToLiveResponse: MessageCodec<LeaseTimeToLiveResponse, LeaseTimeToLiveResponseInit> = {
  name: "etcdserverpb.LeaseTimeToLiveResponse",
  encode(message) {
    sharedWriter.begin();
    writeLeaseTimeToLiveResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaseTimeToLiveResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaseTimeToLiveResponse,
  toJsonPieces: (message) => [jsonLeaseTimeToLiveResponse(message)],
  fromJson: parseLeaseTimeToLiveResponse,
};

export type LeaseLeasesRequest = Readonly<Record<string, never>>;
/** What makes a LeaseLeasesRequest: zero values may be left out. */
export type LeaseLeasesRequestInit = Readonly<Record<string, never>>;
/** @internal */
export function readLeaseLeasesRequest(r: Reader, end: number): LeaseLeasesRequest {
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.leave(end);
  return {};
}
/** @internal */
export function writeLeaseLeasesRequest(_w: Writer, _m: LeaseLeasesRequestInit): void {
}
/** @internal */
export function jsonLeaseLeasesRequest(_m: LeaseLeasesRequestInit): string {
  return "{}";
}
/** @internal */
export function parseLeaseLeasesRequest(value: JsonValue): LeaseLeasesRequest {
  readObject(value, "LeaseLeasesRequest");
  return {};
}
export const LeaseLeasesRequest: MessageCodec<LeaseLeasesRequest, LeaseLeasesRequestInit> = {
  name: "etcdserverpb.LeaseLeasesRequest",
  encode(message) {
    sharedWriter.begin();
    writeLeaseLeasesRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaseLeasesRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaseLeasesRequest,
  toJsonPieces: (message) => [jsonLeaseLeasesRequest(message)],
  fromJson: parseLeaseLeasesRequest,
};

export interface LeaseStatus {
  readonly id: bigint;
}
/** What makes a LeaseStatus: zero values may be left out. */
export interface LeaseStatusInit {
  readonly id?: bigint | undefined;
}
/** @internal */
export function readLeaseStatus(r: Reader, end: number): LeaseStatus {
  let id = 0n;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        id = r.int64Exact();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { id };
}
/** @internal */
export function writeLeaseStatus(w: Writer, m: LeaseStatusInit): void {
  if (m.id !== undefined && m.id !== 0n) {
    w.int64Exact(8, m.id);
  }
}
/** @internal */
export function jsonLeaseStatus(m: LeaseStatusInit): string {
  let s = "";
  if (m.id !== undefined && m.id !== 0n) s += `,"ID":"${m.id}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLeaseStatus(value: JsonValue): LeaseStatus {
  const o = readObject(value, "LeaseStatus");
  const idIn = field(o, "ID", "ID");
  return {
    id: idIn === undefined ? 0n : readInt64Exact(idIn, "ID"),
  };
}
export const LeaseStatus: MessageCodec<LeaseStatus, LeaseStatusInit> = {
  name: "etcdserverpb.LeaseStatus",
  encode(message) {
    sharedWriter.begin();
    writeLeaseStatus(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaseStatus(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaseStatus,
  toJsonPieces: (message) => [jsonLeaseStatus(message)],
  fromJson: parseLeaseStatus,
};

export interface LeaseLeasesResponse {
  readonly header: ResponseHeader | undefined;
  readonly leases: readonly LeaseStatus[];
}
/** What makes a LeaseLeasesResponse: zero values may be left out. */
export interface LeaseLeasesResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly leases?: readonly LeaseStatusInit[] | undefined;
}
/** @internal */
export function readLeaseLeasesResponse(r: Reader, end: number): LeaseLeasesResponse {
  let header: ResponseHeader | undefined;
  let leases: LeaseStatus[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        (leases ??= []).push(readLeaseStatus(r, r.enter()));
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, leases: leases ?? [] };
}
/** @internal */
export function writeLeaseLeasesResponse(w: Writer, m: LeaseLeasesResponseInit): void {
  if (m.leases !== undefined) {
    for (let i = m.leases.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeLeaseStatus(w, m.leases[i] as LeaseStatusInit);
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
export function jsonLeaseLeasesResponse(m: LeaseLeasesResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.leases !== undefined && m.leases.length > 0) s += `,"leases":[${m.leases.map(jsonLeaseStatus).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function* piecesLeaseLeasesResponse(m: LeaseLeasesResponseInit): Generator<string> {
  let s = "{";
  let comma = "";
  if (m.header !== undefined) {
    s += `${comma}"header":${jsonResponseHeader(m.header)}`;
    comma = ",";
  }
  if (m.leases !== undefined && m.leases.length > 0) {
    s += `${comma}"leases":[`;
    comma = ",";
    let between = "";
    for (const v of m.leases) {
      yield `${s}${between}${jsonLeaseStatus(v)}`;
      s = "";
      between = ",";
    }
    s = "]";
  }
  yield `${s}}`;
}
/** @internal */
export function parseLeaseLeasesResponse(value: JsonValue): LeaseLeasesResponse {
  const o = readObject(value, "LeaseLeasesResponse");
  const headerIn = field(o, "header", "header");
  const leasesIn = field(o, "leases", "leases");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    leases: leasesIn === undefined ? [] : readArray(leasesIn, "leases").map((v) => parseLeaseStatus(v)),
  };
}
export const LeaseLeasesResponse: MessageCodec<LeaseLeasesResponse, LeaseLeasesResponseInit> = {
  name: "etcdserverpb.LeaseLeasesResponse",
  encode(message) {
    sharedWriter.begin();
    writeLeaseLeasesResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaseLeasesResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaseLeasesResponse,
  toJsonPieces: piecesLeaseLeasesResponse,
  fromJson: parseLeaseLeasesResponse,
};

export const LeaseService: {
  readonly leaseGrant: MethodDescriptor<LeaseGrantRequest, LeaseGrantRequestInit, LeaseGrantResponse, LeaseGrantResponseInit, "unary">;
  readonly leaseRevoke: MethodDescriptor<LeaseRevokeRequest, LeaseRevokeRequestInit, LeaseRevokeResponse, LeaseRevokeResponseInit, "unary">;
  readonly leaseKeepAlive: MethodDescriptor<LeaseKeepAliveRequest, LeaseKeepAliveRequestInit, LeaseKeepAliveResponse, LeaseKeepAliveResponseInit, "bidiStream">;
  readonly leaseTimeToLive: MethodDescriptor<LeaseTimeToLiveRequest, LeaseTimeToLiveRequestInit, LeaseTimeToLiveResponse, LeaseTimeToLiveResponseInit, "unary">;
  readonly leaseLeases: MethodDescriptor<LeaseLeasesRequest, LeaseLeasesRequestInit, LeaseLeasesResponse, LeaseLeasesResponseInit, "unary">;
} = {
  leaseGrant: { path: "/etcdserverpb.Lease/LeaseGrant", kind: "unary", request: LeaseGrantRequest, response: LeaseGrantResponse },
  leaseRevoke: { path: "/etcdserverpb.Lease/LeaseRevoke", kind: "unary", request: LeaseRevokeRequest, response: LeaseRevokeResponse },
  leaseKeepAlive: { path: "/etcdserverpb.Lease/LeaseKeepAlive", kind: "bidiStream", request: LeaseKeepAliveRequest, response: LeaseKeepAliveResponse },
  leaseTimeToLive: { path: "/etcdserverpb.Lease/LeaseTimeToLive", kind: "unary", request: LeaseTimeToLiveRequest, response: LeaseTimeToLiveResponse },
  leaseLeases: { path: "/etcdserverpb.Lease/LeaseLeases", kind: "unary", request: LeaseLeasesRequest, response: LeaseLeasesResponse },
};
