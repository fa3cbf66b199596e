import type { LogPosition, MemberId, Membership } from "@quorate/core";
import type { MemberAddress } from "../group/membership-request.ts";
import { ByteReader } from "../wire/byte-reader.ts";
import { ByteWriter } from "../wire/byte-writer.ts";
import { readMembership, writeMembership } from "../wire/snapshot-info.ts";
import { WireError } from "../wire/wire-error.ts";
import { MemberSessions } from "./member-sessions.ts";
import type { UserSessionLimits } from "./user-sessions.ts";
import { UserSessions } from "./user-sessions.ts";

const COMPANION_VERSION = 1;
const ADDRESS_BYTES_MAX = 512;

const NO_MEMBERS: Membership = {
  voters: [],
  outgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
};

/**
 * The host's own replicated state beside the application's: how far it reaches, who belongs to the group and where
 * they are, and the session tables. Part of every snapshot and of every durable flush, always of the same moment as
 * the machine's state.
 */
export class Companion {
  position: LogPosition;
  membership: Membership;
  /** In order of their ids. */
  members: readonly MemberAddress[];
  readonly memberSessions: MemberSessions;
  readonly userSessions: UserSessions;

  private constructor(
    position: LogPosition,
    membership: Membership,
    members: readonly MemberAddress[],
    memberSessions: MemberSessions,
    userSessions: UserSessions,
  ) {
    this.position = position;
    this.membership = membership;
    this.members = members;
    this.memberSessions = memberSessions;
    this.userSessions = userSessions;
  }

  /** Before the first entry: nobody belongs to the group yet. */
  static empty(limits: UserSessionLimits): Companion {
    return new Companion(
      { term: 0, index: 0 },
      NO_MEMBERS,
      [],
      new MemberSessions(),
      new UserSessions(limits),
    );
  }

  /** Throws `WireError`. */
  static decode(bytes: Uint8Array, limits: UserSessionLimits): Companion {
    const reader = new ByteReader(bytes);
    const version = reader.varint();
    if (version !== COMPANION_VERSION) {
      throw new WireError("badMagic", `a companion of version ${version}`);
    }
    const term = reader.varint();
    const index = reader.varint();
    const membership = readMembership(reader);
    const members: MemberAddress[] = [];
    const count = reader.count(3);
    for (let place = 0; place < count; place++) members.push(readMember(reader));
    const memberSessions = MemberSessions.read(reader);
    const userSessions = UserSessions.read(reader, limits);
    reader.end();
    return new Companion({ term, index }, membership, members, memberSessions, userSessions);
  }

  encode(): Uint8Array {
    const writer = new ByteWriter();
    writer.varint(COMPANION_VERSION);
    writer.varint(this.position.term);
    writer.varint(this.position.index);
    writeMembership(writer, this.membership);
    writer.varint(this.members.length);
    for (const member of this.members) writeMember(writer, member);
    this.memberSessions.write(writer);
    this.userSessions.write(writer);
    return writer.take();
  }

  address(member: MemberId): MemberAddress | undefined {
    return this.members.find((known) => known.id === member);
  }

  /** A membership change is in force: addresses of new members come with it, those of removed ones go. */
  changeMembership(membership: Membership, addresses: readonly MemberAddress[]): void {
    this.membership = membership;
    const { voters, outgoing, learners, learnersNext } = membership;
    const belongs = new Set([...voters, ...outgoing, ...learners, ...learnersNext]);
    const members = new Map(this.members.map((member) => [member.id, member]));
    for (const member of addresses) members.set(member.id, member);
    this.members = [...members.values()]
      .filter((member) => belongs.has(member.id))
      .sort((left, right) => left.id - right.id);
  }
}

/** The context of a membership change: the addresses of the members it names. */
export function encodeAddresses(members: readonly MemberAddress[]): Uint8Array {
  if (members.length === 0) return new Uint8Array(0);
  const writer = new ByteWriter();
  writer.varint(COMPANION_VERSION);
  writer.varint(members.length);
  for (const member of members) writeMember(writer, member);
  return writer.take();
}

/** Throws `WireError`. */
export function decodeAddresses(context: Uint8Array): readonly MemberAddress[] {
  if (context.length === 0) return [];
  const reader = new ByteReader(context);
  if (reader.varint() !== COMPANION_VERSION) throw new WireError("badMagic", "unknown addresses");
  const members: MemberAddress[] = [];
  const count = reader.count(3);
  for (let place = 0; place < count; place++) members.push(readMember(reader));
  reader.end();
  return members;
}

function writeMember(writer: ByteWriter, member: MemberAddress): void {
  writer.varint(member.id);
  writer.text(member.address);
  writer.text(member.name);
}

function readMember(reader: ByteReader): MemberAddress {
  const id = reader.varint();
  const address = reader.text(ADDRESS_BYTES_MAX);
  return { id, address, name: reader.text(ADDRESS_BYTES_MAX) };
}
