import type { Codec } from "@quorate/host";
import { ByteReader, nameAt } from "../bytes/byte-reader.ts";
import { ByteWriter, numberOf } from "../bytes/byte-writer.ts";
import { type Caller, SYSTEM_CALLER } from "../caller.ts";
import type { AlarmType, KvCommand, LeaseCheckpoint, WriteRequest } from "../command.ts";
import { readAuth, writeAuth } from "./auth-codec.ts";
import {
  readDeleteRange,
  readPut,
  readTxn,
  writeDeleteRange,
  writePut,
  writeTxn,
} from "./request-codec.ts";

/** What a leader's clock decides names a term: kinds of their own, so that no end of a command is optional. */
type Kind = KvCommand["type"] | "leaseRevokeOfTerm" | "leaseCheckpointOfTerm";

/** The numbers stand in logs: append, never reorder. */
const KINDS: readonly Kind[] = [
  "put",
  "deleteRange",
  "txn",
  "compact",
  "leaseGrant",
  "leaseRevoke",
  "leaseCheckpoint",
  "alarm",
  "authEnable",
  "authDisable",
  "authenticate",
  "userAdd",
  "userDelete",
  "userChangePassword",
  "userGrantRole",
  "userRevokeRole",
  "roleAdd",
  "roleDelete",
  "roleGrantPermission",
  "roleRevokePermission",
  "leaseRevokeOfTerm",
  "leaseCheckpointOfTerm",
];
const ALARMS: readonly AlarmType[] = ["nospace", "corrupt"];

const KIND_MASK = 0x3f;
const FROM_USER = 0x40;
const FROM_SYSTEM = 0x80;

/** Fixed parts of a command, about. */
const HEAD_BYTES = 32;

/** Small commands share a slab: one allocation for a few hundred of them. */
const SLAB_BYTES = 64 * 1024;
const SLAB_COMMAND_BYTES_MAX = 4 * 1024;

/** A codec whose commands may stand behind a byte of somebody else's, which says whose command it is. */
export interface KvCommandCodec extends Codec<KvCommand> {
  /** With `front` as the first byte, if given. */
  encode(command: KvCommand, front?: number): Uint8Array;
  /** What begins at `from`, 0 unless given. */
  decode(bytes: Uint8Array, from?: number): KvCommand;
}

let slab = new Uint8Array(0);
let slabUsed = 0;

/**
 * Commands as they stand in the log: kind and caller in one byte, then the fields. `encode` throws a `RangeError` for
 * what could not be read back, so that nothing unreadable gets into the log. `decode` returns views of its
 * input for keys and values: they are good as long as the log keeps the bytes unchanged, and applying copies what it
 * keeps.
 */
export const kvCommandCodec: KvCommandCodec = {
  encode(command: KvCommand, front?: number): Uint8Array {
    if (command.type !== "put") return encoded(new ByteWriter(), command, front);
    const capacity = HEAD_BYTES + command.key.length + command.value.length;
    if (capacity > SLAB_COMMAND_BYTES_MAX) return encoded(new ByteWriter(capacity), command, front);
    if (slabUsed + capacity > slab.length) {
      slab = new Uint8Array(SLAB_BYTES);
      slabUsed = 0;
    }
    const room = slab.subarray(slabUsed, slabUsed + capacity);
    const bytes = encoded(new ByteWriter(room), command, front);
    // A name of a caller may have taken it beyond its room, into a buffer of its own.
    if (bytes.buffer === slab.buffer) slabUsed += bytes.length;
    return bytes;
  },

  decode(bytes: Uint8Array, start: number = 0): KvCommand {
    const from = new ByteReader(bytes, start);
    const head = from.byte();
    const kind = nameAt(KINDS, head & KIND_MASK);
    const caller = readCaller(from, head);
    const request = readBody(from, kind);
    from.end();
    return caller === undefined ? request : { ...request, caller };
  },
};

function encoded(to: ByteWriter, command: KvCommand, front: number | undefined): Uint8Array {
  if (front !== undefined) to.byte(front);
  writeHead(to, command);
  writeBody(to, command);
  return to.finish();
}

function writeHead(to: ByteWriter, command: KvCommand): void {
  const kind = numberOf(KINDS, kindOf(command));
  const caller = command.caller;
  if (caller === undefined) {
    to.byte(kind);
    return;
  }
  if (caller.kind === "system") {
    to.byte(kind | FROM_SYSTEM);
    return;
  }
  to.byte(kind | FROM_USER);
  to.text(caller.name);
  to.varint(caller.authRevision);
}

function kindOf(command: KvCommand): Kind {
  const { type } = command;
  if (type !== "leaseRevoke" && type !== "leaseCheckpoint") return type;
  return command.leaderTerm === undefined ? type : `${type}OfTerm`;
}

function readCaller(from: ByteReader, head: number): Caller | undefined {
  if ((head & FROM_SYSTEM) !== 0) return SYSTEM_CALLER;
  if ((head & FROM_USER) === 0) return undefined;
  return { kind: "user", name: from.text(), authRevision: from.varint() };
}

function writeBody(to: ByteWriter, command: KvCommand): void {
  switch (command.type) {
    case "put":
      writePut(to, command);
      break;
    case "deleteRange":
      writeDeleteRange(to, command);
      break;
    case "txn":
      writeTxn(to, command, 0);
      break;
    case "compact":
      to.signed(command.revision);
      break;
    case "leaseGrant":
      to.int64(command.id);
      to.signed(command.ttlSeconds);
      break;
    case "leaseRevoke":
      to.int64(command.id);
      if (command.leaderTerm !== undefined) to.varint(command.leaderTerm);
      break;
    case "leaseCheckpoint":
      writeCheckpoints(to, command.checkpoints);
      if (command.leaderTerm !== undefined) to.varint(command.leaderTerm);
      break;
    case "alarm":
      to.flag(command.action === "activate");
      to.uint64(command.memberId);
      to.byte(numberOf(ALARMS, command.alarm));
      to.flag(command.automatic === true);
      break;
    default:
      writeAuth(to, command);
      break;
  }
}

function readBody(from: ByteReader, kind: Kind): WriteRequest {
  switch (kind) {
    case "put":
      return readPut(from);
    case "deleteRange":
      return readDeleteRange(from);
    case "txn":
      return readTxn(from, 0);
    case "compact":
      return { type: kind, revision: from.signed() };
    case "leaseGrant":
      return { type: kind, id: from.int64(), ttlSeconds: from.signed() };
    case "leaseRevoke":
      return { type: kind, id: from.int64() };
    case "leaseRevokeOfTerm":
      return { type: "leaseRevoke", id: from.int64(), leaderTerm: from.varint() };
    case "leaseCheckpoint":
      return { type: kind, checkpoints: readCheckpoints(from) };
    case "leaseCheckpointOfTerm":
      return {
        type: "leaseCheckpoint",
        checkpoints: readCheckpoints(from),
        leaderTerm: from.varint(),
      };
    case "alarm":
      return {
        type: kind,
        action: from.flag() ? "activate" : "deactivate",
        memberId: from.uint64(),
        alarm: nameAt(ALARMS, from.byte()),
        automatic: from.flag(),
      };
    default:
      return readAuth(from, kind);
  }
}

const CHECKPOINT_BYTES_MIN = 9;

function writeCheckpoints(to: ByteWriter, checkpoints: readonly LeaseCheckpoint[]): void {
  to.varint(checkpoints.length);
  for (const { id, remainingSeconds } of checkpoints) {
    to.int64(id);
    to.varint(remainingSeconds);
  }
}

function readCheckpoints(from: ByteReader): LeaseCheckpoint[] {
  const checkpoints: LeaseCheckpoint[] = [];
  for (let left = from.count(CHECKPOINT_BYTES_MIN); left > 0; left--) {
    checkpoints.push({ id: from.int64(), remainingSeconds: from.varint() });
  }
  return checkpoints;
}
