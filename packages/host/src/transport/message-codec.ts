import type {
  Entry,
  EntryKind,
  LogPosition,
  MemberId,
  PeerMessage,
  PeerMessageType,
  ProposedEntry,
  VoteReplyMessage,
} from "@quorate/core";
import type { ByteReader } from "../wire/byte-reader.ts";
import type { ByteWriter } from "../wire/byte-writer.ts";
import { readSnapshotInfo, writeSnapshotInfo } from "../wire/snapshot-info.ts";
import { WireError } from "../wire/wire-error.ts";

/** Numbers of the message types on the wire; a number never changes its meaning. */
const TYPE_NUMBERS: Readonly<Record<PeerMessageType, number>> = {
  append: 1,
  appendOk: 2,
  appendRejected: 3,
  heartbeat: 4,
  heartbeatOk: 5,
  vote: 6,
  preVote: 7,
  voteReply: 8,
  preVoteReply: 9,
  snapshot: 10,
  timeoutNow: 11,
  forwardTransfer: 12,
  forwardProposal: 13,
  readIndex: 14,
  readIndexReply: 15,
};

const KIND_NUMBERS: Readonly<Record<EntryKind, number>> = { command: 0, membership: 1, noop: 2 };
const KINDS: readonly EntryKind[] = ["command", "membership", "noop"];

/** Smallest encoding of an entry: kind, term and an empty payload. */
const ENTRY_BYTES_MIN = 3;

/** Flags of a reply to a request for a vote. */
const VOTE_GRANTED = 1;
const VOTE_COMMITTED = 2;

/**
 * Writes a message without its ends: the connection knows both. Entries of an append carry their term only; their
 * index follows from their place.
 */
export function writeMessage(writer: ByteWriter, message: PeerMessage): void {
  writer.u8(TYPE_NUMBERS[message.type]);
  writer.varint(message.term);
  switch (message.type) {
    case "append":
      writePosition(writer, message.previous);
      writer.varint(message.commit);
      writeEntries(writer, message.entries);
      return;
    case "appendOk":
      writer.varint(message.match);
      return;
    case "appendRejected":
      writer.varint(message.probed);
      writePosition(writer, message.hint);
      return;
    case "heartbeat":
      writer.varint(message.commit);
      writer.varint(message.readSequence);
      return;
    case "heartbeatOk":
      writer.varint(message.readSequence);
      return;
    case "vote":
    case "preVote":
      writePosition(writer, message.last);
      writer.u8(message.transfer ? 1 : 0);
      return;
    case "voteReply":
    case "preVoteReply":
      writeVoteReply(writer, message);
      return;
    case "snapshot":
      writeSnapshotInfo(writer, message.snapshot);
      return;
    case "timeoutNow":
      return;
    case "forwardTransfer":
      writer.varint(message.target);
      return;
    case "forwardProposal":
      writer.varint(message.entries.length);
      for (const entry of message.entries) {
        writer.u8(KIND_NUMBERS[entry.kind]);
        writer.bytes(entry.payload);
      }
      return;
    case "readIndex":
      writer.varint(message.requestId);
      return;
    case "readIndexReply":
      writer.varint(message.requestId);
      writer.varint(message.index);
      return;
  }
}

/** Payloads are views of the bytes read from: give it bytes that may be kept. */
export function readMessage(reader: ByteReader, from: MemberId, to: MemberId): PeerMessage {
  const type = reader.u8();
  const term = reader.varint();
  switch (type) {
    case TYPE_NUMBERS.append: {
      const previous = readPosition(reader);
      const commit = reader.varint();
      const entries = readEntries(reader, previous.index + 1);
      return { type: "append", from, to, term, previous, entries, commit };
    }
    case TYPE_NUMBERS.appendOk:
      return { type: "appendOk", from, to, term, match: reader.varint() };
    case TYPE_NUMBERS.appendRejected: {
      const probed = reader.varint();
      return { type: "appendRejected", from, to, term, probed, hint: readPosition(reader) };
    }
    case TYPE_NUMBERS.heartbeat: {
      const commit = reader.varint();
      return { type: "heartbeat", from, to, term, commit, readSequence: reader.varint() };
    }
    case TYPE_NUMBERS.heartbeatOk:
      return { type: "heartbeatOk", from, to, term, readSequence: reader.varint() };
    case TYPE_NUMBERS.vote:
    case TYPE_NUMBERS.preVote: {
      const last = readPosition(reader);
      const transfer = reader.boolean();
      const name = type === TYPE_NUMBERS.vote ? "vote" : "preVote";
      return { type: name, from, to, term, last, transfer };
    }
    case TYPE_NUMBERS.voteReply:
    case TYPE_NUMBERS.preVoteReply: {
      const name = type === TYPE_NUMBERS.voteReply ? "voteReply" : "preVoteReply";
      return { type: name, from, to, term, ...readVoteReply(reader) };
    }
    case TYPE_NUMBERS.snapshot:
      return { type: "snapshot", from, to, term, snapshot: readSnapshotInfo(reader) };
    case TYPE_NUMBERS.timeoutNow:
      return { type: "timeoutNow", from, to, term };
    case TYPE_NUMBERS.forwardTransfer:
      return { type: "forwardTransfer", from, to, term, target: reader.varint() };
    case TYPE_NUMBERS.forwardProposal:
      return { type: "forwardProposal", from, to, term, entries: readProposed(reader) };
    case TYPE_NUMBERS.readIndex:
      return { type: "readIndex", from, to, term, requestId: reader.varint() };
    case TYPE_NUMBERS.readIndexReply: {
      const requestId = reader.varint();
      return { type: "readIndexReply", from, to, term, requestId, index: reader.varint() };
    }
    default:
      throw new WireError("unknownKind", `no message has the number ${type}`);
  }
}

/** Whether the message belongs to the log lane: it may be large and must not delay votes and heartbeats. */
export function isLogMessage(message: PeerMessage): boolean {
  return message.type === "append" || message.type === "forwardProposal";
}

/** One byte of flags, and the position where the second says so. */
function writeVoteReply(writer: ByteWriter, { granted, committed }: VoteReplyMessage): void {
  writer.u8((granted ? VOTE_GRANTED : 0) | (committed === undefined ? 0 : VOTE_COMMITTED));
  if (committed !== undefined) writePosition(writer, committed);
}

function readVoteReply(reader: ByteReader): Pick<VoteReplyMessage, "granted" | "committed"> {
  const flags = reader.u8();
  if (flags > (VOTE_GRANTED | VOTE_COMMITTED)) throw new WireError("badValue", "no such vote");
  const granted = (flags & VOTE_GRANTED) !== 0;
  return (flags & VOTE_COMMITTED) === 0
    ? { granted }
    : { granted, committed: readPosition(reader) };
}

function writePosition(writer: ByteWriter, position: LogPosition): void {
  writer.varint(position.term);
  writer.varint(position.index);
}

function readPosition(reader: ByteReader): LogPosition {
  const term = reader.varint();
  return { term, index: reader.varint() };
}

function writeEntries(writer: ByteWriter, entries: readonly Entry[]): void {
  writer.varint(entries.length);
  for (let offset = 0; offset < entries.length; offset++) {
    const entry = entries[offset] as Entry;
    writer.u8(KIND_NUMBERS[entry.kind]);
    writer.varint(entry.term);
    writer.bytes(entry.payload);
  }
}

function readEntries(reader: ByteReader, firstIndex: number): readonly Entry[] {
  const count = reader.count(ENTRY_BYTES_MIN);
  if (!Number.isSafeInteger(firstIndex + count)) throw new WireError("badNumber", "no such index");
  const entries: Entry[] = [];
  for (let offset = 0; offset < count; offset++) {
    const kind = readKind(reader);
    const term = reader.varint();
    entries.push({ term, index: firstIndex + offset, kind, payload: reader.bytes() });
  }
  return entries;
}

function readProposed(reader: ByteReader): readonly ProposedEntry[] {
  const count = reader.count(2);
  const entries: ProposedEntry[] = [];
  for (let offset = 0; offset < count; offset++) {
    const kind = readKind(reader);
    if (kind === "noop") throw new WireError("badValue", "a noop cannot be proposed");
    entries.push({ kind, payload: reader.bytes() });
  }
  return entries;
}

function readKind(reader: ByteReader): EntryKind {
  const kind = KINDS[reader.u8()];
  if (kind === undefined) throw new WireError("unknownKind", "no such kind of entry");
  return kind;
}
