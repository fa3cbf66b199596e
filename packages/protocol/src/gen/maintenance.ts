// Generated from proto/maintenance.proto by tools/protogen; do not edit.
import { Reader } from "../wire/reader.ts";
import { sharedWriter, type Writer } from "../wire/writer.ts";
import { NO_BYTES } from "../wire/no-bytes.ts";
import { encodeBase64 } from "../json/base64.ts";
import { type JsonValue } from "../json/parse-json.ts";
import { jsonEnum } from "../json/write-json.ts";
import { field, readArray, readBool, readBytes, readEnum, readInt64, readObject, readString, readUint32, readUint64, readUint64Exact } from "../json/read-json.ts";
import { type MessageCodec } from "../message-codec.ts";
import { type MethodDescriptor } from "../service.ts";
import { jsonResponseHeader, parseResponseHeader, readResponseHeader, ResponseHeader, type ResponseHeaderInit, writeResponseHeader } from "./header.ts";

/** Numbers of etcdserverpb.AlarmType. Open: a number that is not listed may arrive. */
export const AlarmType: { readonly NONE: 0; readonly NOSPACE: 1; readonly CORRUPT: 2 } = { NONE: 0, NOSPACE: 1, CORRUPT: 2 };
export type AlarmType = number;
/** @internal */
export const AlarmTypeNames: Readonly<Record<number, string>> = {"0":"NONE","1":"NOSPACE","2":"CORRUPT"};

/** Numbers of etcdserverpb.AlarmRequest.AlarmAction. Open: a number that is not listed may arrive. */
export const AlarmAction: { readonly GET: 0; readonly ACTIVATE: 1; readonly DEACTIVATE: 2 } = { GET: 0, ACTIVATE: 1, DEACTIVATE: 2 };
export type AlarmAction = number;
/** @internal */
export const AlarmActionNames: Readonly<Record<number, string>> = {"0":"GET","1":"ACTIVATE","2":"DEACTIVATE"};

/** Numbers of etcdserverpb.DowngradeRequest.DowngradeAction. Open: a number that is not listed may arrive. */
export const DowngradeAction: { readonly VALIDATE: 0; readonly ENABLE: 1; readonly CANCEL: 2 } = { VALIDATE: 0, ENABLE: 1, CANCEL: 2 };
export type DowngradeAction = number;
/** @internal */
export const DowngradeActionNames: Readonly<Record<number, string>> = {"0":"VALIDATE","1":"ENABLE","2":"CANCEL"};

export type DefragmentRequest = Readonly<Record<string, never>>;
/** What makes a DefragmentRequest: zero values may be left out. */
export type DefragmentRequestInit = Readonly<Record<string, never>>;
/** @internal */
export function readDefragmentRequest(r: Reader, end: number): DefragmentRequest {
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.leave(end);
  return {};
}
/** @internal */
export function writeDefragmentRequest(_w: Writer, _m: DefragmentRequestInit): void {
}
/** @internal */
export function jsonDefragmentRequest(_m: DefragmentRequestInit): string {
  return "{}";
}
/** @internal */
export function parseDefragmentRequest(value: JsonValue): DefragmentRequest {
  readObject(value, "DefragmentRequest");
  return {};
}
export const DefragmentRequest: MessageCodec<DefragmentRequest, DefragmentRequestInit> = {
  name: "etcdserverpb.DefragmentRequest",
  encode(message) {
    sharedWriter.begin();
    writeDefragmentRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readDefragmentRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonDefragmentRequest,
  toJsonPieces: (message) => [jsonDefragmentRequest(message)],
  fromJson: parseDefragmentRequest,
};

export interface DefragmentResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a DefragmentResponse: zero values may be left out. */
export interface DefragmentResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readDefragmentResponse(r: Reader, end: number): DefragmentResponse {
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
export function writeDefragmentResponse(w: Writer, m: DefragmentResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonDefragmentResponse(m: DefragmentResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseDefragmentResponse(value: JsonValue): DefragmentResponse {
  const o = readObject(value, "DefragmentResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const DefragmentResponse: MessageCodec<DefragmentResponse, DefragmentResponseInit> = {
  name: "etcdserverpb.DefragmentResponse",
  encode(message) {
    sharedWriter.begin();
    writeDefragmentResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readDefragmentResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonDefragmentResponse,
  toJsonPieces: (message) => [jsonDefragmentResponse(message)],
  fromJson: parseDefragmentResponse,
};

export type HashRequest = Readonly<Record<string, never>>;
/** What makes a HashRequest: zero values may be left out. */
export type HashRequestInit = Readonly<Record<string, never>>;
/** @internal */
export function readHashRequest(r: Reader, end: number): HashRequest {
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.leave(end);
  return {};
}
/** @internal */
export function writeHashRequest(_w: Writer, _m: HashRequestInit): void {
}
/** @internal */
export function jsonHashRequest(_m: HashRequestInit): string {
  return "{}";
}
/** @internal */
export function parseHashRequest(value: JsonValue): HashRequest {
  readObject(value, "HashRequest");
  return {};
}
export const HashRequest: MessageCodec<HashRequest, HashRequestInit> = {
  name: "etcdserverpb.HashRequest",
  encode(message) {
    sharedWriter.begin();
    writeHashRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readHashRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonHashRequest,
  toJsonPieces: (message) => [jsonHashRequest(message)],
  fromJson: parseHashRequest,
};

export interface HashResponse {
  readonly header: ResponseHeader | undefined;
  readonly hash: number;
}
/** What makes a HashResponse: zero values may be left out. */
export interface HashResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly hash?: number | undefined;
}
/** @internal */
export function readHashResponse(r: Reader, end: number): HashResponse {
  let header: ResponseHeader | undefined;
  let hash = 0;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 16:
        hash = r.uint32();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, hash };
}
/** @internal */
export function writeHashResponse(w: Writer, m: HashResponseInit): void {
  if (m.hash !== undefined && m.hash !== 0) {
    w.uint32(16, m.hash);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonHashResponse(m: HashResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.hash !== undefined && m.hash !== 0) s += `,"hash":${m.hash}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseHashResponse(value: JsonValue): HashResponse {
  const o = readObject(value, "HashResponse");
  const headerIn = field(o, "header", "header");
  const hashIn = field(o, "hash", "hash");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    hash: hashIn === undefined ? 0 : readUint32(hashIn, "hash"),
  };
}
export const HashResponse: MessageCodec<HashResponse, HashResponseInit> = {
  name: "etcdserverpb.HashResponse",
  encode(message) {
    sharedWriter.begin();
    writeHashResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readHashResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonHashResponse,
  toJsonPieces: (message) => [jsonHashResponse(message)],
  fromJson: parseHashResponse,
};

export interface HashKVRequest {
  /** 0: the current revision. */
  readonly revision: number;
}
/** What makes a HashKVRequest: zero values may be left out. */
export interface HashKVRequestInit {
  /** 0: the current revision. */
  readonly revision?: number | undefined;
}
/** @internal */
export function readHashKVRequest(r: Reader, end: number): HashKVRequest {
  let revision = 0;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        revision = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { revision };
}
/** @internal */
export function writeHashKVRequest(w: Writer, m: HashKVRequestInit): void {
  if (m.revision !== undefined && m.revision !== 0) {
    w.int64(8, m.revision);
  }
}
/** @internal */
export function jsonHashKVRequest(m: HashKVRequestInit): string {
  let s = "";
  if (m.revision !== undefined && m.revision !== 0) s += `,"revision":"${m.revision}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseHashKVRequest(value: JsonValue): HashKVRequest {
  const o = readObject(value, "HashKVRequest");
  const revisionIn = field(o, "revision", "revision");
  return {
    revision: revisionIn === undefined ? 0 : readInt64(revisionIn, "revision"),
  };
}
export const HashKVRequest: MessageCodec<HashKVRequest, HashKVRequestInit> = {
  name: "etcdserverpb.HashKVRequest",
  encode(message) {
    sharedWriter.begin();
    writeHashKVRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readHashKVRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonHashKVRequest,
  toJsonPieces: (message) => [jsonHashKVRequest(message)],
  fromJson: parseHashKVRequest,
};

export interface HashKVResponse {
  readonly header: ResponseHeader | undefined;
  readonly hash: number;
  readonly compactRevision: number;
  readonly hashRevision: number;
}
/** What makes a HashKVResponse: zero values may be left out. */
export interface HashKVResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly hash?: number | undefined;
  readonly compactRevision?: number | undefined;
  readonly hashRevision?: number | undefined;
}
/** @internal */
export function readHashKVResponse(r: Reader, end: number): HashKVResponse {
  let header: ResponseHeader | undefined;
  let hash = 0;
  let compactRevision = 0;
  let hashRevision = 0;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 16:
        hash = r.uint32();
        break;
      case 24:
        compactRevision = r.int64();
        break;
      case 32:
        hashRevision = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, hash, compactRevision, hashRevision };
}
/** @internal */
export function writeHashKVResponse(w: Writer, m: HashKVResponseInit): void {
  if (m.hashRevision !== undefined && m.hashRevision !== 0) {
    w.int64(32, m.hashRevision);
  }
  if (m.compactRevision !== undefined && m.compactRevision !== 0) {
    w.int64(24, m.compactRevision);
  }
  if (m.hash !== undefined && m.hash !== 0) {
    w.uint32(16, m.hash);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonHashKVResponse(m: HashKVResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.hash !== undefined && m.hash !== 0) s += `,"hash":${m.hash}`;
  if (m.compactRevision !== undefined && m.compactRevision !== 0) s += `,"compact_revision":"${m.compactRevision}"`;
  if (m.hashRevision !== undefined && m.hashRevision !== 0) s += `,"hash_revision":"${m.hashRevision}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseHashKVResponse(value: JsonValue): HashKVResponse {
  const o = readObject(value, "HashKVResponse");
  const headerIn = field(o, "header", "header");
  const hashIn = field(o, "hash", "hash");
  const compactRevisionIn = field(o, "compact_revision", "compactRevision");
  const hashRevisionIn = field(o, "hash_revision", "hashRevision");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    hash: hashIn === undefined ? 0 : readUint32(hashIn, "hash"),
    compactRevision: compactRevisionIn === undefined ? 0 : readInt64(compactRevisionIn, "compact_revision"),
    hashRevision: hashRevisionIn === undefined ? 0 : readInt64(hashRevisionIn, "hash_revision"),
  };
}
export const HashKVResponse: MessageCodec<HashKVResponse, HashKVResponseInit> = {
  name: "etcdserverpb.HashKVResponse",
  encode(message) {
    sharedWriter.begin();
    writeHashKVResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readHashKVResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonHashKVResponse,
  toJsonPieces: (message) => [jsonHashKVResponse(message)],
  fromJson: parseHashKVResponse,
};

export type SnapshotRequest = Readonly<Record<string, never>>;
/** What makes a SnapshotRequest: zero values may be left out. */
export type SnapshotRequestInit = Readonly<Record<string, never>>;
/** @internal */
export function readSnapshotRequest(r: Reader, end: number): SnapshotRequest {
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.leave(end);
  return {};
}
/** @internal */
export function writeSnapshotRequest(_w: Writer, _m: SnapshotRequestInit): void {
}
/** @internal */
export function jsonSnapshotRequest(_m: SnapshotRequestInit): string {
  return "{}";
}
/** @internal */
export function parseSnapshotRequest(value: JsonValue): SnapshotRequest {
  readObject(value, "SnapshotRequest");
  return {};
}
export const SnapshotRequest: MessageCodec<SnapshotRequest, SnapshotRequestInit> = {
  name: "etcdserverpb.SnapshotRequest",
  encode(message) {
    sharedWriter.begin();
    writeSnapshotRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readSnapshotRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonSnapshotRequest,
  toJsonPieces: (message) => [jsonSnapshotRequest(message)],
  fromJson: parseSnapshotRequest,
};

export interface SnapshotResponse {
  readonly header: ResponseHeader | undefined;
  readonly remainingBytes: number;
  readonly blob: Uint8Array;
  readonly version: string;
}
/** What makes a SnapshotResponse: zero values may be left out. */
export interface SnapshotResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly remainingBytes?: number | undefined;
  readonly blob?: Uint8Array | undefined;
  readonly version?: string | undefined;
}
/** @internal */
export function readSnapshotResponse(r: Reader, end: number): SnapshotResponse {
  let header: ResponseHeader | undefined;
  let remainingBytes = 0;
  let blob: Uint8Array = NO_BYTES;
  let version = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 16:
        remainingBytes = r.uint64();
        break;
      case 26:
        blob = r.bytes();
        break;
      case 34:
        version = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, remainingBytes, blob, version };
}
/** @internal */
export function writeSnapshotResponse(w: Writer, m: SnapshotResponseInit): void {
  if (m.version !== undefined && m.version !== "") {
    w.string(34, m.version);
  }
  if (m.blob !== undefined && m.blob.length > 0) {
    w.bytes(26, m.blob);
  }
  if (m.remainingBytes !== undefined && m.remainingBytes !== 0) {
    w.int64(16, m.remainingBytes);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonSnapshotResponse(m: SnapshotResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.remainingBytes !== undefined && m.remainingBytes !== 0) s += `,"remaining_bytes":"${m.remainingBytes}"`;
  if (m.blob !== undefined && m.blob.length > 0) s += `,"blob":"${encodeBase64(m.blob)}"`;
  if (m.version !== undefined && m.version !== "") s += `,"version":${JSON.stringify(m.version)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseSnapshotResponse(value: JsonValue): SnapshotResponse {
  const o = readObject(value, "SnapshotResponse");
  const headerIn = field(o, "header", "header");
  const remainingBytesIn = field(o, "remaining_bytes", "remainingBytes");
  const blobIn = field(o, "blob", "blob");
  const versionIn = field(o, "version", "version");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    remainingBytes: remainingBytesIn === undefined ? 0 : readUint64(remainingBytesIn, "remaining_bytes"),
    blob: blobIn === undefined ? NO_BYTES : readBytes(blobIn, "blob"),
    version: versionIn === undefined ? "" : readString(versionIn, "version"),
  };
}
export const SnapshotResponse: MessageCodec<SnapshotResponse, SnapshotResponseInit> = {
  name: "etcdserverpb.SnapshotResponse",
  encode(message) {
    sharedWriter.begin();
    writeSnapshotResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readSnapshotResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonSnapshotResponse,
  toJsonPieces: (message) => [jsonSnapshotResponse(message)],
  fromJson: parseSnapshotResponse,
};

export interface MoveLeaderRequest {
  readonly targetId: bigint;
}
/** What makes a MoveLeaderRequest: zero values may be left out. */
export interface MoveLeaderRequestInit {
  readonly targetId?: bigint | undefined;
}
/** @internal */
export function readMoveLeaderRequest(r: Reader, end: number): MoveLeaderRequest {
  let targetId = 0n;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        targetId = r.uint64Exact();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { targetId };
}
/** @internal */
export function writeMoveLeaderRequest(w: Writer, m: MoveLeaderRequestInit): void {
  if (m.targetId !== undefined && m.targetId !== 0n) {
    w.int64Exact(8, m.targetId);
  }
}
/** @internal */
export function jsonMoveLeaderRequest(m: MoveLeaderRequestInit): string {
  let s = "";
  if (m.targetId !== undefined && m.targetId !== 0n) s += `,"targetID":"${m.targetId}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseMoveLeaderRequest(value: JsonValue): MoveLeaderRequest {
  const o = readObject(value, "MoveLeaderRequest");
  const targetIdIn = field(o, "targetID", "targetID");
  return {
    targetId: targetIdIn === undefined ? 0n : readUint64Exact(targetIdIn, "targetID"),
  };
}
export const MoveLeaderRequest: MessageCodec<MoveLeaderRequest, MoveLeaderRequestInit> = {
  name: "etcdserverpb.MoveLeaderRequest",
  encode(message) {
    sharedWriter.begin();
    writeMoveLeaderRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readMoveLeaderRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonMoveLeaderRequest,
  toJsonPieces: (message) => [jsonMoveLeaderRequest(message)],
  fromJson: parseMoveLeaderRequest,
};

export interface MoveLeaderResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a MoveLeaderResponse: zero values may be left out. */
export interface MoveLeaderResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readMoveLeaderResponse(r: Reader, end: number): MoveLeaderResponse {
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
export function writeMoveLeaderResponse(w: Writer, m: MoveLeaderResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonMoveLeaderResponse(m: MoveLeaderResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseMoveLeaderResponse(value: JsonValue): MoveLeaderResponse {
  const o = readObject(value, "MoveLeaderResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const MoveLeaderResponse: MessageCodec<MoveLeaderResponse, MoveLeaderResponseInit> = {
  name: "etcdserverpb.MoveLeaderResponse",
  encode(message) {
    sharedWriter.begin();
    writeMoveLeaderResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readMoveLeaderResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonMoveLeaderResponse,
  toJsonPieces: (message) => [jsonMoveLeaderResponse(message)],
  fromJson: parseMoveLeaderResponse,
};

export interface AlarmRequest {
  readonly action: AlarmAction;
  readonly memberId: bigint;
  readonly alarm: AlarmType;
}
/** What makes a AlarmRequest: zero values may be left out. */
export interface AlarmRequestInit {
  readonly action?: AlarmAction | undefined;
  readonly memberId?: bigint | undefined;
  readonly alarm?: AlarmType | undefined;
}
/** @internal */
export function readAlarmRequest(r: Reader, end: number): AlarmRequest {
  let action = 0;
  let memberId = 0n;
  let alarm = 0;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        action = r.int32();
        break;
      case 16:
        memberId = r.uint64Exact();
        break;
      case 24:
        alarm = r.int32();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { action, memberId, alarm };
}
/** @internal */
export function writeAlarmRequest(w: Writer, m: AlarmRequestInit): void {
  if (m.alarm !== undefined && m.alarm !== 0) {
    w.int32(24, m.alarm);
  }
  if (m.memberId !== undefined && m.memberId !== 0n) {
    w.int64Exact(16, m.memberId);
  }
  if (m.action !== undefined && m.action !== 0) {
    w.int32(8, m.action);
  }
}
/** @internal */
export function jsonAlarmRequest(m: AlarmRequestInit): string {
  let s = "";
  if (m.action !== undefined && m.action !== 0) s += `,"action":${jsonEnum(m.action, AlarmActionNames)}`;
  if (m.memberId !== undefined && m.memberId !== 0n) s += `,"memberID":"${m.memberId}"`;
  if (m.alarm !== undefined && m.alarm !== 0) s += `,"alarm":${jsonEnum(m.alarm, AlarmTypeNames)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAlarmRequest(value: JsonValue): AlarmRequest {
  const o = readObject(value, "AlarmRequest");
  const actionIn = field(o, "action", "action");
  const memberIdIn = field(o, "memberID", "memberID");
  const alarmIn = field(o, "alarm", "alarm");
  return {
    action: actionIn === undefined ? 0 : readEnum(actionIn, "action", AlarmAction),
    memberId: memberIdIn === undefined ? 0n : readUint64Exact(memberIdIn, "memberID"),
    alarm: alarmIn === undefined ? 0 : readEnum(alarmIn, "alarm", AlarmType),
  };
}
export const AlarmRequest: MessageCodec<AlarmRequest, AlarmRequestInit> = {
  name: "etcdserverpb.AlarmRequest",
  encode(message) {
    sharedWriter.begin();
    writeAlarmRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAlarmRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAlarmRequest,
  toJsonPieces: (message) => [jsonAlarmRequest(message)],
  fromJson: parseAlarmRequest,
};

export interface AlarmMember {
  readonly memberId: bigint;
  readonly alarm: AlarmType;
}
/** What makes a AlarmMember: zero values may be left out. */
export interface AlarmMemberInit {
  readonly memberId?: bigint | undefined;
  readonly alarm?: AlarmType | undefined;
}
/** @internal */
export function readAlarmMember(r: Reader, end: number): AlarmMember {
  let memberId = 0n;
  let alarm = 0;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        memberId = r.uint64Exact();
        break;
      case 16:
        alarm = r.int32();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { memberId, alarm };
}
/** @internal */
export function writeAlarmMember(w: Writer, m: AlarmMemberInit): void {
  if (m.alarm !== undefined && m.alarm !== 0) {
    w.int32(16, m.alarm);
  }
  if (m.memberId !== undefined && m.memberId !== 0n) {
    w.int64Exact(8, m.memberId);
  }
}
/** @internal */
export function jsonAlarmMember(m: AlarmMemberInit): string {
  let s = "";
  if (m.memberId !== undefined && m.memberId !== 0n) s += `,"memberID":"${m.memberId}"`;
  if (m.alarm !== undefined && m.alarm !== 0) s += `,"alarm":${jsonEnum(m.alarm, AlarmTypeNames)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAlarmMember(value: JsonValue): AlarmMember {
  const o = readObject(value, "AlarmMember");
  const memberIdIn = field(o, "memberID", "memberID");
  const alarmIn = field(o, "alarm", "alarm");
  return {
    memberId: memberIdIn === undefined ? 0n : readUint64Exact(memberIdIn, "memberID"),
    alarm: alarmIn === undefined ? 0 : readEnum(alarmIn, "alarm", AlarmType),
  };
}
export const AlarmMember: MessageCodec<AlarmMember, AlarmMemberInit> = {
  name: "etcdserverpb.AlarmMember",
  encode(message) {
    sharedWriter.begin();
    writeAlarmMember(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAlarmMember(new Reader(bytes), bytes.length);
  },
  toJson: jsonAlarmMember,
  toJsonPieces: (message) => [jsonAlarmMember(message)],
  fromJson: parseAlarmMember,
};

export interface AlarmResponse {
  readonly header: ResponseHeader | undefined;
  readonly alarms: readonly AlarmMember[];
}
/** What makes a AlarmResponse: zero values may be left out. */
export interface AlarmResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly alarms?: readonly AlarmMemberInit[] | undefined;
}
/** @internal */
export function readAlarmResponse(r: Reader, end: number): AlarmResponse {
  let header: ResponseHeader | undefined;
  let alarms: AlarmMember[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        (alarms ??= []).push(readAlarmMember(r, r.enter()));
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, alarms: alarms ?? [] };
}
/** @internal */
export function writeAlarmResponse(w: Writer, m: AlarmResponseInit): void {
  if (m.alarms !== undefined) {
    for (let i = m.alarms.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeAlarmMember(w, m.alarms[i] as AlarmMemberInit);
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
export function jsonAlarmResponse(m: AlarmResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.alarms !== undefined && m.alarms.length > 0) s += `,"alarms":[${m.alarms.map(jsonAlarmMember).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function* piecesAlarmResponse(m: AlarmResponseInit): Generator<string> {
  let s = "{";
  let comma = "";
  if (m.header !== undefined) {
    s += `${comma}"header":${jsonResponseHeader(m.header)}`;
    comma = ",";
  }
  if (m.alarms !== undefined && m.alarms.length > 0) {
    s += `${comma}"alarms":[`;
    comma = ",";
    let between = "";
    for (const v of m.alarms) {
      yield `${s}${between}${jsonAlarmMember(v)}`;
      s = "";
      between = ",";
    }
    s = "]";
  }
  yield `${s}}`;
}
/** @internal */
export function parseAlarmResponse(value: JsonValue): AlarmResponse {
  const o = readObject(value, "AlarmResponse");
  const headerIn = field(o, "header", "header");
  const alarmsIn = field(o, "alarms", "alarms");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    alarms: alarmsIn === undefined ? [] : readArray(alarmsIn, "alarms").map((v) => parseAlarmMember(v)),
  };
}
export const AlarmResponse: MessageCodec<AlarmResponse, AlarmResponseInit> = {
  name: "etcdserverpb.AlarmResponse",
  encode(message) {
    sharedWriter.begin();
    writeAlarmResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAlarmResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAlarmResponse,
  toJsonPieces: piecesAlarmResponse,
  fromJson: parseAlarmResponse,
};

export interface DowngradeRequest {
  readonly action: DowngradeAction;
  readonly version: string;
}
/** What makes a DowngradeRequest: zero values may be left out. */
export interface DowngradeRequestInit {
  readonly action?: DowngradeAction | undefined;
  readonly version?: string | undefined;
}
/** @internal */
export function readDowngradeRequest(r: Reader, end: number): DowngradeRequest {
  let action = 0;
  let version = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        action = r.int32();
        break;
      case 18:
        version = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { action, version };
}
/** @internal */
export function writeDowngradeRequest(w: Writer, m: DowngradeRequestInit): void {
  if (m.version !== undefined && m.version !== "") {
    w.string(18, m.version);
  }
  if (m.action !== undefined && m.action !== 0) {
    w.int32(8, m.action);
  }
}
/** @internal */
export function jsonDowngradeRequest(m: DowngradeRequestInit): string {
  let s = "";
  if (m.action !== undefined && m.action !== 0) s += `,"action":${jsonEnum(m.action, DowngradeActionNames)}`;
  if (m.version !== undefined && m.version !== "") s += `,"version":${JSON.stringify(m.version)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseDowngradeRequest(value: JsonValue): DowngradeRequest {
  const o = readObject(value, "DowngradeRequest");
  const actionIn = field(o, "action", "action");
  const versionIn = field(o, "version", "version");
  return {
    action: actionIn === undefined ? 0 : readEnum(actionIn, "action", DowngradeAction),
    version: versionIn === undefined ? "" : readString(versionIn, "version"),
  };
}
export const DowngradeRequest: MessageCodec<DowngradeRequest, DowngradeRequestInit> = {
  name: "etcdserverpb.DowngradeRequest",
  encode(message) {
    sharedWriter.begin();
    writeDowngradeRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readDowngradeRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonDowngradeRequest,
  toJsonPieces: (message) => [jsonDowngradeRequest(message)],
  fromJson: parseDowngradeRequest,
};

export interface DowngradeResponse {
  readonly header: ResponseHeader | undefined;
  readonly version: string;
}
/** What makes a DowngradeResponse: zero values may be left out. */
export interface DowngradeResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly version?: string | undefined;
}
/** @internal */
export function readDowngradeResponse(r: Reader, end: number): DowngradeResponse {
  let header: ResponseHeader | undefined;
  let version = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        version = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, version };
}
/** @internal */
export function writeDowngradeResponse(w: Writer, m: DowngradeResponseInit): void {
  if (m.version !== undefined && m.version !== "") {
    w.string(18, m.version);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonDowngradeResponse(m: DowngradeResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.version !== undefined && m.version !== "") s += `,"version":${JSON.stringify(m.version)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseDowngradeResponse(value: JsonValue): DowngradeResponse {
  const o = readObject(value, "DowngradeResponse");
  const headerIn = field(o, "header", "header");
  const versionIn = field(o, "version", "version");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    version: versionIn === undefined ? "" : readString(versionIn, "version"),
  };
}
export const DowngradeResponse: MessageCodec<DowngradeResponse, DowngradeResponseInit> = {
  name: "etcdserverpb.DowngradeResponse",
  encode(message) {
    sharedWriter.begin();
    writeDowngradeResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readDowngradeResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonDowngradeResponse,
  toJsonPieces: (message) => [jsonDowngradeResponse(message)],
  fromJson: parseDowngradeResponse,
};

export type StatusRequest = Readonly<Record<string, never>>;
/** What makes a StatusRequest: zero values may be left out. */
export type StatusRequestInit = Readonly<Record<string, never>>;
/** @internal */
export function readStatusRequest(r: Reader, end: number): StatusRequest {
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.leave(end);
  return {};
}
/** @internal */
export function writeStatusRequest(_w: Writer, _m: StatusRequestInit): void {
}
/** @internal */
export function jsonStatusRequest(_m: StatusRequestInit): string {
  return "{}";
}
/** @internal */
export function parseStatusRequest(value: JsonValue): StatusRequest {
  readObject(value, "StatusRequest");
  return {};
}
export const StatusRequest: MessageCodec<StatusRequest, StatusRequestInit> = {
  name: "etcdserverpb.StatusRequest",
  encode(message) {
    sharedWriter.begin();
    writeStatusRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readStatusRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonStatusRequest,
  toJsonPieces: (message) => [jsonStatusRequest(message)],
  fromJson: parseStatusRequest,
};

export interface StatusResponse {
  readonly header: ResponseHeader | undefined;
  readonly version: string;
  /** Bytes the store takes on disk. */
  readonly dbSize: number;
  /** Member id, 0 when there is no leader. */
  readonly leader: bigint;
  readonly raftIndex: number;
  readonly raftTerm: number;
  readonly raftAppliedIndex: number;
  readonly errors: readonly string[];
  readonly dbSizeInUse: number;
  readonly isLearner: boolean;
  readonly storageVersion: string;
  readonly dbSizeQuota: number;
  readonly downgradeInfo: DowngradeInfo | undefined;
}
/** What makes a StatusResponse: zero values may be left out. */
export interface StatusResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly version?: string | undefined;
  /** Bytes the store takes on disk. */
  readonly dbSize?: number | undefined;
  /** Member id, 0 when there is no leader. */
  readonly leader?: bigint | undefined;
  readonly raftIndex?: number | undefined;
  readonly raftTerm?: number | undefined;
  readonly raftAppliedIndex?: number | undefined;
  readonly errors?: readonly string[] | undefined;
  readonly dbSizeInUse?: number | undefined;
  readonly isLearner?: boolean | undefined;
  readonly storageVersion?: string | undefined;
  readonly dbSizeQuota?: number | undefined;
  readonly downgradeInfo?: DowngradeInfoInit | undefined;
}
/** @internal */
export function readStatusResponse(r: Reader, end: number): StatusResponse {
  let header: ResponseHeader | undefined;
  let version = "";
  let dbSize = 0;
  let leader = 0n;
  let raftIndex = 0;
  let raftTerm = 0;
  let raftAppliedIndex = 0;
  let errors: string[] | undefined;
  let dbSizeInUse = 0;
  let isLearner = false;
  let storageVersion = "";
  let dbSizeQuota = 0;
  let downgradeInfo: DowngradeInfo | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        version = r.string();
        break;
      case 24:
        dbSize = r.int64();
        break;
      case 32:
        leader = r.uint64Exact();
        break;
      case 40:
        raftIndex = r.uint64();
        break;
      case 48:
        raftTerm = r.uint64();
        break;
      case 56:
        raftAppliedIndex = r.uint64();
        break;
      case 66:
        (errors ??= []).push(r.string());
        break;
      case 72:
        dbSizeInUse = r.int64();
        break;
      case 80:
        isLearner = r.bool();
        break;
      case 90:
        storageVersion = r.string();
        break;
      case 96:
        dbSizeQuota = r.int64();
        break;
      case 106:
        downgradeInfo = readDowngradeInfo(r, r.enter());
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, version, dbSize, leader, raftIndex, raftTerm, raftAppliedIndex, errors: errors ?? [], dbSizeInUse, isLearner, storageVersion, dbSizeQuota, downgradeInfo };
}
/** @internal */
export function writeStatusResponse(w: Writer, m: StatusResponseInit): void {
  if (m.downgradeInfo !== undefined) {
    const mark = w.mark();
    writeDowngradeInfo(w, m.downgradeInfo);
    w.length(106, mark);
  }
  if (m.dbSizeQuota !== undefined && m.dbSizeQuota !== 0) {
    w.int64(96, m.dbSizeQuota);
  }
  if (m.storageVersion !== undefined && m.storageVersion !== "") {
    w.string(90, m.storageVersion);
  }
  if (m.isLearner === true) {
    w.bool(80, m.isLearner);
  }
  if (m.dbSizeInUse !== undefined && m.dbSizeInUse !== 0) {
    w.int64(72, m.dbSizeInUse);
  }
  if (m.errors !== undefined) {
    for (let i = m.errors.length - 1; i >= 0; i -= 1) {
      w.string(66, m.errors[i] as string);
    }
  }
  if (m.raftAppliedIndex !== undefined && m.raftAppliedIndex !== 0) {
    w.int64(56, m.raftAppliedIndex);
  }
  if (m.raftTerm !== undefined && m.raftTerm !== 0) {
    w.int64(48, m.raftTerm);
  }
  if (m.raftIndex !== undefined && m.raftIndex !== 0) {
    w.int64(40, m.raftIndex);
  }
  if (m.leader !== undefined && m.leader !== 0n) {
    w.int64Exact(32, m.leader);
  }
  if (m.dbSize !== undefined && m.dbSize !== 0) {
    w.int64(24, m.dbSize);
  }
  if (m.version !== undefined && m.version !== "") {
    w.string(18, m.version);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonStatusResponse(m: StatusResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.version !== undefined && m.version !== "") s += `,"version":${JSON.stringify(m.version)}`;
  if (m.dbSize !== undefined && m.dbSize !== 0) s += `,"dbSize":"${m.dbSize}"`;
  if (m.leader !== undefined && m.leader !== 0n) s += `,"leader":"${m.leader}"`;
  if (m.raftIndex !== undefined && m.raftIndex !== 0) s += `,"raftIndex":"${m.raftIndex}"`;
  if (m.raftTerm !== undefined && m.raftTerm !== 0) s += `,"raftTerm":"${m.raftTerm}"`;
  if (m.raftAppliedIndex !== undefined && m.raftAppliedIndex !== 0) s += `,"raftAppliedIndex":"${m.raftAppliedIndex}"`;
  if (m.errors !== undefined && m.errors.length > 0) s += `,"errors":[${m.errors.map((v) => `${JSON.stringify(v)}`).join(",")}]`;
  if (m.dbSizeInUse !== undefined && m.dbSizeInUse !== 0) s += `,"dbSizeInUse":"${m.dbSizeInUse}"`;
  if (m.isLearner === true) s += `,"isLearner":${m.isLearner}`;
  if (m.storageVersion !== undefined && m.storageVersion !== "") s += `,"storageVersion":${JSON.stringify(m.storageVersion)}`;
  if (m.dbSizeQuota !== undefined && m.dbSizeQuota !== 0) s += `,"dbSizeQuota":"${m.dbSizeQuota}"`;
  if (m.downgradeInfo !== undefined) s += `,"downgradeInfo":${jsonDowngradeInfo(m.downgradeInfo)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseStatusResponse(value: JsonValue): StatusResponse {
  const o = readObject(value, "StatusResponse");
  const headerIn = field(o, "header", "header");
  const versionIn = field(o, "version", "version");
  const dbSizeIn = field(o, "dbSize", "dbSize");
  const leaderIn = field(o, "leader", "leader");
  const raftIndexIn = field(o, "raftIndex", "raftIndex");
  const raftTermIn = field(o, "raftTerm", "raftTerm");
  const raftAppliedIndexIn = field(o, "raftAppliedIndex", "raftAppliedIndex");
  const errorsIn = field(o, "errors", "errors");
  const dbSizeInUseIn = field(o, "dbSizeInUse", "dbSizeInUse");
  const isLearnerIn = field(o, "isLearner", "isLearner");
  const storageVersionIn = field(o, "storageVersion", "storageVersion");
  const dbSizeQuotaIn = field(o, "dbSizeQuota", "dbSizeQuota");
  const downgradeInfoIn = field(o, "downgradeInfo", "downgradeInfo");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    version: versionIn === undefined ? "" : readString(versionIn, "version"),
    dbSize: dbSizeIn === undefined ? 0 : readInt64(dbSizeIn, "dbSize"),
    leader: leaderIn === undefined ? 0n : readUint64Exact(leaderIn, "leader"),
    raftIndex: raftIndexIn === undefined ? 0 : readUint64(raftIndexIn, "raftIndex"),
    raftTerm: raftTermIn === undefined ? 0 : readUint64(raftTermIn, "raftTerm"),
    raftAppliedIndex: raftAppliedIndexIn === undefined ? 0 : readUint64(raftAppliedIndexIn, "raftAppliedIndex"),
    errors: errorsIn === undefined ? [] : readArray(errorsIn, "errors").map((v) => readString(v, "errors")),
    dbSizeInUse: dbSizeInUseIn === undefined ? 0 : readInt64(dbSizeInUseIn, "dbSizeInUse"),
    isLearner: isLearnerIn === undefined ? false : readBool(isLearnerIn, "isLearner"),
    storageVersion: storageVersionIn === undefined ? "" : readString(storageVersionIn, "storageVersion"),
    dbSizeQuota: dbSizeQuotaIn === undefined ? 0 : readInt64(dbSizeQuotaIn, "dbSizeQuota"),
    downgradeInfo: downgradeInfoIn === undefined ? undefined : parseDowngradeInfo(downgradeInfoIn),
  };
}
export const StatusResponse: MessageCodec<StatusResponse, StatusResponseInit> = {
  name: "etcdserverpb.StatusResponse",
  encode(message) {
    sharedWriter.begin();
    writeStatusResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readStatusResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonStatusResponse,
  toJsonPieces: (message) => [jsonStatusResponse(message)],
  fromJson: parseStatusResponse,
};

export interface DowngradeInfo {
  readonly enabled: boolean;
  readonly targetVersion: string;
}
/** What makes a DowngradeInfo: zero values may be left out. */
export interface DowngradeInfoInit {
  readonly enabled?: boolean | undefined;
  readonly targetVersion?: string | undefined;
}
/** @internal */
export function readDowngradeInfo(r: Reader, end: number): DowngradeInfo {
  let enabled = false;
  let targetVersion = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        enabled = r.bool();
        break;
      case 18:
        targetVersion = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { enabled, targetVersion };
}
/** @internal */
export function writeDowngradeInfo(w: Writer, m: DowngradeInfoInit): void {
  if (m.targetVersion !== undefined && m.targetVersion !== "") {
    w.string(18, m.targetVersion);
  }
  if (m.enabled === true) {
    w.bool(8, m.enabled);
  }
}
/** @internal */
export function jsonDowngradeInfo(m: DowngradeInfoInit): string {
  let s = "";
  if (m.enabled === true) s += `,"enabled":${m.enabled}`;
  if (m.targetVersion !== undefined && m.targetVersion !== "") s += `,"targetVersion":${JSON.stringify(m.targetVersion)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseDowngradeInfo(value: JsonValue): DowngradeInfo {
  const o = readObject(value, "DowngradeInfo");
  const enabledIn = field(o, "enabled", "enabled");
  const targetVersionIn = field(o, "targetVersion", "targetVersion");
  return {
    enabled: enabledIn === undefined ? false : readBool(enabledIn, "enabled"),
    targetVersion: targetVersionIn === undefined ? "" : readString(targetVersionIn, "targetVersion"),
  };
}
export const DowngradeInfo: MessageCodec<DowngradeInfo, DowngradeInfoInit> = {
  name: "etcdserverpb.DowngradeInfo",
  encode(message) {
    sharedWriter.begin();
    writeDowngradeInfo(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readDowngradeInfo(new Reader(bytes), bytes.length);
  },
  toJson: jsonDowngradeInfo,
  toJsonPieces: (message) => [jsonDowngradeInfo(message)],
  fromJson: parseDowngradeInfo,
};

export const MaintenanceService: {
  readonly alarm: MethodDescriptor<AlarmRequest, AlarmRequestInit, AlarmResponse, AlarmResponseInit, "unary">;
  readonly status: MethodDescriptor<StatusRequest, StatusRequestInit, StatusResponse, StatusResponseInit, "unary">;
  readonly defragment: MethodDescriptor<DefragmentRequest, DefragmentRequestInit, DefragmentResponse, DefragmentResponseInit, "unary">;
  readonly hash: MethodDescriptor<HashRequest, HashRequestInit, HashResponse, HashResponseInit, "unary">;
  readonly hashKv: MethodDescriptor<HashKVRequest, HashKVRequestInit, HashKVResponse, HashKVResponseInit, "unary">;
  readonly snapshot: MethodDescriptor<SnapshotRequest, SnapshotRequestInit, SnapshotResponse, SnapshotResponseInit, "serverStream">;
  readonly moveLeader: MethodDescriptor<MoveLeaderRequest, MoveLeaderRequestInit, MoveLeaderResponse, MoveLeaderResponseInit, "unary">;
  readonly downgrade: MethodDescriptor<DowngradeRequest, DowngradeRequestInit, DowngradeResponse, DowngradeResponseInit, "unary">;
} = {
  alarm: { path: "/etcdserverpb.Maintenance/Alarm", kind: "unary", request: AlarmRequest, response: AlarmResponse },
  status: { path: "/etcdserverpb.Maintenance/Status", kind: "unary", request: StatusRequest, response: StatusResponse },
  defragment: { path: "/etcdserverpb.Maintenance/Defragment", kind: "unary", request: DefragmentRequest, response: DefragmentResponse },
  hash: { path: "/etcdserverpb.Maintenance/Hash", kind: "unary", request: HashRequest, response: HashResponse },
  hashKv: { path: "/etcdserverpb.Maintenance/HashKV", kind: "unary", request: HashKVRequest, response: HashKVResponse },
  snapshot: { path: "/etcdserverpb.Maintenance/Snapshot", kind: "serverStream", request: SnapshotRequest, response: SnapshotResponse },
  moveLeader: { path: "/etcdserverpb.Maintenance/MoveLeader", kind: "unary", request: MoveLeaderRequest, response: MoveLeaderResponse },
  downgrade: { path: "/etcdserverpb.Maintenance/Downgrade", kind: "unary", request: DowngradeRequest, response: DowngradeResponse },
};
