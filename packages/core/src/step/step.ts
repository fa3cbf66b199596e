import type { PeerMessage } from "../message.ts";
import type { Raft } from "../raft.ts";
import type { Stepped } from "../raft-core.ts";
import { HANDLERS } from "./handlers.ts";
import { passesTermGate } from "./term-gate.ts";
import { messageFault, senderOf } from "./validate-message.ts";

const STEPPED: Stepped = Object.freeze({ ok: true });
const MALFORMED: Stepped = Object.freeze({ ok: false, reason: "malformed" });
const UNKNOWN_PEER: Stepped = Object.freeze({ ok: false, reason: "unknownPeer" });

/** Takes a message from another member. Whatever it says, the worst that happens is that it is dropped. */
export function stepFromPeer(raft: Raft, message: PeerMessage): Stepped {
  const fault = messageFault(message, raft.id);
  if (fault !== undefined) return malformed(raft, message, fault);
  if (isAnswer(message) && !raft.membership.roster.includes(message.from)) {
    raft.decide?.({
      type: "peerUnknown",
      id: raft.id,
      term: raft.standing.term,
      from: message.from,
      message: message.type,
    });
    return UNKNOWN_PEER;
  }
  const stateFault = stepOwn(raft, message);
  return stateFault === undefined ? STEPPED : malformed(raft, message, stateFault);
}

/** Takes a message that is known to be sound: the own vote and the own acknowledgement come this way too. */
export function stepOwn(raft: Raft, message: PeerMessage): string | undefined {
  if (!passesTermGate(raft, message)) return undefined;
  // The table pairs each type with its handler; the compiler cannot follow that through the lookup.
  const handler = HANDLERS[raft.standing.role][message.type] as (
    raft: Raft,
    message: PeerMessage,
  ) => string | undefined;
  return handler(raft, message);
}

/** Only members answer; anybody may ask, because a new member may know more than we do. */
function isAnswer(message: PeerMessage): boolean {
  switch (message.type) {
    case "appendOk":
    case "appendRejected":
    case "heartbeatOk":
    case "voteReply":
    case "preVoteReply":
    case "readIndexReply":
      return true;
    default:
      return false;
  }
}

function malformed(raft: Raft, message: PeerMessage, detail: string): Stepped {
  raft.decide?.({
    type: "messageMalformed",
    id: raft.id,
    term: raft.standing.term,
    ...senderOf(message),
    detail,
  });
  return MALFORMED;
}
