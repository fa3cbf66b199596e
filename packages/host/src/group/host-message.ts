import type { LogIndex, MemberId } from "@quorate/core";
import { ByteReader } from "../wire/byte-reader.ts";
import { ByteWriter } from "../wire/byte-writer.ts";
import { WireError } from "../wire/wire-error.ts";

const Kind = { batch: 1, batchRefused: 2, request: 3, reply: 4, removed: 5 } as const;

/** Why a leader, or who is taken for one, did not log a batch. */
export type BatchRefusal = "overloaded" | "notLeader" | "storageFull";

/** What the replicas of one group say to each other beside Raft's own messages. */
export type HostMessage =
  /** A follower passes a batch of commands on to the leader; an entry's payload as it stands. */
  | { readonly type: "batch"; readonly payload: Uint8Array }
  | {
      readonly type: "batchRefused";
      readonly incarnation: number;
      readonly firstSequence: number;
      readonly reason: BatchRefusal;
      readonly leader: MemberId;
    }
  /** A follower asks the leader to carry out something that takes several steps. */
  | { readonly type: "request"; readonly requestId: number; readonly body: Uint8Array }
  | { readonly type: "reply"; readonly requestId: number; readonly body: Uint8Array }
  /** As of `index` the receiver does not belong to the group: nobody sends it the entry that says so any more. */
  | { readonly type: "removed"; readonly index: LogIndex };

const REFUSALS: readonly BatchRefusal[] = ["overloaded", "notLeader", "storageFull"];

/** The kind and numbers of any message take less. */
const HEAD_BYTES_MAX = 48;

/** A batch leaves a member in every turn: it must not cost a whole slab, which the collector would have to look after. */
export function encodeHostMessage(message: HostMessage): Uint8Array {
  const writer = new ByteWriter(HEAD_BYTES_MAX + payloadBytes(message));
  switch (message.type) {
    case "batch":
      writer.u8(Kind.batch);
      writer.raw(message.payload);
      break;
    case "batchRefused":
      writer.u8(Kind.batchRefused);
      writer.varint(message.incarnation);
      writer.varint(message.firstSequence);
      writer.u8(REFUSALS.indexOf(message.reason));
      writer.varint(message.leader);
      break;
    case "request":
    case "reply":
      writer.u8(message.type === "request" ? Kind.request : Kind.reply);
      writer.varint(message.requestId);
      writer.raw(message.body);
      break;
    case "removed":
      writer.u8(Kind.removed);
      writer.varint(message.index);
      break;
  }
  return writer.take();
}

function payloadBytes(message: HostMessage): number {
  switch (message.type) {
    case "batch":
      return message.payload.length;
    case "request":
    case "reply":
      return message.body.length;
    default:
      return 0;
  }
}

/** Payload and body are views of `bytes`. Throws `WireError`. */
export function decodeHostMessage(bytes: Uint8Array): HostMessage {
  const reader = new ByteReader(bytes);
  const kind = reader.u8();
  switch (kind) {
    case Kind.batch:
      return { type: "batch", payload: reader.raw(reader.remaining) };
    case Kind.batchRefused: {
      const incarnation = reader.varint();
      const firstSequence = reader.varint();
      const reason = REFUSALS[reader.u8()];
      if (reason === undefined) throw new WireError("badValue", "no such refusal of a batch");
      const leader = reader.varint();
      reader.end();
      return { type: "batchRefused", incarnation, firstSequence, reason, leader };
    }
    case Kind.request:
    case Kind.reply: {
      const requestId = reader.varint();
      const body = reader.raw(reader.remaining);
      return { type: kind === Kind.request ? "request" : "reply", requestId, body };
    }
    case Kind.removed: {
      const index = reader.varint();
      reader.end();
      return { type: "removed", index };
    }
    default:
      throw new WireError("unknownKind", `no host message has the number ${kind}`);
  }
}
