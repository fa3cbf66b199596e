import type { MemberId, Membership, SnapshotInfo } from "@quorate/core";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

/** Snapshot ids are short names; a longer one is refused before it is kept. */
const SNAPSHOT_ID_BYTES_MAX = 256;

export function writeMembership(writer: ByteWriter, membership: Membership): void {
  writeMembers(writer, membership.voters);
  writeMembers(writer, membership.outgoing);
  writeMembers(writer, membership.learners);
  writeMembers(writer, membership.learnersNext);
  writer.u8(membership.autoLeave ? 1 : 0);
}

export function readMembership(reader: ByteReader): Membership {
  return {
    voters: readMembers(reader),
    outgoing: readMembers(reader),
    learners: readMembers(reader),
    learnersNext: readMembers(reader),
    autoLeave: reader.boolean(),
  };
}

export function writeSnapshotInfo(writer: ByteWriter, info: SnapshotInfo): void {
  writer.varint(info.term);
  writer.varint(info.index);
  writeMembership(writer, info.membership);
  writer.text(info.id);
  writer.varint(info.bytes);
}

export function readSnapshotInfo(reader: ByteReader): SnapshotInfo {
  const term = reader.varint();
  const index = reader.varint();
  const membership = readMembership(reader);
  const id = reader.text(SNAPSHOT_ID_BYTES_MAX);
  return { term, index, membership, id, bytes: reader.varint() };
}

function writeMembers(writer: ByteWriter, members: readonly MemberId[]): void {
  writer.varint(members.length);
  for (const member of members) writer.varint(member);
}

function readMembers(reader: ByteReader): readonly MemberId[] {
  const count = reader.count(1);
  const members: MemberId[] = [];
  for (let place = 0; place < count; place++) members.push(reader.varint());
  return members;
}
