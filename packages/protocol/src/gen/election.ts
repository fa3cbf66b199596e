// Generated from proto/election.proto by tools/protogen; do not edit.
import { Reader } from "../wire/reader.ts";
import { sharedWriter, type Writer } from "../wire/writer.ts";
import { NO_BYTES } from "../wire/no-bytes.ts";
import { encodeBase64 } from "../json/base64.ts";
import { type JsonValue } from "../json/parse-json.ts";
import { field, readBytes, readInt64, readInt64Exact, readObject } from "../json/read-json.ts";
import { type MessageCodec } from "../message-codec.ts";
import { type MethodDescriptor } from "../service.ts";
import { jsonResponseHeader, parseResponseHeader, readResponseHeader, ResponseHeader, type ResponseHeaderInit, writeResponseHeader } from "./header.ts";
import { jsonKeyValue, KeyValue, type KeyValueInit, parseKeyValue, readKeyValue, writeKeyValue } from "./mvcc.ts";

export interface CampaignRequest {
  readonly name: Uint8Array;
  readonly lease: bigint;
  readonly value: Uint8Array;
}
/** What makes a CampaignRequest: zero values may be left out. */
export interface CampaignRequestInit {
  readonly name?: Uint8Array | undefined;
  readonly lease?: bigint | undefined;
  readonly value?: Uint8Array | undefined;
}
/** @internal */
export function readCampaignRequest(r: Reader, end: number): CampaignRequest {
  let name: Uint8Array = NO_BYTES;
  let lease = 0n;
  let value: Uint8Array = NO_BYTES;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        name = r.bytes();
        break;
      case 16:
        lease = r.int64Exact();
        break;
      case 26:
        value = r.bytes();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { name, lease, value };
}
/** @internal */
export function writeCampaignRequest(w: Writer, m: CampaignRequestInit): void {
  if (m.value !== undefined && m.value.length > 0) {
    w.bytes(26, m.value);
  }
  if (m.lease !== undefined && m.lease !== 0n) {
    w.int64Exact(16, m.lease);
  }
  if (m.name !== undefined && m.name.length > 0) {
    w.bytes(10, m.name);
  }
}
/** @internal */
export function jsonCampaignRequest(m: CampaignRequestInit): string {
  let s = "";
  if (m.name !== undefined && m.name.length > 0) s += `,"name":"${encodeBase64(m.name)}"`;
  if (m.lease !== undefined && m.lease !== 0n) s += `,"lease":"${m.lease}"`;
  if (m.value !== undefined && m.value.length > 0) s += `,"value":"${encodeBase64(m.value)}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseCampaignRequest(value: JsonValue): CampaignRequest {
  const o = readObject(value, "CampaignRequest");
  const nameIn = field(o, "name", "name");
  const leaseIn = field(o, "lease", "lease");
  const valueIn = field(o, "value", "value");
  return {
    name: nameIn === undefined ? NO_BYTES : readBytes(nameIn, "name"),
    lease: leaseIn === undefined ? 0n : readInt64Exact(leaseIn, "lease"),
    value: valueIn === undefined ? NO_BYTES : readBytes(valueIn, "value"),
  };
}
export const CampaignRequest: MessageCodec<CampaignRequest, CampaignRequestInit> = {
  name: "v3electionpb.CampaignRequest",
  encode(message) {
    sharedWriter.begin();
    writeCampaignRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readCampaignRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonCampaignRequest,
  toJsonPieces: (message) => [jsonCampaignRequest(message)],
  fromJson: parseCampaignRequest,
};

/** What proves leadership: the key, created at `rev`. */
export interface LeaderKey {
  readonly name: Uint8Array;
  readonly key: Uint8Array;
  readonly rev: number;
  readonly lease: bigint;
}
/** What makes a LeaderKey: zero values may be left out. */
export interface LeaderKeyInit {
  readonly name?: Uint8Array | undefined;
  readonly key?: Uint8Array | undefined;
  readonly rev?: number | undefined;
  readonly lease?: bigint | undefined;
}
/** @internal */
export function readLeaderKey(r: Reader, end: number): LeaderKey {
  let name: Uint8Array = NO_BYTES;
  let key: Uint8Array = NO_BYTES;
  let rev = 0;
  let lease = 0n;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        name = r.bytes();
        break;
      case 18:
        key = r.bytes();
        break;
      case 24:
        rev = r.int64();
        break;
      case 32:
        lease = r.int64Exact();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { name, key, rev, lease };
}
/** @internal */
export function writeLeaderKey(w: Writer, m: LeaderKeyInit): void {
  if (m.lease !== undefined && m.lease !== 0n) {
    w.int64Exact(32, m.lease);
  }
  if (m.rev !== undefined && m.rev !== 0) {
    w.int64(24, m.rev);
  }
  if (m.key !== undefined && m.key.length > 0) {
    w.bytes(18, m.key);
  }
  if (m.name !== undefined && m.name.length > 0) {
    w.bytes(10, m.name);
  }
}
/** @internal */
export function jsonLeaderKey(m: LeaderKeyInit): string {
  let s = "";
  if (m.name !== undefined && m.name.length > 0) s += `,"name":"${encodeBase64(m.name)}"`;
  if (m.key !== undefined && m.key.length > 0) s += `,"key":"${encodeBase64(m.key)}"`;
  if (m.rev !== undefined && m.rev !== 0) s += `,"rev":"${m.rev}"`;
  if (m.lease !== undefined && m.lease !== 0n) s += `,"lease":"${m.lease}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLeaderKey(value: JsonValue): LeaderKey {
  const o = readObject(value, "LeaderKey");
  const nameIn = field(o, "name", "name");
  const keyIn = field(o, "key", "key");
  const revIn = field(o, "rev", "rev");
  const leaseIn = field(o, "lease", "lease");
  return {
    name: nameIn === undefined ? NO_BYTES : readBytes(nameIn, "name"),
    key: keyIn === undefined ? NO_BYTES : readBytes(keyIn, "key"),
    rev: revIn === undefined ? 0 : readInt64(revIn, "rev"),
    lease: leaseIn === undefined ? 0n : readInt64Exact(leaseIn, "lease"),
  };
}
export const LeaderKey: MessageCodec<LeaderKey, LeaderKeyInit> = {
  name: "v3electionpb.LeaderKey",
  encode(message) {
    sharedWriter.begin();
    writeLeaderKey(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaderKey(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaderKey,
  toJsonPieces: (message) => [jsonLeaderKey(message)],
  fromJson: parseLeaderKey,
};

export interface CampaignResponse {
  readonly header: ResponseHeader | undefined;
  readonly leader: LeaderKey | undefined;
}
/** What makes a CampaignResponse: zero values may be left out. */
export interface CampaignResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly leader?: LeaderKeyInit | undefined;
}
/** @internal */
export function readCampaignResponse(r: Reader, end: number): CampaignResponse {
  let header: ResponseHeader | undefined;
  let leader: LeaderKey | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        leader = readLeaderKey(r, r.enter());
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, leader };
}
/** @internal */
export function writeCampaignResponse(w: Writer, m: CampaignResponseInit): void {
  if (m.leader !== undefined) {
    const mark = w.mark();
    writeLeaderKey(w, m.leader);
    w.length(18, mark);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonCampaignResponse(m: CampaignResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.leader !== undefined) s += `,"leader":${jsonLeaderKey(m.leader)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseCampaignResponse(value: JsonValue): CampaignResponse {
  const o = readObject(value, "CampaignResponse");
  const headerIn = field(o, "header", "header");
  const leaderIn = field(o, "leader", "leader");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    leader: leaderIn === undefined ? undefined : parseLeaderKey(leaderIn),
  };
}
export const CampaignResponse: MessageCodec<CampaignResponse, CampaignResponseInit> = {
  name: "v3electionpb.CampaignResponse",
  encode(message) {
    sharedWriter.begin();
    writeCampaignResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readCampaignResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonCampaignResponse,
  toJsonPieces: (message) => [jsonCampaignResponse(message)],
  fromJson: parseCampaignResponse,
};

export interface LeaderRequest {
  readonly name: Uint8Array;
}
/** What makes a LeaderRequest: zero values may be left out. */
export interface LeaderRequestInit {
  readonly name?: Uint8Array | undefined;
}
/** @internal */
export function readLeaderRequest(r: Reader, end: number): LeaderRequest {
  let name: Uint8Array = NO_BYTES;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        name = r.bytes();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { name };
}
/** @internal */
export function writeLeaderRequest(w: Writer, m: LeaderRequestInit): void {
  if (m.name !== undefined && m.name.length > 0) {
    w.bytes(10, m.name);
  }
}
/** @internal */
export function jsonLeaderRequest(m: LeaderRequestInit): string {
  let s = "";
  if (m.name !== undefined && m.name.length > 0) s += `,"name":"${encodeBase64(m.name)}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLeaderRequest(value: JsonValue): LeaderRequest {
  const o = readObject(value, "LeaderRequest");
  const nameIn = field(o, "name", "name");
  return {
    name: nameIn === undefined ? NO_BYTES : readBytes(nameIn, "name"),
  };
}
export const LeaderRequest: MessageCodec<LeaderRequest, LeaderRequestInit> = {
  name: "v3electionpb.LeaderRequest",
  encode(message) {
    sharedWriter.begin();
    writeLeaderRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaderRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaderRequest,
  toJsonPieces: (message) => [jsonLeaderRequest(message)],
  fromJson: parseLeaderRequest,
};

export interface LeaderResponse {
  readonly header: ResponseHeader | undefined;
  readonly kv: KeyValue | undefined;
}
/** What makes a LeaderResponse: zero values may be left out. */
export interface LeaderResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly kv?: KeyValueInit | undefined;
}
/** @internal */
export function readLeaderResponse(r: Reader, end: number): LeaderResponse {
  let header: ResponseHeader | undefined;
  let kv: KeyValue | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        kv = readKeyValue(r, r.enter());
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, kv };
}
/** @internal */
export function writeLeaderResponse(w: Writer, m: LeaderResponseInit): void {
  if (m.kv !== undefined) {
    const mark = w.mark();
    writeKeyValue(w, m.kv);
    w.length(18, mark);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonLeaderResponse(m: LeaderResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.kv !== undefined) s += `,"kv":${jsonKeyValue(m.kv)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseLeaderResponse(value: JsonValue): LeaderResponse {
  const o = readObject(value, "LeaderResponse");
  const headerIn = field(o, "header", "header");
  const kvIn = field(o, "kv", "kv");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    kv: kvIn === undefined ? undefined : parseKeyValue(kvIn),
  };
}
export const LeaderResponse: MessageCodec<LeaderResponse, LeaderResponseInit> = {
  name: "v3electionpb.LeaderResponse",
  encode(message) {
    sharedWriter.begin();
    writeLeaderResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readLeaderResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonLeaderResponse,
  toJsonPieces: (message) => [jsonLeaderResponse(message)],
  fromJson: parseLeaderResponse,
};

export interface ResignRequest {
  readonly leader: LeaderKey | undefined;
}
/** What makes a ResignRequest: zero values may be left out. */
export interface ResignRequestInit {
  readonly leader?: LeaderKeyInit | undefined;
}
/** @internal */
export function readResignRequest(r: Reader, end: number): ResignRequest {
  let leader: LeaderKey | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        leader = readLeaderKey(r, r.enter());
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { leader };
}
/** @internal */
export function writeResignRequest(w: Writer, m: ResignRequestInit): void {
  if (m.leader !== undefined) {
    const mark = w.mark();
    writeLeaderKey(w, m.leader);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonResignRequest(m: ResignRequestInit): string {
  let s = "";
  if (m.leader !== undefined) s += `,"leader":${jsonLeaderKey(m.leader)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseResignRequest(value: JsonValue): ResignRequest {
  const o = readObject(value, "ResignRequest");
  const leaderIn = field(o, "leader", "leader");
  return {
    leader: leaderIn === undefined ? undefined : parseLeaderKey(leaderIn),
  };
}
export const ResignRequest: MessageCodec<ResignRequest, ResignRequestInit> = {
  name: "v3electionpb.ResignRequest",
  encode(message) {
    sharedWriter.begin();
    writeResignRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readResignRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonResignRequest,
  toJsonPieces: (message) => [jsonResignRequest(message)],
  fromJson: parseResignRequest,
};

export interface ResignResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a ResignResponse: zero values may be left out. */
export interface ResignResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readResignResponse(r: Reader, end: number): ResignResponse {
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
export function writeResignResponse(w: Writer, m: ResignResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonResignResponse(m: ResignResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseResignResponse(value: JsonValue): ResignResponse {
  const o = readObject(value, "ResignResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const ResignResponse: MessageCodec<ResignResponse, ResignResponseInit> = {
  name: "v3electionpb.ResignResponse",
  encode(message) {
    sharedWriter.begin();
    writeResignResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readResignResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonResignResponse,
  toJsonPieces: (message) => [jsonResignResponse(message)],
  fromJson: parseResignResponse,
};

export interface ProclaimRequest {
  readonly leader: LeaderKey | undefined;
  readonly value: Uint8Array;
}
/** What makes a ProclaimRequest: zero values may be left out. */
export interface ProclaimRequestInit {
  readonly leader?: LeaderKeyInit | undefined;
  readonly value?: Uint8Array | undefined;
}
/** @internal */
export function readProclaimRequest(r: Reader, end: number): ProclaimRequest {
  let leader: LeaderKey | undefined;
  let value: Uint8Array = NO_BYTES;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        leader = readLeaderKey(r, r.enter());
        break;
      case 18:
        value = r.bytes();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { leader, value };
}
/** @internal */
export function writeProclaimRequest(w: Writer, m: ProclaimRequestInit): void {
  if (m.value !== undefined && m.value.length > 0) {
    w.bytes(18, m.value);
  }
  if (m.leader !== undefined) {
    const mark = w.mark();
    writeLeaderKey(w, m.leader);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonProclaimRequest(m: ProclaimRequestInit): string {
  let s = "";
  if (m.leader !== undefined) s += `,"leader":${jsonLeaderKey(m.leader)}`;
  if (m.value !== undefined && m.value.length > 0) s += `,"value":"${encodeBase64(m.value)}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseProclaimRequest(value: JsonValue): ProclaimRequest {
  const o = readObject(value, "ProclaimRequest");
  const leaderIn = field(o, "leader", "leader");
  const valueIn = field(o, "value", "value");
  return {
    leader: leaderIn === undefined ? undefined : parseLeaderKey(leaderIn),
    value: valueIn === undefined ? NO_BYTES : readBytes(valueIn, "value"),
  };
}
export const ProclaimRequest: MessageCodec<ProclaimRequest, ProclaimRequestInit> = {
  name: "v3electionpb.ProclaimRequest",
  encode(message) {
    sharedWriter.begin();
    writeProclaimRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readProclaimRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonProclaimRequest,
  toJsonPieces: (message) => [jsonProclaimRequest(message)],
  fromJson: parseProclaimRequest,
};

export interface ProclaimResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a ProclaimResponse: zero values may be left out. */
export interface ProclaimResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readProclaimResponse(r: Reader, end: number): ProclaimResponse {
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
export function writeProclaimResponse(w: Writer, m: ProclaimResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonProclaimResponse(m: ProclaimResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseProclaimResponse(value: JsonValue): ProclaimResponse {
  const o = readObject(value, "ProclaimResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const ProclaimResponse: MessageCodec<ProclaimResponse, ProclaimResponseInit> = {
  name: "v3electionpb.ProclaimResponse",
  encode(message) {
    sharedWriter.begin();
    writeProclaimResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readProclaimResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonProclaimResponse,
  toJsonPieces: (message) => [jsonProclaimResponse(message)],
  fromJson: parseProclaimResponse,
};

export const ElectionService: {
  readonly campaign: MethodDescriptor<CampaignRequest, CampaignRequestInit, CampaignResponse, CampaignResponseInit, "unary">;
  readonly proclaim: MethodDescriptor<ProclaimRequest, ProclaimRequestInit, ProclaimResponse, ProclaimResponseInit, "unary">;
  readonly leader: MethodDescriptor<LeaderRequest, LeaderRequestInit, LeaderResponse, LeaderResponseInit, "unary">;
  readonly observe: MethodDescriptor<LeaderRequest, LeaderRequestInit, LeaderResponse, LeaderResponseInit, "serverStream">;
  readonly resign: MethodDescriptor<ResignRequest, ResignRequestInit, ResignResponse, ResignResponseInit, "unary">;
} = {
  campaign: { path: "/v3electionpb.Election/Campaign", kind: "unary", request: CampaignRequest, response: CampaignResponse },
  proclaim: { path: "/v3electionpb.Election/Proclaim", kind: "unary", request: ProclaimRequest, response: ProclaimResponse },
  leader: { path: "/v3electionpb.Election/Leader", kind: "unary", request: LeaderRequest, response: LeaderResponse },
  observe: { path: "/v3electionpb.Election/Observe", kind: "serverStream", request: LeaderRequest, response: LeaderResponse },
  resign: { path: "/v3electionpb.Election/Resign", kind: "unary", request: ResignRequest, response: ResignResponse },
};
