// Generated from proto/authdata.proto by tools/protogen; do not edit.
import { Reader } from "../wire/reader.ts";
import { sharedWriter, type Writer } from "../wire/writer.ts";
import { NO_BYTES } from "../wire/no-bytes.ts";
import { encodeBase64 } from "../json/base64.ts";
import { type JsonValue } from "../json/parse-json.ts";
import { jsonEnum } from "../json/write-json.ts";
import { field, readArray, readBool, readBytes, readEnum, readObject, readString } from "../json/read-json.ts";
import { type MessageCodec } from "../message-codec.ts";

/** Numbers of authpb.Permission.Type. Open: a number that is not listed may arrive. */
export const PermissionType: { readonly READ: 0; readonly WRITE: 1; readonly READWRITE: 2 } = { READ: 0, WRITE: 1, READWRITE: 2 };
export type PermissionType = number;
/** @internal */
export const PermissionTypeNames: Readonly<Record<number, string>> = {"0":"READ","1":"WRITE","2":"READWRITE"};

export interface UserAddOptions {
  /** The user can only be identified by a certificate. */
  readonly noPassword: boolean;
}
/** What makes a UserAddOptions: zero values may be left out. */
export interface UserAddOptionsInit {
  /** The user can only be identified by a certificate. */
  readonly noPassword?: boolean | undefined;
}
/** @internal */
export function readUserAddOptions(r: Reader, end: number): UserAddOptions {
  let noPassword = false;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        noPassword = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { noPassword };
}
/** @internal */
export function writeUserAddOptions(w: Writer, m: UserAddOptionsInit): void {
  if (m.noPassword === true) {
    w.bool(8, m.noPassword);
  }
}
/** @internal */
export function jsonUserAddOptions(m: UserAddOptionsInit): string {
  let s = "";
  if (m.noPassword === true) s += `,"no_password":${m.noPassword}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseUserAddOptions(value: JsonValue): UserAddOptions {
  const o = readObject(value, "UserAddOptions");
  const noPasswordIn = field(o, "no_password", "noPassword");
  return {
    noPassword: noPasswordIn === undefined ? false : readBool(noPasswordIn, "no_password"),
  };
}
export const UserAddOptions: MessageCodec<UserAddOptions, UserAddOptionsInit> = {
  name: "authpb.UserAddOptions",
  encode(message) {
    sharedWriter.begin();
    writeUserAddOptions(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readUserAddOptions(new Reader(bytes), bytes.length);
  },
  toJson: jsonUserAddOptions,
  toJsonPieces: (message) => [jsonUserAddOptions(message)],
  fromJson: parseUserAddOptions,
};

export interface User {
  readonly name: Uint8Array;
  readonly password: Uint8Array;
  readonly roles: readonly string[];
  readonly options: UserAddOptions | undefined;
}
/** What makes a User: zero values may be left out. */
export interface UserInit {
  readonly name?: Uint8Array | undefined;
  readonly password?: Uint8Array | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly options?: UserAddOptionsInit | undefined;
}
/** @internal */
export function readUser(r: Reader, end: number): User {
  let name: Uint8Array = NO_BYTES;
  let password: Uint8Array = NO_BYTES;
  let roles: string[] | undefined;
  let options: UserAddOptions | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        name = r.bytes();
        break;
      case 18:
        password = r.bytes();
        break;
      case 26:
        (roles ??= []).push(r.string());
        break;
      case 34:
        options = readUserAddOptions(r, r.enter());
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { name, password, roles: roles ?? [], options };
}
/** @internal */
export function writeUser(w: Writer, m: UserInit): void {
  if (m.options !== undefined) {
    const mark = w.mark();
    writeUserAddOptions(w, m.options);
    w.length(34, mark);
  }
  if (m.roles !== undefined) {
    for (let i = m.roles.length - 1; i >= 0; i -= 1) {
      w.string(26, m.roles[i] as string);
    }
  }
  if (m.password !== undefined && m.password.length > 0) {
    w.bytes(18, m.password);
  }
  if (m.name !== undefined && m.name.length > 0) {
    w.bytes(10, m.name);
  }
}
/** @internal */
export function jsonUser(m: UserInit): string {
  let s = "";
  if (m.name !== undefined && m.name.length > 0) s += `,"name":"${encodeBase64(m.name)}"`;
  if (m.password !== undefined && m.password.length > 0) s += `,"password":"${encodeBase64(m.password)}"`;
  if (m.roles !== undefined && m.roles.length > 0) s += `,"roles":[${m.roles.map((v) => `${JSON.stringify(v)}`).join(",")}]`;
  if (m.options !== undefined) s += `,"options":${jsonUserAddOptions(m.options)}`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseUser(value: JsonValue): User {
  const o = readObject(value, "User");
  const nameIn = field(o, "name", "name");
  const passwordIn = field(o, "password", "password");
  const rolesIn = field(o, "roles", "roles");
  const optionsIn = field(o, "options", "options");
  return {
    name: nameIn === undefined ? NO_BYTES : readBytes(nameIn, "name"),
    password: passwordIn === undefined ? NO_BYTES : readBytes(passwordIn, "password"),
    roles: rolesIn === undefined ? [] : readArray(rolesIn, "roles").map((v) => readString(v, "roles")),
    options: optionsIn === undefined ? undefined : parseUserAddOptions(optionsIn),
  };
}
export const User: MessageCodec<User, UserInit> = {
  name: "authpb.User",
  encode(message) {
    sharedWriter.begin();
    writeUser(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readUser(new Reader(bytes), bytes.length);
  },
  toJson: jsonUser,
  toJsonPieces: (message) => [jsonUser(message)],
  fromJson: parseUser,
};

/** The right to read, write or both on an interval of keys. */
export interface Permission {
  readonly permType: PermissionType;
  readonly key: Uint8Array;
  readonly rangeEnd: Uint8Array;
}
/** What makes a Permission: zero values may be left out. */
export interface PermissionInit {
  readonly permType?: PermissionType | undefined;
  readonly key?: Uint8Array | undefined;
  readonly rangeEnd?: Uint8Array | undefined;
}
/** @internal */
export function readPermission(r: Reader, end: number): Permission {
  let permType = 0;
  let key: Uint8Array = NO_BYTES;
  let rangeEnd: Uint8Array = NO_BYTES;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        permType = r.int32();
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
  return { permType, key, rangeEnd };
}
/** @internal */
export function writePermission(w: Writer, m: PermissionInit): void {
  if (m.rangeEnd !== undefined && m.rangeEnd.length > 0) {
    w.bytes(26, m.rangeEnd);
  }
  if (m.key !== undefined && m.key.length > 0) {
    w.bytes(18, m.key);
  }
  if (m.permType !== undefined && m.permType !== 0) {
    w.int32(8, m.permType);
  }
}
/** @internal */
export function jsonPermission(m: PermissionInit): string {
  let s = "";
  if (m.permType !== undefined && m.permType !== 0) s += `,"permType":${jsonEnum(m.permType, PermissionTypeNames)}`;
  if (m.key !== undefined && m.key.length > 0) s += `,"key":"${encodeBase64(m.key)}"`;
  if (m.rangeEnd !== undefined && m.rangeEnd.length > 0) s += `,"range_end":"${encodeBase64(m.rangeEnd)}"`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parsePermission(value: JsonValue): Permission {
  const o = readObject(value, "Permission");
  const permTypeIn = field(o, "permType", "permType");
  const keyIn = field(o, "key", "key");
  const rangeEndIn = field(o, "range_end", "rangeEnd");
  return {
    permType: permTypeIn === undefined ? 0 : readEnum(permTypeIn, "permType", PermissionType),
    key: keyIn === undefined ? NO_BYTES : readBytes(keyIn, "key"),
    rangeEnd: rangeEndIn === undefined ? NO_BYTES : readBytes(rangeEndIn, "range_end"),
  };
}
export const Permission: MessageCodec<Permission, PermissionInit> = {
  name: "authpb.Permission",
  encode(message) {
    sharedWriter.begin();
    writePermission(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readPermission(new Reader(bytes), bytes.length);
  },
  toJson: jsonPermission,
  toJsonPieces: (message) => [jsonPermission(message)],
  fromJson: parsePermission,
};

export interface Role {
  readonly name: Uint8Array;
  readonly keyPermission: readonly Permission[];
}
/** What makes a Role: zero values may be left out. */
export interface RoleInit {
  readonly name?: Uint8Array | undefined;
  readonly keyPermission?: readonly PermissionInit[] | undefined;
}
/** @internal */
export function readRole(r: Reader, end: number): Role {
  let name: Uint8Array = NO_BYTES;
  let keyPermission: Permission[] | undefined;
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        name = r.bytes();
        break;
      case 18:
        (keyPermission ??= []).push(readPermission(r, r.enter()));
        break;
      default:
        r.skip(tag);
    }
  }
  r.leave(end);
  return { name, keyPermission: keyPermission ?? [] };
}
/** @internal */
export function writeRole(w: Writer, m: RoleInit): void {
  if (m.keyPermission !== undefined) {
    for (let i = m.keyPermission.length - 1; i >= 0; i -= 1) {
      const mark = w.mark();
      writePermission(w, m.keyPermission[i] as PermissionInit);
      w.length(18, mark);
    }
  }
  if (m.name !== undefined && m.name.length > 0) {
    w.bytes(10, m.name);
  }
}
/** @internal */
export function jsonRole(m: RoleInit): string {
  let s = "";
  if (m.name !== undefined && m.name.length > 0) s += `,"name":"${encodeBase64(m.name)}"`;
  if (m.keyPermission !== undefined && m.keyPermission.length > 0) s += `,"keyPermission":[${m.keyPermission.map(jsonPermission).join(",")}]`;
  return s === "" ? "{}" : `{${s.slice(1)}}`;
}
/** @internal */
export function parseRole(value: JsonValue): Role {
  const o = readObject(value, "Role");
  const nameIn = field(o, "name", "name");
  const keyPermissionIn = field(o, "keyPermission", "keyPermission");
  return {
    name: nameIn === undefined ? NO_BYTES : readBytes(nameIn, "name"),
    keyPermission: keyPermissionIn === undefined ? [] : readArray(keyPermissionIn, "keyPermission").map((v) => parsePermission(v)),
  };
}
export const Role: MessageCodec<Role, RoleInit> = {
  name: "authpb.Role",
  encode(message) {
    sharedWriter.begin();
    writeRole(sharedWriter, message);
    return sharedWriter.finish();
  },
  decode(bytes) {
    return readRole(new Reader(bytes), bytes.length);
  },
  toJson: jsonRole,
  toJsonPieces: (message) => [jsonRole(message)],
  fromJson: parseRole,
};
