import type { MemberId, PeerMessage } from "@quorate/core";
import { ByteReader, readU32 } from "../wire/byte-reader.ts";
import { WireError } from "../wire/wire-error.ts";
import { FRAME_HEADER_BYTES, FrameKind } from "./frame.ts";
import { readHeartbeatOks, readHeartbeats } from "./heartbeat-codec.ts";
import { readMessage } from "./message-codec.ts";

/**
 * What a whole frame of the members' protocol says to cores, for those who look at the wires: nothing where it is about
 * something else, or is no frame.
 */
export function messagesInFrame(
  frame: Uint8Array,
  from: MemberId,
  to: MemberId,
): readonly PeerMessage[] {
  if (frame.length < FRAME_HEADER_BYTES) return [];
  const body = frame.subarray(FRAME_HEADER_BYTES);
  const messages: PeerMessage[] = [];
  try {
    switch (readU32(frame, 8)) {
      case FrameKind.message:
        messages.push(readMessage(new ByteReader(body), from, to));
        break;
      case FrameKind.heartbeats:
        readHeartbeats(body, from, to, (_group, message) => messages.push(message));
        break;
      case FrameKind.heartbeatOks:
        readHeartbeatOks(body, from, to, (_group, message) => messages.push(message));
        break;
      default:
        break;
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return [];
  }
  return messages;
}
