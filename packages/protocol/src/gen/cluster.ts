// Generated from proto/cluster.proto by tools/protogen; do not edit.
import { Reader } from "../wire/reader.ts";
import { sharedWriter, type Writer } from "../wire/writer.ts";
import { type JsonValue } from "../json/parse-json.ts";
import { field, readArray, readBool, readObject, readString, readUint64Exact } from "../json/read-json.ts";
import { type MessageCodec } from "../message-codec.ts";
import { type MethodDescriptor } from "../service.ts";
import { jsonResponseHeader, parseResponseHeader, readResponseHeader, ResponseHeader, type ResponseHeaderInit, writeResponseHeader } from "./header.ts";

export interface Member {
  readonly id: bigint;
  /** Empty until the member has started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  /** Empty until the member has started. */
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
}
/** What makes a Member: zero values may be left out. */
export interface MemberInit {
  readonly id?: bigint | undefined;
  /** Empty until the member has started. */
  readonly name?: string | undefined;
  readonly peerUrls?: readonly string[] | undefined;
  /** Empty until the member has started. */
  readonly clientUrls?: readonly string[] | undefined;
  readonly isLearner?: boolean | undefined;
}
/** @internal */
export function readMember(r: Reader, end: number): Member {
  let id = 0n;
  let name = "";
  let peerUrls: string[] | undefined;
  let clientUrls: string[] | undefined;
  let isLearner = false;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        id = r.uint64Exact();
        break;
      case 18:
        name = r.string();
        break;
      case 26:
        (peerUrls ??= []).push(r.string());
        break;
      case 34:
        (clientUrls ??= []).push(r.string());
        break;
      case 40:
        isLearner = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { id, name, peerUrls: peerUrls ?? [], clientUrls: clientUrls ?? [], isLearner };
}
/** @internal */
export function writeMember(w: Writer, m: MemberInit): void {
  if (m.isLearner === true) {
    w.bool(40, m.isLearner);
  }
  if (m.clientUrls !== undefined) {
    for (let i = m.clientUrls.length - 1; i >= 0; i -= 1) {
      w.string(34, m.clientUrls[i] as string);
    }
  }
  if (m.peerUrls !== undefined) {
    for (let i = m.peerUrls.length - 1; i >= 0; i -= 1) {
      w.string(26, m.peerUrls[i] as string);
    }
  }
  if (m.name !== undefined && m.name !== "") {
    w.string(18, m.name);
  }
  if (m.id !== undefined && m.id !== 0n) {
    w.int64Exact(8, m.id);
  }
}
/** @internal */
export function jsonMember(m: MemberInit): string {
  let s = "";
  if (m.id !== undefined && m.id !== 0n) s += `,"ID":"${m.id}"`;
  if (m.name !== undefined && m.name !== "") s += `,"name":${JSON.stringify(m.name)}`;
  if (m.peerUrls !== undefined && m.peerUrls.length > 0) s += `,"peerURLs":[${m.peerUrls.map((v) => `${JSON.stringify(v)}`).join(",")}]`;
  if (m.clientUrls !== undefined && m.clientUrls.length > 0) s += `,"clientURLs":[${m.clientUrls.map((v) => `${JSON.stringify(v)}`).join(",")}]`;
  if (m.isLearner === true) s += `,"isLearner":${m.isLearner}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseMember(value: JsonValue): Member {
  const o = readObject(value, "Member");
  const idIn = field(o, "ID", "ID");
  const nameIn = field(o, "name", "name");
  const peerUrlsIn = field(o, "peerURLs", "peerURLs");
  const clientUrlsIn = field(o, "clientURLs", "clientURLs");
  const isLearnerIn = field(o, "isLearner", "isLearner");
  return {
    id: idIn === undefined ? 0n : readUint64Exact(idIn, "ID"),
    name: nameIn === undefined ? "" : readString(nameIn, "name"),
    peerUrls: peerUrlsIn === undefined ? [] : readArray(peerUrlsIn, "peerURLs").map((v) => readString(v, "peerURLs")),
    clientUrls: clientUrlsIn === undefined ? [] : readArray(clientUrlsIn, "clientURLs").map((v) => readString(v, "clientURLs")),
    isLearner: isLearnerIn === undefined ? false : readBool(isLearnerIn, "isLearner"),
  };
}
export const Member: MessageCodec<Member, MemberInit> = {
  name: "etcdserverpb.Member",
  encode(message) {
    sharedWriter.begin();
    writeMember(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readMember(new Reader(bytes), bytes.length);
  },
  toJson: jsonMember,
  toJsonPieces: (message) => [jsonMember(message)],
  fromJson: parseMember,
};

export interface MemberAddRequest {
  readonly peerUrls: readonly string[];
  readonly isLearner: boolean;
}
/** What makes a MemberAddRequest: zero values may be left out. */
export interface MemberAddRequestInit {
  readonly peerUrls?: readonly string[] | undefined;
  readonly isLearner?: boolean | undefined;
}
/** @internal */
export function readMemberAddRequest(r: Reader, end: number): MemberAddRequest {
  let peerUrls: string[] | undefined;
  let isLearner = false;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        (peerUrls ??= []).push(r.string());
        break;
      case 16:
        isLearner = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { peerUrls: peerUrls ?? [], isLearner };
}
/** @internal */
export function writeMemberAddRequest(w: Writer, m: MemberAddRequestInit): void {
  if (m.isLearner === true) {
    w.bool(16, m.isLearner);
  }
  if (m.peerUrls !== undefined) {
    for (let i = m.peerUrls.length - 1; i >= 0; i -= 1) {
      w.string(10, m.peerUrls[i] as string);
    }
  }
}
/** @internal */
export function jsonMemberAddRequest(m: MemberAddRequestInit): string {
  let s = "";
  if (m.peerUrls !== undefined && m.peerUrls.length > 0) s += `,"peerURLs":[${m.peerUrls.map((v) => `${JSON.stringify(v)}`).join(",")}]`;
  if (m.isLearner === true) s += `,"isLearner":${m.isLearner}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseMemberAddRequest(value: JsonValue): MemberAddRequest {
  const o = readObject(value, "MemberAddRequest");
  const peerUrlsIn = field(o, "peerURLs", "peerURLs");
  const isLearnerIn = field(o, "isLearner", "isLearner");
  return {
    peerUrls: peerUrlsIn === undefined ? [] : readArray(peerUrlsIn, "peerURLs").map((v) => readString(v, "peerURLs")),
    isLearner: isLearnerIn === undefined ? false : readBool(isLearnerIn, "isLearner"),
  };
}
export const MemberAddRequest: MessageCodec<MemberAddRequest, MemberAddRequestInit> = {
  name: "etcdserverpb.MemberAddRequest",
  encode(message) {
    sharedWriter.begin();
    writeMemberAddRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readMemberAddRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonMemberAddRequest,
  toJsonPieces: (message) => [jsonMemberAddRequest(message)],
  fromJson: parseMemberAddRequest,
};

export interface MemberAddResponse {
  readonly header: ResponseHeader | undefined;
  readonly member: Member | undefined;
  readonly members: readonly Member[];
}
/** What makes a MemberAddResponse: zero values may be left out. */
export interface MemberAddResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly member?: MemberInit | undefined;
  readonly members?: readonly MemberInit[] | undefined;
}
/** @internal */
export function readMemberAddResponse(r: Reader, end: number): MemberAddResponse {
  let header: ResponseHeader | undefined;
  let member: Member | undefined;
  let members: Member[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        member = readMember(r, r.enter());
        break;
      case 26:
        (members ??= []).push(readMember(r, r.enter()));
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, member, members: members ?? [] };
}
/** @internal */
export function writeMemberAddResponse(w: Writer, m: MemberAddResponseInit): void {
  if (m.members !== undefined) {
    for (let i = m.members.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeMember(w, m.members[i] as MemberInit);
      w.length(26, mark);
    }
  }
  if (m.member !== undefined) {
    const mark = w.mark();
    writeMember(w, m.member);
    w.length(18, mark);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonMemberAddResponse(m: MemberAddResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.member !== undefined) s += `,"member":${jsonMember(m.member)}`;
  if (m.members !== undefined && m.members.length > 0) s += `,"members":[${m.members.map(jsonMember).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function* piecesMemberAddResponse(m: MemberAddResponseInit): Generator<string> {
  let s = "{";
  let comma = "";
  if (m.header !== undefined) {
    s += `${comma}"header":${jsonResponseHeader(m.header)}`;
    comma = ",";
  }
  if (m.member !== undefined) {
    s += `${comma}"member":${jsonMember(m.member)}`;
    comma = ",";
  }
  if (m.members !== undefined && m.members.length > 0) {
    s += `${comma}"members":[`;
    comma = ",";
    let between = "";
    for (const v of m.members) {
      yield `${s}${between}${jsonMember(v)}`;
      s = "";
      between = ",";
    }
    s = "]";
  }
  yield `${s}}`;
}
/** @internal */
export function parseMemberAddResponse(value: JsonValue): MemberAddResponse {
  const o = readObject(value, "MemberAddResponse");
  const headerIn = field(o, "header", "header");
  const memberIn = field(o, "member", "member");
  const membersIn = field(o, "members", "members");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    member: memberIn === undefined ? undefined : parseMember(memberIn),
    members: membersIn === undefined ? [] : readArray(membersIn, "members").map((v) => parseMember(v)),
  };
}
export const MemberAddResponse: MessageCodec<MemberAddResponse, MemberAddResponseInit> = {
  name: "etcdserverpb.MemberAddResponse",
  encode(message) {
    sharedWriter.begin();
    writeMemberAddResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readMemberAddResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonMemberAddResponse,
  toJsonPieces: piecesMemberAddResponse,
  fromJson: parseMemberAddResponse,
};

export interface MemberRemoveRequest {
  readonly id: bigint;
}
/** What makes a MemberRemoveRequest: zero values may be left out. */
export interface MemberRemoveRequestInit {
  readonly id?: bigint | undefined;
}
/** @internal */
export function readMemberRemoveRequest(r: Reader, end: number): MemberRemoveRequest {
  let id = 0n;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        id = r.uint64Exact();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { id };
}
/** @internal */
export function writeMemberRemoveRequest(w: Writer, m: MemberRemoveRequestInit): void {
  if (m.id !== undefined && m.id !== 0n) {
    w.int64Exact(8, m.id);
  }
}
/** @internal */
export function jsonMemberRemoveRequest(m: MemberRemoveRequestInit): string {
  let s = "";
  if (m.id !== undefined && m.id !== 0n) s += `,"ID":"${m.id}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseMemberRemoveRequest(value: JsonValue): MemberRemoveRequest {
  const o = readObject(value, "MemberRemoveRequest");
  const idIn = field(o, "ID", "ID");
  return {
    id: idIn === undefined ? 0n : readUint64Exact(idIn, "ID"),
  };
}
export const MemberRemoveRequest: MessageCodec<MemberRemoveRequest, MemberRemoveRequestInit> = {
  name: "etcdserverpb.MemberRemoveRequest",
  encode(message) {
    sharedWriter.begin();
    writeMemberRemoveRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readMemberRemoveRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonMemberRemoveRequest,
  toJsonPieces: (message) => [jsonMemberRemoveRequest(message)],
  fromJson: parseMemberRemoveRequest,
};

export interface MemberRemoveResponse {
  readonly header: ResponseHeader | undefined;
  readonly members: readonly Member[];
}
/** What makes a MemberRemoveResponse: zero values may be left out. */
export interface MemberRemoveResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly members?: readonly MemberInit[] | undefined;
}
/** @internal */
export function readMemberRemoveResponse(r: Reader, end: number): MemberRemoveResponse {
  let header: ResponseHeader | undefined;
  let members: Member[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        (members ??= []).push(readMember(r, r.enter()));
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, members: members ?? [] };
}
/** @internal */
export function writeMemberRemoveResponse(w: Writer, m: MemberRemoveResponseInit): void {
  if (m.members !== undefined) {
    for (let i = m.members.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeMember(w, m.members[i] as MemberInit);
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
export function jsonMemberRemoveResponse(m: MemberRemoveResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.members !== undefined && m.members.length > 0) s += `,"members":[${m.members.map(jsonMember).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function* piecesMemberRemoveResponse(m: MemberRemoveResponseInit): Generator<string> {
  let s = "{";
  let comma = "";
  if (m.header !== undefined) {
    s += `${comma}"header":${jsonResponseHeader(m.header)}`;
    comma = ",";
  }
  if (m.members !== undefined && m.members.length > 0) {
    s += `${comma}"members":[`;
    comma = ",";
    let between = "";
    for (const v of m.members) {
      yield `${s}${between}${jsonMember(v)}`;
      s = "";
      between = ",";
    }
    s = "]";
  }
  yield `${s}}`;
}
/** @internal */
export function parseMemberRemoveResponse(value: JsonValue): MemberRemoveResponse {
  const o = readObject(value, "MemberRemoveResponse");
  const headerIn = field(o, "header", "header");
  const membersIn = field(o, "members", "members");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    members: membersIn === undefined ? [] : readArray(membersIn, "members").map((v) => parseMember(v)),
  };
}
export const MemberRemoveResponse: MessageCodec<MemberRemoveResponse, MemberRemoveResponseInit> = {
  name: "etcdserverpb.MemberRemoveResponse",
  encode(message) {
    sharedWriter.begin();
    writeMemberRemoveResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readMemberRemoveResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonMemberRemoveResponse,
  toJsonPieces: piecesMemberRemoveResponse,
  fromJson: parseMemberRemoveResponse,
};

export interface MemberUpdateRequest {
  readonly id: bigint;
  readonly peerUrls: readonly string[];
}
/** What makes a MemberUpdateRequest: zero values may be left out. */
export interface MemberUpdateRequestInit {
  readonly id?: bigint | undefined;
  readonly peerUrls?: readonly string[] | undefined;
}
/** @internal */
export function readMemberUpdateRequest(r: Reader, end: number): MemberUpdateRequest {
  let id = 0n;
  let peerUrls: string[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        id = r.uint64Exact();
        break;
      case 18:
        (peerUrls ??= []).push(r.string());
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { id, peerUrls: peerUrls ?? [] };
}
/** @internal */
export function writeMemberUpdateRequest(w: Writer, m: MemberUpdateRequestInit): void {
  if (m.peerUrls !== undefined) {
    for (let i = m.peerUrls.length - 1; i >= 0; i -= 1) {
      w.string(18, m.peerUrls[i] as string);
    }
  }
  if (m.id !== undefined && m.id !== 0n) {
    w.int64Exact(8, m.id);
  }
}
/** @internal */
export function jsonMemberUpdateRequest(m: MemberUpdateRequestInit): string {
  let s = "";
  if (m.id !== undefined && m.id !== 0n) s += `,"ID":"${m.id}"`;
  if (m.peerUrls !== undefined && m.peerUrls.length > 0) s += `,"peerURLs":[${m.peerUrls.map((v) => `${JSON.stringify(v)}`).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseMemberUpdateRequest(value: JsonValue): MemberUpdateRequest {
  const o = readObject(value, "MemberUpdateRequest");
  const idIn = field(o, "ID", "ID");
  const peerUrlsIn = field(o, "peerURLs", "peerURLs");
  return {
    id: idIn === undefined ? 0n : readUint64Exact(idIn, "ID"),
    peerUrls: peerUrlsIn === undefined ? [] : readArray(peerUrlsIn, "peerURLs").map((v) => readString(v, "peerURLs")),
  };
}
export const MemberUpdateRequest: MessageCodec<MemberUpdateRequest, MemberUpdateRequestInit> = {
  name: "etcdserverpb.MemberUpdateRequest",
  encode(message) {
    sharedWriter.begin();
    writeMemberUpdateRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readMemberUpdateRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonMemberUpdateRequest,
  toJsonPieces: (message) => [jsonMemberUpdateRequest(message)],
  fromJson: parseMemberUpdateRequest,
};

export interface MemberUpdateResponse {
  readonly header: ResponseHeader | undefined;
  readonly members: readonly Member[];
}
/** What makes a MemberUpdateResponse: zero values may be left out. */
export interface MemberUpdateResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly members?: readonly MemberInit[] | undefined;
}
/** @internal */
export function readMemberUpdateResponse(r: Reader, end: number): MemberUpdateResponse {
  let header: ResponseHeader | undefined;
  let members: Member[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        (members ??= []).push(readMember(r, r.enter()));
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, members: members ?? [] };
}
/** @internal */
export function writeMemberUpdateResponse(w: Writer, m: MemberUpdateResponseInit): void {
  if (m.members !== undefined) {
    for (let i = m.members.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeMember(w, m.members[i] as MemberInit);
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
export function jsonMemberUpdateResponse(m: MemberUpdateResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.members !== undefined && m.members.length > 0) s += `,"members":[${m.members.map(jsonMember).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function* piecesMemberUpdateResponse(m: MemberUpdateResponseInit): Generator<string> {
  let s = "{";
  let comma = "";
  if (m.header !== undefined) {
    s += `${comma}"header":${jsonResponseHeader(m.header)}`;
    comma = ",";
  }
  if (m.members !== undefined && m.members.length > 0) {
    s += `${comma}"members":[`;
    comma = ",";
    let between = "";
    for (const v of m.members) {
      yield `${s}${between}${jsonMember(v)}`;
      s = "";
      between = ",";
    }
    s = "]";
  }
  yield `${s}}`;
}
/** @internal */
export function parseMemberUpdateResponse(value: JsonValue): MemberUpdateResponse {
  const o = readObject(value, "MemberUpdateResponse");
  const headerIn = field(o, "header", "header");
  const membersIn = field(o, "members", "members");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    members: membersIn === undefined ? [] : readArray(membersIn, "members").map((v) => parseMember(v)),
  };
}
export const MemberUpdateResponse: MessageCodec<MemberUpdateResponse, MemberUpdateResponseInit> = {
  name: "etcdserverpb.MemberUpdateResponse",
  encode(message) {
    sharedWriter.begin();
    writeMemberUpdateResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readMemberUpdateResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonMemberUpdateResponse,
  toJsonPieces: piecesMemberUpdateResponse,
  fromJson: parseMemberUpdateResponse,
};

export interface MemberListRequest {
  readonly linearizable: boolean;
}
/** What makes a MemberListRequest: zero values may be left out. */
export interface MemberListRequestInit {
  readonly linearizable?: boolean | undefined;
}
/** @internal */
export function readMemberListRequest(r: Reader, end: number): MemberListRequest {
  let linearizable = false;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        linearizable = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { linearizable };
}
/** @internal */
export function writeMemberListRequest(w: Writer, m: MemberListRequestInit): void {
  if (m.linearizable === true) {
    w.bool(8, m.linearizable);
  }
}
/** @internal */
export function jsonMemberListRequest(m: MemberListRequestInit): string {
  let s = "";
  if (m.linearizable === true) s += `,"linearizable":${m.linearizable}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseMemberListRequest(value: JsonValue): MemberListRequest {
  const o = readObject(value, "MemberListRequest");
  const linearizableIn = field(o, "linearizable", "linearizable");
  return {
    linearizable: linearizableIn === undefined ? false : readBool(linearizableIn, "linearizable"),
  };
}
export const MemberListRequest: MessageCodec<MemberListRequest, MemberListRequestInit> = {
  name: "etcdserverpb.MemberListRequest",
  encode(message) {
    sharedWriter.begin();
    writeMemberListRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readMemberListRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonMemberListRequest,
  toJsonPieces: (message) => [jsonMemberListRequest(message)],
  fromJson: parseMemberListRequest,
};

export interface MemberListResponse {
  readonly header: ResponseHeader | undefined;
  readonly members: readonly Member[];
}
/** What makes a MemberListResponse: zero values may be left out. */
export interface MemberListResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly members?: readonly MemberInit[] | undefined;
}
/** @internal */
export function readMemberListResponse(r: Reader, end: number): MemberListResponse {
  let header: ResponseHeader | undefined;
  let members: Member[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        (members ??= []).push(readMember(r, r.enter()));
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, members: members ?? [] };
}
/** @internal */
export function writeMemberListResponse(w: Writer, m: MemberListResponseInit): void {
  if (m.members !== undefined) {
    for (let i = m.members.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeMember(w, m.members[i] as MemberInit);
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
export function jsonMemberListResponse(m: MemberListResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.members !== undefined && m.members.length > 0) s += `,"members":[${m.members.map(jsonMember).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function* piecesMemberListResponse(m: MemberListResponseInit): Generator<string> {
  let s = "{";
  let comma = "";
  if (m.header !== undefined) {
    s += `${comma}"header":${jsonResponseHeader(m.header)}`;
    comma = ",";
  }
  if (m.members !== undefined && m.members.length > 0) {
    s += `${comma}"members":[`;
    comma = ",";
    let between = "";
    for (const v of m.members) {
      yield `${s}${between}${jsonMember(v)}`;
      s = "";
      between = ",";
    }
    s = "]";
  }
  yield `${s}}`;
}
/** @internal */
export function parseMemberListResponse(value: JsonValue): MemberListResponse {
  const o = readObject(value, "MemberListResponse");
  const headerIn = field(o, "header", "header");
  const membersIn = field(o, "members", "members");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    members: membersIn === undefined ? [] : readArray(membersIn, "members").map((v) => parseMember(v)),
  };
}
export const MemberListResponse: MessageCodec<MemberListResponse, MemberListResponseInit> = {
  name: "etcdserverpb.MemberListResponse",
  encode(message) {
    sharedWriter.begin();
    writeMemberListResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readMemberListResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonMemberListResponse,
  toJsonPieces: piecesMemberListResponse,
  fromJson: parseMemberListResponse,
};

export interface MemberPromoteRequest {
  readonly id: bigint;
}
/** What makes a MemberPromoteRequest: zero values may be left out. */
export interface MemberPromoteRequestInit {
  readonly id?: bigint | undefined;
}
/** @internal */
export function readMemberPromoteRequest(r: Reader, end: number): MemberPromoteRequest {
  let id = 0n;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        id = r.uint64Exact();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { id };
}
/** @internal */
export function writeMemberPromoteRequest(w: Writer, m: MemberPromoteRequestInit): void {
  if (m.id !== undefined && m.id !== 0n) {
    w.int64Exact(8, m.id);
  }
}
/** @internal */
export function jsonMemberPromoteRequest(m: MemberPromoteRequestInit): string {
  let s = "";
  if (m.id !== undefined && m.id !== 0n) s += `,"ID":"${m.id}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseMemberPromoteRequest(value: JsonValue): MemberPromoteRequest {
  const o = readObject(value, "MemberPromoteRequest");
  const idIn = field(o, "ID", "ID");
  return {
    id: idIn === undefined ? 0n : readUint64Exact(idIn, "ID"),
  };
}
export const MemberPromoteRequest: MessageCodec<MemberPromoteRequest, MemberPromoteRequestInit> = {
  name: "etcdserverpb.MemberPromoteRequest",
  encode(message) {
    sharedWriter.begin();
    writeMemberPromoteRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readMemberPromoteRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonMemberPromoteRequest,
  toJsonPieces: (message) => [jsonMemberPromoteRequest(message)],
  fromJson: parseMemberPromoteRequest,
};

export interface MemberPromoteResponse {
  readonly header: ResponseHeader | undefined;
  readonly members: readonly Member[];
}
/** What makes a MemberPromoteResponse: zero values may be left out. */
export interface MemberPromoteResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly members?: readonly MemberInit[] | undefined;
}
/** @internal */
export function readMemberPromoteResponse(r: Reader, end: number): MemberPromoteResponse {
  let header: ResponseHeader | undefined;
  let members: Member[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        (members ??= []).push(readMember(r, r.enter()));
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, members: members ?? [] };
}
/** @internal */
export function writeMemberPromoteResponse(w: Writer, m: MemberPromoteResponseInit): void {
  if (m.members !== undefined) {
    for (let i = m.members.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writeMember(w, m.members[i] as MemberInit);
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
export function jsonMemberPromoteResponse(m: MemberPromoteResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.members !== undefined && m.members.length > 0) s += `,"members":[${m.members.map(jsonMember).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function* piecesMemberPromoteResponse(m: MemberPromoteResponseInit): Generator<string> {
  let s = "{";
  let comma = "";
  if (m.header !== undefined) {
    s += `${comma}"header":${jsonResponseHeader(m.header)}`;
    comma = ",";
  }
  if (m.members !== undefined && m.members.length > 0) {
    s += `${comma}"members":[`;
    comma = ",";
    let between = "";
    for (const v of m.members) {
      yield `${s}${between}${jsonMember(v)}`;
      s = "";
      between = ",";
    }
    s = "]";
  }
  yield `${s}}`;
}
/** @internal */
export function parseMemberPromoteResponse(value: JsonValue): MemberPromoteResponse {
  const o = readObject(value, "MemberPromoteResponse");
  const headerIn = field(o, "header", "header");
  const membersIn = field(o, "members", "members");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    members: membersIn === undefined ? [] : readArray(membersIn, "members").map((v) => parseMember(v)),
  };
}
export const MemberPromoteResponse: MessageCodec<MemberPromoteResponse, MemberPromoteResponseInit> = {
  name: "etcdserverpb.MemberPromoteResponse",
  encode(message) {
    sharedWriter.begin();
    writeMemberPromoteResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readMemberPromoteResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonMemberPromoteResponse,
  toJsonPieces: piecesMemberPromoteResponse,
  fromJson: parseMemberPromoteResponse,
};

export const ClusterService: {
  readonly memberAdd: MethodDescriptor<MemberAddRequest, MemberAddRequestInit, MemberAddResponse, MemberAddResponseInit, "unary">;
  readonly memberRemove: MethodDescriptor<MemberRemoveRequest, MemberRemoveRequestInit, MemberRemoveResponse, MemberRemoveResponseInit, "unary">;
  readonly memberUpdate: MethodDescriptor<MemberUpdateRequest, MemberUpdateRequestInit, MemberUpdateResponse, MemberUpdateResponseInit, "unary">;
  readonly memberList: MethodDescriptor<MemberListRequest, MemberListRequestInit, MemberListResponse, MemberListResponseInit, "unary">;
  readonly memberPromote: MethodDescriptor<MemberPromoteRequest, MemberPromoteRequestInit, MemberPromoteResponse, MemberPromoteResponseInit, "unary">;
} = {
  memberAdd: { path: "/etcdserverpb.Cluster/MemberAdd", kind: "unary", request: MemberAddRequest, response: MemberAddResponse },
  memberRemove: { path: "/etcdserverpb.Cluster/MemberRemove", kind: "unary", request: MemberRemoveRequest, response: MemberRemoveResponse },
  memberUpdate: { path: "/etcdserverpb.Cluster/MemberUpdate", kind: "unary", request: MemberUpdateRequest, response: MemberUpdateResponse },
  memberList: { path: "/etcdserverpb.Cluster/MemberList", kind: "unary", request: MemberListRequest, response: MemberListResponse },
  memberPromote: { path: "/etcdserverpb.Cluster/MemberPromote", kind: "unary", request: MemberPromoteRequest, response: MemberPromoteResponse },
};
