import { type ByteReader, MalformedBytesError, nameAt } from "../bytes/byte-reader.ts";
import { type ByteWriter, numberOf } from "../bytes/byte-writer.ts";
import { NO_BYTES } from "../bytes/bytes.ts";
import type { AuthRequest, KvCommand, Permission, PermissionType } from "../command.ts";

/** The numbers stand in logs: append, never reorder. */
const PERMISSION_TYPES: readonly PermissionType[] = ["read", "write", "readwrite"];

export function writePermission(to: ByteWriter, permission: Permission): void {
  to.byte(numberOf(PERMISSION_TYPES, permission.access));
  to.bytes(permission.key);
  to.bytes(permission.rangeEnd ?? NO_BYTES);
}

export function readPermission(from: ByteReader): Permission {
  return {
    access: nameAt(PERMISSION_TYPES, from.byte()),
    key: from.bytes(),
    rangeEnd: from.bytes(),
  };
}

export function writeAuth(to: ByteWriter, request: AuthRequest): void {
  switch (request.type) {
    case "authEnable":
    case "authDisable":
      break;
    case "authenticate":
      to.text(request.name);
      to.text(request.passwordHash);
      to.text(request.token);
      break;
    case "userAdd":
      to.text(request.name);
      to.text(request.passwordHash);
      to.flag(request.noPassword === true);
      break;
    case "userDelete":
      to.text(request.name);
      break;
    case "userChangePassword":
      to.text(request.name);
      to.text(request.passwordHash);
      break;
    case "userGrantRole":
    case "userRevokeRole":
      to.text(request.name);
      to.text(request.role);
      break;
    case "roleAdd":
    case "roleDelete":
      to.text(request.role);
      break;
    case "roleGrantPermission":
      to.text(request.role);
      writePermission(to, request.permission);
      break;
    case "roleRevokePermission":
      to.text(request.role);
      to.bytes(request.key);
      to.bytes(request.rangeEnd ?? NO_BYTES);
      break;
  }
}

export function readAuth(from: ByteReader, kind: KvCommand["type"]): AuthRequest {
  switch (kind) {
    case "authEnable":
    case "authDisable":
      return { type: kind };
    case "authenticate":
      return {
        type: kind,
        name: from.text(),
        passwordHash: from.text(),
        token: from.text(),
      };
    case "userAdd":
      return {
        type: kind,
        name: from.text(),
        passwordHash: from.text(),
        noPassword: from.flag(),
      };
    case "userDelete":
      return { type: kind, name: from.text() };
    case "userChangePassword":
      return { type: kind, name: from.text(), passwordHash: from.text() };
    case "userGrantRole":
    case "userRevokeRole":
      return { type: kind, name: from.text(), role: from.text() };
    case "roleAdd":
    case "roleDelete":
      return { type: kind, role: from.text() };
    case "roleGrantPermission":
      return { type: kind, role: from.text(), permission: readPermission(from) };
    case "roleRevokePermission":
      return { type: kind, role: from.text(), key: from.bytes(), rangeEnd: from.bytes() };
    default:
      throw new MalformedBytesError(`${kind} has no body of this kind.`);
  }
}
