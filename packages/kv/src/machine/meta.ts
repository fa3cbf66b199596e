import type { LogPosition } from "@quorate/core";
import type { AuthStore, Role, User } from "../auth/auth-store.ts";
import { ByteReader, MalformedBytesError, nameAt } from "../bytes/byte-reader.ts";
import { ByteWriter, numberOf } from "../bytes/byte-writer.ts";
import { readPermission, writePermission } from "../codec/auth-codec.ts";
import type { AlarmType, Permission } from "../command.ts";
import type { Revision } from "../key-value.ts";
import { AUTH_SPACE, META_SPACE } from "../mvcc/keyspace.ts";
import type { StandingAlarm } from "../result.ts";

/** Grows when the layout of the store changes in a way older code must not read. */
export const STORE_FORMAT_VERSION: number = 1;

/** Where the parts stand that are not kept per item. */
export const META_KEY: Uint8Array = Uint8Array.of(META_SPACE);
export const AUTH_KEY: Uint8Array = Uint8Array.of(AUTH_SPACE);

const ALARMS: readonly AlarmType[] = ["nospace", "corrupt"];

/** The scalars of the replicated state. */
export interface StateMeta {
  readonly revision: Revision;
  readonly compactRevision: Revision;
  readonly sweptRevision: Revision;
  readonly fingerprintA: number;
  readonly fingerprintB: number;
  readonly alarms: readonly StandingAlarm[];
}

/** The record that says what a store holds. Written in the same transaction as what it describes. */
export interface StoreMeta extends StateMeta {
  readonly position: LogPosition;
  readonly companion: Uint8Array;
}

/** Stands while a snapshot is being written into the store: what is there then is worth nothing. */
const INCOMPLETE = 1;
const COMPLETE = 2;

export function encodeIncompleteMeta(): Uint8Array {
  return Uint8Array.of(STORE_FORMAT_VERSION, INCOMPLETE);
}

export function encodeStoreMeta(meta: StoreMeta): Uint8Array {
  const to = new ByteWriter(64 + meta.companion.length);
  to.byte(STORE_FORMAT_VERSION);
  to.byte(COMPLETE);
  to.varint(meta.position.term);
  to.varint(meta.position.index);
  writeStateMeta(to, meta);
  to.bytes(meta.companion);
  return to.finish();
}

/** Nothing for a store whose last restore did not finish. Throws `MalformedBytesError` for anything else unreadable. */
export function decodeStoreMeta(bytes: Uint8Array): StoreMeta | undefined {
  const from = new ByteReader(bytes);
  const version = from.byte();
  if (version !== STORE_FORMAT_VERSION) {
    throw new MalformedBytesError(
      `The store has format ${version}, and this version reads ${STORE_FORMAT_VERSION}.`,
    );
  }
  if (from.byte() === INCOMPLETE) return undefined;
  const position = { term: from.varint(), index: from.varint() };
  const state = readStateMeta(from);
  return { ...state, position, companion: from.bytes().slice() };
}

export function writeStateMeta(to: ByteWriter, meta: StateMeta): void {
  to.varint(meta.revision);
  to.signed(meta.compactRevision);
  to.signed(meta.sweptRevision);
  to.varint(meta.fingerprintA);
  to.varint(meta.fingerprintB);
  to.varint(meta.alarms.length);
  for (const { memberId, alarm, automatic } of meta.alarms) {
    to.uint64(memberId);
    to.byte(numberOf(ALARMS, alarm));
    to.flag(automatic);
  }
}

export function readStateMeta(from: ByteReader): StateMeta {
  const scalars = {
    revision: from.varint(),
    compactRevision: from.signed(),
    sweptRevision: from.signed(),
    fingerprintA: from.varint(),
    fingerprintB: from.varint(),
  };
  const alarms: StandingAlarm[] = [];
  for (let left = from.count(10); left > 0; left--) {
    alarms.push({
      memberId: from.uint64(),
      alarm: nameAt(ALARMS, from.byte()),
      automatic: from.flag(),
    });
  }
  return { ...scalars, alarms };
}

/** Users, roles and the switch as one record: there are few, and they change rarely. */
export function encodeAuth(auth: AuthStore): Uint8Array {
  const to = new ByteWriter(256);
  to.flag(auth.enabled);
  to.varint(auth.revision);
  const users = auth.users();
  to.varint(users.length);
  for (const user of users) writeUser(to, user);
  const roles = auth.roles();
  to.varint(roles.length);
  for (const role of roles) writeRole(to, role);
  return to.finish();
}

export function decodeAuth(bytes: Uint8Array, into: AuthStore): void {
  const from = new ByteReader(bytes);
  const enabled = from.flag();
  const revision = from.varint();
  const users: User[] = [];
  for (let left = from.count(4); left > 0; left--) users.push(readUser(from));
  const roles: Role[] = [];
  for (let left = from.count(2); left > 0; left--) roles.push(readRole(from));
  from.end();
  into.replace({ enabled, revision, users, roles });
}

function writeUser(to: ByteWriter, user: User): void {
  to.text(user.name);
  to.text(user.passwordHash);
  to.flag(user.noPassword);
  to.varint(user.roles.length);
  for (const role of user.roles) to.text(role);
}

function readUser(from: ByteReader): User {
  const name = from.text();
  const passwordHash = from.text();
  const noPassword = from.flag();
  const roles: string[] = [];
  for (let left = from.count(1); left > 0; left--) roles.push(from.text());
  return { name, passwordHash, noPassword, roles };
}

function writeRole(to: ByteWriter, role: Role): void {
  to.text(role.name);
  to.varint(role.permissions.length);
  for (const permission of role.permissions) writePermission(to, permission);
}

function readRole(from: ByteReader): Role {
  const name = from.text();
  const permissions: Permission[] = [];
  for (let left = from.count(3); left > 0; left--) {
    const { access, key, rangeEnd } = readPermission(from);
    permissions.push({ access, key: key.slice(), rangeEnd: rangeEnd?.slice() });
  }
  return { name, permissions };
}
