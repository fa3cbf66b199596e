// Generated from proto/lock.proto by tools/protogen; do not edit.
import { Reader } from "../wire/reader.ts";
import { sharedWriter, type Writer } from "../wire/writer.ts";
import { NO_BYTES } from "../wire/no-bytes.ts";
import { encodeBase64 } from "../json/base64.ts";
import { type JsonValue } from "../json/parse-json.ts";
import { field, readBytes, readInt64Exact, readObject } from "../json/read-json.ts";
import { type MessageCodec } from "../message-codec.ts";
import { type MethodDescriptor } from "../service.ts";
import { jsonResponseHeader, parseResponseHeader, readResponseHeader, ResponseHeader, type ResponseHeaderInit, writeResponseHeader } from "./header.ts";

export interface LockRequest {
  readonly name: Uint8Array;
  readonly lease: bigint;
}
/** What makes a LockRequest: zero values may be left out. */
export interface LockRequestInit {
  readonly name?: Uint8Array | undefined;
  readonly lease?: bigint | undefined;
}
/** @internal */
export function readLockRequest(r: Reader, end: number): LockRequest {
  let name: Uint8Array = NO_BYTES;
  let lease = 0n;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        name = r.bytes();
        break;
      case 16:
        lease = r.int64Exact();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { name, lease };
}
/** @internal */
export function writeLockRequest(w: Writer, m: LockRequestInit): void {
  if (m.lease !== undefined && m.lease !== 0n) {
    w.int64Exact(16, m.lease);
  }
  if (m.name !== undefined && m.name.length > 0) {
    w.bytes(10, m.name);
  }
}
/** @internal */
export function jsonLockRequest(m: LockRequestInit): string {
  let s = "";
  if (m.name !== undefined && m.name.length > 0) s += `,"name":"${encodeBase64(m.name)}"`;
  if (m.lease !== undefined && m.lease !== 0n) s += `,"lease":"${m.lease}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLockRequest(value: JsonValue): LockRequest {
  const o = readObject(value, "LockRequest");
  const nameIn = field(o, "name", "name");
  const leaseIn = field(o, "lease", "lease");
  return {
    name: nameIn === undefined ? NO_BYTES : readBytes(nameIn, "name"),
    lease: leaseIn === undefined ? 0n : readInt64Exact(leaseIn, "lease"),
  };
}
export const LockRequest: MessageCodec<LockRequest, LockRequestInit> = {
  name: "v3lockpb.LockRequest",
  encode(message) {
    sharedWriter.begin();
    writeLockRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLockRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonLockRequest,
  toJsonPieces: (message) => [jsonLockRequest(message)],
  fromJson: parseLockRequest,
};

export interface LockResponse {
  readonly header: ResponseHeader | undefined;
  /** Holds the lock as long as it exists. */
  readonly key: Uint8Array;
}
/** What makes a LockResponse: zero values may be left out. */
export interface LockResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  /** Holds the lock as long as it exists. */
  readonly key?: Uint8Array | undefined;
}
/** @internal */
export function readLockResponse(r: Reader, end: number): LockResponse {
  let header: ResponseHeader | undefined;
  let key: Uint8Array = NO_BYTES;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        key = r.bytes();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, key };
}
/** @internal */
export function writeLockResponse(w: Writer, m: LockResponseInit): void {
  if (m.key !== undefined && m.key.length > 0) {
    w.bytes(18, m.key);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonLockResponse(m: LockResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.key !== undefined && m.key.length > 0) s += `,"key":"${encodeBase64(m.key)}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLockResponse(value: JsonValue): LockResponse {
  const o = readObject(value, "LockResponse");
  const headerIn = field(o, "header", "header");
  const keyIn = field(o, "key", "key");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    key: keyIn === undefined ? NO_BYTES : readBytes(keyIn, "key"),
  };
}
export const LockResponse: MessageCodec<LockResponse, LockResponseInit> = {
  name: "v3lockpb.LockResponse",
  encode(message) {
    sharedWriter.begin();
    writeLockResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLockResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonLockResponse,
  toJsonPieces: (message) => [jsonLockResponse(message)],
  fromJson: parseLockResponse,
};

export interface UnlockRequest {
  readonly key: Uint8Array;
}
/** What makes a UnlockRequest: zero values may be left out. */
export interface UnlockRequestInit {
  readonly key?: Uint8Array | undefined;
}
/** @internal */
export function readUnlockRequest(r: Reader, end: number): UnlockRequest {
  let key: Uint8Array = NO_BYTES;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        key = r.bytes();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { key };
}
/** @internal */
export function writeUnlockRequest(w: Writer, m: UnlockRequestInit): void {
  if (m.key !== undefined && m.key.length > 0) {
    w.bytes(10, m.key);
  }
}
/** @internal */
export function jsonUnlockRequest(m: UnlockRequestInit): string {
  let s = "";
  if (m.key !== undefined && m.key.length > 0) s += `,"key":"${encodeBase64(m.key)}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseUnlockRequest(value: JsonValue): UnlockRequest {
  const o = readObject(value, "UnlockRequest");
  const keyIn = field(o, "key", "key");
  return {
    key: keyIn === undefined ? NO_BYTES : readBytes(keyIn, "key"),
  };
}
export const UnlockRequest: MessageCodec<UnlockRequest, UnlockRequestInit> = {
  name: "v3lockpb.UnlockRequest",
  encode(message) {
    sharedWriter.begin();
    writeUnlockRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readUnlockRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonUnlockRequest,
  toJsonPieces: (message) => [jsonUnlockRequest(message)],
  fromJson: parseUnlockRequest,
};

export interface UnlockResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a UnlockResponse: zero values may be left out. */
export interface UnlockResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readUnlockResponse(r: Reader, end: number): UnlockResponse {
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
export function writeUnlockResponse(w: Writer, m: UnlockResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonUnlockResponse(m: UnlockResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseUnlockResponse(value: JsonValue): UnlockResponse {
  const o = readObject(value, "UnlockResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const UnlockResponse: MessageCodec<UnlockResponse, UnlockResponseInit> = {
  name: "v3lockpb.UnlockResponse",
  encode(message) {
    sharedWriter.begin();
    writeUnlockResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readUnlockResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonUnlockResponse,
  toJsonPieces: (message) => [jsonUnlockResponse(message)],
  fromJson: parseUnlockResponse,
};

export const LockService: {
  readonly lock: MethodDescriptor<LockRequest, LockRequestInit, LockResponse, LockResponseInit, "unary">;
  readonly unlock: MethodDescriptor<UnlockRequest, UnlockRequestInit, UnlockResponse, UnlockResponseInit, "unary">;
} = {
  lock: { path: "/v3lockpb.Lock/Lock", kind: "unary", request: LockRequest, response: LockResponse },
  unlock: { path: "/v3lockpb.Lock/Unlock", kind: "unary", request: UnlockRequest, response: UnlockResponse },
};
