import type { HeartbeatMessage, HeartbeatOkMessage, MemberId } from "@quorate/core";
import { ByteReader } from "../wire/byte-reader.ts";
import type { ByteWriter } from "../wire/byte-writer.ts";
import type { GroupId } from "./transport.ts";

/** Heartbeats of all groups to one host travel in one frame, so that idle groups cost next to nothing. */
export function writeHeartbeats(
  writer: ByteWriter,
  groups: readonly GroupId[],
  messages: readonly HeartbeatMessage[],
): void {
  writer.varint(messages.length);
  for (let place = 0; place < messages.length; place++) {
    const message = messages[place] as HeartbeatMessage;
    writer.varint(groups[place] as GroupId);
    writer.varint(message.term);
    writer.varint(message.commit);
    writer.varint(message.readSequence);
  }
}

export function readHeartbeats(
  body: Uint8Array,
  from: MemberId,
  to: MemberId,
  take: (group: GroupId, message: HeartbeatMessage) => void,
): void {
  const reader = new ByteReader(body);
  const count = reader.count(4);
  for (let place = 0; place < count; place++) {
    const group = reader.varint();
    const term = reader.varint();
    const commit = reader.varint();
    const readSequence = reader.varint();
    take(group, { type: "heartbeat", from, to, term, commit, readSequence });
  }
  reader.end();
}

export function writeHeartbeatOks(
  writer: ByteWriter,
  groups: readonly GroupId[],
  messages: readonly HeartbeatOkMessage[],
): void {
  writer.varint(messages.length);
  for (let place = 0; place < messages.length; place++) {
    const message = messages[place] as HeartbeatOkMessage;
    writer.varint(groups[place] as GroupId);
    writer.varint(message.term);
    writer.varint(message.readSequence);
  }
}

export function readHeartbeatOks(
  body: Uint8Array,
  from: MemberId,
  to: MemberId,
  take: (group: GroupId, message: HeartbeatOkMessage) => void,
): void {
  const reader = new ByteReader(body);
  const count = reader.count(3);
  for (let place = 0; place < count; place++) {
    const group = reader.varint();
    const term = reader.varint();
    const readSequence = reader.varint();
    take(group, { type: "heartbeatOk", from, to, term, readSequence });
  }
  reader.end();
}
