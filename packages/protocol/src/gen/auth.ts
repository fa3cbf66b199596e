// Generated from proto/auth.proto by tools/protogen; do not edit.
import { Reader } from "../wire/reader.ts";
import { sharedWriter, type Writer } from "../wire/writer.ts";
import { NO_BYTES } from "../wire/no-bytes.ts";
import { encodeBase64 } from "../json/base64.ts";
import { type JsonValue } from "../json/parse-json.ts";
import { field, readArray, readBool, readBytes, readObject, readString, readUint64 } from "../json/read-json.ts";
import { type MessageCodec } from "../message-codec.ts";
import { type MethodDescriptor } from "../service.ts";
import { jsonPermission, jsonUserAddOptions, parsePermission, parseUserAddOptions, Permission, type PermissionInit, readPermission, readUserAddOptions, UserAddOptions, type UserAddOptionsInit, writePermission, writeUserAddOptions } from "./authdata.ts";
import { jsonResponseHeader, parseResponseHeader, readResponseHeader, ResponseHeader, type ResponseHeaderInit, writeResponseHeader } from "./header.ts";

export type AuthEnableRequest = Readonly<Record<string, never>>;
/** What makes a AuthEnableRequest: zero values may be left out. */
export type AuthEnableRequestInit = Readonly<Record<string, never>>;
/** @internal */
export function readAuthEnableRequest(r: Reader, end: number): AuthEnableRequest {
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.leave(end);
  return {};
}
/** @internal */
export function writeAuthEnableRequest(_w: Writer, _m: AuthEnableRequestInit): void {
}
/** @internal */
export function jsonAuthEnableRequest(_m: AuthEnableRequestInit): string {
  return "{}";
}
/** @internal */
export function parseAuthEnableRequest(value: JsonValue): AuthEnableRequest {
  readObject(value, "AuthEnableRequest");
  return {};
}
export const AuthEnableRequest: MessageCodec<AuthEnableRequest, AuthEnableRequestInit> = {
  name: "etcdserverpb.AuthEnableRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthEnableRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthEnableRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthEnableRequest,
  toJsonPieces: (message) => [jsonAuthEnableRequest(message)],
  fromJson: parseAuthEnableRequest,
};

export type AuthDisableRequest = Readonly<Record<string, never>>;
/** What makes a AuthDisableRequest: zero values may be left out. */
export type AuthDisableRequestInit = Readonly<Record<string, never>>;
/** @internal */
export function readAuthDisableRequest(r: Reader, end: number): AuthDisableRequest {
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.leave(end);
  return {};
}
/** @internal */
export function writeAuthDisableRequest(_w: Writer, _m: AuthDisableRequestInit): void {
}
/** @internal */
export function jsonAuthDisableRequest(_m: AuthDisableRequestInit): string {
  return "{}";
}
/** @internal */
export function parseAuthDisableRequest(value: JsonValue): AuthDisableRequest {
  readObject(value, "AuthDisableRequest");
  return {};
}
export const AuthDisableRequest: MessageCodec<AuthDisableRequest, AuthDisableRequestInit> = {
  name: "etcdserverpb.AuthDisableRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthDisableRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthDisableRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthDisableRequest,
  toJsonPieces: (message) => [jsonAuthDisableRequest(message)],
  fromJson: parseAuthDisableRequest,
};

export type AuthStatusRequest = Readonly<Record<string, never>>;
/** What makes a AuthStatusRequest: zero values may be left out. */
export type AuthStatusRequestInit = Readonly<Record<string, never>>;
/** @internal */
export function readAuthStatusRequest(r: Reader, end: number): AuthStatusRequest {
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.leave(end);
  return {};
}
/** @internal */
export function writeAuthStatusRequest(_w: Writer, _m: AuthStatusRequestInit): void {
}
/** @internal */
export function jsonAuthStatusRequest(_m: AuthStatusRequestInit): string {
  return "{}";
}
/** @internal */
export function parseAuthStatusRequest(value: JsonValue): AuthStatusRequest {
  readObject(value, "AuthStatusRequest");
  return {};
}
export const AuthStatusRequest: MessageCodec<AuthStatusRequest, AuthStatusRequestInit> = {
  name: "etcdserverpb.AuthStatusRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthStatusRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthStatusRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthStatusRequest,
  toJsonPieces: (message) => [jsonAuthStatusRequest(message)],
  fromJson: parseAuthStatusRequest,
};

export interface AuthenticateRequest {
  readonly name: string;
  readonly password: string;
}
/** What makes a AuthenticateRequest: zero values may be left out. */
export interface AuthenticateRequestInit {
  readonly name?: string | undefined;
  readonly password?: string | undefined;
}
/** @internal */
export function readAuthenticateRequest(r: Reader, end: number): AuthenticateRequest {
  let name = "";
  let password = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        name = r.string();
        break;
      case 18:
        password = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { name, password };
}
/** @internal */
export function writeAuthenticateRequest(w: Writer, m: AuthenticateRequestInit): void {
  if (m.password !== undefined && m.password !== "") {
    w.string(18, m.password);
  }
  if (m.name !== undefined && m.name !== "") {
    w.string(10, m.name);
  }
}
/** @internal */
export function jsonAuthenticateRequest(m: AuthenticateRequestInit): string {
  let s = "";
  if (m.name !== undefined && m.name !== "") s += `,"name":${JSON.stringify(m.name)}`;
  if (m.password !== undefined && m.password !== "") s += `,"password":${JSON.stringify(m.password)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthenticateRequest(value: JsonValue): AuthenticateRequest {
  const o = readObject(value, "AuthenticateRequest");
  const nameIn = field(o, "name", "name");
  const passwordIn = field(o, "password", "password");
  return {
    name: nameIn === undefined ? "" : readString(nameIn, "name"),
    password: passwordIn === undefined ? "" : readString(passwordIn, "password"),
  };
}
export const AuthenticateRequest: MessageCodec<AuthenticateRequest, AuthenticateRequestInit> = {
  name: "etcdserverpb.AuthenticateRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthenticateRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthenticateRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthenticateRequest,
  toJsonPieces: (message) => [jsonAuthenticateRequest(message)],
  fromJson: parseAuthenticateRequest,
};

export interface AuthUserAddRequest {
  readonly name: string;
  readonly password: string;
  readonly options: UserAddOptions | undefined;
  readonly hashedPassword: string;
}
/** What makes a AuthUserAddRequest: zero values may be left out. */
export interface AuthUserAddRequestInit {
  readonly name?: string | undefined;
  readonly password?: string | undefined;
  readonly options?: UserAddOptionsInit | undefined;
  readonly hashedPassword?: string | undefined;
}
/** @internal */
export function readAuthUserAddRequest(r: Reader, end: number): AuthUserAddRequest {
  let name = "";
  let password = "";
  let options: UserAddOptions | undefined;
  let hashedPassword = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        name = r.string();
        break;
      case 18:
        password = r.string();
        break;
      case 26:
        options = readUserAddOptions(r, r.enter());
        break;
      case 34:
        hashedPassword = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { name, password, options, hashedPassword };
}
/** @internal */
export function writeAuthUserAddRequest(w: Writer, m: AuthUserAddRequestInit): void {
  if (m.hashedPassword !== undefined && m.hashedPassword !== "") {
    w.string(34, m.hashedPassword);
  }
  if (m.options !== undefined) {
    const mark = w.mark();
    writeUserAddOptions(w, m.options);
    w.length(26, mark);
  }
  if (m.password !== undefined && m.password !== "") {
    w.string(18, m.password);
  }
  if (m.name !== undefined && m.name !== "") {
    w.string(10, m.name);
  }
}
/** @internal */
export function jsonAuthUserAddRequest(m: AuthUserAddRequestInit): string {
  let s = "";
  if (m.name !== undefined && m.name !== "") s += `,"name":${JSON.stringify(m.name)}`;
  if (m.password !== undefined && m.password !== "") s += `,"password":${JSON.stringify(m.password)}`;
  if (m.options !== undefined) s += `,"options":${jsonUserAddOptions(m.options)}`;
  if (m.hashedPassword !== undefined && m.hashedPassword !== "") s += `,"hashedPassword":${JSON.stringify(m.hashedPassword)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthUserAddRequest(value: JsonValue): AuthUserAddRequest {
  const o = readObject(value, "AuthUserAddRequest");
  const nameIn = field(o, "name", "name");
  const passwordIn = field(o, "password", "password");
  const optionsIn = field(o, "options", "options");
  const hashedPasswordIn = field(o, "hashedPassword", "hashedPassword");
  return {
    name: nameIn === undefined ? "" : readString(nameIn, "name"),
    password: passwordIn === undefined ? "" : readString(passwordIn, "password"),
    options: optionsIn === undefined ? undefined : parseUserAddOptions(optionsIn),
    hashedPassword: hashedPasswordIn === undefined ? "" : readString(hashedPasswordIn, "hashedPassword"),
  };
}
export const AuthUserAddRequest: MessageCodec<AuthUserAddRequest, AuthUserAddRequestInit> = {
  name: "etcdserverpb.AuthUserAddRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthUserAddRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthUserAddRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthUserAddRequest,
  toJsonPieces: (message) => [jsonAuthUserAddRequest(message)],
  fromJson: parseAuthUserAddRequest,
};

export interface AuthUserGetRequest {
  readonly name: string;
}
/** What makes a AuthUserGetRequest: zero values may be left out. */
export interface AuthUserGetRequestInit {
  readonly name?: string | undefined;
}
/** @internal */
export function readAuthUserGetRequest(r: Reader, end: number): AuthUserGetRequest {
  let name = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        name = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { name };
}
/** @internal */
export function writeAuthUserGetRequest(w: Writer, m: AuthUserGetRequestInit): void {
  if (m.name !== undefined && m.name !== "") {
    w.string(10, m.name);
  }
}
/** @internal */
export function jsonAuthUserGetRequest(m: AuthUserGetRequestInit): string {
  let s = "";
  if (m.name !== undefined && m.name !== "") s += `,"name":${JSON.stringify(m.name)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthUserGetRequest(value: JsonValue): AuthUserGetRequest {
  const o = readObject(value, "AuthUserGetRequest");
  const nameIn = field(o, "name", "name");
  return {
    name: nameIn === undefined ? "" : readString(nameIn, "name"),
  };
}
export const AuthUserGetRequest: MessageCodec<AuthUserGetRequest, AuthUserGetRequestInit> = {
  name: "etcdserverpb.AuthUserGetRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthUserGetRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthUserGetRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthUserGetRequest,
  toJsonPieces: (message) => [jsonAuthUserGetRequest(message)],
  fromJson: parseAuthUserGetRequest,
};

export type AuthUserListRequest = Readonly<Record<string, never>>;
/** What makes a AuthUserListRequest: zero values may be left out. */
export type AuthUserListRequestInit = Readonly<Record<string, never>>;
/** @internal */
export function readAuthUserListRequest(r: Reader, end: number): AuthUserListRequest {
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.leave(end);
  return {};
}
/** @internal */
export function writeAuthUserListRequest(_w: Writer, _m: AuthUserListRequestInit): void {
}
/** @internal */
export function jsonAuthUserListRequest(_m: AuthUserListRequestInit): string {
  return "{}";
}
/** @internal */
export function parseAuthUserListRequest(value: JsonValue): AuthUserListRequest {
  readObject(value, "AuthUserListRequest");
  return {};
}
export const AuthUserListRequest: MessageCodec<AuthUserListRequest, AuthUserListRequestInit> = {
  name: "etcdserverpb.AuthUserListRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthUserListRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthUserListRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthUserListRequest,
  toJsonPieces: (message) => [jsonAuthUserListRequest(message)],
  fromJson: parseAuthUserListRequest,
};

export interface AuthUserDeleteRequest {
  readonly name: string;
}
/** What makes a AuthUserDeleteRequest: zero values may be left out. */
export interface AuthUserDeleteRequestInit {
  readonly name?: string | undefined;
}
/** @internal */
export function readAuthUserDeleteRequest(r: Reader, end: number): AuthUserDeleteRequest {
  let name = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        name = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { name };
}
/** @internal */
export function writeAuthUserDeleteRequest(w: Writer, m: AuthUserDeleteRequestInit): void {
  if (m.name !== undefined && m.name !== "") {
    w.string(10, m.name);
  }
}
/** @internal */
export function jsonAuthUserDeleteRequest(m: AuthUserDeleteRequestInit): string {
  let s = "";
  if (m.name !== undefined && m.name !== "") s += `,"name":${JSON.stringify(m.name)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthUserDeleteRequest(value: JsonValue): AuthUserDeleteRequest {
  const o = readObject(value, "AuthUserDeleteRequest");
  const nameIn = field(o, "name", "name");
  return {
    name: nameIn === undefined ? "" : readString(nameIn, "name"),
  };
}
export const AuthUserDeleteRequest: MessageCodec<AuthUserDeleteRequest, AuthUserDeleteRequestInit> = {
  name: "etcdserverpb.AuthUserDeleteRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthUserDeleteRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthUserDeleteRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthUserDeleteRequest,
  toJsonPieces: (message) => [jsonAuthUserDeleteRequest(message)],
  fromJson: parseAuthUserDeleteRequest,
};

export interface AuthUserChangePasswordRequest {
  readonly name: string;
  readonly password: string;
  readonly hashedPassword: string;
}
/** What makes a AuthUserChangePasswordRequest: zero values may be left out. */
export interface AuthUserChangePasswordRequestInit {
  readonly name?: string | undefined;
  readonly password?: string | undefined;
  readonly hashedPassword?: string | undefined;
}
/** @internal */
export function readAuthUserChangePasswordRequest(r: Reader, end: number): AuthUserChangePasswordRequest {
  let name = "";
  let password = "";
  let hashedPassword = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        name = r.string();
        break;
      case 18:
        password = r.string();
        break;
      case 26:
        hashedPassword = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { name, password, hashedPassword };
}
/** @internal */
export function writeAuthUserChangePasswordRequest(w: Writer, m: AuthUserChangePasswordRequestInit): void {
  if (m.hashedPassword !== undefined && m.hashedPassword !== "") {
    w.string(26, m.hashedPassword);
  }
  if (m.password !== undefined && m.password !== "") {
    w.string(18, m.password);
  }
  if (m.name !== undefined && m.name !== "") {
    w.string(10, m.name);
  }
}
/** @internal */
export function jsonAuthUserChangePasswordRequest(m: AuthUserChangePasswordRequestInit): string {
  let s = "";
  if (m.name !== undefined && m.name !== "") s += `,"name":${JSON.stringify(m.name)}`;
  if (m.password !== undefined && m.password !== "") s += `,"password":${JSON.stringify(m.password)}`;
  if (m.hashedPassword !== undefined && m.hashedPassword !== "") s += `,"hashedPassword":${JSON.stringify(m.hashedPassword)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthUserChangePasswordRequest(value: JsonValue): AuthUserChangePasswordRequest {
  const o = readObject(value, "AuthUserChangePasswordRequest");
  const nameIn = field(o, "name", "name");
  const passwordIn = field(o, "password", "password");
  const hashedPasswordIn = field(o, "hashedPassword", "hashedPassword");
  return {
    name: nameIn === undefined ? "" : readString(nameIn, "name"),
    password: passwordIn === undefined ? "" : readString(passwordIn, "password"),
    hashedPassword: hashedPasswordIn === undefined ? "" : readString(hashedPasswordIn, "hashedPassword"),
  };
}
export const AuthUserChangePasswordRequest: MessageCodec<AuthUserChangePasswordRequest, AuthUserChangePasswordRequestInit> = {
  name: "etcdserverpb.AuthUserChangePasswordRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthUserChangePasswordRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthUserChangePasswordRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthUserChangePasswordRequest,
  toJsonPieces: (message) => [jsonAuthUserChangePasswordRequest(message)],
  fromJson: parseAuthUserChangePasswordRequest,
};

export interface AuthUserGrantRoleRequest {
  readonly user: string;
  readonly role: string;
}
/** What makes a AuthUserGrantRoleRequest: zero values may be left out. */
export interface AuthUserGrantRoleRequestInit {
  readonly user?: string | undefined;
  readonly role?: string | undefined;
}
/** @internal */
export function readAuthUserGrantRoleRequest(r: Reader, end: number): AuthUserGrantRoleRequest {
  let user = "";
  let role = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        user = r.string();
        break;
      case 18:
        role = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { user, role };
}
/** @internal */
export function writeAuthUserGrantRoleRequest(w: Writer, m: AuthUserGrantRoleRequestInit): void {
  if (m.role !== undefined && m.role !== "") {
    w.string(18, m.role);
  }
  if (m.user !== undefined && m.user !== "") {
    w.string(10, m.user);
  }
}
/** @internal */
export function jsonAuthUserGrantRoleRequest(m: AuthUserGrantRoleRequestInit): string {
  let s = "";
  if (m.user !== undefined && m.user !== "") s += `,"user":${JSON.stringify(m.user)}`;
  if (m.role !== undefined && m.role !== "") s += `,"role":${JSON.stringify(m.role)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthUserGrantRoleRequest(value: JsonValue): AuthUserGrantRoleRequest {
  const o = readObject(value, "AuthUserGrantRoleRequest");
  const userIn = field(o, "user", "user");
  const roleIn = field(o, "role", "role");
  return {
    user: userIn === undefined ? "" : readString(userIn, "user"),
    role: roleIn === undefined ? "" : readString(roleIn, "role"),
  };
}
export const AuthUserGrantRoleRequest: MessageCodec<AuthUserGrantRoleRequest, AuthUserGrantRoleRequestInit> = {
  name: "etcdserverpb.AuthUserGrantRoleRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthUserGrantRoleRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthUserGrantRoleRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthUserGrantRoleRequest,
  toJsonPieces: (message) => [jsonAuthUserGrantRoleRequest(message)],
  fromJson: parseAuthUserGrantRoleRequest,
};

export interface AuthUserRevokeRoleRequest {
  readonly name: string;
  readonly role: string;
}
/** What makes a AuthUserRevokeRoleRequest: zero values may be left out. */
export interface AuthUserRevokeRoleRequestInit {
  readonly name?: string | undefined;
  readonly role?: string | undefined;
}
/** @internal */
export function readAuthUserRevokeRoleRequest(r: Reader, end: number): AuthUserRevokeRoleRequest {
  let name = "";
  let role = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        name = r.string();
        break;
      case 18:
        role = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { name, role };
}
/** @internal */
export function writeAuthUserRevokeRoleRequest(w: Writer, m: AuthUserRevokeRoleRequestInit): void {
  if (m.role !== undefined && m.role !== "") {
    w.string(18, m.role);
  }
  if (m.name !== undefined && m.name !== "") {
    w.string(10, m.name);
  }
}
/** @internal */
export function jsonAuthUserRevokeRoleRequest(m: AuthUserRevokeRoleRequestInit): string {
  let s = "";
  if (m.name !== undefined && m.name !== "") s += `,"name":${JSON.stringify(m.name)}`;
  if (m.role !== undefined && m.role !== "") s += `,"role":${JSON.stringify(m.role)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthUserRevokeRoleRequest(value: JsonValue): AuthUserRevokeRoleRequest {
  const o = readObject(value, "AuthUserRevokeRoleRequest");
  const nameIn = field(o, "name", "name");
  const roleIn = field(o, "role", "role");
  return {
    name: nameIn === undefined ? "" : readString(nameIn, "name"),
    role: roleIn === undefined ? "" : readString(roleIn, "role"),
  };
}
export const AuthUserRevokeRoleRequest: MessageCodec<AuthUserRevokeRoleRequest, AuthUserRevokeRoleRequestInit> = {
  name: "etcdserverpb.AuthUserRevokeRoleRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthUserRevokeRoleRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthUserRevokeRoleRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthUserRevokeRoleRequest,
  toJsonPieces: (message) => [jsonAuthUserRevokeRoleRequest(message)],
  fromJson: parseAuthUserRevokeRoleRequest,
};

export interface AuthRoleAddRequest {
  readonly name: string;
}
/** What makes a AuthRoleAddRequest: zero values may be left out. */
export interface AuthRoleAddRequestInit {
  readonly name?: string | undefined;
}
/** @internal */
export function readAuthRoleAddRequest(r: Reader, end: number): AuthRoleAddRequest {
  let name = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        name = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { name };
}
/** @internal */
export function writeAuthRoleAddRequest(w: Writer, m: AuthRoleAddRequestInit): void {
  if (m.name !== undefined && m.name !== "") {
    w.string(10, m.name);
  }
}
/** @internal */
export function jsonAuthRoleAddRequest(m: AuthRoleAddRequestInit): string {
  let s = "";
  if (m.name !== undefined && m.name !== "") s += `,"name":${JSON.stringify(m.name)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthRoleAddRequest(value: JsonValue): AuthRoleAddRequest {
  const o = readObject(value, "AuthRoleAddRequest");
  const nameIn = field(o, "name", "name");
  return {
    name: nameIn === undefined ? "" : readString(nameIn, "name"),
  };
}
export const AuthRoleAddRequest: MessageCodec<AuthRoleAddRequest, AuthRoleAddRequestInit> = {
  name: "etcdserverpb.AuthRoleAddRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthRoleAddRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthRoleAddRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthRoleAddRequest,
  toJsonPieces: (message) => [jsonAuthRoleAddRequest(message)],
  fromJson: parseAuthRoleAddRequest,
};

export interface AuthRoleGetRequest {
  readonly role: string;
}
/** What makes a AuthRoleGetRequest: zero values may be left out. */
export interface AuthRoleGetRequestInit {
  readonly role?: string | undefined;
}
/** @internal */
export function readAuthRoleGetRequest(r: Reader, end: number): AuthRoleGetRequest {
  let role = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        role = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { role };
}
/** @internal */
export function writeAuthRoleGetRequest(w: Writer, m: AuthRoleGetRequestInit): void {
  if (m.role !== undefined && m.role !== "") {
    w.string(10, m.role);
  }
}
/** @internal */
export function jsonAuthRoleGetRequest(m: AuthRoleGetRequestInit): string {
  let s = "";
  if (m.role !== undefined && m.role !== "") s += `,"role":${JSON.stringify(m.role)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthRoleGetRequest(value: JsonValue): AuthRoleGetRequest {
  const o = readObject(value, "AuthRoleGetRequest");
  const roleIn = field(o, "role", "role");
  return {
    role: roleIn === undefined ? "" : readString(roleIn, "role"),
  };
}
export const AuthRoleGetRequest: MessageCodec<AuthRoleGetRequest, AuthRoleGetRequestInit> = {
  name: "etcdserverpb.AuthRoleGetRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthRoleGetRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthRoleGetRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthRoleGetRequest,
  toJsonPieces: (message) => [jsonAuthRoleGetRequest(message)],
  fromJson: parseAuthRoleGetRequest,
};

export type AuthRoleListRequest = Readonly<Record<string, never>>;
/** What makes a AuthRoleListRequest: zero values may be left out. */
export type AuthRoleListRequestInit = Readonly<Record<string, never>>;
/** @internal */
export function readAuthRoleListRequest(r: Reader, end: number): AuthRoleListRequest {
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.leave(end);
  return {};
}
/** @internal */
export function writeAuthRoleListRequest(_w: Writer, _m: AuthRoleListRequestInit): void {
}
/** @internal */
export function jsonAuthRoleListRequest(_m: AuthRoleListRequestInit): string {
  return "{}";
}
/** @internal */
export function parseAuthRoleListRequest(value: JsonValue): AuthRoleListRequest {
  readObject(value, "AuthRoleListRequest");
  return {};
}
export const AuthRoleListRequest: MessageCodec<AuthRoleListRequest, AuthRoleListRequestInit> = {
  name: "etcdserverpb.AuthRoleListRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthRoleListRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthRoleListRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthRoleListRequest,
  toJsonPieces: (message) => [jsonAuthRoleListRequest(message)],
  fromJson: parseAuthRoleListRequest,
};

export interface AuthRoleDeleteRequest {
  readonly role: string;
}
/** What makes a AuthRoleDeleteRequest: zero values may be left out. */
export interface AuthRoleDeleteRequestInit {
  readonly role?: string | undefined;
}
/** @internal */
export function readAuthRoleDeleteRequest(r: Reader, end: number): AuthRoleDeleteRequest {
  let role = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        role = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { role };
}
/** @internal */
export function writeAuthRoleDeleteRequest(w: Writer, m: AuthRoleDeleteRequestInit): void {
  if (m.role !== undefined && m.role !== "") {
    w.string(10, m.role);
  }
}
/** @internal */
export function jsonAuthRoleDeleteRequest(m: AuthRoleDeleteRequestInit): string {
  let s = "";
  if (m.role !== undefined && m.role !== "") s += `,"role":${JSON.stringify(m.role)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthRoleDeleteRequest(value: JsonValue): AuthRoleDeleteRequest {
  const o = readObject(value, "AuthRoleDeleteRequest");
  const roleIn = field(o, "role", "role");
  return {
    role: roleIn === undefined ? "" : readString(roleIn, "role"),
  };
}
export const AuthRoleDeleteRequest: MessageCodec<AuthRoleDeleteRequest, AuthRoleDeleteRequestInit> = {
  name: "etcdserverpb.AuthRoleDeleteRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthRoleDeleteRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthRoleDeleteRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthRoleDeleteRequest,
  toJsonPieces: (message) => [jsonAuthRoleDeleteRequest(message)],
  fromJson: parseAuthRoleDeleteRequest,
};

export interface AuthRoleGrantPermissionRequest {
  readonly name: string;
  readonly perm: Permission | undefined;
}
/** What makes a AuthRoleGrantPermissionRequest: zero values may be left out. */
export interface AuthRoleGrantPermissionRequestInit {
  readonly name?: string | undefined;
  readonly perm?: PermissionInit | undefined;
}
/** @internal */
export function readAuthRoleGrantPermissionRequest(r: Reader, end: number): AuthRoleGrantPermissionRequest {
  let name = "";
  let perm: Permission | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        name = r.string();
        break;
      case 18:
        perm = readPermission(r, r.enter());
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { name, perm };
}
/** @internal */
export function writeAuthRoleGrantPermissionRequest(w: Writer, m: AuthRoleGrantPermissionRequestInit): void {
  if (m.perm !== undefined) {
    const mark = w.mark();
    writePermission(w, m.perm);
    w.length(18, mark);
  }
  if (m.name !== undefined && m.name !== "") {
    w.string(10, m.name);
  }
}
/** @internal */
export function jsonAuthRoleGrantPermissionRequest(m: AuthRoleGrantPermissionRequestInit): string {
  let s = "";
  if (m.name !== undefined && m.name !== "") s += `,"name":${JSON.stringify(m.name)}`;
  if (m.perm !== undefined) s += `,"perm":${jsonPermission(m.perm)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthRoleGrantPermissionRequest(value: JsonValue): AuthRoleGrantPermissionRequest {
  const o = readObject(value, "AuthRoleGrantPermissionRequest");
  const nameIn = field(o, "name", "name");
  const permIn = field(o, "perm", "perm");
  return {
    name: nameIn === undefined ? "" : readString(nameIn, "name"),
    perm: permIn === undefined ? undefined : parsePermission(permIn),
  };
}
export const AuthRoleGrantPermissionRequest: MessageCodec<AuthRoleGrantPermissionRequest, AuthRoleGrantPermissionRequestInit> = {
  name: "etcdserverpb.AuthRoleGrantPermissionRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthRoleGrantPermissionRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthRoleGrantPermissionRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthRoleGrantPermissionRequest,
  toJsonPieces: (message) => [jsonAuthRoleGrantPermissionRequest(message)],
  fromJson: parseAuthRoleGrantPermissionRequest,
};

export interface AuthRoleRevokePermissionRequest {
  readonly role: string;
  readonly key: Uint8Array;
  readonly rangeEnd: Uint8Array;
}
/** What makes a AuthRoleRevokePermissionRequest: zero values may be left out. */
export interface AuthRoleRevokePermissionRequestInit {
  readonly role?: string | undefined;
  readonly key?: Uint8Array | undefined;
  readonly rangeEnd?: Uint8Array | undefined;
}
/** @internal */
export function readAuthRoleRevokePermissionRequest(r: Reader, end: number): AuthRoleRevokePermissionRequest {
  let role = "";
  let key: Uint8Array = NO_BYTES;
  let rangeEnd: Uint8Array = NO_BYTES;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        role = r.string();
        break;
      case 18:
        key = r.bytes();
        break;
      case 26:
        rangeEnd = r.bytes();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { role, key, rangeEnd };
}
/** @internal */
export function writeAuthRoleRevokePermissionRequest(w: Writer, m: AuthRoleRevokePermissionRequestInit): void {
  if (m.rangeEnd !== undefined && m.rangeEnd.length > 0) {
    w.bytes(26, m.rangeEnd);
  }
  if (m.key !== undefined && m.key.length > 0) {
    w.bytes(18, m.key);
  }
  if (m.role !== undefined && m.role !== "") {
    w.string(10, m.role);
  }
}
/** @internal */
export function jsonAuthRoleRevokePermissionRequest(m: AuthRoleRevokePermissionRequestInit): string {
  let s = "";
  if (m.role !== undefined && m.role !== "") s += `,"role":${JSON.stringify(m.role)}`;
  if (m.key !== undefined && m.key.length > 0) s += `,"key":"${encodeBase64(m.key)}"`;
  if (m.rangeEnd !== undefined && m.rangeEnd.length > 0) s += `,"range_end":"${encodeBase64(m.rangeEnd)}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthRoleRevokePermissionRequest(value: JsonValue): AuthRoleRevokePermissionRequest {
  const o = readObject(value, "AuthRoleRevokePermissionRequest");
  const roleIn = field(o, "role", "role");
  const keyIn = field(o, "key", "key");
  const rangeEndIn = field(o, "range_end", "rangeEnd");
  return {
    role: roleIn === undefined ? "" : readString(roleIn, "role"),
    key: keyIn === undefined ? NO_BYTES : readBytes(keyIn, "key"),
    rangeEnd: rangeEndIn === undefined ? NO_BYTES : readBytes(rangeEndIn, "range_end"),
  };
}
export const AuthRoleRevokePermissionRequest: MessageCodec<AuthRoleRevokePermissionRequest, AuthRoleRevokePermissionRequestInit> = {
  name: "etcdserverpb.AuthRoleRevokePermissionRequest",
  encode(message) {
    sharedWriter.begin();
    writeAuthRoleRevokePermissionRequest(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthRoleRevokePermissionRequest(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthRoleRevokePermissionRequest,
  toJsonPieces: (message) => [jsonAuthRoleRevokePermissionRequest(message)],
  fromJson: parseAuthRoleRevokePermissionRequest,
};

export interface AuthEnableResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a AuthEnableResponse: zero values may be left out. */
export interface AuthEnableResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readAuthEnableResponse(r: Reader, end: number): AuthEnableResponse {
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
export function writeAuthEnableResponse(w: Writer, m: AuthEnableResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonAuthEnableResponse(m: AuthEnableResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthEnableResponse(value: JsonValue): AuthEnableResponse {
  const o = readObject(value, "AuthEnableResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const AuthEnableResponse: MessageCodec<AuthEnableResponse, AuthEnableResponseInit> = {
  name: "etcdserverpb.AuthEnableResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthEnableResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthEnableResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthEnableResponse,
  toJsonPieces: (message) => [jsonAuthEnableResponse(message)],
  fromJson: parseAuthEnableResponse,
};

export interface AuthDisableResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a AuthDisableResponse: zero values may be left out. */
export interface AuthDisableResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readAuthDisableResponse(r: Reader, end: number): AuthDisableResponse {
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
export function writeAuthDisableResponse(w: Writer, m: AuthDisableResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonAuthDisableResponse(m: AuthDisableResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthDisableResponse(value: JsonValue): AuthDisableResponse {
  const o = readObject(value, "AuthDisableResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const AuthDisableResponse: MessageCodec<AuthDisableResponse, AuthDisableResponseInit> = {
  name: "etcdserverpb.AuthDisableResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthDisableResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthDisableResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthDisableResponse,
  toJsonPieces: (message) => [jsonAuthDisableResponse(message)],
  fromJson: parseAuthDisableResponse,
};

export interface AuthStatusResponse {
  readonly header: ResponseHeader | undefined;
  readonly enabled: boolean;
  readonly authRevision: number;
}
/** What makes a AuthStatusResponse: zero values may be left out. */
export interface AuthStatusResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly enabled?: boolean | undefined;
  readonly authRevision?: number | undefined;
}
/** @internal */
export function readAuthStatusResponse(r: Reader, end: number): AuthStatusResponse {
  let header: ResponseHeader | undefined;
  let enabled = false;
  let authRevision = 0;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 16:
        enabled = r.bool();
        break;
      case 24:
        authRevision = r.uint64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, enabled, authRevision };
}
/** @internal */
export function writeAuthStatusResponse(w: Writer, m: AuthStatusResponseInit): void {
  if (m.authRevision !== undefined && m.authRevision !== 0) {
    w.int64(24, m.authRevision);
  }
  if (m.enabled === true) {
    w.bool(16, m.enabled);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonAuthStatusResponse(m: AuthStatusResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.enabled === true) s += `,"enabled":${m.enabled}`;
  if (m.authRevision !== undefined && m.authRevision !== 0) s += `,"authRevision":"${m.authRevision}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthStatusResponse(value: JsonValue): AuthStatusResponse {
  const o = readObject(value, "AuthStatusResponse");
  const headerIn = field(o, "header", "header");
  const enabledIn = field(o, "enabled", "enabled");
  const authRevisionIn = field(o, "authRevision", "authRevision");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    enabled: enabledIn === undefined ? false : readBool(enabledIn, "enabled"),
    authRevision: authRevisionIn === undefined ? 0 : readUint64(authRevisionIn, "authRevision"),
  };
}
export const AuthStatusResponse: MessageCodec<AuthStatusResponse, AuthStatusResponseInit> = {
  name: "etcdserverpb.AuthStatusResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthStatusResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthStatusResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthStatusResponse,
  toJsonPieces: (message) => [jsonAuthStatusResponse(message)],
  fromJson: parseAuthStatusResponse,
};

export interface AuthenticateResponse {
  readonly header: ResponseHeader | undefined;
  readonly token: string;
}
/** What makes a AuthenticateResponse: zero values may be left out. */
export interface AuthenticateResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly token?: string | undefined;
}
/** @internal */
export function readAuthenticateResponse(r: Reader, end: number): AuthenticateResponse {
  let header: ResponseHeader | undefined;
  let token = "";
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        token = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, token };
}
/** @internal */
export function writeAuthenticateResponse(w: Writer, m: AuthenticateResponseInit): void {
  if (m.token !== undefined && m.token !== "") {
    w.string(18, m.token);
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonAuthenticateResponse(m: AuthenticateResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.token !== undefined && m.token !== "") s += `,"token":${JSON.stringify(m.token)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthenticateResponse(value: JsonValue): AuthenticateResponse {
  const o = readObject(value, "AuthenticateResponse");
  const headerIn = field(o, "header", "header");
  const tokenIn = field(o, "token", "token");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    token: tokenIn === undefined ? "" : readString(tokenIn, "token"),
  };
}
export const AuthenticateResponse: MessageCodec<AuthenticateResponse, AuthenticateResponseInit> = {
  name: "etcdserverpb.AuthenticateResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthenticateResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthenticateResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthenticateResponse,
  toJsonPieces: (message) => [jsonAuthenticateResponse(message)],
  fromJson: parseAuthenticateResponse,
};

export interface AuthUserAddResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a AuthUserAddResponse: zero values may be left out. */
export interface AuthUserAddResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readAuthUserAddResponse(r: Reader, end: number): AuthUserAddResponse {
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
export function writeAuthUserAddResponse(w: Writer, m: AuthUserAddResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonAuthUserAddResponse(m: AuthUserAddResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthUserAddResponse(value: JsonValue): AuthUserAddResponse {
  const o = readObject(value, "AuthUserAddResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const AuthUserAddResponse: MessageCodec<AuthUserAddResponse, AuthUserAddResponseInit> = {
  name: "etcdserverpb.AuthUserAddResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthUserAddResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthUserAddResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthUserAddResponse,
  toJsonPieces: (message) => [jsonAuthUserAddResponse(message)],
  fromJson: parseAuthUserAddResponse,
};

export interface AuthUserGetResponse {
  readonly header: ResponseHeader | undefined;
  readonly roles: readonly string[];
}
/** What makes a AuthUserGetResponse: zero values may be left out. */
export interface AuthUserGetResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly roles?: readonly string[] | undefined;
}
/** @internal */
export function readAuthUserGetResponse(r: Reader, end: number): AuthUserGetResponse {
  let header: ResponseHeader | undefined;
  let roles: string[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        (roles ??= []).push(r.string());
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, roles: roles ?? [] };
}
/** @internal */
export function writeAuthUserGetResponse(w: Writer, m: AuthUserGetResponseInit): void {
  if (m.roles !== undefined) {
    for (let i = m.roles.length - 1; i >= 0; i -= 1) {
      w.string(18, m.roles[i] as string);
    }
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonAuthUserGetResponse(m: AuthUserGetResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.roles !== undefined && m.roles.length > 0) s += `,"roles":[${m.roles.map((v) => `${JSON.stringify(v)}`).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthUserGetResponse(value: JsonValue): AuthUserGetResponse {
  const o = readObject(value, "AuthUserGetResponse");
  const headerIn = field(o, "header", "header");
  const rolesIn = field(o, "roles", "roles");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    roles: rolesIn === undefined ? [] : readArray(rolesIn, "roles").map((v) => readString(v, "roles")),
  };
}
export const AuthUserGetResponse: MessageCodec<AuthUserGetResponse, AuthUserGetResponseInit> = {
  name: "etcdserverpb.AuthUserGetResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthUserGetResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthUserGetResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthUserGetResponse,
  toJsonPieces: (message) => [jsonAuthUserGetResponse(message)],
  fromJson: parseAuthUserGetResponse,
};

export interface AuthUserListResponse {
  readonly header: ResponseHeader | undefined;
  readonly users: readonly string[];
}
/** What makes a AuthUserListResponse: zero values may be left out. */
export interface AuthUserListResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly users?: readonly string[] | undefined;
}
/** @internal */
export function readAuthUserListResponse(r: Reader, end: number): AuthUserListResponse {
  let header: ResponseHeader | undefined;
  let users: string[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        (users ??= []).push(r.string());
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, users: users ?? [] };
}
/** @internal */
export function writeAuthUserListResponse(w: Writer, m: AuthUserListResponseInit): void {
  if (m.users !== undefined) {
    for (let i = m.users.length - 1; i >= 0; i -= 1) {
      w.string(18, m.users[i] as string);
    }
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonAuthUserListResponse(m: AuthUserListResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.users !== undefined && m.users.length > 0) s += `,"users":[${m.users.map((v) => `${JSON.stringify(v)}`).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthUserListResponse(value: JsonValue): AuthUserListResponse {
  const o = readObject(value, "AuthUserListResponse");
  const headerIn = field(o, "header", "header");
  const usersIn = field(o, "users", "users");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    users: usersIn === undefined ? [] : readArray(usersIn, "users").map((v) => readString(v, "users")),
  };
}
export const AuthUserListResponse: MessageCodec<AuthUserListResponse, AuthUserListResponseInit> = {
  name: "etcdserverpb.AuthUserListResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthUserListResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthUserListResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthUserListResponse,
  toJsonPieces: (message) => [jsonAuthUserListResponse(message)],
  fromJson: parseAuthUserListResponse,
};

export interface AuthUserDeleteResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a AuthUserDeleteResponse: zero values may be left out. */
export interface AuthUserDeleteResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readAuthUserDeleteResponse(r: Reader, end: number): AuthUserDeleteResponse {
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
export function writeAuthUserDeleteResponse(w: Writer, m: AuthUserDeleteResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonAuthUserDeleteResponse(m: AuthUserDeleteResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthUserDeleteResponse(value: JsonValue): AuthUserDeleteResponse {
  const o = readObject(value, "AuthUserDeleteResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const AuthUserDeleteResponse: MessageCodec<AuthUserDeleteResponse, AuthUserDeleteResponseInit> = {
  name: "etcdserverpb.AuthUserDeleteResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthUserDeleteResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthUserDeleteResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthUserDeleteResponse,
  toJsonPieces: (message) => [jsonAuthUserDeleteResponse(message)],
  fromJson: parseAuthUserDeleteResponse,
};

export interface AuthUserChangePasswordResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a AuthUserChangePasswordResponse: zero values may be left out. */
export interface AuthUserChangePasswordResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readAuthUserChangePasswordResponse(r: Reader, end: number): AuthUserChangePasswordResponse {
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
export function writeAuthUserChangePasswordResponse(w: Writer, m: AuthUserChangePasswordResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonAuthUserChangePasswordResponse(m: AuthUserChangePasswordResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthUserChangePasswordResponse(value: JsonValue): AuthUserChangePasswordResponse {
  const o = readObject(value, "AuthUserChangePasswordResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const AuthUserChangePasswordResponse: MessageCodec<AuthUserChangePasswordResponse, AuthUserChangePasswordResponseInit> = {
  name: "etcdserverpb.AuthUserChangePasswordResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthUserChangePasswordResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthUserChangePasswordResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthUserChangePasswordResponse,
  toJsonPieces: (message) => [jsonAuthUserChangePasswordResponse(message)],
  fromJson: parseAuthUserChangePasswordResponse,
};

export interface AuthUserGrantRoleResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a AuthUserGrantRoleResponse: zero values may be left out. */
export interface AuthUserGrantRoleResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readAuthUserGrantRoleResponse(r: Reader, end: number): AuthUserGrantRoleResponse {
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
export function writeAuthUserGrantRoleResponse(w: Writer, m: AuthUserGrantRoleResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonAuthUserGrantRoleResponse(m: AuthUserGrantRoleResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthUserGrantRoleResponse(value: JsonValue): AuthUserGrantRoleResponse {
  const o = readObject(value, "AuthUserGrantRoleResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const AuthUserGrantRoleResponse: MessageCodec<AuthUserGrantRoleResponse, AuthUserGrantRoleResponseInit> = {
  name: "etcdserverpb.AuthUserGrantRoleResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthUserGrantRoleResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthUserGrantRoleResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthUserGrantRoleResponse,
  toJsonPieces: (message) => [jsonAuthUserGrantRoleResponse(message)],
  fromJson: parseAuthUserGrantRoleResponse,
};

export interface AuthUserRevokeRoleResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a AuthUserRevokeRoleResponse: zero values may be left out. */
export interface AuthUserRevokeRoleResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readAuthUserRevokeRoleResponse(r: Reader, end: number): AuthUserRevokeRoleResponse {
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
export function writeAuthUserRevokeRoleResponse(w: Writer, m: AuthUserRevokeRoleResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonAuthUserRevokeRoleResponse(m: AuthUserRevokeRoleResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthUserRevokeRoleResponse(value: JsonValue): AuthUserRevokeRoleResponse {
  const o = readObject(value, "AuthUserRevokeRoleResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const AuthUserRevokeRoleResponse: MessageCodec<AuthUserRevokeRoleResponse, AuthUserRevokeRoleResponseInit> = {
  name: "etcdserverpb.AuthUserRevokeRoleResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthUserRevokeRoleResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthUserRevokeRoleResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthUserRevokeRoleResponse,
  toJsonPieces: (message) => [jsonAuthUserRevokeRoleResponse(message)],
  fromJson: parseAuthUserRevokeRoleResponse,
};

export interface AuthRoleAddResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a AuthRoleAddResponse: zero values may be left out. */
export interface AuthRoleAddResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readAuthRoleAddResponse(r: Reader, end: number): AuthRoleAddResponse {
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
export function writeAuthRoleAddResponse(w: Writer, m: AuthRoleAddResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonAuthRoleAddResponse(m: AuthRoleAddResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthRoleAddResponse(value: JsonValue): AuthRoleAddResponse {
  const o = readObject(value, "AuthRoleAddResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const AuthRoleAddResponse: MessageCodec<AuthRoleAddResponse, AuthRoleAddResponseInit> = {
  name: "etcdserverpb.AuthRoleAddResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthRoleAddResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthRoleAddResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthRoleAddResponse,
  toJsonPieces: (message) => [jsonAuthRoleAddResponse(message)],
  fromJson: parseAuthRoleAddResponse,
};

export interface AuthRoleGetResponse {
  readonly header: ResponseHeader | undefined;
  readonly perm: readonly Permission[];
}
/** What makes a AuthRoleGetResponse: zero values may be left out. */
export interface AuthRoleGetResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly perm?: readonly PermissionInit[] | undefined;
}
/** @internal */
export function readAuthRoleGetResponse(r: Reader, end: number): AuthRoleGetResponse {
  let header: ResponseHeader | undefined;
  let perm: Permission[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        (perm ??= []).push(readPermission(r, r.enter()));
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, perm: perm ?? [] };
}
/** @internal */
export function writeAuthRoleGetResponse(w: Writer, m: AuthRoleGetResponseInit): void {
  if (m.perm !== undefined) {
    for (let i = m.perm.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writePermission(w, m.perm[i] as PermissionInit);
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
export function jsonAuthRoleGetResponse(m: AuthRoleGetResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.perm !== undefined && m.perm.length > 0) s += `,"perm":[${m.perm.map(jsonPermission).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function* piecesAuthRoleGetResponse(m: AuthRoleGetResponseInit): Generator<string> {
  let s = "{";
  let comma = "";
  if (m.header !== undefined) {
    s += `${comma}"header":${jsonResponseHeader(m.header)}`;
    comma = ",";
  }
  if (m.perm !== undefined && m.perm.length > 0) {
    s += `${comma}"perm":[`;
    comma = ",";
    let between = "";
    for (const v of m.perm) {
      yield `${s}${between}${jsonPermission(v)}`;
      s = "";
      between = ",";
    }
    s = "]";
  }
  yield `${s}}`;
}
/** @internal */
export function parseAuthRoleGetResponse(value: JsonValue): AuthRoleGetResponse {
  const o = readObject(value, "AuthRoleGetResponse");
  const headerIn = field(o, "header", "header");
  const permIn = field(o, "perm", "perm");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    perm: permIn === undefined ? [] : readArray(permIn, "perm").map((v) => parsePermission(v)),
  };
}
export const AuthRoleGetResponse: MessageCodec<AuthRoleGetResponse, AuthRoleGetResponseInit> = {
  name: "etcdserverpb.AuthRoleGetResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthRoleGetResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthRoleGetResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthRoleGetResponse,
  toJsonPieces: piecesAuthRoleGetResponse,
  fromJson: parseAuthRoleGetResponse,
};

export interface AuthRoleListResponse {
  readonly header: ResponseHeader | undefined;
  readonly roles: readonly string[];
}
/** What makes a AuthRoleListResponse: zero values may be left out. */
export interface AuthRoleListResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
  readonly roles?: readonly string[] | undefined;
}
/** @internal */
export function readAuthRoleListResponse(r: Reader, end: number): AuthRoleListResponse {
  let header: ResponseHeader | undefined;
  let roles: string[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        header = readResponseHeader(r, r.enter());
        break;
      case 18:
        (roles ??= []).push(r.string());
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { header, roles: roles ?? [] };
}
/** @internal */
export function writeAuthRoleListResponse(w: Writer, m: AuthRoleListResponseInit): void {
  if (m.roles !== undefined) {
    for (let i = m.roles.length - 1; i >= 0; i -= 1) {
      w.string(18, m.roles[i] as string);
    }
  }
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonAuthRoleListResponse(m: AuthRoleListResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  if (m.roles !== undefined && m.roles.length > 0) s += `,"roles":[${m.roles.map((v) => `${JSON.stringify(v)}`).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthRoleListResponse(value: JsonValue): AuthRoleListResponse {
  const o = readObject(value, "AuthRoleListResponse");
  const headerIn = field(o, "header", "header");
  const rolesIn = field(o, "roles", "roles");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
    roles: rolesIn === undefined ? [] : readArray(rolesIn, "roles").map((v) => readString(v, "roles")),
  };
}
export const AuthRoleListResponse: MessageCodec<AuthRoleListResponse, AuthRoleListResponseInit> = {
  name: "etcdserverpb.AuthRoleListResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthRoleListResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthRoleListResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthRoleListResponse,
  toJsonPieces: (message) => [jsonAuthRoleListResponse(message)],
  fromJson: parseAuthRoleListResponse,
};

export interface AuthRoleDeleteResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a AuthRoleDeleteResponse: zero values may be left out. */
export interface AuthRoleDeleteResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readAuthRoleDeleteResponse(r: Reader, end: number): AuthRoleDeleteResponse {
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
export function writeAuthRoleDeleteResponse(w: Writer, m: AuthRoleDeleteResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonAuthRoleDeleteResponse(m: AuthRoleDeleteResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthRoleDeleteResponse(value: JsonValue): AuthRoleDeleteResponse {
  const o = readObject(value, "AuthRoleDeleteResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const AuthRoleDeleteResponse: MessageCodec<AuthRoleDeleteResponse, AuthRoleDeleteResponseInit> = {
  name: "etcdserverpb.AuthRoleDeleteResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthRoleDeleteResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthRoleDeleteResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthRoleDeleteResponse,
  toJsonPieces: (message) => [jsonAuthRoleDeleteResponse(message)],
  fromJson: parseAuthRoleDeleteResponse,
};

export interface AuthRoleGrantPermissionResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a AuthRoleGrantPermissionResponse: zero values may be left out. */
export interface AuthRoleGrantPermissionResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readAuthRoleGrantPermissionResponse(r: Reader, end: number): AuthRoleGrantPermissionResponse {
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
export function writeAuthRoleGrantPermissionResponse(w: Writer, m: AuthRoleGrantPermissionResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonAuthRoleGrantPermissionResponse(m: AuthRoleGrantPermissionResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthRoleGrantPermissionResponse(value: JsonValue): AuthRoleGrantPermissionResponse {
  const o = readObject(value, "AuthRoleGrantPermissionResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const AuthRoleGrantPermissionResponse: MessageCodec<AuthRoleGrantPermissionResponse, AuthRoleGrantPermissionResponseInit> = {
  name: "etcdserverpb.AuthRoleGrantPermissionResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthRoleGrantPermissionResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthRoleGrantPermissionResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthRoleGrantPermissionResponse,
  toJsonPieces: (message) => [jsonAuthRoleGrantPermissionResponse(message)],
  fromJson: parseAuthRoleGrantPermissionResponse,
};

export interface AuthRoleRevokePermissionResponse {
  readonly header: ResponseHeader | undefined;
}
/** What makes a AuthRoleRevokePermissionResponse: zero values may be left out. */
export interface AuthRoleRevokePermissionResponseInit {
  readonly header?: ResponseHeaderInit | undefined;
}
/** @internal */
export function readAuthRoleRevokePermissionResponse(r: Reader, end: number): AuthRoleRevokePermissionResponse {
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
export function writeAuthRoleRevokePermissionResponse(w: Writer, m: AuthRoleRevokePermissionResponseInit): void {
  if (m.header !== undefined) {
    const mark = w.mark();
    writeResponseHeader(w, m.header);
    w.length(10, mark);
  }
}
/** @internal */
export function jsonAuthRoleRevokePermissionResponse(m: AuthRoleRevokePermissionResponseInit): string {
  let s = "";
  if (m.header !== undefined) s += `,"header":${jsonResponseHeader(m.header)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseAuthRoleRevokePermissionResponse(value: JsonValue): AuthRoleRevokePermissionResponse {
  const o = readObject(value, "AuthRoleRevokePermissionResponse");
  const headerIn = field(o, "header", "header");
  return {
    header: headerIn === undefined ? undefined : parseResponseHeader(headerIn),
  };
}
export const AuthRoleRevokePermissionResponse: MessageCodec<AuthRoleRevokePermissionResponse, AuthRoleRevokePermissionResponseInit> = {
  name: "etcdserverpb.AuthRoleRevokePermissionResponse",
  encode(message) {
    sharedWriter.begin();
    writeAuthRoleRevokePermissionResponse(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readAuthRoleRevokePermissionResponse(new Reader(bytes), bytes.length);
  },
  toJson: jsonAuthRoleRevokePermissionResponse,
  toJsonPieces: (message) => [jsonAuthRoleRevokePermissionResponse(message)],
  fromJson: parseAuthRoleRevokePermissionResponse,
};

export const AuthService: {
  readonly authEnable: MethodDescriptor<AuthEnableRequest, AuthEnableRequestInit, AuthEnableResponse, AuthEnableResponseInit, "unary">;
  readonly authDisable: MethodDescriptor<AuthDisableRequest, AuthDisableRequestInit, AuthDisableResponse, AuthDisableResponseInit, "unary">;
  readonly authStatus: MethodDescriptor<AuthStatusRequest, AuthStatusRequestInit, AuthStatusResponse, AuthStatusResponseInit, "unary">;
  readonly authenticate: MethodDescriptor<AuthenticateRequest, AuthenticateRequestInit, AuthenticateResponse, AuthenticateResponseInit, "unary">;
  readonly userAdd: MethodDescriptor<AuthUserAddRequest, AuthUserAddRequestInit, AuthUserAddResponse, AuthUserAddResponseInit, "unary">;
  readonly userGet: MethodDescriptor<AuthUserGetRequest, AuthUserGetRequestInit, AuthUserGetResponse, AuthUserGetResponseInit, "unary">;
  readonly userList: MethodDescriptor<AuthUserListRequest, AuthUserListRequestInit, AuthUserListResponse, AuthUserListResponseInit, "unary">;
  readonly userDelete: MethodDescriptor<AuthUserDeleteRequest, AuthUserDeleteRequestInit, AuthUserDeleteResponse, AuthUserDeleteResponseInit, "unary">;
  readonly userChangePassword: MethodDescriptor<AuthUserChangePasswordRequest, AuthUserChangePasswordRequestInit, AuthUserChangePasswordResponse, AuthUserChangePasswordResponseInit, "unary">;
  readonly userGrantRole: MethodDescriptor<AuthUserGrantRoleRequest, AuthUserGrantRoleRequestInit, AuthUserGrantRoleResponse, AuthUserGrantRoleResponseInit, "unary">;
  readonly userRevokeRole: MethodDescriptor<AuthUserRevokeRoleRequest, AuthUserRevokeRoleRequestInit, AuthUserRevokeRoleResponse, AuthUserRevokeRoleResponseInit, "unary">;
  readonly roleAdd: MethodDescriptor<AuthRoleAddRequest, AuthRoleAddRequestInit, AuthRoleAddResponse, AuthRoleAddResponseInit, "unary">;
  readonly roleGet: MethodDescriptor<AuthRoleGetRequest, AuthRoleGetRequestInit, AuthRoleGetResponse, AuthRoleGetResponseInit, "unary">;
  readonly roleList: MethodDescriptor<AuthRoleListRequest, AuthRoleListRequestInit, AuthRoleListResponse, AuthRoleListResponseInit, "unary">;
  readonly roleDelete: MethodDescriptor<AuthRoleDeleteRequest, AuthRoleDeleteRequestInit, AuthRoleDeleteResponse, AuthRoleDeleteResponseInit, "unary">;
  readonly roleGrantPermission: MethodDescriptor<AuthRoleGrantPermissionRequest, AuthRoleGrantPermissionRequestInit, AuthRoleGrantPermissionResponse, AuthRoleGrantPermissionResponseInit, "unary">;
  readonly roleRevokePermission: MethodDescriptor<AuthRoleRevokePermissionRequest, AuthRoleRevokePermissionRequestInit, AuthRoleRevokePermissionResponse, AuthRoleRevokePermissionResponseInit, "unary">;
} = {
  authEnable: { path: "/etcdserverpb.Auth/AuthEnable", kind: "unary", request: AuthEnableRequest, response: AuthEnableResponse },
  authDisable: { path: "/etcdserverpb.Auth/AuthDisable", kind: "unary", request: AuthDisableRequest, response: AuthDisableResponse },
  authStatus: { path: "/etcdserverpb.Auth/AuthStatus", kind: "unary", request: AuthStatusRequest, response: AuthStatusResponse },
  authenticate: { path: "/etcdserverpb.Auth/Authenticate", kind: "unary", request: AuthenticateRequest, response: AuthenticateResponse },
  userAdd: { path: "/etcdserverpb.Auth/UserAdd", kind: "unary", request: AuthUserAddRequest, response: AuthUserAddResponse },
  userGet: { path: "/etcdserverpb.Auth/UserGet", kind: "unary", request: AuthUserGetRequest, response: AuthUserGetResponse },
  userList: { path: "/etcdserverpb.Auth/UserList", kind: "unary", request: AuthUserListRequest, response: AuthUserListResponse },
  userDelete: { path: "/etcdserverpb.Auth/UserDelete", kind: "unary", request: AuthUserDeleteRequest, response: AuthUserDeleteResponse },
  userChangePassword: { path: "/etcdserverpb.Auth/UserChangePassword", kind: "unary", request: AuthUserChangePasswordRequest, response: AuthUserChangePasswordResponse },
  userGrantRole: { path: "/etcdserverpb.Auth/UserGrantRole", kind: "unary", request: AuthUserGrantRoleRequest, response: AuthUserGrantRoleResponse },
  userRevokeRole: { path: "/etcdserverpb.Auth/UserRevokeRole", kind: "unary", request: AuthUserRevokeRoleRequest, response: AuthUserRevokeRoleResponse },
  roleAdd: { path: "/etcdserverpb.Auth/RoleAdd", kind: "unary", request: AuthRoleAddRequest, response: AuthRoleAddResponse },
  roleGet: { path: "/etcdserverpb.Auth/RoleGet", kind: "unary", request: AuthRoleGetRequest, response: AuthRoleGetResponse },
  roleList: { path: "/etcdserverpb.Auth/RoleList", kind: "unary", request: AuthRoleListRequest, response: AuthRoleListResponse },
  roleDelete: { path: "/etcdserverpb.Auth/RoleDelete", kind: "unary", request: AuthRoleDeleteRequest, response: AuthRoleDeleteResponse },
  roleGrantPermission: { path: "/etcdserverpb.Auth/RoleGrantPermission", kind: "unary", request: AuthRoleGrantPermissionRequest, response: AuthRoleGrantPermissionResponse },
  roleRevokePermission: { path: "/etcdserverpb.Auth/RoleRevokePermission", kind: "unary", request: AuthRoleRevokePermissionRequest, response: AuthRoleRevokePermissionResponse },
};
